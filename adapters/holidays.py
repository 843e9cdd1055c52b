"""Bank holidays, from the `holidays` package: nothing is fetched, so a night needs no network.

The package knows the days that were proclaimed by the time it was released.  A later one
goes into the policy's ``extra_bank_holidays`` until the package is updated.
"""

from datetime import date
from functools import lru_cache
from typing import Final

import holidays

from domain.policy import Policy, Region
from domain.working_days import Calendar

FIRST: Final = date(1990, 1, 1)
LAST: Final = date(2100, 12, 31)
SUBDIVISIONS: Final[dict[Region, str]] = {
    "england-and-wales": "ENG",
    "scotland": "SCT",
    "northern-ireland": "NIR",
}


def calendar_for(policy: Policy) -> Calendar:
    """The calendar a policy counts its working days by: 1990 to 2100."""
    return _calendar(policy.bank_holidays, frozenset(policy.extra_bank_holidays))


@lru_cache(maxsize=64)
def _calendar(region: Region, extra: frozenset[date]) -> Calendar:
    known = holidays.country_holidays(
        "GB", subdiv=SUBDIVISIONS[region], years=range(FIRST.year, LAST.year + 1)
    )
    return Calendar(region, FIRST, LAST, frozenset(known) | extra)
