"""Probabilities as ratios of whole numbers, so that no rounding ever decides anything.

A drawing without replacement is counted, not approximated: of the C(N, n) samples of n
items from N, of which K deviate, C(K, i) C(N-K, n-i) hold exactly i deviating ones.  The
two ways of counting, by which items are drawn or by which of the items deviate, give the
same ratio; the one with the smaller numbers is used.

Rates are `Fraction`s read from text, so that 6% of 100 is 6 and not the 7 that
``ceil(0.06000000000000001 * 100)`` gives.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from math import comb

from domain.errors import SampleRefused

_DECIMAL = r"-?(?:[0-9]{1,12}(?:\.[0-9]{0,12})?|\.[0-9]{1,12})"
_WRITTEN = re.compile(rf"(?P<top>{_DECIMAL})(?:/(?P<bottom>{_DECIMAL}))?\s?(?P<hundredths>%)?")

Ratio = tuple[int, int]
"""A probability as (numerator, denominator), not reduced."""


def rate(given: str | int | Fraction | Decimal, name: str, *, zero: bool = False) -> Fraction:
    """A rate from ``5%``, ``0.05`` or ``1/20``, exactly as written.

    Args:
        given: Text or an exact number; floats are not taken, as they are not what was written.
        name: What the rate is called in a refusal, as ``tolerable rate``.
        zero: Whether nought is a sensible answer.

    Raises:
        SampleRefused: It is not a number, is below 0 or above 1, or is 0 where that says nothing.
    """
    value = _number(given)
    if value is None:
        raise SampleRefused(
            f"The {name} is not a number. Give it as 5%, 0.05 or 1/20. Nothing was stored."
        )
    if value > 1 or value < 0 or (value == 0 and not zero):
        least = "from 0%" if zero else "above 0%"
        raise SampleRefused(
            f"The {name} is {percent(value, 4)}, and it has to be {least} and at most 100%."
            " Nothing was stored."
        )
    return value


def risk(given: str | int | Fraction | Decimal) -> Fraction:
    """The chance of a wrong conclusion that is accepted: above 0 and at most a half."""
    value = _number(given)
    if value is not None and value <= 0:
        raise SampleRefused(
            f"The risk is {percent(value, 4)}, and it has to be above 0% and at most 50%: no"
            " sample is without one. Nothing was stored."
        )
    value = rate(given, "risk")
    if value > Fraction(1, 2):
        raise SampleRefused(
            f"The risk is {percent(value, 4)}, and above 50% a sample shows nothing."
            " Give the risk of being wrong, as 5%, not the confidence. Nothing was stored."
        )
    return value


def _number(given: object) -> Fraction | None:
    if isinstance(given, int | Fraction | Decimal):
        finite = not isinstance(given, Decimal) or given.is_finite()
        return Fraction(given) if finite else None
    written = _WRITTEN.fullmatch(str(given).strip()) if isinstance(given, str) else None
    if written is None or not Fraction(written["bottom"] or 1):
        return None
    value = Fraction(written["top"]) / Fraction(written["bottom"] or 1)
    return value / 100 if written["hundredths"] else value


def percent(value: Fraction, places: int = 1, *, up: bool = True) -> str:
    """``4.8%``: rounded up, as an upper bound has to be, or down; zeros at the end are left out."""
    scaled = value * 100 * 10**places
    whole = -((-scaled.numerator) // scaled.denominator) if up else scaled // 1
    sign, digits = "-" * (whole < 0), f"{abs(whole):0{places + 1}}"
    if not places:
        return f"{sign}{digits}%"
    shown = f"{digits[:-places]}.{digits[-places:]}".rstrip("0").rstrip(".")
    return f"{sign}{shown}%"


def ceiling(value: Fraction) -> int:
    """The smallest whole number that is not below `value`."""
    return -((-value.numerator) // value.denominator)


def at_most(found: int, population: int, deviating: int, drawn: int) -> Ratio:
    """P(no more than `found` deviating items in a sample of `drawn`).

    Args:
        found: Any whole number; below 0 the chance is 0.
        population: Items in all, N.
        deviating: How many of them deviate, K, from 0 to N.
        drawn: Items drawn without replacement, n, from 0 to N.
    """
    fewest, most = max(0, drawn + deviating - population), min(drawn, deviating)
    if found < fewest:
        return 0, 1
    if found >= most:
        return 1, 1
    if drawn > deviating:
        drawn, deviating = deviating, drawn
    every = comb(population, drawn)
    if found - fewest <= most - found:
        return _ways(fewest, found, population, deviating, drawn), every
    return every - _ways(found + 1, most, population, deviating, drawn), every


def _ways(low: int, high: int, population: int, deviating: int, drawn: int) -> int:
    """How many samples hold from `low` to `high` deviating items, the next from the last."""
    sound = population - deviating
    term = total = comb(deviating, low) * comb(sound, drawn - low)
    for held in range(low, high):
        term = term * ((deviating - held) * (drawn - held))
        term //= (held + 1) * (sound - drawn + held + 1)
        total += term
    return total


def binomial_at_most(found: int, trials: int, chance: Fraction) -> Ratio:
    """P(no more than `found` successes in `trials` independent ones, each with `chance`)."""
    if found < 0:
        return 0, 1
    if found >= trials:
        return 1, 1
    success, every = chance.numerator, chance.denominator
    failure = every - success
    if not failure:
        return 0, 1
    power = failure ** (trials - found)
    total = 0
    for i in range(found, -1, -1):
        total += comb(trials, i) * success**i * power
        power *= failure
    return total, every**trials


def within(probability: Ratio, risk: Fraction) -> bool:
    """Whether the probability is no more than `risk`, by whole numbers."""
    return probability[0] * risk.denominator <= risk.numerator * probability[1]


def fraction(probability: Ratio) -> Fraction:
    """The probability, reduced."""
    return Fraction(*probability)


def first(low: int, high: int, holds: Callable[[int], bool], guess: int | None = None) -> int:
    """The smallest of `low` to `high` for which `holds` is true, or ``high + 1`` if none is.

    `holds` stays true once it is.  It is asked near `guess` first, where one is given.
    """
    low, high = low - 1, high + 1
    step, at = 1, guess
    while at is not None and low < at < high:
        if holds(at):
            high, at = at, at - step
        else:
            low, at = at, at + step
        step *= 2
    while high - low > 1:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle
    return high
