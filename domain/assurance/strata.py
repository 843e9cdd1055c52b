"""The largest chance of a result, over every way the deviating items can lie in the strata.

Of stratum s, n_s of N_s items are drawn and y_s of them deviate.  How many deviate in each
stratum is not known and not asked; only their total g is.  A result is scored by a weighted
count, sum of w_s y_s, and its chance is the largest of P(sum w_s Y_s <= score) over all
allocations of g deviating items to the strata.  Three ways lead to it, or above it:

- `enumerated`: try every allocation; exact;
- `of_none`: if no item drawn deviates, put each deviating item where it is the least likely
  to be drawn; exact for any number of strata;
- `certified`: a bound that needs neither (docs/assurance/stratified-bound.md).

Each falls, or stays, when g grows.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import comb, lcm, prod

from domain.assurance.exact import Ratio, first, within
from domain.errors import SampleRefused

_TRIES = 250_000
_SHORT = 512
"""Bits of a number whose length does not count."""


@dataclass(frozen=True)
class Stratum:
    """`drawn` of the `size` items of a stratum, of which `found` deviate."""

    name: str
    size: int
    drawn: int
    found: int = 0

    def __post_init__(self) -> None:
        if not (0 <= self.found <= self.drawn <= self.size and self.drawn):
            raise SampleRefused(
                f"{self.found} deviations among {self.drawn} drawn of {self.size} items cannot"
                f" be in stratum {self.name}. Draw at least one of each. Nothing was stored."
            )


@dataclass(frozen=True)
class Score:
    """A result's score: the order in which results speak for fewer deviations.

    `weights` are the strata's, in whole numbers, and `limit` the weighted count found.
    """

    weights: tuple[int, ...]
    limit: int

    @property
    def most(self) -> int:
        """The most deviations that a result with no larger score can hold."""
        return self.limit // min(self.weights)


def by_total(strata: Sequence[Stratum]) -> Score:
    """The plain count: one more deviation is one more, wherever it is found."""
    return Score((1,) * len(strata), sum(stratum.found for stratum in strata))


def by_estimate(strata: Sequence[Stratum]) -> Score:
    """The estimate of the total, sum N_s y_s / n_s, brought to whole numbers."""
    shared = lcm(*(stratum.drawn for stratum in strata))
    weights = tuple(stratum.size * (shared // stratum.drawn) for stratum in strata)
    return Score(weights, sum(w * s.found for w, s in zip(weights, strata, strict=True)))


def can_enumerate(strata: Sequence[Stratum], score: Score, deviating: int) -> bool:
    """Whether trying every allocation stays within what is tried.

    To multiply long numbers takes the square of their length, so long ones count for more.
    """
    allocations = comb(deviating + len(strata) - 1, len(strata) - 1)
    length = sum(stratum.drawn * stratum.size.bit_length() for stratum in strata)
    return allocations * (score.most + 1) * max(1, length // _SHORT) ** 2 <= _TRIES


def enumerated(strata: Sequence[Stratum], score: Score, deviating: int) -> Ratio:
    """The largest chance of the score or less, over all allocations of `deviating` items."""
    return max(_every_allocation(strata, score, deviating)), _samples(strata)


def none_exceeds(strata: Sequence[Stratum], score: Score, deviating: int, risk: Fraction) -> bool:
    """Whether that chance is `risk` at most; one allocation with more is enough to say no."""
    every = _samples(strata)
    ways = _every_allocation(strata, score, deviating)
    return all(within((some, every), risk) for some in ways)


def _samples(strata: Sequence[Stratum]) -> int:
    return prod(comb(stratum.size, stratum.drawn) for stratum in strata)


def _every_allocation(strata: Sequence[Stratum], score: Score, deviating: int) -> Iterator[int]:
    """For each allocation, how many samples have the score or less; likely largest ones first."""
    order = sorted(range(len(strata)), key=lambda s: strata[s].size)
    tables = [_table(strata[s], score.weights[s], score.limit) for s in order]
    room = [strata[s].size for s in order]
    last = len(room) - 1

    def from_here(place: int, left: int, so_far: dict[int, int]) -> Iterator[int]:
        fewest = max(0, left - sum(room[place + 1 :]))
        for here in _from_the_middle(fewest, min(left, room[place]), left, room[place:]):
            if place == last:
                yield _total(so_far, tables[place](here), score.limit)
            else:
                joined = _joined(so_far, tables[place](here), score.limit)
                yield from from_here(place + 1, left - here, joined)

    return from_here(0, deviating, {0: 1})


def _from_the_middle(low: int, high: int, left: int, room: Sequence[int]) -> list[int]:
    """The numbers from `low` to `high`, those near this stratum's share first."""
    share = left * room[0] // sum(room)
    return sorted(range(low, high + 1), key=lambda here: abs(here - share))


