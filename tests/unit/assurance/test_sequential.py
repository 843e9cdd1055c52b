"""Looking again, by plan, at any time or without a plan: the error is counted, not hoped for."""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.assurance import bounds
from domain.assurance.claim import Claim, Extension, Plan
from domain.assurance.exact import at_most, fraction
from domain.assurance.looks import Look, acceptance, acceptance_between
from domain.assurance.planning import plan_census, plan_fixed, power_curve
from domain.assurance.sequential import plan_two_stage, two_stage_upper, unplanned
from domain.errors import SampleRefused
from tests.unit.assurance.strategies import claims, exactly, risks

FIVE = Fraction(1, 20)
THOUSAND = Claim(1000, FIVE, Fraction(0), FIVE)
RULES = (
    (Look(3, 0),),
    (Look(3, 0), Look(6, 1)),
    (Look(3, 0, 1), Look(6, 2)),
    (Look(2, 0), Look(5, 1), Look(9, 2)),
    (Look(2, 0, 0), Look(5, 1)),
    (Look(4, -1), Look(9, 2)),
)


def accepts(looks: tuple[Look, ...], places: tuple[int, ...]) -> bool:
    """Whether a rule accepts, with deviating items at these places of the order."""
    for look in looks:
        found = sum(place < look.drawn for place in places)
        if found <= look.accepted:
            return True
        if look.continued is not None and found > look.continued:
            return False
    return False


def two_stage(claim: Claim) -> Plan | None:
    """The plan, or None where it is refused."""
    try:
        return plan_two_stage(claim)
    except SampleRefused:
        return None


@pytest.mark.parametrize("looks", RULES, ids=str)
def test_the_chance_to_accept_is_the_share_of_all_orders(looks: tuple[Look, ...]) -> None:
    """Every order of every population of 9, 10 and 11 items, one by one."""
    for population in (9, 10, 11):
        for deviating in range(population + 1):
            orders = list(combinations(range(population), deviating))
            share = Fraction(sum(accepts(looks, order) for order in orders), len(orders))
            assert share == fraction(acceptance(looks, population, deviating))
            between = acceptance_between(looks, population, deviating)
            assert (between is None) == (looks[-1].drawn > population - deviating)
            if between is not None:
                low, high = map(fraction, between)
                assert low <= share <= high < low + Fraction(1, 10**40)


@settings(deadline=None)
@given(st.sampled_from(RULES), st.integers(9, 60))
def test_a_rule_accepts_less_the_more_items_deviate(
    looks: tuple[Look, ...], population: int
) -> None:
    """So its error is that at the smallest number that is intolerable."""
    chances = [fraction(acceptance(looks, population, k)) for k in range(population + 1)]

    assert chances == sorted(chances, reverse=True)


def test_no_look_accepts_nothing() -> None:
    """An empty rule."""
    assert 0 == fraction(acceptance((), 10, 3))


@settings(deadline=None, max_examples=60)
@given(claims(150))
def test_a_two_stage_plan_keeps_its_promise_and_one_item_less_does_not(claim: Claim) -> None:
    """By the joint chances of both stages, not as if the second drew from all items."""
    plan = two_stage(claim)
    if plan is None:
        return
    first, last = plan.looks
    one_less = (replace(first, drawn=first.drawn - 1), replace(last, drawn=last.drawn - 2))
    error = fraction(acceptance(plan.looks, claim.population, claim.intolerable))

    assert Extension.TWO_STAGE is plan.extension
    assert 2 * first.drawn == last.drawn <= claim.population
    assert error <= claim.risk
    assert error <= plan.achieved < error + Fraction(1, 10**9)
    if one_less[0].drawn > last.accepted:
        assert fraction(acceptance(one_less, claim.population, claim.intolerable)) > claim.risk


def test_two_stages_of_a_thousand_cost_two_items() -> None:
    """59 where one look takes 57; 60 if the stages were taken to be independent."""
    plan = plan_two_stage(THOUSAND)

    assert (Look(59, 0, 1), Look(118, 1)) == plan.looks
    assert 57 == plan_fixed(THOUSAND).drawn


@pytest.mark.parametrize("risk", [Fraction(1, 20), Fraction(1, 5)])
def test_the_bound_after_two_stages_covers_as_often_as_it_says(risk: Fraction) -> None:
    """Every population of 24, every order of its items that matters."""
    plan = plan_two_stage(Claim(24, Fraction(1, 4), Fraction(0), risk))
    first, last = plan.looks
    drawn = first.drawn
    for deviating in range(25):
        covered = Fraction(0)
        for early in range(drawn + 1):
            weight = exactly(early, 24, deviating, drawn)
            if not first.accepted < early <= last.accepted:
                covered += weight * (deviating <= two_stage_upper(plan, early))
                continue
            for late in range(drawn + 1):
                if late + early <= deviating:
                    second = exactly(late, 24 - drawn, deviating - early, drawn)
                    upper = two_stage_upper(plan, early, early + late)
                    covered += weight * second * (deviating <= upper)
        assert covered >= 1 - risk


@settings(deadline=None, max_examples=40)
@given(claims(120))
def test_accepted_results_of_two_stages_have_a_bound_below_the_limit(claim: Claim) -> None:
    """Plan and evaluation cannot disagree."""
    plan = two_stage(claim)
    if plan is None:
        return
    first, last = plan.looks
    early, late = first.accepted + 1, last.accepted

    assert two_stage_upper(plan, first.accepted) < claim.intolerable
    assert two_stage_upper(plan, early, max(early, late)) < claim.intolerable
    if last.accepted < first.drawn:
        assert two_stage_upper(plan, last.accepted + 1) == bounds.upper(
            last.accepted + 1, first.drawn, claim.population, claim.risk
        )


