"""Rates are what was written, and chances are counted, however they are come by."""

from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from domain.assurance import tails
from domain.assurance.exact import (
    at_most,
    binomial_at_most,
    ceiling,
    first,
    fraction,
    percent,
    rate,
    risk,
)
from domain.errors import SampleRefused
from tests.unit.assurance.strategies import steady

sizes = st.integers(1, 400)
hundredths = st.integers(0, 100)


@pytest.mark.parametrize(
    "written", ["5%", "0.05", ".05", "1/20", " 5 % ", "05.00%", "0.5/10", "100/20%"]
)
def test_a_rate_is_what_was_written(written: str) -> None:
    """The plan's file says 1/20, the person said 5%."""
    assert Fraction(1, 20) == rate(written, "tolerable rate")


@steady
@given(hundredths, st.integers(1, 10_000))
def test_a_part_of_a_population_is_not_rounded_on_the_way(part: int, population: int) -> None:
    """6% of 100 is 6; computed in binary it rounds up to 7."""
    written = rate(f"{part}%", "rate", zero=True)

    assert ceiling(written * population) == -(-part * population // 100)


@pytest.mark.parametrize("exact", [Fraction(1, 20), Decimal("0.05")])
def test_an_exact_number_is_taken_as_it_is(exact: Fraction | Decimal) -> None:
    """Code need not go through text."""
    assert Fraction(1, 20) == rate(exact, "rate")


@pytest.mark.parametrize(
    "written",
    [
        "",
        "five",
        "5,5%",
        "1e-2",
        "1e999999999",
        "nan",
        "inf",
        "5%%",
        "1/0",
        "1//2",
        "--5",
        "\u0665%",
    ],
)
def test_what_is_not_a_number_is_refused(written: str) -> None:
    """A slip of the keyboard changes no plan, and a huge exponent fills no memory."""
    with pytest.raises(SampleRefused, match=r"tolerable rate is not a number.*Nothing was stored"):
        rate(written, "tolerable rate")


@pytest.mark.parametrize("number", [0.05, None, Decimal("NaN")])
def test_a_binary_number_is_refused(number: object) -> None:
    """It is not what anybody wrote."""
    with pytest.raises(SampleRefused, match="not a number"):
        rate(number, "rate")  # type: ignore[arg-type]


@pytest.mark.parametrize(("written", "shown"), [("0", "0%"), ("101%", "101%"), ("-1%", "-1%")])
def test_a_rate_out_of_range_is_refused(written: str, shown: str) -> None:
    """A rate of 0, of more than 100% or below 0 plans nothing."""
    with pytest.raises(SampleRefused, match=f"tolerable rate is {shown}, and it has to be above 0"):
        rate(written, "tolerable rate")


def test_an_expected_rate_may_be_nought() -> None:
    """Nothing may be expected to deviate."""
    assert 0 == rate("0%", "expected rate", zero=True)


def test_no_risk_at_all_is_refused_with_the_range_that_a_risk_has() -> None:
    """Up to 50%, not to the 100% of a rate."""
    for text in ("0", "-5%"):
        with pytest.raises(SampleRefused, match="above 0% and at most 50%"):
            risk(text)


def test_a_confidence_given_for_a_risk_is_refused() -> None:
    """95 for 5 would plan a sample that shows nothing."""
    with pytest.raises(SampleRefused, match="not the confidence"):
        risk("95%")
    assert Fraction(1, 20) == risk("5%")


@pytest.mark.parametrize(
    ("value", "places", "up", "shown"),
    [
        (Fraction(48, 1000), 1, True, "4.8%"),
        (Fraction(1, 3), 1, True, "33.4%"),
        (Fraction(1, 3), 1, False, "33.3%"),
        (Fraction(1, 3), 0, True, "34%"),
        (Fraction(1, 20), 4, True, "5%"),
        (Fraction(1, 10**6), 2, True, "0.01%"),
        (Fraction(1, 10**6), 2, False, "0%"),
        (Fraction(1), 2, True, "100%"),
        (Fraction(-1, 40), 1, True, "-2.5%"),
    ],
)
def test_a_share_is_rounded_the_way_that_was_asked(
    value: Fraction, places: int, up: bool, shown: str
) -> None:
    """An upper bound must not be told lower than it is."""
    assert shown == percent(value, places, up=up)


def test_chances_are_those_of_all_samples_listed() -> None:
    """Every sample of every small population, one by one."""
    for population in range(8):
        for drawn in range(population + 1):
            for deviating in range(population + 1):
                held = [
                    sum(item < deviating for item in sample)
                    for sample in combinations(range(population), drawn)
                ]
                for found in range(-1, drawn + 2):
                    share = Fraction(sum(h <= found for h in held), comb(population, drawn))
                    assert share == fraction(at_most(found, population, deviating, drawn))


@steady
@given(st.data(), sizes)
def test_scipy_is_of_the_same_opinion(data: st.DataObject, population: int) -> None:
    """A second opinion, to what its floats can say."""
    deviating = data.draw(st.integers(0, population))
    drawn = data.draw(st.integers(0, population))
    found = data.draw(st.integers(0, drawn))
    chance = Fraction(deviating, population)

    assert float(fraction(at_most(found, population, deviating, drawn))) == pytest.approx(
        float(stats.hypergeom(population, deviating, drawn).cdf(found)), rel=1e-7, abs=1e-12
    )
    assert float(fraction(binomial_at_most(found, drawn, chance))) == pytest.approx(
        float(stats.binom(drawn, float(chance)).cdf(found)), rel=1e-7, abs=1e-12
    )


@steady
@given(st.data(), sizes)
def test_a_chance_lies_where_the_short_way_says(data: st.DataObject, population: int) -> None:
    """The enclosures hold the exact value, and are narrow."""
    deviating = data.draw(st.integers(0, population))
    drawn = data.draw(st.integers(0, population))
    found = data.draw(st.integers(-1, drawn))
    chance = Fraction(data.draw(st.integers(0, 50)), 50)
    pairs = (
        (tails.hypergeometric_between(found, population, deviating, drawn),
         at_most(found, population, deviating, drawn)),
        (tails.binomial_between(found, drawn, chance), binomial_at_most(found, drawn, chance)),
    )  # fmt: skip

    for enclosure, exact in pairs:
        if enclosure is None:
            assert fraction(exact) in (0, 1)
            continue
        low, high = map(fraction, enclosure)
        assert low <= fraction(exact) <= high
        assert high - low <= low / 10**30


@steady
@given(st.data(), sizes)
def test_the_short_way_decides_as_the_long_one(data: st.DataObject, population: int) -> None:
    """Also where the risk is the very chance, which no enclosure can tell."""
    deviating = data.draw(st.integers(0, population))
    drawn = data.draw(st.integers(0, population))
    found = data.draw(st.integers(-1, drawn))
    chance = fraction(at_most(found, population, deviating, drawn))
    tiny = Fraction(1, 10**60)

    for bound, answer in ((chance, True), (chance + tiny, True), (chance - tiny, False)):
        assert answer == tails.at_most_within(found, population, deviating, drawn, bound)


def test_large_numbers_are_decided_on_the_brink() -> None:
    """Half a million drawn of a million: a chance of a megabit, and the risk next to it."""
    numbers = 20, 10**6, 60, 500_000
    chance = fraction(at_most(*numbers))
    tiny = Fraction(1, 10**50)

    assert tails.at_most_within(*numbers, chance)
    assert not tails.at_most_within(*numbers, chance - tiny)
    assert tails.at_most_rounded(*numbers, up=True) - Fraction(1, 10**9) < chance
    assert chance <= tails.at_most_rounded(*numbers, up=True)
    assert tails.at_most_rounded(*numbers, up=False) <= chance


@steady
@given(st.integers(0, 50), st.integers(-5, 55), st.integers(0, 50) | st.none())
def test_the_first_that_holds_is_found_from_anywhere(
    high: int, turn: int, guess: int | None
) -> None:
    """A guess may be wrong; the answer is not."""
    expected = next((n for n in range(high + 1) if n >= turn), high + 1)

    assert expected == first(0, high, lambda n: n >= turn, guess)
