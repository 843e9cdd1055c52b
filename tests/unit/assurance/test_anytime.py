"""Evidence that may be read after every item keeps its promise at all times at once."""

from fractions import Fraction
from functools import cache
from math import comb
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.assurance.anytime import (
    anytime_upper,
    evidence,
    evidence_between,
    plan_anytime,
    shown,
    weights,
)
from domain.assurance.claim import Claim
from domain.assurance.exact import fraction
from domain.assurance.looks import Look, acceptance
from domain.assurance.planning import power_curve
from domain.errors import SampleRefused
from tests.unit.assurance.strategies import claims, exactly

FIVE = Fraction(1, 20)
THOUSAND = Claim(1000, FIVE, Fraction(0), FIVE)


@cache
def every_look(claim: Claim) -> tuple[Look, ...]:
    """The anytime rule asked after every single item."""
    items = range(1, claim.population + 1)
    return tuple(
        Look(
            n, max((k for k in range(min(n, claim.intolerable)) if shown(claim, k, n)), default=-1)
        )
        for n in items
    )


@pytest.mark.parametrize(
    "claim",
    [
        Claim(40, Fraction(1, 5), Fraction(0), FIVE),
        Claim(60, Fraction(1, 10), Fraction(1, 30), FIVE),
        Claim(200, FIVE, Fraction(0), Fraction(1, 10)),
        Claim(30, Fraction(1, 2), Fraction(1, 5), Fraction(1, 100)),
        Claim(300, Fraction(1, 100), Fraction(0), FIVE),
    ],
    ids=str,
)
def test_the_anytime_error_is_never_above_the_risk(claim: Claim) -> None:
    """Asked after every item to the very last, by exact dynamic programming."""
    looks = every_look(claim)
    error = fraction(acceptance(looks, claim.population, claim.intolerable))

    assert 0 < error <= claim.risk


@pytest.mark.parametrize(
    "claim",
    [Claim(40, Fraction(1, 5), Fraction(0), FIVE), Claim(200, FIVE, Fraction(0), Fraction(1, 10))],
    ids=str,
)
def test_the_planned_looks_are_where_the_rule_first_accepts(claim: Claim) -> None:
    """Between them nothing changes, so looking after every item is looking at these."""
    planned = plan_anytime(claim).looks
    turns: dict[int, int] = {}
    for look in every_look(claim):
        if look.accepted >= 0:
            turns.setdefault(look.accepted, look.drawn)

    assert {look.accepted: look.drawn for look in planned} == {
        accepted: drawn for accepted, drawn in turns.items() if accepted <= planned[-1].accepted
    }


@pytest.mark.parametrize("deviating", range(0, 31, 3))
def test_the_anytime_bound_holds_at_all_times_at_once(deviating: int) -> None:
    """The chance that it is ever below the truth, counted over all orders, is within the risk."""
    claim = Claim(30, Fraction(1, 5), Fraction(0), Fraction(1, 10))
    ways, never = {0: 1}, 0
    for drawn in range(1, 31):
        following: dict[int, int] = {}
        for found, count in ways.items():
            following[found] = following.get(found, 0) + count
            following[found + 1] = following.get(found + 1, 0) + count
        ways = {
            found: count
            for found, count in following.items()
            if found <= deviating <= 30 - drawn + found
            and deviating <= anytime_upper(claim, found, drawn)
        }
    never = sum(ways.values())

    assert Fraction(never, comb(30, deviating)) >= 1 - claim.risk


@settings(deadline=None, max_examples=60)
@given(claims(150), st.data())
def test_evidence_is_a_fair_bet(claim: Claim, data: st.DataObject) -> None:
    """Whatever was drawn, its mean after the next item is what it is now."""
    drawn = data.draw(st.integers(1, claim.population - 1))
    limit = claim.intolerable
    sound = claim.population - limit
    found = data.draw(st.integers(max(0, drawn - sound), min(drawn, limit)))
    left = claim.population - drawn
    worse = Fraction(limit - found, left)
    now = fraction(evidence(claim, found, drawn))
    after = sum(
        chance * fraction(evidence(claim, found + more, drawn + 1))
        for more, chance in ((1, worse), (0, 1 - worse))
        if chance
    )

    assert after <= now
    assert after == now or worse in (0, 1)


