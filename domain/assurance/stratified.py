"""How many items may deviate, given what a sample drawn stratum by stratum held.

A total g of deviating items is ruled out if, wherever they lay, so good a result would have
had a chance of `risk` at most.  The bound is the largest g not ruled out; as every possible
place of the deviating items is allowed for, it covers the true number with a chance of at
least 1 - risk.  Results are ordered in one of two ways, and the plan says which:

- ``wendell-schmee``, by the estimate sum N_s y_s / n_s
  (Wendell and Schmee, Journal of the American Statistical Association 91, 1996);
- ``stratified-total``, by the plain number of deviations.

Where trying every allocation would take too long, the certified bound of
docs/assurance/stratified-bound.md stands in for the exact one.  Both are bounds of the same
chance of the same results, so the smaller may be used without looking at any result.
"""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from domain.assurance.bounds import Limits
from domain.assurance.claim import Method
from domain.assurance.exact import binomial_at_most, first, within
from domain.assurance.strata import (
    Score,
    Stratum,
    by_estimate,
    by_total,
    can_enumerate,
    certified,
    enumerated,
    none_exceeds,
    of_none,
)
from domain.assurance.tails import binomial_within, rounded
from domain.errors import SampleRefused


def score_of(strata: Sequence[Stratum], method: Method) -> Score:
    """The result's place in the method's order."""
    if method is Method.WENDELL_SCHMEE:
        return by_estimate(strata)
    if method is Method.TOTAL:
        return by_total(strata)
    raise SampleRefused(
        f"The method {method} is not one for strata. Use {Method.WENDELL_SCHMEE} or"
        f" {Method.TOTAL}. Nothing was stored."
    )


def upper(strata: Sequence[Stratum], risk: Fraction, method: Method) -> int:
    """The largest number of deviating items that the samples do not rule out."""
    if not strata or not 0 < risk < 1:
        raise SampleRefused(
            "A bound needs at least one stratum and a risk between 0% and 100%. Nothing was stored."
        )
    score = score_of(strata, method)
    found = sum(stratum.found for stratum in strata)
    sound = sum(stratum.drawn - stratum.found for stratum in strata)
    last = sum(stratum.size for stratum in strata) - sound
    if not score.limit:
        return first(1, last, lambda g: within(of_none(strata, g), risk)) - 1
    bound = first(found + 1, last, lambda g: _certainly_within(strata, score, g, risk)) - 1
    tried = first(found + 1, bound, lambda g: not can_enumerate(strata, score, g)) - 1
    exact = first(found + 1, tried, lambda g: none_exceeds(strata, score, g, risk), tried) - 1
    return exact if exact < tried else bound


def rules_out(strata: Sequence[Stratum], score: Score, deviating: int, risk: Fraction) -> bool:
    """Whether a score so low, or lower, has a chance of `risk` at most, wherever they lie."""
    if not score.limit:
        return within(of_none(strata, deviating), risk)
    if can_enumerate(strata, score, deviating):
        return none_exceeds(strata, score, deviating, risk)
    return _certainly_within(strata, score, deviating, risk)


def highest_chance(strata: Sequence[Stratum], score: Score, deviating: int) -> Fraction:
    """What `rules_out` compares with the risk, rounded up to nine places."""
    if not score.limit:
        return rounded(of_none(strata, deviating), up=True)
    if can_enumerate(strata, score, deviating):
        return rounded(enumerated(strata, score, deviating), up=True)
    chances = [
        rounded(binomial_at_most(*binomial), up=True)
        for binomial in certified(strata, score, deviating)
    ]
    return min(chances, default=Fraction(1))


def _certainly_within(
    strata: Sequence[Stratum], score: Score, deviating: int, risk: Fraction
) -> bool:
    return any(
        binomial_within(most, trials, chance, risk)
        for most, trials, chance in certified(strata, score, deviating)
    )


def lower(strata: Sequence[Stratum], risk: Fraction, method: Method) -> int:
    """The smallest number of deviating items that the samples do not rule out."""
    mirrored = [replace(stratum, found=stratum.drawn - stratum.found) for stratum in strata]
    return sum(stratum.size for stratum in strata) - upper(mirrored, risk, method)


def two_sided(strata: Sequence[Stratum], risk: Fraction, method: Method) -> Limits:
    """Both limits, each with half the risk."""
    return Limits(
        lower(strata, risk / 2, method),
        upper(strata, risk / 2, method),
        sum(stratum.size for stratum in strata),
    )
