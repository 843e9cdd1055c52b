"""The full pass raises what differs once, closes what is gone, and changes no pairing."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, update
from sqlmodel import col, select

from adapters import database, logs
from domain.pairing import Weights, default_weights
from domain.pairing.weights import weights_with
from domain.policy import PolicySet
from domain.words import RunState
from models import AuditEventRow, ContradictionRow, PairingRow, ReferralRow, RunRow
from services import contradictions, parts, summary
from services.contradictions import Compared, NotCompared
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
from tests.integration.nights.acting import confirm, reject

WEIGHTS = default_weights()


def begun(
    engine: Engine, folder: Path, weights: Weights = WEIGHTS, policies: PolicySet = POLICIES
) -> int | NotCompared:
    """The beginning of a full pass."""
    with database.session(engine) as session:
        return contradictions.begin(session, FORCE, folder, policies=policies, weights=weights)


def a_full_pass(
    engine: Engine, folder: Path, hours: int = 1, weights: Weights = WEIGHTS
) -> Compared:
    """One full pass, so many hours after the first night."""
    count = begun(engine, folder, weights)
    assert isinstance(count, int)
    said = [each for number in range(count) for each in parts.weigh(folder, number, weights)]
    with database.session(engine) as session:
        found = contradictions.finish(
            session,
            FORCE,
            folder,
            weights=weights,
            at=FIRST_NIGHT + hours * HOUR,
            actor="system:weekly",
            warnings=said,
        )
    assert isinstance(found, Compared)
    return found


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


@pytest.mark.parametrize("act", [confirm, reject])
def test_what_a_person_decides_settles_it(
    paired: Engine, tmp_path: Path, act: Callable[..., int]
) -> None:
    """The next night pairs by the decision, and the pass after it finds no difference."""
    end_pairing(paired)
    assert a_full_pass(paired, tmp_path / "EX").open == 1
    act(paired, "R1", "U1", now=FIRST_NIGHT + 2 * HOUR)
    a_night(paired, FIRST_NIGHT + timedelta(days=1))

    found = a_full_pass(paired, tmp_path / "EX", 30)

    assert (found.closed, found.open) == (1, 0)
    with database.reading(paired) as session:
        stand = session.exec(select(PairingRow).where(col(PairingRow.ended_at).is_(None))).all()
    assert [row.rule for row in stand] == (["confirmed_by_person"] if act is confirm else [])


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


def test_a_contradiction_stays_open_while_its_referral_waits_for_a_night(
    paired: Engine, tmp_path: Path
) -> None:
    """Not compared is not the same as no longer found."""
    end_pairing(paired)
    a_full_pass(paired, tmp_path / "EX", 1)
    with database.session(paired) as session:
        session.execute(update(ReferralRow).values(settled=False))
    found = a_full_pass(paired, tmp_path / "EX", 2)
    assert (found.raised, found.closed, found.open) == (0, 0, 1)
    assert rows(paired) == [("not_standing", True)]


def test_a_night_begun_meanwhile_leaves_the_comparing_to_the_next_pass(
    paired: Engine, tmp_path: Path
) -> None:
    folder: Any = tmp_path / "EX"
    assert begun(paired, folder) == 1
    parts.weigh(folder, 0, WEIGHTS)
    end_pairing(paired)
    a_night(paired, FIRST_NIGHT + timedelta(days=1))
    with database.session(paired) as session:
        found = contradictions.finish(
            session, FORCE, folder, weights=WEIGHTS, at=FIRST_NIGHT, actor="system:weekly"
        )
    assert found is NotCompared.OVERTAKEN
    assert rows(paired) == []


def test_a_pass_that_compares_nothing_says_why_and_logs_it(
    sqlite_engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    An operator who adopted new weights and reads "contradictions open: 0" believes that the
    nights by them were checked.
    """
    logs.configure()
    engine = sqlite_engine
    other = weights_with(WEIGHTS, "limits", vars(WEIGHTS.limits) | {"block_pairs": 9})
    later = PolicySet((replace(POLICIES.policies[0], document_types=("report",)),))
    assert begun(engine, tmp_path) is NotCompared.NO_NIGHT
    a_night(engine, FIRST_NIGHT, referrals=[a_referral()], documents=[a_document()])
    assert begun(engine, tmp_path, other) is NotCompared.WEIGHTS
    assert begun(engine, tmp_path, policies=later) is NotCompared.POLICY
    with database.session(engine) as session:
        session.execute(update(RunRow).values(state=RunState.FAILED, finished_at=None))
    assert begun(engine, tmp_path) is NotCompared.UNFINISHED

    told = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [each["why"] for each in told if each["event"] == "full pass compared nothing"] == [
        "no night is finished yet; run one, then the full pass again",
        "its weights changed since the last night; run a night, then the full pass again",
        "its policy changed since the last night; run a night, then the full pass again",
        "its last night is not finished; run it again, then the full pass",
    ]


def test_what_a_full_pass_did_not_compare_by_is_said_once(
    sqlite_engine: Engine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """
    A placeholder in the export hides pairs from every period, and each period names it.
    """
    logs.configure()
    few = weights_with(WEIGHTS, "limits", vars(WEIGHTS.limits) | {"block_pairs": 0})
    monkeypatch.setattr(parts, "PERIOD", timedelta(days=30))
    ago = timedelta(days=40)
    earlier = (
        a_referral(2, referred_at=a_referral()["referred_at"] - ago),
        a_document(2, submitted_at=a_document()["submitted_at"] - ago),
    )
    a_night(
        sqlite_engine,
        FIRST_NIGHT,
        referrals=[a_referral(), earlier[0]],
        documents=[a_document(), earlier[1]],
        weights=few,
    )
    capsys.readouterr()
    found = a_full_pass(sqlite_engine, tmp_path / "EX", weights=few)

    told = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    logged = [each["warning"] for each in told if each["event"] == "full pass warned"]
    assert found.parts == 2
    by_period = [parts.weigh(tmp_path / "EX", number, few) for number in range(2)]
    assert set(by_period[0]) & set(by_period[1])
    assert set(found.warnings) == {*by_period[0], *by_period[1]}
    assert any(each.startswith("Not compared by officer and day: ") for each in found.warnings)
    assert len(set(logged)) == len(logged)
    assert tuple(logged) == found.warnings


def test_a_force_without_a_record_is_compared(sqlite_engine: Engine, tmp_path: Path) -> None:
    """
    Nothing was left out of it: there is nothing.
    """
    a_night(sqlite_engine, FIRST_NIGHT)

    assert (0, 0) == (
        begun(sqlite_engine, tmp_path / "EX"),
        a_full_pass(sqlite_engine, tmp_path / "EX").pairings,
    )
