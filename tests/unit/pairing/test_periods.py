"""Periods weighed apart and decided together give what one pass over everything gives."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from domain.pairing import default_weights, pair
from domain.words import Feed
from services import parts
from tests.unit.pairing.strategies import MONDAY, World, worlds

WEIGHTS = default_weights()


@settings(deadline=None, max_examples=30)
@given(world=worlds(), hours=st.integers(1, 50))
def test_the_union_of_the_periods_is_the_whole_pass(world: World, hours: int) -> None:
    """Whatever the cuts: pairings, their roles, weights and margins are the same to the bit."""
    whole = pair(world.referrals, world.documents, world.decisions, WEIGHTS)
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "PERIOD", timedelta(hours=hours))
        folder = Path(name)
        parts.write_side(folder, Feed.REFERRALS, world.referrals)
        parts.write_side(folder, Feed.DOCUMENTS, world.documents)
        world.decisions.write_parquet(folder / "decisions.parquet")
        plan = parts.write_plan(folder, MONDAY, WEIGHTS)
        for number in reversed(range(len(plan.spans))):
            parts.weigh(folder, number, WEIGHTS)
        made = parts.decide(folder, WEIGHTS)

    assert_frame_equal(made, whole.pairings.sort("referral", "document"))


@given(world=worlds(decided=False), hours=st.integers(1, 50))
def test_each_referral_is_in_one_period(world: World, hours: int) -> None:
    """One in two periods would be weighed twice, and one in none would lose its document."""
    times = world.referrals.records["at"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "PERIOD", timedelta(hours=hours))
        found = list(parts.spans(times))

    assert all(sum(start <= at < end for start, end in found) == 1 for at in times)
