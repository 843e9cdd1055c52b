"""The bounds still cover when items that do not belong are replaced by the next tickets.

The first n items that belong are a random sample of those that belong, of which there are
fewer than the frame has; the bound is computed for the whole frame.  Where fewer than n belong,
and where the n-th that belongs is on the last ticket, everything was looked at and is counted.
Every population small enough is tried, and the chances are exact.
"""

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import product
from math import comb

import pytest

from domain.assurance import bounds, stratified
from domain.assurance.claim import Claim, Extension, Method, Plan
from domain.assurance.evaluation import Judged, evaluate
from domain.assurance.sequential import plan_two_stage
from domain.assurance.strata import Stratum
from tests.unit.assurance.strategies import RISKS, exactly


@pytest.mark.parametrize("risk", RISKS)
def test_a_simple_sample_covers_the_number_with_any_items_out_of_frame(risk: Fraction) -> None:
    """
    However many belong, and however many of those deviate.
    """
    frame = 14
    for drawn in (1, 3, 6):
        upper = [bounds.upper(found, drawn, frame, risk) for found in range(drawn + 1)]
        for belong in range(drawn, frame + 1):
            for deviating in range(belong + 1):
                missed = sum(
                    exactly(found, belong, deviating, drawn)
                    for found in range(min(drawn, deviating) + 1)
                    if upper[found] < deviating
                )
                assert missed <= risk


@pytest.mark.parametrize("method", [Method.TOTAL, Method.WENDELL_SCHMEE])
def test_a_stratified_sample_covers_the_number_with_any_items_out_of_frame(method: Method) -> None:
    """
    In every stratum as many as may be, and the deviating ones wherever they may lie.
    """
    risk, sizes, drawn = Fraction(1, 10), (7, 5), (3, 2)
    names = ("one", "two")

    @cache
    def upper(taken: tuple[int, ...], found: tuple[int, ...]) -> int:
        its = zip(names, sizes, taken, found, strict=True)
        return stratified.upper([Stratum(*each) for each in its], risk, method)

    for belong in product(*(range(size + 1) for size in sizes)):
        for deviating in product(*(range(items + 1) for items in belong)):
            ends = [
                _of_a_stratum(*each) for each in zip(sizes, drawn, belong, deviating, strict=True)
            ]
            missed = sum(
                (
                    chance
                    for chance, taken, found in _together(*ends)
                    if upper(taken, found) < sum(deviating)
                ),
                Fraction(0),
            )
            assert missed <= risk


Pair = tuple[int, int]
End = tuple[Fraction, int, int]
"""A chance, how many items are counted, and how many of these deviate."""


def _of_a_stratum(size: int, drawn: int, belong: int, deviating: int) -> list[End]:
    """The ends that the drawing of a stratum can come to."""
    if belong < drawn:
        return [(Fraction(1), size, deviating)]
    if belong == drawn:
        last = Fraction(drawn, size)
        return [(last, size, deviating), (1 - last, drawn, deviating)]
    return [
        (exactly(found, belong, deviating, drawn), drawn, found)
        for found in range(min(drawn, deviating) + 1)
    ]


def _together(one: list[End], two: list[End]) -> Iterator[tuple[Fraction, Pair, Pair]]:
    """Both strata's ends: the chance, and of each what is counted and what deviates."""
    for (a, *first), (b, *second) in product(one, two):
        taken, found = zip(first, second, strict=True)
        yield a * b, taken, found


def test_a_two_stage_plan_covers_the_number_with_any_items_out_of_frame() -> None:
    """
    Whether it goes on depends on the items that belong, and on nothing else.
    """
    claim = Claim(24, Fraction(1, 4), Fraction(0), Fraction(1, 10))
    plan = plan_two_stage(claim)
    for belong in range(plan.most, claim.population + 1):
        for deviating in range(belong + 1):
            missed = sum(
                (chance for chance, upper in _ends(plan, belong, deviating) if upper < deviating),
                Fraction(0),
            )
            assert missed <= claim.risk


def _ends(plan: Plan, belong: int, deviating: int) -> list[tuple[Fraction, int]]:
    """(chance, bound) of each result that the plan can end with."""
    assert plan.extension is Extension.TWO_STAGE
    first, last = plan.looks
    ends = []
    for early in range(min(first.drawn, deviating) + 1):
        chance = exactly(early, belong, deviating, first.drawn)
        if not first.accepted < early <= last.accepted:
            ends.append((chance, evaluate(plan, Judged(first.drawn, early)).upper))
            continue
        rest, left, more = belong - first.drawn, deviating - early, last.drawn - first.drawn
        for late in range(min(more, left) + 1):
            if more - late > rest - left:
                continue
            then = Fraction(comb(left, late) * comb(rest - left, more - late), comb(rest, more))
            judged = Judged(last.drawn, early + late, found_first=early)
            ends.append((chance * then, evaluate(plan, judged).upper))
    return ends
