"""A night with little history and the same night with much: does its cost grow?

Two installations are given the same feeds, one from the first day and one only from its
last days, by deliveries and nights like any other.  Then both live through the same nights,
one after the other, and take turns to go first.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.databases import NewDatabase
from bench.figures import Figure, ratio
from bench.history import DOCUMENTS_PER_REFERRAL, Delivery, History
from bench.installation import Installation, TimedNight
from bench.page import table
from bench.progress import track
from domain.words import Feed

SEED: Final = 2026
SHOWN: Final = {
    "documents": "Intake of documents",
    "referrals": "Intake of referrals",
    "pairing": "Pairing",
    "judging": "Judging",
    "close": "Close",
    "whole": "Whole night",
}
WORK: Final = (
    ("documents", "new", "documents new"),
    ("documents", "amended", "documents amended"),
    ("referrals", "new", "referrals new"),
    ("referrals", "amended", "referrals amended"),
    ("pairing", "weighed", "records weighed"),
    ("pairing", "decided", "referrals decided"),
    ("judging", "judged", "referrals judged"),
)


@dataclass(frozen=True)
class Plan:
    """How much history, in referrals, and how many nights are timed on it."""

    little: int = 10_000
    much: int = 100_000
    referrals_a_night: int = 200
    nights: int = 9
    untimed: int = 2
    """Nights before those that are timed: both installations in the same state of warmth."""


@dataclass(frozen=True)
class Nights:
    """What was measured: the timed nights of each, side by side, in order."""

    plan: Plan
    little: tuple[TimedNight, ...]
    much: tuple[TimedNight, ...]


def measure(plan: Plan, folder: Path, database: NewDatabase) -> Nights:
    """Make both installations in the folder, and time the nights."""
    days = plan.much // plan.referrals_a_night
    extra = plan.untimed + plan.nights
    history = History(days + extra, plan.referrals_a_night, SEED)
    little = Installation(folder / "little", database("little"))
    much = Installation(folder / "much", database("much"))
    lay(little, history, range(days - plan.little // plan.referrals_a_night, days))
    lay(much, history, range(days))
    timed: list[tuple[TimedNight, TimedNight]] = []
    for day in track(range(days, days + extra), "nights", extra):
        delivery = history.night(day)
        turns = [little, much] if day % 2 else [much, little]
        took = {id(each): _night(each, delivery) for each in turns}
        timed.append((took[id(little)], took[id(much)]))
    kept = timed[plan.untimed :]
    return Nights(plan, tuple(one for one, _ in kept), tuple(other for _, other in kept))


def lay(installation: Installation, history: History, days: range) -> None:
    """Live through the days: each has its deliveries and its night."""
    for day in track(days, f"history of {len(days)} nights", len(days)):
        _night(installation, history.night(day))


def _night(installation: Installation, delivery: Delivery) -> TimedNight:
    _deliver(installation, delivery)
    return installation.night(delivery.as_of)


def _deliver(installation: Installation, delivery: Delivery) -> None:
    installation.deliver(Feed.DOCUMENTS, delivery.documents)
    installation.deliver(Feed.REFERRALS, delivery.referrals)


def page(measured: Nights, database: str) -> str:
    """The section's text: the seconds of each step, the ratio, and the work done."""
    plan = measured.plan
    said = (
        f"One force on {database}. A night's delivery: about {plan.referrals_a_night:,} referrals"
        f" and {plan.referrals_a_night * DOCUMENTS_PER_REFERRAL:,} documents, one in fifty of each"
        " amended. History is made of nights like it, one after the other. Both installations took"
        f" the same {plan.nights} nights, in turns. Seconds: the median, and the least and the"
        " most in brackets. The ratio is of the two runs of one night, and then likewise."
    )
    headings = (
        "Step",
        f"{plan.little:,} referrals of history, s",
        f"{plan.much:,} referrals of history, s",
        "Ratio",
    )
    rows = [
        (name, little.shown(), much.shown(), grown.shown())
        for name, little, much, grown in steps(measured)
    ]
    done = table(("Work of a night, median", *headings[1:3]), _work(measured))
    return f"{said}\n\n{table(headings, rows)}\n\n{done.replace(', s', '')}"


def steps(measured: Nights) -> Iterator[tuple[str, Figure, Figure, Figure]]:
    """Each step's name, its seconds with little and with much history, and the ratio."""
    for step, name in SHOWN.items():
        little = [_seconds(night.seconds, step) for night in measured.little]
        much = [_seconds(night.seconds, step) for night in measured.much]
        yield name, Figure(tuple(little)), Figure(tuple(much)), ratio(much, little)


def _seconds(seconds: Mapping[str, float], step: str) -> float:
    return sum(seconds.values()) if step == "whole" else seconds[step]


def _work(measured: Nights) -> Iterator[tuple[str, str, str]]:
    for step, count, name in WORK:
        both = [
            Figure(tuple(float(night.work[step][count]) for night in nights)).median
            for nights in (measured.little, measured.much)
        ]
        yield name, f"{both[0]:,.0f}", f"{both[1]:,.0f}"
