"""What other weights would change is said before they are adopted, and held against reviewers."""

import polars as pl
import pytest
from sqlalchemy import Engine
from sqlmodel import select

from adapters import database
from domain.pairing import default_weights
from domain.words import Band, Verdict
from models import ReferralRow
from services import decisions, weights
from services.weights import Comparison
from tests.builders import POLICIES
from tests.integration.lifecycle.looking import dump
from tests.integration.weights.world import (
    FIRST,
    FORCE,
    SECOND,
    a_first_night,
    a_night,
    bands,
    current,
    other_weights,
)

SHIPPED = default_weights()
OTHER = other_weights()
PAIR = ["referral", "document"]


def compared(engine: Engine) -> Comparison:
    """What adopting the other weights would change."""
    with database.reading(engine) as session:
        return weights.compare(session, {FORCE: POLICIES}, SHIPPED, OTHER, as_of=FIRST)


def test_what_is_said_before_adoption_is_what_the_night_then_does(engine: Engine) -> None:
    """
    Pairings made, ended and changed, and how referrals stand, are foretold exactly.
    """
    a_first_night(engine)
    stored = dump(engine)
    foretold = compared(engine)
    assert stored == dump(engine)
    with database.reading(engine) as session:
        before = bands(session)

    a_night(engine, SECOND, OTHER)

    with database.reading(engine) as session:
        after = bands(session)
        states = session.exec(select(ReferralRow.pairing)).all()
    assert foretold.counts() == {
        "made": after.join(before, on=PAIR, how="anti").height,
        "ended": before.join(after, on=PAIR, how="anti").height,
        "changed": after.join(before, on=PAIR).filter(
            (pl.col("band") != pl.col("band_right")) | (pl.col("role") != pl.col("role_right"))
        ).height,
    }  # fmt: skip
    assert all(foretold.counts().values())
    assert dict(foretold.after) == {state: states.count(state) for state in set(states)}
    assert sum(foretold.before.values()) == sum(foretold.after.values()) == 120


def test_each_change_says_what_is_and_what_would_be(engine: Engine) -> None:
    """
    A bureau can look at every referral that would be flagged or settled by an adoption.
    """
    a_first_night(engine)

    changes = compared(engine).changes

    made, ended = (changes.filter(pl.col("change") == change) for change in ("made", "ended"))
    assert made["band_before"].is_null().all()
    assert made["weight_after"].is_not_null().all()
    assert ended["role_after"].is_null().all()
    assert {FORCE} == set(changes["force"])
    assert changes.select("referral_id", "urn").is_unique().all()


def test_the_same_weights_change_nothing(sqlite_engine: Engine) -> None:
    """
    A comparison shows the weights' effect and nothing else's.
    """
    a_first_night(sqlite_engine)

    with database.reading(sqlite_engine) as session:
        found = weights.compare(session, {FORCE: POLICIES}, OTHER, OTHER, as_of=FIRST)

    assert found.changes.is_empty()
    assert found.before == found.after


def test_a_band_is_as_precise_as_people_found_it(engine: Engine) -> None:
    """
    Reviewers' decisions are labels, in the band that the engine gives alone: a confirmed
    pair does not count as paired by itself because it was confirmed.
    """
    a_first_night(engine)
    with database.session(engine) as session:
        rows = sorted(current(session), key=lambda row: (row.referral, row.document))
        auto = [row for row in rows if row.band == Band.AUTO][:35]
        review = [row for row in rows if row.band == Band.REVIEW][:4]
        for number, row in enumerate([*auto, *review]):
            decisions.decide(
                session,
                row.referral,
                row.document,
                Verdict.REJECTED if number in (3, 36) else Verdict.CONFIRMED,
                reason="seen",
                reviewer="alice",
                now=FIRST,
            )
    a_night(engine, SECOND, SHIPPED)

    with database.reading(engine) as session:
        found = {
            each.band: each
            for each in weights.check(session, {FORCE: POLICIES}, SHIPPED, as_of=SECOND)
        }

    assert (34, 35) == (found["auto"].confirmed, found["auto"].decided)
    assert (3, 4) == (found["review"].confirmed, found["review"].decided)
    assert 0 == found["none"].decided
    assert (False, True) == (found["auto"].too_few, found["review"].too_few)
    assert (0.8508, 0.9993) == pytest.approx((found["auto"].low, found["auto"].high), abs=1e-4)
