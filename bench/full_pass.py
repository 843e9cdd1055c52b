"""One force's weekly full pass, by how long its history is: what each step of it takes.

The history comes as one delivery of each feed and is judged by one night; then the pass runs
its steps (tasks.full_pass) in this process, the periods one after the other.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from bench.databases import NewDatabase
from bench.figures import Figure
from bench.history import DOCUMENTS_PER_REFERRAL
from bench.installation import FORCE, Installation
from bench.nights import SEED
from bench.page import table
from bench.progress import say
from cli import environment
from domain.words import Feed
from synthetic.generate import REFERRALS_A_MONTH, generate_days

END: Final = date(2026, 1, 1)
"""The day on which every history ends; the night is the one after it."""
DAYS_A_MONTH: Final = 30.44
ACTOR: Final = "system:bench"


@dataclass(frozen=True)
class Passed:
    """One full pass: the seconds of each step, and of each period."""

    export: float
    weigh: tuple[float, ...]
    compare: float


def measure(
    months: Sequence[int], repetitions: int, folder: Path, database: NewDatabase
) -> dict[int, list[Passed]]:
    """Make an installation of each length of history, and pass it so many times."""
    found = {}
    for one in months:
        name = f"months-{one}"
        say(f"laying {one} months")
        installation = Installation(folder / name, database(name))
        _lay(installation, one)
        say("passing")
        found[one] = [_pass(installation) for _ in range(repetitions)]
    return found


def _lay(installation: Installation, months: int) -> None:
    """Deliver the whole history, and judge it in one night."""
    referrals, days = months * REFERRALS_A_MONTH, round(months * DAYS_A_MONTH)
    feeds = generate_days(
        referrals,
        referrals * DOCUMENTS_PER_REFERRAL,
        SEED,
        setting="realistic",
        days=days,
        forces=(FORCE,),
        start=END - timedelta(days=days),
    )
    installation.deliver(Feed.DOCUMENTS, feeds.documents)
    installation.deliver(Feed.REFERRALS, feeds.referrals)
    installation.night(datetime(END.year, END.month, END.day, 2, 30, tzinfo=UTC))


def _pass(installation: Installation) -> Passed:
    environment.prepare(installation.home)
    from tasks.full_pass import compare_force, export_force, folder_of, weigh_part

    export, periods = _timed(partial(export_force.fn, FORCE, ACTOR))
    place = str(folder_of(FORCE))
    weighed = [_timed(partial(weigh_part.fn, place, number)) for number in range(periods)]
    warnings = [warning for _, said in weighed for warning in said]
    compare, _ = _timed(partial(compare_force.fn, FORCE, ACTOR, warnings))
    return Passed(export, tuple(seconds for seconds, _ in weighed), compare)


def _timed(do: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    did = do()
    return time.perf_counter() - begun, did


def page(found: dict[int, list[Passed]], database: str) -> str:
    """The section's text."""
    times = max(len(passes) for passes in found.values())
    said = (
        f"One force on {database}, of {REFERRALS_A_MONTH} referrals a month and"
        f" {DOCUMENTS_PER_REFERRAL} documents for each. Its periods are weighed one after the"
        f" other, in one process. Seconds: the median, and the least and the most of {times}"
        " passes; of a period, of all periods of all passes."
    )
    headings = (
        *("Months", "Referrals", "Documents", "Periods", "Export, s", "A period, s"),
        *("All periods, s", "Compare, s", "Whole, s"),
    )
    return f"{said}\n\n{table(headings, [_row(*one) for one in found.items()])}"


def _row(months: int, passes: Sequence[Passed]) -> tuple[str, ...]:
    referrals = months * REFERRALS_A_MONTH
    columns = (
        [one.export for one in passes],
        [period for one in passes for period in one.weigh],
        [sum(one.weigh) for one in passes],
        [one.compare for one in passes],
        [one.export + sum(one.weigh) + one.compare for one in passes],
    )
    return (
        f"{months}",
        f"{referrals:,}",
        f"{referrals * DOCUMENTS_PER_REFERRAL:,}",
        f"{len(passes[0].weigh)}",
        *(Figure(tuple(values)).shown() for values in columns),
    )
