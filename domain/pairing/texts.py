"""Texts as numbers: a hash of each that never changes, and its bytes where they are needed.

The hash is ours and not a library's, because blocking keys are stored and are made of it.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from domain.pairing.arrays import (
    I32,
    I64,
    U64,
    Bytes,
    Flags,
    Starts,
    TokenSets,
    first_of_runs,
    mixed,
)
from domain.pairing.kernel import is_worth_compiling

WIDEST = 64
"""Bytes of a text that its hash is made of, from the first."""


@dataclass(frozen=True)
class Packed:
    """Texts end to end in UTF-8: text i is `length[i]` bytes of `data` from `start[i]` on."""

    data: Bytes
    start: Starts
    length: I32


def packed(column: pl.Series) -> Packed:
    """The texts of a column; null is as empty text."""
    texts = column.cast(pl.String).fill_null("")
    whole = texts.str.join("").item() if len(texts) else ""
    length = texts.str.len_bytes().cast(pl.Int32).to_numpy()
    data = np.frombuffer(whole.encode(), dtype=np.uint8)
    kind = np.int32 if len(data) < 1 << 31 else np.int64
    return Packed(data, (np.cumsum(length, dtype=np.int64) - length).astype(kind), length)


def text_hash(column: pl.Series) -> U64:
    """A hash of each text's first 64 bytes; 0 for null and for empty text."""
    return hashes(packed(column))


def hashes(texts: Packed) -> U64:
    """The hash of each text."""
    if is_worth_compiling(len(texts.start)):
        from domain.pairing import lookups

        result = np.empty(len(texts.start), dtype=np.uint64)
        lookups.text_hashes(texts.data, texts.start, texts.length, result)
        return result
    words = np.ascontiguousarray(byte_matrix(texts, WIDEST)).view("<u8")
    result = np.zeros(len(texts.start), dtype=np.uint64)
    for place in range(words.shape[1]):
        word = words[:, place]
        result = np.where(word != 0, mixed(result * np.uint64(3) + word), result)
    return result


def byte_matrix(texts: Packed, width: int, rows: I64 | None = None) -> Bytes:
    """The bytes of each text (or of those at `rows`), zero-padded or cut to `width` at most.

    `width` is a multiple of 8, and so is that of the matrix, which is no wider than need be.
    """
    start = texts.start if rows is None else texts.start[rows]
    length = texts.length if rows is None else texts.length[rows]
    places = np.arange(min(width, -(-int(length.max(initial=1)) // 8) * 8))
    inside = places < length[:, None]
    data = texts.data if len(texts.data) else np.zeros(1, dtype=np.uint8)
    found: Bytes = np.where(inside, data[np.where(inside, start[:, None] + places, 0)], 0)
    return found.astype(np.uint8)


def halves(texts: Packed, separator: str) -> tuple[Packed, Packed, Flags]:
    """What stands before the first separator, what after the last, and whether there is one.

    Without a separator both are the whole text.  `separator` is one ASCII character.
    """
    at = np.flatnonzero(texts.data == ord(separator))
    text = np.searchsorted(texts.start, at, side="right") - 1
    first, last = texts.start + texts.length, texts.start - 1
    first[text[::-1]] = at[::-1]
    last[text] = at
    ends = texts.start + texts.length
    before = Packed(texts.data, texts.start, (first - texts.start).astype(np.int32))
    after = Packed(texts.data, last + 1, (ends - last - 1).astype(np.int32))
    several: Flags = np.zeros(len(texts.start), dtype=np.bool_)
    several[text] = True
    return before, after, several


def set_hashes(sets: TokenSets) -> U64:
    """One hash of each set of tokens; 0 for none."""
    result = np.zeros(len(sets.ends) - 1, dtype=np.uint64)
    if is_worth_compiling(len(result)):
        from domain.pairing import lookups

        lookups.set_hashes(sets.ends, sets.items, result)
        return result
    some, starts = first_of_runs(sets.count.astype(np.int64))
    if len(starts):
        result[some] = np.add.reduceat(mixed(sets.items), starts)
    return result
