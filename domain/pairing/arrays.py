"""Columns as plain arrays: hashes that never change, lists laid flat, and pairs of list items.

The hashes are ours (splitmix64 over 8-byte words) and not a library's, because blocking keys
are stored: they must be the same on every machine and in every version of polars.
Source of the mixing function: Steele, Lea and Flood, "Fast splittable pseudorandom number
generators" (2014); constants by Stafford, variant 13.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]
Bits = NDArray[np.float64]
Flags = NDArray[np.bool_]
Bytes = NDArray[np.uint8]
I32 = NDArray[np.int32]
Starts: TypeAlias = NDArray[np.int32] | NDArray[np.int64]

NO_DAY = np.int64(-(1 << 40))


def mixed(value: U64) -> U64:
    """Each 64-bit value, scrambled; a bijection."""
    value = value + np.uint64(0x9E3779B97F4A7C15)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


def combined(*parts: U64) -> U64:
    """One hash of several, in their order."""
    total = np.zeros(1, dtype=np.uint64)
    for part in parts:
        total = mixed(total * np.uint64(3) + part)
    return total


def days(column: pl.Series) -> I64:
    """Days since 1970, NO_DAY for null."""
    return column.cast(pl.Date).cast(pl.Int64).fill_null(int(NO_DAY)).to_numpy()


def microseconds(column: pl.Series) -> I64:
    """Microseconds since 1970 UTC, NO_DAY's worth for null."""
    return column.to_physical().cast(pl.Int64).fill_null(int(NO_DAY)).to_numpy()


def positions(keys: pl.Series, wanted: pl.Series) -> I64:
    """The row of `keys` at which each `wanted` key is; all must be there."""
    values = keys.to_numpy()
    if len(values) and (np.diff(values) == 1).all():
        at: I64 = wanted.to_numpy() - values[0]
        if len(at) and (at.min() < 0 or at.max() >= len(values)):
            raise ValueError("a pair names a record that was not given")
        return at
    by_value = np.argsort(values, kind="stable")
    found = np.searchsorted(values, wanted.to_numpy(), sorter=by_value)
    result: I64 = by_value[np.minimum(found, max(len(values) - 1, 0))] if len(values) else found
    if len(wanted) and (not len(values) or (values[result] != wanted.to_numpy()).any()):
        raise ValueError("a pair names a record that was not given")
    return result


@dataclass(frozen=True)
class Flat:
    """Lists laid end to end: list i is items start[i] to start[i] + count[i]."""

    start: I32
    count: I32


def flat(counts: I64) -> Flat:
    """Lists of the given lengths."""
    return Flat((np.cumsum(counts) - counts).astype(np.int32), counts.astype(np.int32))


def lists(column: pl.Series) -> tuple[Flat, pl.Series]:
    """A list column's items end to end, without nulls in them."""
    counts = column.list.len().fill_null(0).cast(pl.Int64).to_numpy()
    items = column.explode(empty_as_null=False, keep_nulls=False)
    if items.null_count():
        there = items.is_not_null().to_numpy()
        row = np.repeat(np.arange(len(counts)), counts)
        counts = np.bincount(row[there], minlength=len(counts)).astype(np.int64)
        items = items.drop_nulls()
    return flat(counts), items


@dataclass(frozen=True)
class TokenSets:
    """Sets of tokens end to end, sorted: set i is `items[ends[i]:ends[i + 1]]`, without 0."""

    ends: I32
    items: U64

    @property
    def count(self) -> I32:
        """How many each set holds."""
        return np.diff(self.ends)


def token_sets(column: pl.Series, width: int) -> TokenSets:
    """A column of lists of tokens as sets, of which the `width` smallest are taken."""
    where, some = lists(column)
    items, counts = some.cast(pl.UInt64).to_numpy(), where.count
    row = np.repeat(np.arange(len(column), dtype=np.int32), counts)
    ascending = (items[1:] > items[:-1]) | (row[1:] != row[:-1])
    if not ascending.all() or counts.max(initial=0) > width or not items.all():
        order = np.lexsort((items, row))
        items, row = items[order], row[order]
        kept = items != 0
        kept[1:] &= (items[1:] != items[:-1]) | (row[1:] != row[:-1])
        items, row = items[kept], row[kept]
        counts = np.bincount(row, minlength=len(column)).astype(np.int32)
        kept = np.arange(len(row)) - (np.cumsum(counts) - counts)[row] < width
        items, counts = items[kept], np.minimum(counts, np.int32(width))
    return TokenSets(np.concatenate(([0], np.cumsum(counts))).astype(np.int32), items)


def padded(sets: TokenSets, at: I64, width: int) -> U64:
    """The sets at some places as rows of a matrix, zeros last; the `width` smallest tokens."""
    start, count = sets.ends[at], sets.count[at]
    places = np.arange(min(width, int(count.max(initial=1))))
    inside = places < count[:, None]
    items = sets.items if len(sets.items) else np.zeros(1, dtype=np.uint64)
    found: U64 = np.where(inside, items[np.where(inside, start[:, None] + places, 0)], 0)
    return found.astype(np.uint64)


def crossed(left: Flat, right: Flat, left_row: I64, right_row: I64) -> tuple[I64, I64, I64, I64]:
    """Every item of list `left_row[k]` beside every item of list `right_row[k]`.

    Returns:
        For each k how many; then flat, in the order of k: k itself, the left and the right item.
    """
    left_count, right_count = left.count[left_row], right.count[right_row]
    sizes = left_count * right_count
    pair = np.repeat(np.arange(len(sizes)), sizes)
    place = np.arange(len(pair)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    each = right_count[pair]
    return (
        sizes,
        pair,
        left.start[left_row][pair] + place // np.maximum(each, 1),
        right.start[right_row][pair] + place % np.maximum(each, 1),
    )


def first_of_runs(sizes: I64) -> tuple[Flags, I64]:
    """Which lists have items, and where each of those begins: what ``reduceat`` needs."""
    some = sizes > 0
    return some, (np.cumsum(sizes) - sizes)[some]