def _table(stratum: Stratum, weight: int, limit: int) -> Callable[[int], dict[int, int]]:
    """By the number of deviating items: samples of the stratum by their part of the score.

    Each is worked out when it is asked for: one allocation may be enough to say no.
    """

    @cache
    def samples(held: int) -> dict[int, int]:
        return {
            found * weight: ways
            for found in range(min(held, stratum.drawn, limit // weight) + 1)
            if (ways := comb(held, found) * comb(stratum.size - held, stratum.drawn - found))
        }

    return samples


def _joined(some: dict[int, int], others: dict[int, int], limit: int) -> dict[int, int]:
    joined: dict[int, int] = {}
    for score, ways in some.items():
        for more, times in others.items():
            if score + more <= limit:
                joined[score + more] = joined.get(score + more, 0) + ways * times
    return joined


def _total(some: dict[int, int], others: dict[int, int], limit: int) -> int:
    return sum(
        ways * times
        for score, ways in some.items()
        for more, times in others.items()
        if score + more <= limit
    )


def of_none(strata: Sequence[Stratum], deviating: int) -> Ratio:
    """The largest chance that no item drawn deviates.

    One more deviating item in stratum s multiplies the chance by 1 - n_s / (N_s - K_s), which
    falls as K_s grows; so the largest factors are taken first, that is, the largest values of
    (N_s - K_s) / n_s.  They are compared as whole numbers, by a level that enough of them
    reach.
    """
    shared = lcm(*(stratum.drawn for stratum in strata))
    parts = [shared // stratum.drawn for stratum in strata]

    def reaching(level: int) -> list[int]:
        pairs = zip(strata, parts, strict=True)
        return [max(0, min(s.size, s.size - -(-level // part) + 1)) for s, part in pairs]

    top = max(s.size * part for s, part in zip(strata, parts, strict=True))
    below = first(0, top, lambda depth: sum(reaching(top - depth)) >= deviating)
    held = reaching(top - below)
    surplus = sum(held) - deviating
    over = reaching(top - below + 1)
    for s in range(len(held)):
        less = min(surplus, held[s] - over[s])
        held[s] -= less
        surplus -= less
    return (
        prod(comb(s.size - k, s.drawn) for s, k in zip(strata, held, strict=True)),
        _samples(strata),
    )


def least_mean(strata: Sequence[Stratum], deviating: int) -> Fraction:
    """The smallest number of deviating items to be expected in the sample."""
    mean, left = Fraction(0), deviating
    for stratum in sorted(strata, key=lambda s: Fraction(s.drawn, s.size)):
        here = min(left, stratum.size)
        mean += Fraction(here * stratum.drawn, stratum.size)
        left -= here
    return mean


def certified(
    strata: Sequence[Stratum], score: Score, deviating: int
) -> Iterator[tuple[int, int, Fraction]]:
    """Binomials (most, trials, chance) whose P(X <= most) the chance of the score never exceeds.

    One for each weight: the strata with at least that weight hold the deviating items that do
    not fit into the others, and in them a result without a larger score has no more than
    limit / weight deviations.
    """
    for weight in sorted(set(score.weights)):
        pairs = zip(strata, score.weights, strict=True)
        heavy = [stratum for stratum, its in pairs if its >= weight]
        elsewhere = sum(stratum.size for stratum in strata) - sum(s.size for s in heavy)
        here, most = deviating - elsewhere, score.limit // weight
        if here > 0 and most <= (mean := least_mean(heavy, here)) - 1:
            trials = min(here, sum(stratum.drawn for stratum in heavy))
            yield most, trials, mean / trials
