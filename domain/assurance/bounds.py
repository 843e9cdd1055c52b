"""How many items may deviate, given what a simple random sample held.

A number of deviating items is left out of the bounds if a result as far off as the one seen
would then have had a chance of `risk` at most.  Of N items n were drawn and k deviate:

- at most    max{K : P(X <= k | N, K, n) > risk},
- at least   min{K : P(X >= k | N, K, n) > risk},
- both ways  each of the two with half the risk.

Each covers the true number with a chance of at least 1 - risk, whatever that number is.

Clopper and Pearson's limits (Biometrika 26, 1934) are those of independent draws, as the
published tables of the AICPA give them; beside the exact ones they are the wider.
"""

from dataclasses import dataclass
from fractions import Fraction

from domain.assurance.exact import first
from domain.assurance.tails import at_most_rounded, at_most_within, binomial_within
from domain.errors import SampleRefused


@dataclass(frozen=True)
class Limits:
    """From `lower` to `upper` of `population` items deviate."""

    lower: int
    upper: int
    population: int

    @property
    def lower_rate(self) -> Fraction:
        """The lower limit as a share of the population."""
        return Fraction(self.lower, self.population)

    @property
    def upper_rate(self) -> Fraction:
        """The upper limit as a share of the population."""
        return Fraction(self.upper, self.population)

    def with_counted(self, counted: int, known: int) -> "Limits":
        """The same with items added that were all looked at, `known` of which deviate."""
        if not 0 <= known <= counted:
            raise SampleRefused(
                f"{known} known deviations among {counted} counted items cannot be."
                " Count them again. Nothing was stored."
            )
        return Limits(self.lower + known, self.upper + known, self.population + counted)


def upper(found: int, drawn: int, population: int, risk: Fraction) -> int:
    """The largest number of deviating items that the sample does not rule out."""
    _check(found, drawn, population, risk)

    def ruled_out(deviating: int) -> bool:
        return at_most_within(found, population, deviating, drawn, risk)

    last = population - drawn + found
    return first(found + 1, last, ruled_out, _near(found, drawn, population)) - 1


def lower(found: int, drawn: int, population: int, risk: Fraction) -> int:
    """The smallest number of deviating items that the sample does not rule out.

    As many items as possible do not deviate: the two questions are one.
    """
    return population - upper(drawn - found, drawn, population, risk)


def two_sided(found: int, drawn: int, population: int, risk: Fraction) -> Limits:
    """Both limits, each with half the risk."""
    return Limits(
        lower(found, drawn, population, risk / 2),
        upper(found, drawn, population, risk / 2),
        population,
    )


def p_value(found: int, drawn: int, population: int, intolerable: int) -> Fraction:
    """The chance of so few deviations or fewer, if `intolerable` items deviated; rounded up."""
    _check(found, drawn, population, Fraction(1, 2))
    return at_most_rounded(found, population, intolerable, drawn, up=True)


def clopper_pearson_upper(found: int, drawn: int, risk: Fraction, places: int = 6) -> Fraction:
    """The upper limit of the rate, rounded up to `places` decimal places by whole numbers."""
    _check(found, drawn, drawn, risk)
    if found == drawn:
        return Fraction(1)
    unit = 10**places

    def ruled_out(step: int) -> bool:
        return binomial_within(found, drawn, Fraction(step, unit), risk)

    return Fraction(first(0, unit, ruled_out, unit * (found + 3) // (drawn + 3)), unit)


def clopper_pearson_lower(found: int, drawn: int, risk: Fraction, places: int = 6) -> Fraction:
    """The lower limit of the rate, rounded down to `places` decimal places."""
    return 1 - clopper_pearson_upper(drawn - found, drawn, risk, places)


def upper_after_replacement(
    found: int, drawn: int, population: int, out_of_frame: int, risk: Fraction
) -> tuple[int, Fraction]:
    """The limits of number and rate when items that did not belong were replaced.

    The first `drawn` items that belong are a simple random sample of those that do; how many
    do is not known, only that it is between `drawn` and what is left when the `out_of_frame`
    ones are struck out.  The number is bounded for the largest of these, as the bound never
    falls when sound items are added.  The rate is bounded by Clopper and Pearson, or by
    (found + 1) / drawn where that is more: no population's exact limit is above both
    (docs/assurance/stratified-bound.md, the corollary for one stratum).
    """
    if not 0 <= out_of_frame <= population - drawn:
        raise SampleRefused(
            f"{out_of_frame} items out of frame and {drawn} judged ones are more than the"
            f" {population} of the frame. Count them again. Nothing was stored."
        )
    least = Fraction(found + 1, drawn)
    return (
        upper(found, drawn, population - out_of_frame, risk),
        min(Fraction(1), max(clopper_pearson_upper(found, drawn, risk), least)),
    )


def _near(found: int, drawn: int, population: int) -> int:
    """Where the bound may be looked for first; only the speed depends on it."""
    return found + (population - drawn) * (found + 3) // (drawn + 3)


def _check(found: int, drawn: int, population: int, risk: Fraction) -> None:
    if not (0 <= found <= drawn <= population and drawn):
        raise SampleRefused(
            f"{found} deviations among {drawn} drawn of {population} items cannot be."
            " Count them again. Nothing was stored."
        )
    if not 0 < risk < 1:
        raise SampleRefused("A bound needs a risk between 0% and 100%. Nothing was stored.")
