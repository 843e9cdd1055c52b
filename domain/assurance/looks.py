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

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import comb, perm

from domain.assurance.exact import Ratio
from domain.assurance.tails import rounded

_BITS = 192
_SHORT = 4
"""With so many times as many items drawn as deviate, the exact numbers are the shorter ones."""


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
    passed = sum(
        ways * _rest(by_places, population, deviating, drawn, found, last)
        for ways, drawn, found in _passing(tuple(looks))
    )
    return passed, comb(population, deviating) if by_places else perm(population, last)


def acceptance_rounded(
    looks: Sequence[Look], population: int, deviating: int, *, up: bool, places: int = 9
) -> Fraction:
    """The same, rounded to `places` decimal places."""
    short = looks and looks[-1].drawn <= _SHORT * deviating
    enclosure = acceptance_between(looks, population, deviating) if short else None
    if enclosure:
        low, high = (rounded(end, up=up, places=places) for end in enclosure)
        if low == high:
            return low
    return rounded(acceptance(looks, population, deviating), up=up, places=places)


def acceptance_between(
    looks: Sequence[Look], population: int, deviating: int
) -> tuple[Ratio, Ratio] | None:
    """Between what the chance lies; None if the looks can use up the sound items.

    The chance of each order of so many sound and deviating items comes from the one before it
    by ratios of small whole numbers, rounded down and up at every step.
    """
    sound = population - deviating
    if not looks or looks[-1].drawn > sound:
        return None
    passing = _passing(tuple(looks))
    one = 1 << (_BITS + max((ways.bit_length() for ways, _, _ in passing), default=0))
    low = high = one
    total_low = total_high = at = held = 0
    for ways, drawn, found in passing:
        for top, bottom in _steps(population, deviating, (at, held), (drawn, found)):
            low = low * top // bottom
            high = -(-high * top // bottom)
        total_low += ways * low
        total_high += ways * high
        at, held = drawn, found
    return (total_low, one), (total_high, one)


def _steps(
    population: int, deviating: int, before: tuple[int, int], after: tuple[int, int]
) -> Iterator[tuple[int, int]]:
    """By what the chance of an order changes from (drawn, found) to another, step by step."""
    (drawn, found), (to_draw, to_find) = before, after
    sound = population - deviating
    while found < to_find and drawn < to_draw:
        yield deviating - found, population - drawn
        found, drawn = found + 1, drawn + 1
    while found < to_find:
        yield deviating - found, sound - (drawn - found - 1)
        found += 1
    while drawn < to_draw:
        yield sound - (drawn - found), population - drawn
        drawn += 1


@lru_cache(maxsize=64)
def _passing(looks: tuple[Look, ...]) -> list[tuple[int, int, int]]:
    """(arrangements of the items drawn so far, drawn, found) for each way to be accepted.

    In order: at a later look no fewer deviations are found, as fewer would have passed before.
    """
    passing: list[tuple[int, int, int]] = []
    waiting, before = {0: 1}, 0
    for place, look in enumerate(looks):
        ceiling = max((later.accepted for later in looks[place:]), default=-1)
        waiting = _drawn_on(waiting, look.drawn - before, ceiling)
        for found in sorted(found for found in waiting if found <= look.accepted):
            passing.append((waiting.pop(found), look.drawn, found))
        if look.continued is not None:
            waiting = {found: waiting[found] for found in waiting if found <= look.continued}
        before = look.drawn
    return passing


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
