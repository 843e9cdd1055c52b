"""The bounds still cover when items that do not belong are replaced by the next tickets.

The first n items that belong are a random sample of those that belong, of which there are
fewer than the frame has; the bound is computed for the whole frame.  Every population small
enough is tried, and the chances are exact.
"""

from fractions import Fraction
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
    results = list(product(*(range(n + 1) for n in drawn)))
    upper = {
        found: stratified.upper(
            [Stratum(*each) for each in zip(names, sizes, drawn, found, strict=True)], risk, method
        )
        for found in results
    }
    for belong in product(*(range(n, size + 1) for n, size in zip(drawn, sizes, strict=True))):
        for deviating in product(*(range(items + 1) for items in belong)):
            missed = sum(
                (
                    exactly(found[0], belong[0], deviating[0], drawn[0])
                    * exactly(found[1], belong[1], deviating[1], drawn[1])
                    for found in results
                    if all(map(int.__le__, found, deviating)) and upper[found] < sum(deviating)
                ),
                Fraction(0),
            )
            assert missed <= risk


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
