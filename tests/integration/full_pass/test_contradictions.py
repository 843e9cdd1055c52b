"""The full pass raises what differs once, closes what is gone, and changes no pairing."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, update
from sqlmodel import col, select

from adapters import database
from domain.pairing import default_weights
from models import AuditEventRow, ContradictionRow, PairingRow, ReferralRow
from services import contradictions, parts, summary
from services.contradictions import Compared
from tests.builders import (
    FIRST_NIGHT,
    FORCE,
    HOUR,
    POLICIES,
    a_document,
    a_night,
    a_referral,
)
from tests.integration.lifecycle.looking import dump

WEIGHTS = default_weights()


def a_full_pass(engine: Engine, folder: Path, hours: int = 1) -> Compared:
    """One full pass, so many hours after the first night."""
    with database.session(engine) as session:
        count = contradictions.begin(session, FORCE, folder, policies=POLICIES, weights=WEIGHTS)
    for number in range(count):
        parts.weigh(folder, number, WEIGHTS)
    with database.session(engine) as session:
        return contradictions.finish(
            session,
            FORCE,
            folder,
            weights=WEIGHTS,
            at=FIRST_NIGHT + hours * HOUR,
            actor="system:weekly",
        )


def rows(engine: Engine) -> list[tuple[str, bool]]:
    """Each contradiction there ever was: its kind, and whether it is open."""
    with database.reading(engine) as session:
        found = session.exec(select(ContradictionRow).order_by(col(ContradictionRow.id)))
        return [(row.kind.value, row.closed_at is None) for row in found]


def end_pairing(engine: Engine) -> None:
    """The pairing ended behind the nights' back, as a fault of theirs would leave it."""
    with database.session(engine) as session:
        session.execute(
            update(PairingRow).values(ended_at=FIRST_NIGHT, ended_by="fault", ended_why="fault")
        )


def take_back_the_end(engine: Engine) -> None:
    """The pairing as it was."""
    with database.session(engine) as session:
        session.execute(update(PairingRow).values(ended_at=None, ended_by=None, ended_why=None))


@pytest.fixture
def paired(engine: Engine) -> Engine:
    """A force whose one referral is paired with its document."""
    a_night(engine, FIRST_NIGHT, referrals=[a_referral()], documents=[a_document()])
    with database.reading(engine) as session:
        assert 1 == len(session.exec(select(PairingRow)).all())
    return engine


def test_what_the_nights_made_is_what_the_full_pass_makes(paired: Engine, tmp_path: Path) -> None:
    found = a_full_pass(paired, tmp_path / "EX")
    assert (found.parts, found.pairings, found.raised, found.open) == (1, 1, 0, 0)
    assert rows(paired) == []


def test_a_pairing_that_does_not_stand_is_raised_once_and_closes_itself(
    paired: Engine, tmp_path: Path
) -> None:
    end_pairing(paired)
    before = dump(paired, leaving_out=("contradiction", "audit_event"))
    assert a_full_pass(paired, tmp_path / "EX", 1).raised == 1
    assert a_full_pass(paired, tmp_path / "EX", 2).raised == 0
    assert rows(paired) == [("not_standing", True)]
    assert dump(paired, leaving_out=("contradiction", "audit_event")) == before

    take_back_the_end(paired)
    assert a_full_pass(paired, tmp_path / "EX", 3).closed == 1
    assert rows(paired) == [("not_standing", False)]


def test_a_pairing_that_the_full_pass_would_not_make_is_raised(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pairing of two records that have nothing to do with each other."""
    far = a_referral(2, referred_at=a_referral()["referred_at"] - timedelta(days=40))
    a_night(engine, FIRST_NIGHT, referrals=[a_referral(), far], documents=[a_document()])
    with database.session(engine) as session:
        (row,) = session.exec(select(PairingRow)).all()
        heads = session.exec(select(ReferralRow)).all()
        other = next(head.id for head in heads if head.id != row.referral)
        session.execute(update(PairingRow).values(referral=other))
    monkeypatch.setattr(parts, "PERIOD", timedelta(days=30))
    found = a_full_pass(engine, tmp_path / "EX")

    assert found.parts == 2
    assert sorted(rows(engine)) == [("not_made", True), ("not_standing", True)]


def test_status_shows_it_and_the_audit_trail_has_it(paired: Engine, tmp_path: Path) -> None:
    end_pairing(paired)
    a_full_pass(paired, tmp_path / "EX")
    with database.reading(paired) as session:
        shown = summary.of(session, FORCE)
        said = [row.action for row in session.exec(select(AuditEventRow))]

    assert (shown.contradictions, len(shown.contradicted)) == (1, 1)
    assert shown.needs_a_person
    assert said[-2:] == ["contradiction raised", "paired anew"]


def test_a_referral_that_waits_for_a_night_is_not_compared(paired: Engine, tmp_path: Path) -> None:
    """What was decided or received by day is the next night's to pair."""
    end_pairing(paired)
    with database.session(paired) as session:
        session.execute(update(ReferralRow).values(settled=False))
    assert a_full_pass(paired, tmp_path / "EX").open == 0


def test_a_night_begun_meanwhile_leaves_the_comparing_to_the_next_pass(
    paired: Engine, tmp_path: Path
) -> None:
    folder: Any = tmp_path / "EX"
    with database.session(paired) as session:
        contradictions.begin(session, FORCE, folder, policies=POLICIES, weights=WEIGHTS)
    parts.weigh(folder, 0, WEIGHTS)
    end_pairing(paired)
    a_night(paired, FIRST_NIGHT + timedelta(days=1))
    with database.session(paired) as session:
        found = contradictions.finish(
            session, FORCE, folder, weights=WEIGHTS, at=FIRST_NIGHT, actor="system:weekly"
        )
    assert found == Compared(parts=1)
    assert rows(paired) == []
