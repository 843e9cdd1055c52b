"""A plan is as small as can be, keeps its promise and says what it can do."""

from dataclasses import replace
from fractions import Fraction
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assurance import bounds
from domain.assurance.claim import Claim, Design, Plan
from domain.assurance.exact import at_most, ceiling, fraction
from domain.assurance.planning import (
    bounds_ahead,
    plan_census,
    plan_fixed,
    power_curve,
    size_for,
)
from domain.errors import SampleRefused
from tests.unit.assurance.strategies import claims, steady

FIVE = Fraction(1, 20)


def planned(claim: Claim) -> Plan | None:
    """The plan, or None where it is refused."""
    try:
        return plan_fixed(claim)
    except SampleRefused:
        return None


def error(claim: Claim, drawn: int, accepted: int) -> Fraction:
    """The chance to show the claim when it is only just false."""
    return fraction(at_most(accepted, claim.population, claim.intolerable, drawn))


@steady
@given(claims())
def test_the_plan_is_the_smallest_that_keeps_its_promise(claim: Claim) -> None:
    """One item less, or one deviation more, and the risk would be above what was accepted."""
    plan = planned(claim)
    if plan is None:
        return
    drawn, accepted = plan.drawn, plan.acceptance

    assert error(claim, drawn, accepted) <= claim.risk
    assert drawn == accepted or error(claim, drawn - 1, accepted) > claim.risk
    assert error(claim, drawn, accepted + 1) > claim.risk
    assert plan.achieved - Fraction(1, 10**9) < error(claim, drawn, accepted) <= plan.achieved


@steady
@given(claims(120))
def test_no_smaller_acceptance_number_would_do(claim: Claim) -> None:
    """The jumps of the search leave none out; refused is what nothing would do for."""
    fitting = next(
        (
            c
            for c in range(claim.intolerable)
            if (n := size_for(claim, c)) <= claim.population and ceiling(claim.expected * n) <= c
        ),
        None,
    )
    plan = planned(claim)

    assert fitting == (plan and plan.acceptance)


@steady
@given(claims())
def test_accepted_results_have_a_bound_below_the_limit_and_others_do_not(claim: Claim) -> None:
    """Plan and evaluation cannot disagree."""
    plan = planned(claim)
    if plan is None:
        return
    for found in range(plan.drawn + 1):
        upper = bounds.upper(found, plan.drawn, claim.population, claim.risk)
        assert (found <= plan.acceptance) == (upper < claim.intolerable)


@steady
@given(claims(), st.integers(0, 3))
def test_size_grows_with_what_is_asked(claim: Claim, accepted: int) -> None:
    """With the acceptance number, with less risk, with a lower tolerable rate."""
    size = size_for(claim, accepted)
    less_risk = size_for(replace(claim, risk=claim.risk / 2), accepted)

    assert size < size_for(claim, accepted + 1) or size > claim.population
    assert size <= less_risk
    if claim.intolerable > 1:
        stricter = replace(
            claim,
            tolerable=Fraction(claim.intolerable - 1, claim.population),
            expected=Fraction(0),
        )
        assert size <= size_for(stricter, accepted)


@steady
@given(claims(200), st.integers(1, 200))
def test_the_same_number_among_more_items_is_harder_to_rule_out(claim: Claim, more: int) -> None:
    """Size grows with the population, the intolerable number being what it is."""
    larger = replace(
        claim,
        population=claim.population + more,
        tolerable=Fraction(claim.intolerable, claim.population + more),
        expected=Fraction(0),
    )

    assert size_for(claim, 0) <= size_for(larger, 0)


@steady
@given(claims())
def test_the_power_curve_falls_from_certainty_to_the_risk(claim: Claim) -> None:
    """The planner sees the chance of a second round before there is one."""
    plan = planned(claim)
    if plan is None:
        return
    curve = power_curve(plan)
    chances = [point.shown for point in curve]

    assert (0, claim.intolerable) == (curve[0].deviating, curve[-1].deviating)
    assert chances == sorted(chances, reverse=True)
    assert chances[0] == 1
    assert chances[-1] <= claim.risk
    assert len(curve) <= 102
    assert all(point.shown == point.at_once for point in curve)


