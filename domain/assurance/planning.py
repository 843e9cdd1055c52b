"""The size of a simple random sample, and what it can and cannot show.

With `c` deviations accepted, n(c) is the smallest sample for which so few would have a
chance of the risk at most, were the claim only just false.  Of all c the smallest is taken
for which the sample, at the expected rate, is not expected to hold more.  Both are found
with whole numbers only, so a size does not depend on how a computer rounds.

Published tables name the same sizes for large populations; where they do not, the table's
cell is wrong or was read with rounded rates (docs/assurance/published-tables.md).
"""

from dataclasses import dataclass
from fractions import Fraction

from domain.assurance.bounds import upper
from domain.assurance.claim import Claim, Design, Extension, Method, Plan
from domain.assurance.exact import ceiling, first, percent
from domain.assurance.looks import Look, acceptance_rounded
from domain.assurance.tails import at_most_rounded, at_most_within
from domain.errors import SampleRefused

_CURVE_POINTS = 100
_BEYOND = 3


@dataclass(frozen=True)
class Chance:
    """What happens if `deviating` items of the population deviate.

    `shown` is the chance that the claim is shown, `at_once` that the first look shows it,
    both rounded down to nine places.
    """

    deviating: int
    shown: Fraction
    at_once: Fraction


def size_for(claim: Claim, accepted: int) -> int:
    """The smallest sample of which `accepted` deviations show the claim.

    It is the whole population and one more if no sample would do.
    """
    limit, items = claim.intolerable, claim.population

    def shows(drawn: int) -> bool:
        return at_most_within(accepted, items, limit, drawn, claim.risk)

    guess = int((accepted + 3) / Fraction(limit, items)) + accepted
    return first(accepted, items, shows, min(guess, items))


def plan_fixed(claim: Claim) -> Plan:
    """The plan for one look at a simple random sample.

    Raises:
        SampleRefused: The expected rate leaves no room between it and the tolerable rate.
    """
    accepted = 0
    while accepted < claim.intolerable:
        drawn = size_for(claim, accepted)
        awaited = ceiling(claim.expected * drawn)
        if drawn <= claim.population and awaited <= accepted:
            return _fixed(claim, drawn, accepted)
        accepted = max(awaited, accepted + 1)  # all below would await as many
    raise SampleRefused(
        f"No sample of {claim.population} items allows for an expected rate of"
        f" {percent(claim.expected, 4)} and still shows the claim. Look at every item, expect"
        " fewer deviations, or tolerate more. Nothing was stored."
    )


def _fixed(claim: Claim, drawn: int, accepted: int) -> Plan:
    risk = at_most_rounded(accepted, claim.population, claim.intolerable, drawn, up=True)
    return Plan(
        claim,
        Design.SIMPLE,
        Method.HYPERGEOMETRIC,
        Extension.FIXED,
        (Look(drawn, accepted),),
        risk,
    )


def plan_census(claim: Claim) -> Plan:
    """The plan to look at every item: nothing is inferred."""
    look = Look(claim.population, claim.intolerable - 1)
    return Plan(claim, Design.CENSUS, Method.COUNT, Extension.FIXED, (look,), Fraction(0))


def power_curve(plan: Plan) -> tuple[Chance, ...]:
    """The chance to show the claim, from no deviating item to the first number intolerable.

    With strata it is the chance if every item is as likely as another to deviate: then the
    items drawn hold deviations as a simple random sample does, however they were chosen.
    """
    limit, items = plan.claim.intolerable, plan.claim.population
    step = ceiling(Fraction(limit, _CURVE_POINTS))
    awaited = ceiling(plan.claim.expected * items)
    numbers = sorted({*range(0, limit, step), min(awaited, limit), limit})
    at_once = [
        at_most_rounded(plan.acceptance, items, deviating, plan.drawn, up=False)
        for deviating in numbers
    ]
    if len(plan.looks) == 1:
        return tuple(map(Chance, numbers, at_once, at_once))
    ever = [acceptance_rounded(plan.looks, items, deviating, up=False) for deviating in numbers]
    return tuple(map(Chance, numbers, ever, at_once))


def bounds_ahead(plan: Plan) -> tuple[tuple[int, int], ...]:
    """For a simple plan with one look: (deviations found, most that may deviate in all).

    From none to three more than are accepted, the known deviations included.
    """
    known = plan.claim.known
    found = range(min(plan.acceptance + _BEYOND, plan.drawn) + 1)
    return tuple(
        (k, known + upper(k, plan.drawn, plan.claim.population, plan.claim.risk)) for k in found
    )
