"""Looking after every item: evidence that may be read at any moment.

The items come in ticket order and each is judged in turn.  Against the statement that K of
the N items deviate, the evidence after n items with k deviations is

    E = M / L(K),   L(K) = C(K, k) C(N-K, n-k),   M = sum of w_j L(K_j),

with weights w_j, fixed in advance, on numbers K_j that would make the claim true.  If K is
the truth, E is a fair bet: its mean stays 1 whatever is drawn next, so by Ville's inequality
it ever reaches 1/risk with a chance of `risk` at most.  Hence

- the claim is shown as soon as E against the smallest intolerable number reaches 1/risk;
  more deviating items make that less likely still;
- all numbers not at odds with the data at that level bound the truth, at all times at once.

For k deviations, E grows with every sound item; the rule is thus the list of the sample sizes
at which 0, 1, 2, ... deviations are enough.

Sources: J. Ville (1939); I. Waudby-Smith and A. Ramdas, "Confidence sequences for sampling
without replacement" (NeurIPS 2020).  The weights are ours: they fall geometrically over at
most 64 evenly spaced numbers, with a mean at the expected number of deviations, or at one
twelfth of what is intolerable if fewer are expected.
"""

from collections.abc import Callable
from fractions import Fraction
from functools import cache, partial
from math import comb, exp, factorial, lgamma, log, perm

from domain.assurance.claim import Claim, Design, Extension, Method, Plan
from domain.assurance.exact import Ratio, ceiling, first, within
from domain.assurance.looks import Look, acceptance
from domain.assurance.tails import rounded
from domain.errors import SampleRefused

_POINTS = 64
_SHARE = Fraction(1, 12)
_LOOKS = 12
_BITS = 192
_SHORT = 32
"""With a smaller square of the items drawn than so many times the items that deviate, the exact
numbers are the quicker ones."""


@cache
def weights(claim: Claim) -> tuple[tuple[int, int], ...]:
    """(number deviating, weight) for each number the evidence bets on; whole numbers."""
    step = ceiling(Fraction(claim.intolerable, _POINTS))
    numbers = range(0, claim.intolerable, step)
    awaited = max(claim.expected * claim.population, claim.intolerable * _SHARE) / step
    top, bottom = awaited.numerator, awaited.numerator + awaited.denominator
    last = len(numbers) - 1
    return tuple(
        (number, top**place * bottom ** (last - place)) for place, number in enumerate(numbers)
    )


def evidence(claim: Claim, found: int, drawn: int, deviating: int | None = None) -> Ratio:
    """E against `deviating`, or the smallest intolerable number: (numerator, denominator).

    A denominator of 0 means that the data rule that number out for certain, one way or the
    other.
    """
    _check(claim, found, drawn)
    against = claim.intolerable if deviating is None else deviating
    largest = max(against, claim.intolerable)
    likely = _by_items(claim, found, drawn)
    if largest < drawn:
        likely = _by_places(claim, found, drawn, largest)
    bets = weights(claim)
    mixture = sum(weight * likely(number) for number, weight in bets)
    return mixture, sum(weight for _, weight in bets) * likely(against)


def _by_items(claim: Claim, found: int, drawn: int) -> Callable[[int], int]:
    """L(K), as the number of samples that hold what was found."""
    items = claim.population
    return lambda k: comb(k, found) * comb(items - k, drawn - found)


def _by_places(claim: Claim, found: int, drawn: int, largest: int) -> Callable[[int], int]:
    """L(K) in another unit, C(N-n, K-k) / C(N, K), in whole numbers for K up to `largest`.

    It is the smaller number when fewer items deviate than are drawn.
    """
    items = claim.population

    def likely(k: int) -> int:
        if k < found:
            return 0
        return comb(items - drawn, k - found) * factorial(k) * perm(items - k, largest - k)

    return likely


