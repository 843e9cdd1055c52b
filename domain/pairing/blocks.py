"""Blocks: the records of two sides that share a blocking key of one kind, found by a table.

The keys of the referrals, who are the fewer, are numbered; a document's key is looked up as
it is made and forgotten unless a referral has it.  Most have none: the compiled loop asks a
small table of bits first, which the processor's cache holds.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from domain.pairing.arrays import I32, I64, Starts
from domain.pairing.kernel import is_worth_compiling
from domain.pairing.keys import NO_BUCKET, Emitted, Filing

_BATCH = 1024
"""Keys that are looked up at a time."""


@dataclass(frozen=True)
class Blocks:
    """Blocks of rows of both sides, each row once in a block.

    Those of block i are `referral[first[i]:first[i + 1]]`, and the rows `document` of the
    other side whose `of_document` is i.
    """

    first: Starts
    referral: I32
    of_document: I32
    document: I32


def blocks(ours: Emitted, theirs: Emitted) -> Blocks:
    """The blocks that a kind of key makes of the rows of both sides."""
    if is_worth_compiling(len(theirs.value) * theirs.each):
        return _compiled_blocks(ours, theirs)
    row, keys = ours.keys()
    known, of = np.unique(np.maximum(keys, 1), return_inverse=True)
    left = _distinct_rows(of, row)
    there, asked = theirs.keys()
    at = np.searchsorted(known, np.maximum(asked, 1))
    found = np.append(known, np.uint64(0))[at] == np.maximum(asked, 1)
    right = _distinct_rows(at[found], there[found])
    first = np.searchsorted(left[0], np.arange(len(known) + 1))
    return Blocks(first, left[1], *right)


def _distinct_rows(block: I64, row: I64) -> tuple[I32, I32]:
    pairs = np.unique((block.astype(np.int64) << 32) | row)
    return (pairs >> 32).astype(np.int32), pairs.astype(np.int32)


def _compiled_blocks(ours: Emitted, theirs: Emitted) -> Blocks:
    """The same by the compiled loops, which number the blocks in another order."""
    from domain.pairing import lookups

    most = int(np.count_nonzero(ours.value)) * ours.each
    size = 1 << max(2 * most, 64).bit_length()
    table = (
        np.zeros(size, dtype=np.uint64),
        np.zeros(size, dtype=np.int32),
        np.zeros(size // 8, dtype=np.uint64),
        _places_of_a_day(size, ours.filing),
    )
    batch = tuple(np.empty(_BATCH, dtype=kind) for kind in ("u8", "u8", "i4", "u8", "i4"))
    left = np.empty((2, most), dtype=np.int32)
    count, held = lookups.number(_parts(ours), table, batch, left)
    first, referral = grouped(left[0, :held], left[1, :held], count)
    right = np.empty((2, len(theirs.value) * theirs.each), dtype=np.int32)
    held = lookups.probe(_parts(theirs), table, batch, right)
    return Blocks(first, referral, right[0, :held], right[1, :held])


def grouped(group: I32, value: I32, groups: int) -> tuple[Starts, I32]:
    """The values by group, in the order in which they come, and where each group begins."""
    from domain.pairing import listings

    kind = np.dtype(np.int32 if len(value) < 1 << 31 else np.int64)
    first: Starts = np.zeros(groups + 2, dtype=kind)
    values = np.empty(len(value), dtype=np.int32)
    listings.grouped(group, value, first, values)
    return first[:-1], values


def _places_of_a_day(size: int, filing: Filing) -> np.uint64:
    """How many places a day (or week) has, if all of the keys share a table of that size."""
    days = filing.day[filing.day != NO_BUCKET]
    if not len(days):
        return np.uint64(size)
    shift = max(int(np.abs(shifts).max()) for shifts in filing.shifts)
    span = (int(days.max()) - int(days.min()) + 2 * shift) // filing.length + 2
    return np.uint64(max(size // span, 64))


def _parts(side: Emitted) -> tuple[Any, ...]:
    filing = side.filing
    return (
        *(side.row, side.force, side.value, side.more),
        *(filing.day, filing.dated, np.concatenate(filing.shifts)),
        *(len(filing.shifts[0]), filing.length),
    )


def distinct(left: I32, right: I32, sizes: tuple[int, int]) -> tuple[I32, I32]:
    """The distinct pairs of rows of two sides of those sizes, sorted by both."""
    if not is_worth_compiling(len(left)):
        pairs = np.unique(left.astype(np.int64) * max(sizes[1], 1) + right)
        one, other = np.divmod(pairs, max(sizes[1], 1))
        return one.astype(np.int32), other.astype(np.int32)
    from domain.pairing import listings

    first, left = grouped(right, left, sizes[1])
    last, pairs = np.full(sizes[0], -1, dtype=np.int32), np.empty((2, len(left)), dtype=np.int32)
    held = listings.once_each(first, left, last, pairs)
    first, right = grouped(pairs[0, :held], pairs[1, :held], sizes[0])
    return np.repeat(np.arange(sizes[0], dtype=np.int32), np.diff(first)), right
