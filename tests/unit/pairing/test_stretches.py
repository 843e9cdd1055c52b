"""Crowded records are weighed a stretch at a time, so that memory does not grow with them."""

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from domain.pairing import arrays, events, kernel, people, stretches, weigh
from domain.pairing.arrays import I64, Flat
from tests.unit.pairing.pairings import WEIGHTS, assert_same_rows, paired
from tests.unit.pairing.strategies import (
    World,
    a_document,
    a_person,
    a_referral,
    decisions,
    documents,
    referrals,
    worlds,
)


def crowded(records: int, marks: int) -> World:
    """Records that all have as many people, vehicles and, if documents, references."""
    vehicles = [f"Q{mark:03}ABC" for mark in range(marks)]
    quoted = [f"26-{mark:06}" for mark in range(marks)]
    crowd = [
        a_person(record, person, names=[person, person + 1], dob=person + 1)
        for record in range(records)
        for person in range(marks)
    ]
    ours = [a_referral(key, vehicles=vehicles) for key in range(records)]
    theirs = [a_document(key, vehicles=vehicles, references=quoted) for key in range(records)]
    return World(referrals(ours, crowd), documents(theirs, crowd), decisions())


def crossings_of(world: World, at_a_time: int) -> list[I64]:
    """How many comparisons each pair of each stretch asks for, as the world is paired."""
    seen = []

    def crossed(left: Flat, right: Flat, at_left: I64, at_right: I64) -> tuple[I64, I64, I64, I64]:
        found = arrays.crossed(left, right, at_left, at_right)
        seen.append(found[0])
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stretches, "_COMPARISONS", at_a_time)
        for module in (events, people):
            patch.setattr(module, "crossed", crossed)
        paired(world)
    return seen


@pytest.mark.parametrize(("at_a_time", "stretched"), [(1, 300), (40, 150), (10**6, 6)])
def test_no_more_is_crossed_at_a_time_than_the_bound_and_one_pair(
    at_a_time: int, stretched: int
) -> None:
    """
    A force with fifty marks on every record must not fill the machine's memory.
    """
    seen = crossings_of(crowded(records=10, marks=4), at_a_time)

    assert len(seen) >= stretched
    for sizes in seen:
        assert sizes.sum() < at_a_time + sizes.max(initial=0) or not sizes.sum()


@settings(deadline=None, max_examples=40)
@given(world=worlds(), at_a_time=st.integers(1, 9))
def test_stretches_change_nothing(world: World, at_a_time: int) -> None:
    """
    Where a stretch ends is an accident of the machine; the evidence must not tell.
    """
    whole = paired(world)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stretches, "_COMPARISONS", at_a_time)
        parts = paired(world)

    assert_same_rows(whole.edges, parts.edges)
    assert_same_rows(whole.pairings, parts.pairings)


def test_crowded_pairs_weigh_the_same_in_stretches_and_compiled() -> None:
    """
    The compiled loops cross lists in place, without a bound; the answer must not tell which ran.
    """
    world = crowded(records=6, marks=4)
    pairs = paired(world).edges.select("referral", "document")
    sides = (world.referrals, world.documents)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "LARGE", 0)
        compiled = weigh(pairs, *sides, WEIGHTS)
        patch.setattr(kernel, "LARGE", sys.maxsize)
        patch.setattr(stretches, "_COMPARISONS", 5)
        plain = weigh(pairs, *sides, WEIGHTS)

    assert_frame_equal(compiled, plain)
