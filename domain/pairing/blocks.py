"""Blocks: the records of two sides that share a blocking key of one kind, found by a table.

The keys of the referrals, who are the fewer, are numbered; a document's key is looked up as
it is made and forgotten unless a referral has it.  Most have none: the compiled loop asks a
small table of bits first, which the processor's cache holds.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from domain.pairing.arrays import I32, I64, Flags
from domain.pairing.kernel import is_worth_compiling
from domain.pairing.keys import NO_BUCKET, Emitted


@dataclass(frozen=True)
class Blocks:
    """Blocks of rows of both sides, each row once in a block.

    Those of block i are `referral[first[i]:first[i + 1]]`, and the rows `document` of the
    other side whose `of_document` is i.
    """

    first: I64
    referral: I32
    of_document: I32
    document: I32


def blocks(ours: Emitted, theirs: Emitted) -> Blocks:
    """The blocks that a kind of key makes of the rows of both sides."""
    if is_worth_compiling(len(theirs.value) * max(len(theirs.buckets), 1)):
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
    pairs = np.unique(np.column_stack((block, row)), axis=0).astype(np.int32)
    return pairs[:, 0], pairs[:, 1]


def _compiled_blocks(ours: Emitted, theirs: Emitted) -> Blocks:
    """The same by the compiled loops, which number the blocks in another order."""
    from domain.pairing import lookups

    most = int(np.count_nonzero(ours.value)) * max(len(ours.buckets), 1)
    size = 1 << max(2 * most, 64).bit_length()
    table = (
        np.zeros(size, dtype=np.uint64),
        np.zeros(size, dtype=np.int32),
        np.zeros(size // 8, dtype=np.uint64),
        _places_of_a_day(size, ours.buckets),
    )
    left = np.empty((2, most), dtype=np.int32)
    count, held = lookups.number(_parts(ours), table, left)
    first, referral = lookups.grouped(left[0, :held], left[1, :held], count)
    right = np.empty((2, len(theirs.value) * max(len(theirs.buckets), 1)), dtype=np.int32)
    held = lookups.probe(_parts(theirs), table, count, right)
    return Blocks(first, referral, right[0, :held].copy(), right[1, :held].copy())


def _places_of_a_day(size: int, buckets: I32) -> np.uint64:
    """A power of two such that all days (or weeks) of the keys share a table of that size."""
    days = buckets[buckets != NO_BUCKET]
    span = int(days.max()) - int(days.min()) + 1 if len(days) else 1
    return np.uint64(1 << max((size // span).bit_length() - 1, 6) if span > 1 else size)


def _parts(side: Emitted) -> tuple[Any, ...]:
    return (side.kind[0], side.row, side.force, side.value, side.more, side.buckets)


def distinct(values: I64) -> I64:
    """Sorted distinct values; faster than ``np.unique``, which hashes first.  Sorts in place."""
    values.sort()
    kept: Flags = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=kept[1:])
    return values[kept]