@settings(deadline=None, max_examples=60)
@given(claims(150), st.data())
def test_the_anytime_bound_is_below_the_limit_when_the_claim_is_shown(
    claim: Claim, data: st.DataObject
) -> None:
    """Rule and bound cannot disagree."""
    drawn = data.draw(st.integers(1, claim.population))
    found = data.draw(st.integers(0, drawn))

    assert shown(claim, found, drawn) == (anytime_upper(claim, found, drawn) < claim.intolerable)


def test_looking_at_any_time_costs_few_items() -> None:
    """61 of 1,000 where one look takes 57, and 119 after one deviation."""
    plan = plan_anytime(THOUSAND)

    assert [(61, 0), (119, 1)] == [(look.drawn, look.accepted) for look in plan.looks[:2]]
    assert plan.achieved <= FIVE
    assert power_curve(plan)[0].shown == 1


def test_the_same_evidence_comes_of_both_ways_of_counting() -> None:
    """More drawn than deviate is counted by places, less by items."""
    claim = Claim(500, Fraction(1, 50), Fraction(0), FIVE)
    for drawn in (5, 9, 10, 11, 12, 60):
        for found in range(3):
            total = sum(weight for _, weight in weights(claim))
            mixture = sum(
                weight * exactly(found, 500, number, drawn) for number, weight in weights(claim)
            )
            against = exactly(found, 500, 10, drawn)
            assert mixture / total / against == fraction(evidence(claim, found, drawn))


@settings(deadline=None, max_examples=200)
@given(claims(150), st.data())
def test_evidence_lies_where_the_short_way_says(claim: Claim, data: st.DataObject) -> None:
    """To 40 digits, for any number tried; what is ruled out for certain is left to counting."""
    drawn = data.draw(st.integers(1, claim.population))
    found = data.draw(st.integers(0, drawn))
    against = data.draw(st.integers(0, claim.population))
    exact = evidence(claim, found, drawn, against)
    between = evidence_between(claim, found, drawn, against)

    assert (between is None) == (not exact[1])
    if between is not None:
        low, high = map(fraction, between)
        assert low <= fraction(exact) <= high
        assert high - low <= Fraction(1, 10**40) * (1 + high)


@pytest.mark.parametrize(
    ("tolerable", "expected", "looks"),
    [
        ("1/20", "0", [(63, 0), (126, 1)]),
        ("1/100", "0", [(322, 0), (638, 1)]),
        ("1/100", "1/200", [(390, 0), (642, 1)]),
        ("1/1000", "0", [(3222, 0), (6381, 1)]),
    ],
)
def test_an_anytime_plan_for_a_million_takes_less_than_a_second(
    tolerable: str, expected: str, looks: list[tuple[int, int]]
) -> None:
    """With a dozen looks and the curve; one item less at a look would not be enough."""
    claim = Claim(1_000_000, Fraction(tolerable), Fraction(expected), FIVE)
    before = process_time()
    plan = plan_anytime(claim)
    curve = power_curve(plan)
    took = process_time() - before

    assert looks == [(look.drawn, look.accepted) for look in plan.looks[:2]]
    assert took < 1
    assert curve[-1].shown <= plan.achieved <= FIVE
    for drawn, accepted in looks:
        assert fraction(evidence(claim, accepted, drawn)) >= 20
        assert fraction(evidence(claim, accepted, drawn - 1)) < 20


@pytest.mark.parametrize(("found", "drawn"), [(2, 1), (0, 0), (-1, 5), (0, 1001)])
def test_evidence_of_counts_that_cannot_be_is_refused(found: int, drawn: int) -> None:
    """A slip in a worksheet's totals does not become evidence."""
    with pytest.raises(SampleRefused, match="cannot be"):
        anytime_upper(THOUSAND, found, drawn)
