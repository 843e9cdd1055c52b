"""What the demo consists of: its nights, its files, and what was planted in them."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

LONDON: Final = ZoneInfo("Europe/London")
FORCE: Final = "EX"
FIRST_NIGHT: Final = date(2026, 1, 5)
NIGHTS: Final = 13
DAYS_BETWEEN: Final = 5
CUT_OFF: Final = timedelta(minutes=90)
"""How long before the run the force's systems made their exports."""

XLSX_REFERRALS, XLSX_DOCUMENTS, OLD_ENCODING, JSON_LINES, SMALL = 3, 5, 6, 8, 9
"""The nights, from 0, whose files are of another kind, and the one with few documents."""


@dataclass(frozen=True)
class Night:
    """One run: its instant, London time, and the files delivered for it, in order."""

    as_of: datetime
    files: tuple[tuple[str, Path], ...]


@dataclass(frozen=True)
class Planted:
    """Ids of what was planted, for tests and for whoever shows the demo.

    Pairs are (referral_id, urn).  Nights are numbers from 0.
    """

    amended_referral: str
    amended_document: str
    late_document: tuple[str, str]
    delivered_late: tuple[str, str]
    withdrawn: tuple[str, str]
    withdrawn_night: int
    clandestine_referrals: tuple[str, ...]
    clandestine_document: str
    incomplete: tuple[tuple[str, str], ...]
    draft: tuple[str, str]
    rejected: tuple[str, str]
    ambiguous_referrals: tuple[str, str]
    ambiguous_document: str
    mistyped_reference: tuple[str, str]
    mistyped_onto: str
    not_yet_due: str
    undocumented: tuple[str, ...]
    duplicate_file: tuple[Path, Path]
    small_night: int
    bad_rows: dict[str, int]


@dataclass(frozen=True)
class DemoPlan:
    """The demo as written: nights in order, the column map of each feed, and the truth."""

    force: str
    nights: tuple[Night, ...]
    maps: dict[str, Path]
    planted: Planted
    truth: tuple[tuple[str, str, str], ...]


def as_of(night: int) -> datetime:
    """The instant of the night's run: 02:30 in London."""
    day = FIRST_NIGHT + timedelta(days=night * DAYS_BETWEEN)
    return datetime.combine(day, time(2, 30), LONDON)


def night_of(happened: datetime) -> int:
    """The first night whose exports hold what happened then; `NIGHTS` if none does."""
    return bisect_left(_EXPORTED, happened)


_EXPORTED: Final = [as_of(night) - CUT_OFF for night in range(NIGHTS)]
