"""Columns as plain arrays: hashes that never change, lists laid flat, and pairs of list items.

The hashes are ours (splitmix64 over 8-byte words) and not a library's, because blocking keys
are stored: they must be the same on every machine and in every version of polars.
Source of the mixing function: Steele, Lea and Flood, "Fast splittable pseudorandom number
generators" (2014); constants by Stafford, variant 13.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]
Bits = NDArray[np.float64]
Flags = NDArray[np.bool_]
Bytes = NDArray[np.uint8]

_LAST = np.uint64(0xFFFFFFFFFFFFFFFF)
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

    start: I64
    count: I64


def flat(counts: I64) -> Flat:
    """Lists of the given lengths."""
    return Flat(np.cumsum(counts) - counts, counts)


def lists(column: pl.Series) -> tuple[Flat, pl.Series]:
    """A list column's items end to end, without nulls in them."""
    counts = column.list.len().fill_null(0).cast(pl.Int64).to_numpy()
    items = column.filter(pl.Series(counts > 0, dtype=pl.Boolean)).explode()
    if items.null_count():
        there = items.is_not_null().to_numpy()
        row = np.repeat(np.arange(len(counts)), counts)
        counts = np.bincount(row[there], minlength=len(counts)).astype(np.int64)
        items = items.drop_nulls()
    return flat(counts), items


def padded(column: pl.Series, width: int) -> U64:
    """Sets of tokens as sorted rows of a matrix, zeros last; at most the `width` smallest."""
    where, items = lists(column)
    longest = int(where.count.max(initial=1))
    matrix = np.full((len(column), min(longest, 8 * width)), _LAST)
    rows = np.repeat(np.arange(len(column)), where.count)
    places = np.arange(len(items)) - np.repeat(where.start, where.count)
    kept = places < matrix.shape[1]
    tokens = items.cast(pl.UInt64).to_numpy()
    matrix[rows[kept], places[kept]] = tokens[kept]
    if longest <= width and are_sorted_sets(tokens, rows):
        matrix[matrix == _LAST] = 0
        return matrix
    matrix.sort(axis=1)
    again = matrix[:, 1:] == matrix[:, :-1]
    if (again & (matrix[:, 1:] != _LAST)).any():
        matrix[:, 1:][again] = _LAST
        matrix.sort(axis=1)
    matrix = matrix[:, :width]
    matrix[matrix == _LAST] = 0
    return matrix


def are_sorted_sets(items: U64, rows: I64) -> bool:
    """Whether the items of each list, laid end to end, are distinct and in ascending order."""
    return bool(((items[1:] > items[:-1]) | (rows[1:] != rows[:-1])).all())


def set_hash(column: pl.Series, width: int) -> U64:
    """One hash of each set of tokens (its `width` smallest) in any order; 0 for none."""
    where, items = lists(column)
    tokens = items.cast(pl.UInt64).to_numpy()
    rows = np.repeat(np.arange(len(column)), where.count)
    if int(where.count.max(initial=0)) > width or not are_sorted_sets(tokens, rows):
        matrix = padded(column, width)
        scrambled = np.where(matrix != 0, mixed(matrix), np.uint64(0))
        total: U64 = scrambled.sum(axis=1, dtype=np.uint64)
        return total
    result = np.zeros(len(column), dtype=np.uint64)
    some, starts = first_of_runs(where.count)
    if len(starts):
        scrambled = np.where(tokens != 0, mixed(tokens), np.uint64(0))
        result[some] = np.add.reduceat(scrambled, starts)
    return result


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
