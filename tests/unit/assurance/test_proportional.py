"""A sample that takes its share of every stratum keeps its promise wherever deviations lie."""

from fractions import Fraction
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.assurance.claim import Claim, Design, Method
from domain.assurance.proportional import (
    Part,
    bounds_ahead,
    plan_proportional,
    strata_of,
    take,
)
from domain.errors import SampleRefused
from tests.unit.assurance.strategies import risks


@st.composite
def proportional(draw: st.DrawFn) -> tuple[Claim, list[Part]]:
    """A claim about up to four strata."""
    sizes = draw(st.lists(st.integers(1, 60), min_size=1, max_size=4).filter(lambda s: sum(s) > 1))
    parts = [Part(str(place), size, draw(st.integers(1, 3))) for place, size in enumerate(sizes)]
    tolerable = Fraction(draw(st.integers(5, 40)), 100)
    expected = tolerable * Fraction(draw(st.integers(0, 4)), 10)
    try:
        return Claim(sum(sizes), tolerable, expected, draw(risks)), parts
    except SampleRefused:
        return Claim(sum(sizes), tolerable, Fraction(0), draw(risks)), parts


@settings(max_examples=30, deadline=None)
@given(proportional())
def test_a_proportional_plan_keeps_its_promise_wherever_deviations_lie(
    planned: tuple[Claim, list[Part]],
) -> None:
    """Any result with no more than the accepted deviations has a bound below the limit."""
    claim, parts = planned
    try:
        plan = plan_proportional(claim, parts)
    except SampleRefused as refusal:
        assert "No sample of" in str(refusal)  # noqa: PT017 - a plan is as good an end
        return

    assert plan.design is Design.PROPORTIONAL
    assert plan.drawn == sum(drawn for _, drawn in plan.sizes)
    assert plan.achieved <= claim.risk + Fraction(1, 10**9)
    for part, (name, drawn) in zip(parts, plan.sizes, strict=True):
        assert (part.name, min(part.size, part.least)) <= (name, drawn) <= (name, part.size)
    table = bounds_ahead(plan, parts)
    assert all(most < claim.intolerable for found, most in table if found <= plan.acceptance)


def test_a_proportional_plan_costs_few_items_more() -> None:
    """59 for 57 of 1,000, 55 for 54 of 300."""
    for sizes, drawn in (((400, 300, 200, 100), 59), ((200, 70, 30), 55)):
        parts = [Part(str(place), size) for place, size in enumerate(sizes)]
        claim = Claim(sum(sizes), Fraction(1, 20), Fraction(0), Fraction(1, 20))

        assert drawn == plan_proportional(claim, parts).drawn


def test_the_method_is_wendell_and_schmees_where_all_allocations_can_be_tried() -> None:
    """Otherwise the plain count; either way before anything is drawn."""
    claim = Claim(1000, Fraction(1, 20), Fraction(1, 100), Fraction(1, 20))
    four = [Part(str(place), size) for place, size in enumerate((400, 300, 200, 100))]
    ten = [Part(str(place), 100) for place in range(10)]

    assert [Method.WENDELL_SCHMEE, Method.TOTAL] == [
        plan_proportional(claim, parts).method for parts in (four, ten)
    ]


def test_shares_are_rounded_up_and_never_below_the_least() -> None:
    """A small stratum is not left out."""
    parts = [Part("a", 900), Part("b", 95, least=10), Part("c", 5, least=10)]

    assert [54, 10, 5] == [stratum.drawn for stratum in take(parts, 60)]


@pytest.mark.parametrize(
    ("parts", "because"),
    [
        ([Part("a", 500), Part("a", 500)], "Two strata have one name"),
        ([Part("a", 1000), Part("b", 0)], "Stratum b is empty"),
        ([Part("a", 1000, least=0)], "Stratum a is empty or would have nothing drawn"),
        ([Part("a", 999)], "strata hold 999 items and the population 1000"),
    ],
)
def test_strata_that_are_not_the_population_are_refused(parts: list[Part], because: str) -> None:
    """Each item is in one stratum, or the sample does not speak for it."""
    claim = Claim(1000, Fraction(1, 20), Fraction(0), Fraction(1, 20))

    with pytest.raises(SampleRefused, match=because):
        plan_proportional(claim, parts)


def test_strata_that_the_plan_does_not_know_are_refused() -> None:
    """Findings belong to the strata that were drawn from."""
    claim = Claim(100, Fraction(1, 10), Fraction(0), Fraction(1, 20))
    plan = plan_proportional(claim, [Part("a", 60), Part("b", 40)])

    with pytest.raises(SampleRefused, match="plan's strata are a, b, and others were given"):
        strata_of(plan, [Part("a", 60), Part("b", 40)], {"c": 1})


@pytest.mark.parametrize("sizes", [(400_000, 300_000, 200_000, 100_000), (500_000, 500_000)])
def test_a_million_in_strata_is_planned_with_its_bounds_in_a_second(sizes: tuple[int, ...]) -> None:
    """Numbers of thousands of digits are not multiplied for each of 10,000 allocations."""
    parts = [Part(f"{at}", size) for at, size in enumerate(sizes)]
    claim = Claim(1_000_000, Fraction(1, 100), Fraction(1, 200), Fraction(1, 20))
    before = process_time()
    plan = plan_proportional(claim, parts)
    ahead = bounds_ahead(plan, parts)

    assert process_time() - before < 1
    assert plan.acceptance == 6
    assert ahead[6][1] < claim.intolerable <= ahead[7][1]
