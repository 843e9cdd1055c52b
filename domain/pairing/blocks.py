"""Blocks: the records of two sides that share a blocking key of one kind, found by a table.

The keys of the referrals, who are the fewer, are numbered; a document's key is looked up as
it is made and forgotten unless a referral has it.  Most have none: the compiled loop asks a
small table of bits first, which the processor's cache holds.
"""

from dataclasses import dataclass

import numpy as np

from domain.pairing.arrays import I64, NO_DAY, U64, Flags
from domain.pairing.kernel import is_worth_compiling
from domain.pairing.keys import Emitted


@dataclass(frozen=True)
class Blocks:
    """`count` blocks: for each side, sorted by block and row and distinct, both of them."""

    count: int
    of_referral: I64
    referral: I64
    of_document: I64
    document: I64


def blocks(ours: Emitted, theirs: Emitted) -> Blocks:
    """The blocks that a kind of key makes of the rows of both sides."""
    row, keys = ours.keys()
    keys = np.maximum(keys, 1)
    size = len(theirs.value) * len(theirs.buckets or "-")
    find = _found_compiled if is_worth_compiling(size) else _found
    of, count, document = find(keys, theirs)
    rows = len(ours.force)
    left = np.divmod(distinct(of * rows + row), max(rows, 1))
    return Blocks(count, *left, *np.divmod(distinct(document), max(len(theirs.force), 1)))


def _found(keys: U64, theirs: Emitted) -> tuple[I64, int, I64]:
    """The number of each key, how many there are, and block * rows + row of the other side."""
    known, of = np.unique(keys, return_inverse=True)
    if not len(known):
        return of, 0, of
    row, asked = theirs.keys()
    asked = np.maximum(asked, 1)
    at = np.minimum(np.searchsorted(known, asked), len(known) - 1)
    there = known[at] == asked
    return of, len(known), at[there] * len(theirs.force) + row[there]


def _found_compiled(keys: U64, theirs: Emitted) -> tuple[I64, int, I64]:
    """The same by the compiled loops, which number the keys in another order."""
    from domain.pairing import lookups

    size = 1 << max(2 * len(keys), 64).bit_length()
    table, numbers = np.zeros(size, dtype=np.uint64), np.zeros(size, dtype=np.int32)
    bits = np.zeros(size // 8, dtype=np.uint64)
    of = np.zeros(len(keys), dtype=np.int64)
    count = lookups.number(keys, table, numbers, bits, of)
    buckets = theirs.buckets or ()
    made = np.empty(len(theirs.value) * max(len(buckets), 1), dtype=np.int64)
    filed = np.stack(buckets) if buckets else np.zeros((0, 0), dtype=np.int64)
    values = (theirs.kind[0], theirs.row, theirs.force, theirs.value, theirs.filed, filed)
    held = lookups.probe(values, int(NO_DAY), table, numbers, bits, made)
    return of, count, made[:held].copy()


def distinct(values: I64) -> I64:
    """Sorted distinct values; faster than ``np.unique``, which hashes first.  Sorts in place."""
    values.sort()
    kept: Flags = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=kept[1:])
    return values[kept]
