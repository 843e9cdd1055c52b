"""One answer whichever way it is reached: in parts, night by night, compiled or not."""

import sys
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from domain.pairing import (
    blocking_keys,
    candidates,
    components,
    confirmed_pairs,
    decide,
    keep,
    kernel,
    nearest,
    stretches,
    weigh,
)
from domain.pairing.candidates import all_candidates
from tests.unit.pairing.pairings import (
    WEIGHTS,
    assert_same_rows,
    paired,
)
from tests.unit.pairing.strategies import (
    World,
    worlds,
)


@settings(deadline=None, max_examples=40)
@given(world=worlds(), data=st.data())
def test_deciding_whole_components_is_deciding_everything(world: World, data: Any) -> None:
    """
    The night decides only what it touched; the weekly rerun of everything must agree with it.
    """
    edges = paired(world).edges
    ours, theirs = world.referrals.records, world.documents.records
    whole = decide(edges, ours, theirs, world.decisions, WEIGHTS)
    joined = components(edges, ours, WEIGHTS, world.decisions)
    names = sorted(joined["component"].unique())
    wanted = data.draw(st.lists(st.sampled_from(names), unique=True)) if names else []
    inside = joined.filter(pl.col("component").is_in(wanted))
    some = inside.filter(pl.col("kind") == "referral").select("key")
    papers = inside.filter(pl.col("kind") == "document").select("key")
    part = decide(
        edges.join(some, left_on="referral", right_on="key", how="semi"),
        ours.join(some, on="key", how="semi"),
        theirs.join(papers, on="key", how="semi"),
        world.decisions.join(some, left_on="referral", right_on="key", how="semi"),
        WEIGHTS,
    )
    within = {"left_on": "referral", "right_on": "key", "how": "semi"}

    assert_same_rows(whole.pairings.join(some, **within), part.pairings)  # type: ignore[arg-type]
    assert_same_rows(whole.outcomes.join(some, **within), part.outcomes)  # type: ignore[arg-type]


@settings(deadline=None, max_examples=40)
@given(world=worlds(), night=st.integers(0, 3))
def test_night_by_night_is_all_at_once(world: World, night: int) -> None:
    """
    Stored keys and edges, with new records weighed as they come, lose and change nothing.
    """
    sides = (world.referrals, world.documents)
    new = [side.records.filter(pl.col("key") % 4 == night)["key"] for side in sides]
    keys = [blocking_keys(sides[0], "referral"), blocking_keys(sides[1], "document")]
    of_new = [k.filter(pl.col("record").is_in(n.implode())) for k, n in zip(keys, new, strict=True)]
    of_old = [
        k.filter(~pl.col("record").is_in(n.implode())) for k, n in zip(keys, new, strict=True)
    ]
    found = [
        candidates(left, right, *sides, WEIGHTS).pairs
        for left, right in ((of_old[0], of_old[1]), (of_new[0], keys[1]), (of_old[0], of_new[1]))
    ]
    edges = pl.concat([weigh(pairs, *sides, WEIGHTS) for pairs in found])
    stored = keep(edges, world.documents, WEIGHTS).select("referral", "document")
    pairs = pl.concat([stored, confirmed_pairs(world.decisions)]).unique()
    of_the_night = weigh(pairs, *sides, WEIGHTS)
    made = decide(of_the_night, *sides, world.decisions, WEIGHTS)
    whole = paired(world)

    strong = pl.col("weight") >= WEIGHTS.floor
    unpaired = whole.outcomes.filter(pl.col("state") != "paired").select(key="referral")

    assert_same_rows(whole.edges.filter(strong), of_the_night.filter(strong))
    assert_same_rows(whole.nearest, nearest(of_the_night, unpaired, world.documents))
    assert_same_rows(whole.pairings, made.pairings)


@settings(deadline=None, max_examples=20)
@given(world=worlds())
def test_a_side_taken_in_stretches_is_paired_alike(world: World) -> None:
    """
    A force too large for memory is taken in parts, and nobody can tell.
    """
    whole = paired(world)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stretches, "_STRETCH", 2)
        parts = paired(world)

    assert_same_rows(whole.pairings, parts.pairings)
    assert_same_rows(whole.edges, parts.edges)


@settings(deadline=None, max_examples=40)
@given(world=worlds(), compiled=st.booleans())
def test_whole_sides_have_the_candidates_of_their_stored_keys(world: World, compiled: bool) -> None:
    """
    A full pass looks keys up as they come; a night joins those it stored. One answer.
    """
    sides = (world.referrals, world.documents)
    keys = (blocking_keys(sides[0], "referral"), blocking_keys(sides[1], "document"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "LARGE", 0 if compiled else sys.maxsize)
        found = all_candidates(*sides, WEIGHTS)

    stored = candidates(*keys, *sides, WEIGHTS)
    assert_same_rows(stored.pairs, found.pairs)
    assert stored.warnings == found.warnings


@settings(deadline=None, max_examples=40)
@given(world=worlds())
def test_the_compiled_loops_give_what_numpy_gives(world: World) -> None:
    """
    Large work is compiled and small work is not; the evidence is the same to the last bit.
    """
    sides = (world.referrals, world.documents)
    pairs = (
        sides[0]
        .records.select(referral="key")
        .join(sides[1].records.select(document="key"), how="cross")
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "LARGE", 0)
        compiled = weigh(pairs, *sides, WEIGHTS)
        patch.setattr(kernel, "LARGE", sys.maxsize)
        plain = weigh(pairs, *sides, WEIGHTS)

    assert_frame_equal(compiled, plain)


@settings(deadline=None, max_examples=10)
@given(world=worlds())
def test_without_numba_everything_is_done_by_numpy(world: World) -> None:
    """
    However much there is.
    """
    expected = paired(world)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "LARGE", 0)
        patch.setitem(sys.modules, "numba", None)
        assert not kernel.is_worth_compiling(1)
        found = paired(world)

    assert_frame_equal(expected.pairings, found.pairings)
    assert_frame_equal(expected.outcomes, found.outcomes)
