"""Whether a tail is within a risk, decided exactly without writing out numbers of a megabit.

With the terms of a distribution written as multiples of the one at k,

    P(X <= k) = L / (L + U),   L = 1 + t(k-1)/t(k) + ...,   U = t(k+1)/t(k) + ...,

where each term comes from its neighbour by a ratio of small whole numbers.  L and U are
enclosed between whole multiples of 2**-192, rounded down and up at every step; the sums end
where the rest, which falls at least as fast as a geometric series because the distribution
is log-concave, is too small to matter, and the upper ends are raised by that rest.

If the risk is above or below the whole enclosure, that decides.  If it lies inside, which
takes an agreement to some 30 digits, the exact sums of `exact` decide.
"""

from collections.abc import Iterator
from fractions import Fraction

from domain.assurance.exact import Ratio, at_most, binomial_at_most, within

_BITS = 192
_ENOUGH = 128
_WRITTEN_OUT = 4_000

Steps = Iterator[tuple[int, int]]
"""Each term over the one before it, as (numerator, denominator), never above the last ratio."""


def at_most_within(found: int, population: int, deviating: int, drawn: int, risk: Fraction) -> bool:
    """Whether P(no more than `found` deviating items) is no more than `risk`; see `at_most`."""
    if min(drawn, deviating) * population.bit_length() > _WRITTEN_OUT:
        enclosure = hypergeometric_between(found, population, deviating, drawn)
        if enclosure and within(enclosure[0], risk) == within(enclosure[1], risk):
            return within(enclosure[0], risk)
    return within(at_most(found, population, deviating, drawn), risk)


def binomial_within(found: int, trials: int, chance: Fraction, risk: Fraction) -> bool:
    """Whether P(no more than `found` successes) is no more than `risk`."""
    if trials * chance.denominator.bit_length() > _WRITTEN_OUT:
        enclosure = binomial_between(found, trials, chance)
        if enclosure and within(enclosure[0], risk) == within(enclosure[1], risk):
            return within(enclosure[0], risk)
    return within(binomial_at_most(found, trials, chance), risk)


def at_most_rounded(
    found: int, population: int, deviating: int, drawn: int, *, up: bool, places: int = 9
) -> Fraction:
    """P(no more than `found` deviating items), rounded to `places` decimal places."""
    enclosure = hypergeometric_between(found, population, deviating, drawn)
    if enclosure:
        low, high = (rounded(end, up=up, places=places) for end in enclosure)
        if low == high:
            return low
    return rounded(at_most(found, population, deviating, drawn), up=up, places=places)


def rounded(probability: Ratio, *, up: bool, places: int = 9) -> Fraction:
    """The probability as a whole number of 10**-`places`, not below it or not above it."""
    top, bottom = probability[0] * 10**places, probability[1]
    return Fraction(-(-top // bottom) if up else top // bottom, 10**places)


def hypergeometric_between(
    found: int, population: int, deviating: int, drawn: int
) -> tuple[Ratio, Ratio] | None:
    """Between what the tail lies; None if it is certain or impossible."""
    fewest, most = max(0, drawn + deviating - population), min(drawn, deviating)
    if not fewest <= found < most:
        return None
    missing = population - deviating - drawn
    down = (
        (i * (missing + i), (deviating - i + 1) * (drawn - i + 1)) for i in range(found, fewest, -1)
    )
    up = (((deviating - i) * (drawn - i), (i + 1) * (missing + i + 1)) for i in range(found, most))
    return _enclose(down, up)


def binomial_between(found: int, trials: int, chance: Fraction) -> tuple[Ratio, Ratio] | None:
    """Between what the binomial tail lies; None if it is certain or impossible."""
    success, failure = chance.numerator, chance.denominator - chance.numerator
    if not 0 <= found < trials or not success or not failure:
        return None
    down = ((i * failure, (trials - i + 1) * success) for i in range(found, 0, -1))
    up = (((trials - i) * success, (i + 1) * failure) for i in range(found, trials))
    return _enclose(down, up)


def _enclose(down: Steps, up: Steps) -> tuple[Ratio, Ratio]:
    """The two ends of L / (L + U), from the ratios of the terms on either side of k."""
    one = 1 << _BITS
    down_low, down_high = _sum(down)
    up_low, up_high = _sum(up)
    low, high = one + down_low, one + down_high
    return (low, low + up_high), (high, high + up_low)


def _sum(steps: Steps) -> tuple[int, int]:
    """Below and above the sum of the terms that follow 1 by these ratios, times 2**_BITS."""
    low = high = 1 << _BITS
    total_low = total_high = 0
    for top, bottom in steps:
        low = low * top // bottom
        high = -(-high * top // bottom)
        total_low += low
        total_high += high
        if top < bottom:
            rest = -(-high * top // (bottom - top))
            if rest << _ENOUGH <= total_low:
                return total_low, total_high + rest
    return total_low, total_high