@steady
@given(claims())
def test_bounds_are_told_for_three_more_than_are_accepted(claim: Claim) -> None:
    """The table in the plan is what the evaluation will say."""
    plan = planned(claim)
    if plan is None:
        return
    table = bounds_ahead(plan)

    assert [found for found, _ in table] == list(range(min(plan.acceptance + 3, plan.drawn) + 1))
    for found, most in table:
        assert most == bounds.upper(found, plan.drawn, claim.population, claim.risk)


@pytest.mark.parametrize(
    ("tolerable", "expected", "drawn", "accepted"),
    [
        ("1/20", "0", 59, 0),
        ("1/20", "1/100", 93, 1),
        ("1/20", "1/50", 181, 4),
        ("1/1000", "1/10000", 4734, 1),
        ("1/10000", "0", 29512, 0),
        ("1/100", "1/125", 6874, 55),
    ],
)
def test_a_plan_for_a_million_takes_less_than_a_second(
    tolerable: str, expected: str, drawn: int, accepted: int
) -> None:
    """A plan is made while somebody waits."""
    claim = Claim(1_000_000, Fraction(tolerable), Fraction(expected), FIVE)
    before = perf_counter()
    plan = plan_fixed(claim)
    took = perf_counter() - before

    assert (drawn, accepted) == (plan.drawn, plan.acceptance)
    assert took < 1


def test_known_deviations_use_up_what_can_be_tolerated() -> None:
    """12 of 30 are known: 52 of 1,030 would be too many, so 40 of the other 1,000."""
    claim = Claim(1000, FIVE, Fraction(0), FIVE, counted=30, known=12)
    plan = plan_fixed(claim)

    assert (52, 40) == (claim.limit, claim.intolerable)
    assert plan.looks == plan_fixed(Claim(1000, Fraction(40, 1000), Fraction(0), FIVE)).looks
    assert 12 + bounds.upper(0, plan.drawn, 1000, FIVE) == bounds_ahead(plan)[0][1]


@pytest.mark.parametrize(("population", "advised"), [(30, True), (90, False)])
def test_a_census_is_advised_when_half_would_be_drawn(population: int, advised: bool) -> None:
    """To look at the rest is then the cheaper way to know."""
    plan = plan_fixed(Claim(population, Fraction(1, 10), Fraction(0), FIVE))

    assert advised == plan.census_advised
    assert advised == (2 * plan.drawn >= population)


def test_a_census_draws_everything_and_risks_nothing() -> None:
    """Then the conclusion is a count."""
    plan = plan_census(Claim(40, FIVE, Fraction(0), FIVE))

    assert Design.CENSUS == plan.design
    assert (40, 1) == (plan.drawn, plan.acceptance)
    assert plan.achieved == 0
    assert not plan.census_advised


@pytest.mark.parametrize(
    ("claim", "because"),
    [
        ({"population": 0}, "population of 0 cannot be sampled"),
        ({"population": 1}, "population of 1 cannot be sampled"),
        ({"tolerable": Fraction(0)}, "tolerable rate above 0%"),
        ({"tolerable": Fraction(11, 10)}, "at most 100%"),
        ({"expected": Fraction(-1, 10)}, "expected rate of 0% or more"),
        ({"risk": Fraction(0)}, "risk between 0% and 100%"),
        ({"risk": Fraction(1)}, "risk between 0% and 100%"),
        ({"expected": FIVE}, "expected rate of 5% the claim would not be true: it allows at most"),
        ({"counted": 5, "known": 6}, "6 known deviations among 5 counted"),
        ({"counted": 500, "known": 75}, "75 known deviations alone are 5% of 1500 items or more"),
        (
            {"population": 10, "counted": 990},
            "would deviate even if all 10 not yet looked at did",
        ),
    ],
)
def test_what_no_sample_can_show_is_refused(claim: dict[str, int], because: str) -> None:
    """Each refusal says why, and what to do instead."""
    usual = {"population": 1000, "tolerable": FIVE, "expected": Fraction(0), "risk": FIVE}

    with pytest.raises(SampleRefused, match=because) as refusal:
        Claim(**{**usual, **claim})  # type: ignore[arg-type]
    assert "Nothing was stored." in str(refusal.value)


def test_no_room_between_expected_and_tolerable_is_refused() -> None:
    """One in 100 tolerated less one: expecting 9 where 10 are too many leaves no sample."""
    with pytest.raises(SampleRefused, match="No sample of 100 items allows for an expected rate"):
        plan_fixed(Claim(100, Fraction(1, 10), Fraction(95, 1000), FIVE))
