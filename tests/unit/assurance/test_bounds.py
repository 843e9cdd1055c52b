"""Each bound covers the true number as often as it says, whatever that number is.

Coverage is computed by trying everything: every population, every sample size, every result,
with its exact chance.
"""

from fractions import Fraction
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from domain.assurance import bounds
from domain.assurance.bounds import Limits
from domain.assurance.exact import at_most, binomial_at_most, fraction
from domain.errors import SampleRefused
from tests.unit.assurance.strategies import RISKS, risks, samples, steady

LARGEST = 18


@cache
def chance(found: int, population: int, deviating: int, drawn: int) -> Fraction:
    """P(exactly `found` deviating items)."""
    up_to = fraction(at_most(found, population, deviating, drawn))
    return up_to - fraction(at_most(found - 1, population, deviating, drawn))


@pytest.mark.parametrize("risk", RISKS)
def test_every_exact_bound_covers_as_often_as_it_says(risk: Fraction) -> None:
    """All populations up to 18: never below nominal, one-sided or both."""
    for population in range(1, LARGEST + 1):
        for drawn in range(1, population + 1):
            upper = [bounds.upper(found, drawn, population, risk) for found in range(drawn + 1)]
            lower = [bounds.lower(found, drawn, population, risk) for found in range(drawn + 1)]
            both = [bounds.two_sided(found, drawn, population, risk) for found in range(drawn + 1)]
            for deviating in range(population + 1):
                covered = [Fraction(0)] * 3
                for found in range(drawn + 1):
                    weight = chance(found, population, deviating, drawn)
                    covered[0] += weight * (deviating <= upper[found])
                    covered[1] += weight * (deviating >= lower[found])
                    covered[2] += weight * (both[found].lower <= deviating <= both[found].upper)
                assert min(covered) >= 1 - risk, (population, drawn, deviating)


@pytest.mark.parametrize("risk", RISKS)
def test_clopper_and_pearsons_limits_cover_as_often_as_they_say(risk: Fraction) -> None:
    """Independent draws at every two-hundredth of a rate, and every limit found, just above it."""
    for drawn in range(1, 13):
        upper = [bounds.clopper_pearson_upper(found, drawn, risk) for found in range(drawn + 1)]
        lower = [bounds.clopper_pearson_lower(found, drawn, risk) for found in range(drawn + 1)]
        beyond = [limit + Fraction(1, 10**7) for limit in upper if limit < 1]
        for rate in [Fraction(step, 200) for step in range(201)] + beyond:
            tails = [fraction(binomial_at_most(found, drawn, rate)) for found in range(drawn + 1)]
            weights = [tails[0], *(after - before for before, after in pairwise(tails))]
            assert sum(w for w, u in zip(weights, upper, strict=True) if rate <= u) >= 1 - risk
            assert sum(w for w, u in zip(weights, lower, strict=True) if rate >= u) >= 1 - risk


def test_no_exact_rate_limit_is_above_the_one_for_an_unknown_population() -> None:
    """Struck-out items leave the population's size open; the rate's limit allows for any."""
    risk = Fraction(1, 20)
    for drawn in range(1, 9):
        for found in range(drawn + 1):
            _, rate = bounds.upper_after_replacement(found, drawn, 60, 0, risk)
            for population in range(drawn, 61):
                assert Fraction(bounds.upper(found, drawn, population, risk), population) <= rate


@steady
@given(samples(), risks)
def test_plan_and_bound_are_two_sides_of_one_question(
    sample: tuple[int, int, int], risk: Fraction
) -> None:
    """A number above the bound is one against which the sample would have been enough."""
    found, drawn, population = sample
    upper = bounds.upper(found, drawn, population, risk)

    for deviating in range(found, population - drawn + found + 1):
        enough = fraction(at_most(found, population, deviating, drawn)) <= risk
        assert enough == (deviating > upper)


@steady
@given(samples(), risks)
def test_the_lower_bound_leaves_out_what_gives_too_much(
    sample: tuple[int, int, int], risk: Fraction
) -> None:
    """By its own definition, P(X >= k), not by the mirror that computes it."""
    found, drawn, population = sample
    lower = bounds.lower(found, drawn, population, risk)

    for deviating in range(found, population - drawn + found + 1):
        as_many = 1 - fraction(at_most(found - 1, population, deviating, drawn))
        assert (as_many > risk) == (deviating >= lower)


