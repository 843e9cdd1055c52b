"""How far two people who judged the same items agree, and what their errors may hide.

Both judge without seeing the other's answer.  The share of equal answers is reported as it
is.  Cohen's kappa sets it against the agreement that two people with these shares of answers
would reach by chance (J. Cohen, Educational and Psychological Measurement 20, 1960); it is
not defined if both gave one answer to everything.  Where deviations are rare, kappa can be
low though nearly all answers agree (A. Feinstein and D. Cicchetti, Journal of Clinical
Epidemiology 43, 1990), so two exact figures stand beside it: the chance to agree so often or
more with these shares, and the agreement on deviations alone.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from domain.assurance.bounds import clopper_pearson_lower, upper
from domain.assurance.exact import at_most
from domain.errors import SampleRefused


@dataclass(frozen=True)
class Agreement:
    """Two judges on the same items; shares are exact.

    `kappa` is None if it is not defined.  `on_deviations` is the share of agreement among
    all answers that say deviation, None if there are none.  `by_chance` is the chance of so
    much agreement or more with the same numbers of deviations.  `lowest` is the lower limit
    of the rate of agreement, Clopper and Pearson's.
    """

    items: int
    agreed: int
    rate: Fraction
    kappa: Fraction | None
    on_deviations: Fraction | None
    by_chance: Fraction
    lowest: Fraction


def agreement(answers: Sequence[tuple[bool, bool]], risk: Fraction) -> Agreement:
    """What two judges said of each item, True for a deviation."""
    items = len(answers)
    if not items:
        raise SampleRefused(
            "No item was judged by two people, so there is no agreement to measure."
            " Have items judged twice. Nothing was stored."
        )
    both = sum(first and second for first, second in answers)
    ours = sum(first for first, _ in answers)
    theirs = sum(second for _, second in answers)
    agreed = items - ours - theirs + 2 * both
    less = at_most(both - 1, items, ours, theirs)
    return Agreement(
        items,
        agreed,
        Fraction(agreed, items),
        kappa(answers),
        Fraction(2 * both, ours + theirs) if ours + theirs else None,
        1 - Fraction(*less),
        clopper_pearson_lower(agreed, items, risk),
    )


def kappa(answers: Sequence[tuple[object, object]]) -> Fraction | None:
    """Cohen's kappa of any answers; None if both gave one answer to everything."""
    items = len(answers)
    agreed = Fraction(sum(first == second for first, second in answers), items)
    ours = Counter(first for first, _ in answers)
    theirs = Counter(second for _, second in answers)
    expected = Fraction(sum(ours[answer] * theirs[answer] for answer in ours), items**2)
    return None if expected == 1 else (agreed - expected) / (1 - expected)


@dataclass(frozen=True)
class Missed:
    """How many deviations among the drawn items the first judge may have missed, and in all.

    `in_sample` is bounded with one part of the risk and `in_population` with the other, given
    that so many were missed; together they hold with the whole.
    """

    in_sample: int
    in_population: int


def allowing_for_missed(
    found: int, drawn: int, population: int, again: int, turned: int, risk: Fraction
) -> Missed:
    """The bound when only `again` of the items judged sound were judged a second time.

    `turned` of those turned out to deviate.  With every sound item judged again nothing is
    left to bound, and the whole risk is spent on the population.
    """
    sound = drawn - found
    if not 0 <= turned <= again <= sound:
        raise SampleRefused(
            f"{turned} of {again} judged again cannot have turned, with {sound} judged sound."
            " Count them again. Nothing was stored."
        )
    if again == sound:
        return Missed(turned, upper(found + turned, drawn, population, risk))
    if not again:
        return Missed(sound, upper(drawn, drawn, population, risk))
    missed = upper(turned, again, sound, risk / 2)
    return Missed(missed, upper(found + missed, drawn, population, risk / 2))