def evidence_between(
    claim: Claim, found: int, drawn: int, against: int
) -> tuple[Ratio, Ratio] | None:
    """Between what E lies; None where the data rule `against` out for certain.

    L is followed from `against` to all numbers bet on, each from its neighbour by a ratio of
    small whole numbers, rounded down and up at every step.
    """
    items, sound = claim.population, drawn - found
    if not found <= against <= items - sound:
        return None
    bets = dict(weights(claim))
    total_low = total_high = bets.get(against, 0) << _BITS
    down = (
        (k - 1, (k - found) * (items - k + 1), k * (items - k + 1 - sound))
        for k in range(against, found, -1)
    )
    up = (
        (k + 1, (k + 1) * (items - k - sound), (k + 1 - found) * (items - k))
        for k in range(against, max(bets))
    )
    for steps in (down, up):
        low = high = 1 << _BITS
        for number, top, bottom in steps:
            low = low * top // bottom
            high = -(-high * top // bottom)
            weight = bets.get(number, 0)
            total_low += weight * low
            total_high += weight * high
    whole = sum(bets.values()) << _BITS
    return (total_low, whole), (total_high, whole)


def _enough(claim: Claim, found: int, drawn: int, deviating: int | None = None) -> bool:
    """Whether E reaches 1/risk; more found than `deviating` is evidence the other way.

    Where L has long numbers and few neighbours, the enclosure decides if it can.
    """
    against = claim.intolerable if deviating is None else deviating
    if drawn * drawn > _SHORT * max(against, claim.intolerable):
        _check(claim, found, drawn)
        enclosure = evidence_between(claim, found, drawn, against)
        if enclosure:
            at_least, at_most = (within((b, a), claim.risk) for a, b in enclosure)
            if at_least == at_most:
                return at_least
    top, bottom = evidence(claim, found, drawn, against)
    if found > against:
        return False
    return within((bottom, top), claim.risk) if top else not bottom


def plan_anytime(claim: Claim) -> Plan:
    """The sizes at which 0, 1, 2, ... deviations are enough, up to a dozen of them.

    Sampling may go on beyond the last: the promise holds for as long as it does.  `achieved`
    is the exact error of stopping at the looks listed.
    """
    looks: list[Look] = []
    accepted = 0
    while len(looks) < _LOOKS and accepted < claim.intolerable:
        low = max(looks[-1].drawn if looks else 1, accepted)
        enough = partial(_enough, claim, accepted)
        drawn = first(low, claim.population, enough, _near(claim, accepted, low))
        if looks and drawn == looks[-1].drawn:
            looks.pop()
        looks.append(Look(drawn, accepted))
        accepted += 1
    error = acceptance(looks, claim.population, claim.intolerable)
    return Plan(
        claim,
        Design.SIMPLE,
        Method.HYPERGEOMETRIC,
        Extension.ANYTIME,
        tuple(looks),
        rounded(error, up=True),
    )


def _near(claim: Claim, found: int, low: int) -> int:
    """Where so many deviations may be enough, by rounded logarithms; only the speed depends on it.

    The size is looked for from `low` on.
    """
    items = claim.population
    whole = log(sum(weight for _, weight in weights(claim)))
    bets = [(number, log(weight) - whole) for number, weight in weights(claim) if number >= found]

    def likely(number: int, drawn: int) -> float:
        return _log_choose(number, found) + _log_choose(items - number, drawn - found)

    def enough(drawn: int) -> bool:
        if drawn - found > items - claim.intolerable:
            return True
        against = likely(claim.intolerable, drawn)
        logs = [weight + likely(number, drawn) - against for number, weight in bets]
        most = max(logs, default=0.0)
        return most + log(sum((exp(each - most) for each in logs), 0.0) or 1) >= -log(claim.risk)

    return min(first(low, items, enough), items)


def _log_choose(items: int, drawn: int) -> float:
    return lgamma(items + 1) - lgamma(drawn + 1) - lgamma(items - drawn + 1)


def shown(claim: Claim, found: int, drawn: int) -> bool:
    """Whether the claim is shown now, after `drawn` items judged in ticket order."""
    return _enough(claim, found, drawn)


def anytime_upper(claim: Claim, found: int, drawn: int) -> int:
    """The largest number of deviating items of the population not at odds with the data.

    It may be asked after every item: all answers together hold with the promised chance.
    """
    _check(claim, found, drawn)
    likeliest = found * (claim.population + 1) // drawn
    highest = claim.population - drawn + found
    return (
        first(min(likeliest, highest) + 1, highest, lambda k: _enough(claim, found, drawn, k)) - 1
    )


def _check(claim: Claim, found: int, drawn: int) -> None:
    if not (0 <= found <= drawn <= claim.population and drawn):
        raise SampleRefused(
            f"{found} deviations among {drawn} drawn of {claim.population} items cannot be."
            " Count them again. Nothing was stored."
        )
