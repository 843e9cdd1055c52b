"""Sets of tokens, many at a time: united in twos, put beside a day, laid out as lists.

What the compiled loops do of much (`adapters.feeds.loops`) NumPy does of little; tests hold the
two together.
"""

from collections.abc import Callable, Iterable

import numpy as np
import polars as pl
from numpy.typing import NDArray

from domain.pairing.arrays import I32, I64, U64, TokenSets, padded
from domain.pairing.kernel import is_worth_compiling


def numbers(tokens: Iterable[str]) -> U64:
    """The numbers that tokens of 16 hexadecimal digits stand for."""
    return np.frombuffer(bytes.fromhex("".join(tokens)), dtype=">u8").astype(np.uint64)


def sets(counts: I64, items: U64) -> TokenSets:
    """So many items each as sorted sets, each item once."""
    ends = _ends(counts)
    if is_worth_compiling(len(items)):
        from adapters.feeds import loops

        return TokenSets(*loops.sorted_sets(ends, items))
    row = np.repeat(np.arange(len(counts)), counts)
    order = np.lexsort((items, row))
    items, row = items[order], row[order]
    kept = np.ones(len(items), dtype=np.bool_)
    kept[1:] = (items[1:] != items[:-1]) | (row[1:] != row[:-1])
    return TokenSets(_ends(np.bincount(row[kept], minlength=len(counts))), items[kept])


def united(found: TokenSets, one: I32, other: I32) -> TokenSets:
    """The sets at two places of a table as one, for each pair of places."""
    if is_worth_compiling(len(one)):
        from adapters.feeds import loops

        return TokenSets(*loops.united(found.ends, found.items, one, other))
    width = int(found.count.max(initial=1))
    both = np.hstack([padded(found, place.astype(np.int64), width) for place in (one, other)])
    return sets((both != 0).sum(axis=1), both[both != 0])


def with_days(starts: TokenSets, day: I32, tokens: Callable[[I64, I64], U64]) -> TokenSets:
    """The tokens of each item of a set with the set's day; a day under 0 is none.

    Args:
        starts: A set of numbers under 2^32 for each day.
        day: The number of the day.
        tokens: Those of items and days, asked once for each two.
    """
    span = int(day.max(initial=0)) + 1
    number, codes = _numbered(_beside(starts, day, np.uint64(span)))
    made = tokens(*np.divmod(codes.astype(np.int64), span))
    return sets(np.where(day >= 0, starts.count, 0).astype(np.int64), made[number])


def _beside(starts: TokenSets, day: I32, span: np.uint64) -> U64:
    """Each item of each set that has a day, and that day, as one number."""
    if is_worth_compiling(len(starts.items)):
        from adapters.feeds import loops

        return loops.beside(starts.ends, starts.items, day, span)
    days = np.repeat(day, starts.count)
    there = days >= 0
    return starts.items[there] * span + days[there].astype(np.uint64)


def _numbered(codes: U64) -> tuple[I64 | I32, U64]:
    """The number of each code, and the codes by their numbers."""
    if is_worth_compiling(len(codes)):
        from adapters.feeds import loops

        number, first = loops.numbered(codes)
        return number, codes[first]
    values, row = np.unique(codes, return_inverse=True)
    return row.astype(np.int64), values


def cut(found: TokenSets, width: int) -> TokenSets:
    """The sets with their `width` smallest tokens at most."""
    count = found.count
    if count.max(initial=0) <= width:
        return found
    kept = np.arange(len(found.items)) - np.repeat(found.ends[:-1], count) < width
    return TokenSets(_ends(np.minimum(count, width)), found.items[kept])


def lists(found: TokenSets) -> pl.Series:
    """The sets as a column of lists."""
    count = found.count
    width = int(count.max(initial=1))
    rows = padded(found, np.arange(len(count)), max(width, 1))
    frame = pl.DataFrame({"token": rows, "held": count})
    return frame.select(pl.col("token").arr.to_list().list.head("held")).to_series()


def _ends(counts: NDArray[np.integer]) -> I32:
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
