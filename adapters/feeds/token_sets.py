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

Tokens = Callable[[I64, I64], U64]
"""The tokens of items and days, by their numbers."""
_ROOM, _SMALL = 4, 1 << 16
"""Places of a table for each person at most, and places that are always few."""


def numbers(tokens: Iterable[str]) -> U64:
    """The numbers that tokens of 16 hexadecimal digits stand for."""
    return np.frombuffer(bytes.fromhex("".join(tokens)), dtype=">u8").astype(np.uint64)


def sets(counts: I64, items: U64) -> TokenSets:
    """So many items each as sorted sets, each item once."""
    ends = _ends(counts)
    if is_worth_compiling(len(items)):
        from adapters.feeds import loops

        items = items.copy()
        held = loops.sort_sets(ends, items)
        return TokenSets(ends, items[:held])
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

        until = np.empty(len(one) + 1, np.int32)
        union = np.empty(loops.at_most(found.ends, one, other), np.uint64)
        held = loops.united((found.ends, found.items), one, other, (until, union))
        return TokenSets(until, union[:held])
    width = int(found.count.max(initial=1))
    both = np.hstack([padded(found, place.astype(np.int64), width) for place in (one, other)])
    return sets((both != 0).sum(axis=1), both[both != 0])


def with_days(starts: TokenSets, one: I32, other: I32, day: I32, tokens: Tokens) -> TokenSets:
    """The tokens of each item of either set of a pair of places with the pair's day.

    Args:
        starts: A table of sets of small numbers.
        one: The places of one set of each pair.
        other: Those of the other.
        day: The number of each pair's day; under 0 it is none.
        tokens: Those of items and days, asked once for each two.
    """
    span = int(starts.items.max(initial=0)) + 1
    size = (int(day.max(initial=0)) + 1) * span
    if is_worth_compiling(len(day)) and size <= max(_SMALL, _ROOM * len(day)):
        return _by_table(starts, (one, other), day, (size, span), tokens)
    both = united(starts, one, other)
    days = np.repeat(day, both.count)
    there = days >= 0
    asked = days[there] * np.int64(span) + both.items[there].astype(np.int64)
    codes, number = np.unique(asked, return_inverse=True)
    made = tokens(codes % span, codes // span)
    return sets(np.where(day >= 0, both.count, 0).astype(np.int64), made[number])


def _by_table(
    starts: TokenSets, places: tuple[I32, I32], day: I32, table: tuple[int, int], tokens: Tokens
) -> TokenSets:
    """The same, where a table of all days with all items is small: its size, and a day's."""
    from adapters.feeds import loops

    size, span = table
    found, marks = (starts.ends, starts.items), np.zeros(size, np.bool_)
    most = loops.mark(found, places, day, span, marks)
    asked = np.flatnonzero(marks)
    known = np.zeros(size, np.uint64)
    known[asked] = tokens(asked % span, asked // span)
    until, items = np.empty(len(day) + 1, np.int32), np.empty(most, np.uint64)
    loops.beside(found, places, day, span, (known, until, items))
    held = loops.sort_sets(until, items)
    return TokenSets(until, items[:held])


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