def test_a_second_sample_is_asked_for_and_refused_as_planned() -> None:
    """Results that the plan did not ask for are not judged."""
    plan = plan_two_stage(THOUSAND)

    with pytest.raises(SampleRefused, match=r"the plan goes on to the second\. Draw"):
        two_stage_upper(plan, 1)
    with pytest.raises(SampleRefused, match="the plan has no second one"):
        two_stage_upper(plan, 0, 0)
    with pytest.raises(SampleRefused, match="0 deviations in both samples cannot be with 1"):
        two_stage_upper(plan, 1, 0)


def test_two_stages_that_do_not_fit_are_refused() -> None:
    """A population too small for two samples, or a second stage that accepts no more."""
    with pytest.raises(SampleRefused, match="No two equal samples from 30 items"):
        plan_two_stage(Claim(30, Fraction(1, 10), Fraction(0), FIVE))
    with pytest.raises(SampleRefused, match="at least one deviation more"):
        plan_two_stage(THOUSAND, more=0)


@pytest.mark.parametrize(
    ("after", "taken", "low", "high"), [(93, 1, "7.4%", "7.5%"), (124, 2, "8%", "8.1%")]
)
def test_an_extension_that_nobody_planned_is_told_its_error(
    after: int, taken: int, low: str, high: str
) -> None:
    """From 59 to 93 of ten million: 7.48% where 5% were promised."""
    plan = plan_fixed(Claim(10**7, FIVE, Fraction(0), FIVE))
    extension = unplanned(plan, after)
    error = fraction(acceptance((Look(59, 0), Look(after, taken)), 10**7, 5 * 10**5))

    assert (59, taken) == (plan.drawn, extension.taken)
    assert error <= extension.error < error + Fraction(1, 10**8)
    assert Fraction(low.strip("%")) / 100 < extension.error < Fraction(high.strip("%")) / 100


def test_each_further_look_makes_it_worse() -> None:
    """The ladder of the Financial Audit Manual, climbed: 23.7% where 10% are promised."""
    ladder = zip((45, 78, 105, 132, 158, 209), (0, 1, 2, 3, 4, 6), strict=True)
    looks = tuple(Look(drawn, accepted) for drawn, accepted in ladder)
    errors = [fraction(acceptance(looks[:rungs], 10**6, 50_000)) for rungs in range(1, 7)]

    assert errors == sorted(errors)
    assert Fraction(237, 1000) < errors[-1] < Fraction(238, 1000)


@settings(deadline=None, max_examples=40)
@given(claims(150), st.data())
def test_what_an_extension_may_still_accept_keeps_the_promise(
    claim: Claim, data: st.DataObject
) -> None:
    """And one deviation more would break it."""
    try:
        plan = plan_fixed(claim)
    except SampleRefused:
        return
    if plan.drawn == claim.population:
        return
    drawn = data.draw(st.integers(plan.drawn + 1, claim.population))
    extension = unplanned(plan, drawn)

    def error(accepted: int) -> Fraction:
        looks = (Look(plan.drawn, plan.acceptance), Look(drawn, accepted))
        return fraction(acceptance(looks, claim.population, claim.intolerable))

    assert extension.taken >= extension.allowed
    assert error(extension.allowed) <= claim.risk
    assert error(extension.taken) <= extension.error
    if extension.allowed < extension.taken:
        assert error(extension.allowed + 1) > claim.risk
    assert (
        fraction(at_most(extension.taken, claim.population, claim.intolerable, drawn)) <= claim.risk
    )


def test_looks_already_added_count_too() -> None:
    """A third look is worse than a second, and the computation knows of both."""
    plan = plan_fixed(THOUSAND)
    second = unplanned(plan, 90)
    third = unplanned(plan, 119, (Look(90, second.taken),))

    assert second.error < third.error
    with pytest.raises(SampleRefused, match="above the 90 looked at and within the 1000"):
        unplanned(plan, 90, (Look(90, 1),))


@pytest.mark.parametrize("drawn", [57, 20, 1001])
def test_an_extension_that_adds_nothing_is_refused(drawn: int) -> None:
    """More than was drawn, and no more than there is."""
    with pytest.raises(SampleRefused, match="above the 57 looked at"):
        unplanned(plan_fixed(THOUSAND), drawn)


def test_the_error_of_extending_other_designs_is_not_guessed() -> None:
    """A census has nothing to extend."""
    with pytest.raises(SampleRefused, match="only for a simple random sample"):
        unplanned(plan_census(THOUSAND), 1000)


@settings(deadline=None, max_examples=30)
@given(claims(100), risks)
def test_two_stage_power_is_the_chance_of_either_look(claim: Claim, risk: Fraction) -> None:
    """The curve tells apart what the first look alone would show."""
    plan = two_stage(replace(claim, risk=risk))
    if plan is None:
        return
    for point in power_curve(plan):
        assert point.at_once <= point.shown
        ever = fraction(acceptance(plan.looks, claim.population, point.deviating))
        assert point.shown <= ever < point.shown + Fraction(1, 10**8)


def test_a_two_stage_plan_for_a_million_takes_less_than_a_second() -> None:
    """With its curve, at rates that ask for more than a thousand items."""
    claim = Claim(1_000_000, Fraction(1, 100), Fraction(1, 200), FIVE)
    before = process_time()
    plan = plan_two_stage(claim)
    curve = power_curve(plan)
    took = process_time() - before

    assert (1188, 6) == (plan.drawn, plan.acceptance)
    assert took < 1
    assert curve[-1].shown <= plan.achieved <= FIVE