@steady
@given(samples(), risks)
def test_more_evidence_never_widens_a_bound(sample: tuple[int, int, int], risk: Fraction) -> None:
    """In items drawn, in deviations found, in the population, in the risk."""
    found, drawn, population = sample
    upper = bounds.upper(found, drawn, population, risk)

    assert found <= upper <= population - drawn + found
    assert upper <= bounds.upper(found, drawn, population, risk / 2)
    assert upper <= bounds.upper(found, drawn, population + 1, risk)
    if found < drawn:
        assert upper <= bounds.upper(found + 1, drawn, population, risk)
    if drawn < population:
        assert bounds.upper(found, drawn + 1, population, risk) <= upper
    assert found == bounds.upper(found, population, population, risk)


@steady
@given(samples(400), risks)
def test_scipy_is_of_the_same_opinion(sample: tuple[int, int, int], risk: Fraction) -> None:
    """Clopper and Pearson by the beta distribution, to the six places that are given."""
    found, drawn, _ = sample
    upper = float(bounds.clopper_pearson_upper(found, drawn, risk))
    lower = float(bounds.clopper_pearson_lower(found, drawn, risk))
    by_beta = stats.beta(found + 1, max(drawn - found, 1e-9)).ppf(1 - float(risk))
    from_below = stats.beta(max(found, 1e-9), drawn - found + 1).ppf(float(risk))

    assert upper == pytest.approx(by_beta if found < drawn else 1.0, abs=1.1e-6)
    assert lower == pytest.approx(from_below if found else 0.0, abs=1.1e-6)


@steady
@given(samples(), risks)
def test_the_chance_at_the_limit_is_not_told_too_small(
    sample: tuple[int, int, int], risk: Fraction
) -> None:
    """The p-value printed is rounded up."""
    found, drawn, population = sample
    limit = min(population, bounds.upper(found, drawn, population, risk) + 1)
    exact = fraction(at_most(found, population, limit, drawn))

    assert exact <= bounds.p_value(found, drawn, population, limit) < exact + Fraction(1, 10**8)


@steady
@given(samples(), risks, st.integers(0, 5), st.integers(0, 20))
def test_counted_items_are_added_as_they_are(
    sample: tuple[int, int, int], risk: Fraction, known: int, sound: int
) -> None:
    """What was looked at one by one needs no inference."""
    limits = bounds.two_sided(*sample, risk)

    assert limits.with_counted(known + sound, known) == Limits(
        limits.lower + known, limits.upper + known, limits.population + known + sound
    )


def test_rates_are_shares_of_the_population() -> None:
    """47 of 1,000."""
    limits = Limits(0, 47, 1000)

    assert (Fraction(0), Fraction(47, 1000)) == (limits.lower_rate, limits.upper_rate)


def test_a_large_sample_of_a_million_is_bounded() -> None:
    """Numbers that would have a third of a megabit if they were written out."""
    assert 51_089 == bounds.upper(5000, 100_000, 1_000_000, Fraction(1, 20))
    assert 48_929 == bounds.lower(5000, 100_000, 1_000_000, Fraction(1, 20))


@pytest.mark.parametrize(
    ("found", "drawn", "population"), [(2, 1, 10), (-1, 1, 10), (0, 11, 10), (0, 0, 10), (0, 0, 0)]
)
def test_counts_that_cannot_be_are_refused(found: int, drawn: int, population: int) -> None:
    """A slip in a worksheet's totals does not become a bound."""
    with pytest.raises(SampleRefused, match=r"cannot be\. Count them again\. Nothing was stored\."):
        bounds.upper(found, drawn, population, Fraction(1, 20))


@pytest.mark.parametrize("risk", [Fraction(0), Fraction(1), Fraction(-1, 20)])
def test_a_risk_that_is_none_is_refused(risk: Fraction) -> None:
    """No sample is certain."""
    with pytest.raises(SampleRefused, match="risk between 0% and 100%"):
        bounds.upper(0, 5, 10, risk)


def test_more_struck_out_than_there_are_is_refused() -> None:
    """Out-of-frame items come from the frame."""
    with pytest.raises(SampleRefused, match="6 items out of frame and 5 judged ones are more"):
        bounds.upper_after_replacement(0, 5, 10, 6, Fraction(1, 20))


def test_more_known_than_counted_is_refused() -> None:
    """Known deviations are among the counted items."""
    with pytest.raises(SampleRefused, match="3 known deviations among 2 counted"):
        Limits(0, 1, 10).with_counted(2, 3)
