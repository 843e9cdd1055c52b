"""Adopting other weights leads to the result of pairing everything by them, and loses nothing."""

from datetime import timedelta

from sqlalchemy import Engine
from sqlmodel import select

from adapters import database
from domain.pairing import default_weights
from domain.words import Band, Verdict
from models import PairingRow, RunRow
from services import decisions, nights
from tests.builders import POLICIES
from tests.integration.lifecycle.looking import assert_trail_is_whole
from tests.integration.weights.world import (
    FIRST,
    FORCE,
    SECOND,
    THIRD,
    a_first_night,
    a_night,
    assert_as_if_at_once,
    bands,
    current,
    other_weights,
)

SHIPPED = default_weights()
OTHER = other_weights()


def test_the_night_after_adoption_is_a_full_pass_by_the_new_weights(engine: Engine) -> None:
    """
    Every record is weighed again, once, though nothing new has arrived but ordinary papers.
    """
    first = a_first_night(engine)
    assert_as_if_at_once(engine, FIRST, SHIPPED)

    second = a_night(engine, SECOND, OTHER)
    assert_as_if_at_once(engine, SECOND, OTHER)
    third = a_night(engine, THIRD, OTHER)

    assert second.pairing.weighed == first.pairing.weighed + 1
    assert 1 == third.pairing.weighed
    assert (0, 0) == (third.pairing.made, third.pairing.ended)
    assert_as_if_at_once(engine, THIRD, OTHER)


def test_a_changed_file_of_shipped_weights_is_a_version_of_its_own() -> None:
    """
    A release that changes a bit of the shipped weights and forgets the year in their name
    would else weigh nothing again.
    """
    assert SHIPPED.version.endswith(f"-{SHIPPED.hash[:12]}")


def test_pairings_made_by_the_old_weights_are_ended_and_kept(engine: Engine) -> None:
    """
    Why a referral counted as satisfied in March can still be shown in June.
    """
    a_first_night(engine)
    with database.reading(engine) as session:
        before = {row.id: row.model_dump() for row in current(session)}
        were = bands(session)

    a_night(engine, SECOND, OTHER)

    with database.reading(engine) as session:
        rows = {row.id: row for row in session.exec(select(PairingRow))}
        now = bands(session)
    assert not were.sort(were.columns).equals(now.sort(now.columns))
    for number, row in before.items():
        kept = rows[number].model_dump()
        assert (SECOND, "system:20260402") == (kept["ended_at"], kept["ended_by"])
        ending = {"ended_at", "ended_by", "ended_why"}
        assert {k: v for k, v in row.items() if k not in ending} == {
            k: v for k, v in kept.items() if k not in ending
        }
    assert_trail_is_whole(engine)


def test_going_back_to_the_old_weights_gives_the_old_pairings(engine: Engine) -> None:
    """
    An adoption that disappoints is undone by the setting.
    """
    a_first_night(engine)
    with database.reading(engine) as session:
        before = bands(session)

    a_night(engine, SECOND, OTHER)
    a_night(engine, THIRD, SHIPPED)

    with database.reading(engine) as session:
        after = bands(session)
    assert before.sort(before.columns).equals(after.sort(after.columns))
    assert_as_if_at_once(engine, THIRD, SHIPPED)


def test_what_people_decided_outlives_the_weights(engine: Engine) -> None:
    """
    A confirmed pair stays paired and a rejected one apart, whatever the weights say.
    """
    a_first_night(engine)
    with database.session(engine) as session:
        rows = sorted(current(session), key=lambda row: (row.referral, row.document))
        offered = next(row for row in rows if row.band == Band.REVIEW)
        paired = next(
            row for row in rows if row.band == Band.AUTO and row.referral != offered.referral
        )
        confirmed = (offered.referral, offered.document)
        rejected = (paired.referral, paired.document)
        for pair, verdict in ((confirmed, Verdict.CONFIRMED), (rejected, Verdict.REJECTED)):
            decisions.decide(session, *pair, verdict, reason="seen", reviewer="alice", now=FIRST)

    a_night(engine, SECOND, OTHER)

    with database.reading(engine) as session:
        rules = {(row.referral, row.document): row.rule for row in current(session)}
    assert "confirmed_by_person" == rules[confirmed]
    assert rejected not in rules
    assert_as_if_at_once(engine, SECOND, OTHER)


def test_a_night_cut_short_after_the_change_is_finished_by_the_next(engine: Engine) -> None:
    """
    The work left by an adoption is rows in the database, not the memory of a run.
    """
    a_first_night(engine)
    with database.session(engine) as session:
        nights.begin(
            session,
            FORCE,
            as_of=SECOND,
            policies=POLICIES,
            weights=OTHER,
            actor="system:cut short",
            now=SECOND,
        )

    a_night(engine, SECOND + timedelta(hours=1), OTHER)

    assert_as_if_at_once(engine, SECOND + timedelta(hours=1), OTHER)
    with database.reading(engine) as session:
        versions = session.exec(select(RunRow.weights_version).order_by(RunRow.as_of)).all()  # type: ignore[arg-type]
    assert [SHIPPED.version, OTHER.version] == list(versions)
