"""London's clock changes of 2026, as GNU date and zdump give them.

date -u -d 'TZ="Europe/London" 2026-03-29 02:00' +%FT%TZ
zdump -v Europe/London | grep 2026
date -u -d '1899-12-30 +46083 days' +%F
"""

from datetime import UTC, datetime

import pytest

from adapters.feeds import load_map

CLOCK = load_map(None, "referrals").clock()


@pytest.mark.parametrize(
    ("london", "utc"),
    [
        ("29/03/2026 00:59", "2026-03-29T00:59:00+00:00"),
        ("29/03/2026 02:00", "2026-03-29T01:00:00+00:00"),
        ("25/10/2026 00:30", "2026-10-24T23:30:00+00:00"),
        ("25/10/2026 02:00", "2026-10-25T02:00:00+00:00"),
        ("01/07/2026 12:00", "2026-07-01T11:00:00+00:00"),
        ("46083.5", "2026-03-02T12:00:00+00:00"),
    ],
)
def test_local_times_are_the_instants_that_gnu_date_gives(london: str, utc: str) -> None:
    """An officer's hours of grace are counted from the right hour."""
    assert datetime.fromisoformat(utc) == CLOCK.instant(london)


def test_an_hour_that_came_twice_is_its_first_coming() -> None:
    """zdump: 00:59:59 UT is 01:59:59 BST, so 01:30 first came at 00:30 UT."""
    assert datetime(2026, 10, 25, 0, 30, tzinfo=UTC) == CLOCK.instant("25/10/2026 01:30")
