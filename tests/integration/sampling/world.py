"""A month of judged referrals to sample from, and the steps of a sample up to its draw."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from adapters import database
from domain.errors import SampleRefused
from domain.sampling.choices import Choices, choose
from domain.words import Verdict
from domain.working_paper import PlanDocument, SeedRecord, TicketLine
from models import PairingRow
from services import decisions
from services.sampling import draws, frames, plans, seeds
from services.sampling.frames import Frozen
from tests.builders import (
    AFTER_GRACE,
    FIRST_NIGHT,
    FORCE,
    HOUR,
    Record,
    a_document,
    a_night,
    a_referral,
)
from tests.integration.lifecycle.looking import dump, referral
from tests.integration.sampling.once import once

CODE = "2026-Q1"
PERIOD = (datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 5, tzinfo=UTC))
NOW = datetime(2026, 3, 9, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DICE = "31415926535897932384"
AUDITOR = "user:auditor"
DECIDED = AFTER_GRACE + timedelta(hours=8)
DISTRICTS = ("North", "South", "East")


def referrals(count: int, first: int = 1) -> list[Record]:
    """Referrals of one day, in three districts."""
    return [a_referral(n, district=DISTRICTS[n % 3]) for n in range(first, first + count)]


def judged(engine: Engine, items: int, unmatched: int = 0) -> None:
    """Nights after which `items` referrals are due, all but `unmatched` of them answered."""
    once(engine, f"{items} due, {unmatched} unmatched", lambda: _judge(engine, items, unmatched))


def _judge(engine: Engine, items: int, unmatched: int) -> None:
    answered = [a_document(n) for n in range(1, items - unmatched + 1)]
    a_night(engine, FIRST_NIGHT, referrals=referrals(items), documents=answered)
    a_night(engine, AFTER_GRACE)


def decide(engine: Engine, numbers: Iterable[int], verdict: Verdict = Verdict.CONFIRMED) -> None:
    """A person decides on the pairs of these referrals, and a night follows."""
    with database.session(engine) as session:
        for number in numbers:
            head = referral(session, f"R{number}")
            pair = session.exec(select(PairingRow).where(PairingRow.referral == head.id)).one()
            decisions.decide(
                session,
                pair.referral,
                pair.document,
                verdict,
                reason="looked at both",
                reviewer="user:reviewer",
                now=DECIDED,
            )
    a_night(engine, DECIDED + HOUR)


def chosen(code: str = CODE, **more: Any) -> Choices:
    """The choices of a sample, all by default but what the test is about."""
    return choose(code, FORCE, more.pop("period", PERIOD), **{"tolerable": "20%", **more})


def plan(engine: Engine, choices: Choices | None = None, now: datetime = NOW) -> PlanDocument:
    """Plan a sample."""
    with database.session(engine) as session:
        return plans.plan(session, choices or chosen(), planned_by=AUDITOR, now=now)


def freeze(
    engine: Engine, now: datetime = NOW + MINUTE, *, export: bool = True, **more: Any
) -> Frozen:
    """Freeze its frame, and export it unless the test says not."""
    with database.session(engine) as session:
        frozen = frames.freeze(session, CODE, by=AUDITOR, now=now, **more)
        if export:
            frames.export(session, CODE, by=AUDITOR, now=now)
    return frozen


def seed(engine: Engine, dice: str = DICE, now: datetime = NOW + 2 * MINUTE) -> SeedRecord:
    """Enter its seed."""
    with database.session(engine) as session:
        return seeds.enter(session, CODE, dice=dice, by=AUDITOR, now=now)


def draw(engine: Engine, now: datetime = NOW + 3 * MINUTE) -> list[TicketLine]:
    """Draw it."""
    with database.session(engine) as session:
        return draws.draw(session, CODE, by=AUDITOR, now=now)


def drawn(engine: Engine, items: int = 60, **more: Any) -> tuple[Frozen, list[TicketLine]]:
    """A sample planned, frozen, exported, seeded and drawn."""
    judged(engine, items)
    plan(engine, chosen(**more))
    frozen = freeze(engine)
    seed(engine)
    return frozen, draw(engine)


@contextmanager
def refused(engine: Engine, saying: str) -> Iterator[None]:
    """The block is refused with a sentence that says so, and nothing is stored."""
    before = dump(engine)
    with pytest.raises(SampleRefused, match=saying) as why:
        yield
    assert re.search("Nothing was (stored|judged|drawn|written)\\.", str(why.value))
    assert before == dump(engine)


def states(frozen: Sequence[Any]) -> dict[str, int]:
    """A header's counts by name."""
    return {count.name: count.number for count in frozen}
