"""Pairs of records taken a stretch at a time, so that memory does not grow with their lists.

A pair costs as much as its records have people, vehicles or references to be crossed: some
pairs cost nothing, and one of two crowded records thousands of comparisons.  The NumPy path
lays all comparisons of a stretch out beside each other; the compiled loops cross in place.
"""

from collections.abc import Iterator

import numpy as np

from domain.pairing.arrays import I64, Flat

_COMPARISONS = 1_000_000
"""Comparisons of two list items laid out at a time, or those of one pair if it has more."""
_STRETCH = 500_000
"""Pairs weighed at a time."""


def stretches(count: int) -> Iterator[slice]:
    """So many pairs, at most _STRETCH at a time and about as many each time."""
    parts = -(-count // _STRETCH)
    for part in range(parts):
        yield slice(part * count // parts, (part + 1) * count // parts)


def crossings(left: Flat, right: Flat, at_left: I64, at_right: I64) -> Iterator[slice]:
    """Stretches of pairs, at least one, whose lists have about _COMPARISONS items to cross."""
    sizes = left.count[at_left].astype(np.int64) * right.count[at_right]
    part = np.cumsum(sizes) // _COMPARISONS
    starts = [0, *(np.flatnonzero(np.diff(part)) + 1).tolist()]
    for start, end in zip(starts, [*starts[1:], len(sizes)], strict=True):
        yield slice(start, end)
