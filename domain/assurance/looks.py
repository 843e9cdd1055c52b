"""The chance that a rule with several looks accepts, counted exactly.

A look is a moment at which so many items are drawn and the rule is asked; it accepts if no
more than so many of them deviate.  The items come in the order of their tickets, which is a
random one: every arrangement of the K deviating items among N places is equally likely.  So
the chance to accept is the share of the C(N, K) arrangements that pass at one look or more,
and those are counted look by look, keeping only the ones that have not passed yet.

A rule of this form accepts less often the more items deviate: make one more item deviate and
no count goes down.  So its error over all populations with K0 or more deviating items is its
chance to accept one with exactly K0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, perm

from domain.assurance.exact import Ratio


@dataclass(frozen=True)
class Look:
    """Accept here if no more than `accepted` of all `drawn` items so far deviate.

    `accepted` may be -1: a look at which nothing can be accepted.  With more than `continued`
    deviations the rule gives up; None means only when no later look could accept.
    """

    drawn: int
    accepted: int
    continued: int | None = None


def acceptance(looks: Sequence[Look], population: int, deviating: int) -> Ratio:
    """The chance that some look accepts, when `deviating` of `population` items deviate."""
    if not looks:
        return 0, 1
    last = looks[-1].drawn
    by_places = deviating < last
    passed, waiting, before = 0, {0: 1}, 0
    for place, look in enumerate(looks):
        ceiling = max((later.accepted for later in looks[place:]), default=-1)
        waiting = _drawn_on(waiting, look.drawn - before, ceiling)
        for found in [found for found in waiting if found <= look.accepted]:
            ways = waiting.pop(found)
            passed += ways * _rest(by_places, population, deviating, look.drawn, found, last)
        if look.continued is not None:
            waiting = {found: waiting[found] for found in waiting if found <= look.continued}
        before = look.drawn
    return passed, comb(population, deviating) if by_places else perm(population, last)


def _drawn_on(waiting: dict[int, int], more: int, ceiling: int) -> dict[int, int]:
    """Arrangements by deviations found, after `more` places; those past every limit are dropped."""
    spread: dict[int, int] = {}
    for found, ways in waiting.items():
        for extra in range(min(more, ceiling - found) + 1):
            spread[found + extra] = spread.get(found + extra, 0) + ways * comb(more, extra)
    return spread


def _rest(
    by_places: bool, population: int, deviating: int, drawn: int, found: int, last: int
) -> int:
    """In how many ways the places not looked at can be filled.

    Counted by the places of the deviating items, or by which items come in the first `last`
    places in order: the second is the smaller number when much of the population deviates.
    """
    if by_places:
        return comb(population - drawn, deviating - found) if found <= deviating else 0
    sound = population - deviating
    if drawn - found > sound:
        return 0
    first = perm(deviating, found) * perm(sound, drawn - found)
    return first * perm(population - drawn, last - drawn)
