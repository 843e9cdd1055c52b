"""One force's weekly full pass, by how busy it is and how long its history: what each step takes.

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
from bench.memory import forget_most_held, most_held
from bench.nights import SEED
from bench.page import GIGABYTE, table
from bench.progress import say
from cli import environment
from domain.words import Feed
from synthetic.generate import generate_days

END: Final = date(2026, 1, 1)
"""The day on which every history ends; the night is the one after it."""
DAYS_A_MONTH: Final = 30.44
ACTOR: Final = "system:bench"


@dataclass(frozen=True)
class History:
    """So many referrals a month for so many months, of one force."""

    a_month: int
    months: int

    @classmethod
    def read(cls, text: str) -> "History":
        """``200x120`` is 200 a month for 120 months; ValueError."""
        a_month, months = map(int, text.split("x"))
        return cls(a_month, months)

    @property
    def referrals(self) -> int:
        """All of them."""
        return self.a_month * self.months

    def __str__(self) -> str:
        """As `read` takes it."""
        return f"{self.a_month}x{self.months}"


@dataclass(frozen=True)
class Passed:
    """One full pass: the seconds of each step and of each period, and the most bytes held."""

    export: float
    weigh: tuple[float, ...]
    compare: float
    held: int


def measure(
    histories: Sequence[History], repetitions: int, folder: Path, database: NewDatabase
) -> dict[History, list[Passed]]:
    """Make an installation of each history, and pass it so many times."""
    found = {}
    for one in histories:
        name = f"history-{one}"
        say(f"laying {one}")
        installation = Installation(folder / name, database(name))
        _lay(installation, one)
        say("passing")
        found[one] = [_pass(installation) for _ in range(repetitions)]
    return found


def _lay(installation: Installation, history: History) -> None:
    """Deliver the whole history, and judge it in one night."""
    days = round(history.months * DAYS_A_MONTH)
    feeds = generate_days(
        history.referrals,
        history.referrals * DOCUMENTS_PER_REFERRAL,
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

    forget_most_held()
    export, periods = _timed(partial(export_force.fn, FORCE, ACTOR))
    place = str(folder_of(FORCE))
    weighed = [_timed(partial(weigh_part.fn, place, number)) for number in range(periods)]
    warnings = [warning for _, said in weighed for warning in said]
    compare, _ = _timed(partial(compare_force.fn, FORCE, ACTOR, warnings))
    return Passed(export, tuple(seconds for seconds, _ in weighed), compare, most_held())


def _timed(do: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    did = do()
    return time.perf_counter() - begun, did


def page(found: dict[History, list[Passed]], database: str) -> str:
    """The section's text."""
    times = max(len(passes) for passes in found.values())
    said = (
        f"One force on {database}, with {DOCUMENTS_PER_REFERRAL} documents for each referral. Its"
        " periods are weighed one after the other, in one process. Seconds: the median, and the"
        f" least and the most of {times} passes; of a period, of all periods of all passes. Memory"
        " is the most that the process held in any pass, the database's apart."
    )
    headings = (
        *("Referrals a month", "Months", "Referrals", "Documents", "Periods"),
        *("Export, s", "A period, s", "All periods, s", "Compare, s", "Whole, s", "Memory, GB"),
    )
    return f"{said}\n\n{table(headings, [_row(*one) for one in found.items()])}"


def _row(history: History, passes: Sequence[Passed]) -> tuple[str, ...]:
    columns = (
        [one.export for one in passes],
        [period for one in passes for period in one.weigh],
        [sum(one.weigh) for one in passes],
        [one.compare for one in passes],
        [one.export + sum(one.weigh) + one.compare for one in passes],
    )
    return (
        f"{history.a_month:,}",
        f"{history.months}",
        f"{history.referrals:,}",
        f"{history.referrals * DOCUMENTS_PER_REFERRAL:,}",
        f"{len(passes[0].weigh)}",
        *(Figure(tuple(values)).shown() for values in columns),
        f"{max(one.held for one in passes) / GIGABYTE:.2f}",
    )
