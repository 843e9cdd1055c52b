"""Texts as numbers: a hash of each that never changes, and its bytes as a row of a matrix.

The hash is ours and not a library's, because blocking keys are made of it and are stored.
"""

import numpy as np
import polars as pl

from domain.pairing.arrays import U64, Bytes, mixed
from domain.pairing.kernel import is_worth_compiling

WIDEST = 64
"""Bytes of a text that its hash is made of, from the first."""


def text_hash(column: pl.Series) -> U64:
    """A hash of each text's first 64 bytes; 0 for null and for empty text."""
    if is_worth_compiling(len(column)):
        return _compiled_hash(column)
    words = np.ascontiguousarray(byte_matrix(column, WIDEST)).view("<u8")
    result = np.zeros(len(column), dtype=np.uint64)
    for place in range(words.shape[1]):
        word = words[:, place]
        result = np.where(word != 0, mixed(result * np.uint64(3) + word), result)
    return result


def _compiled_hash(column: pl.Series) -> U64:
    """The same by the compiled loop, which reads the texts end to end."""
    from domain.pairing import lookups

    texts = column.cast(pl.String).fill_null("")
    data = np.frombuffer(texts.str.join("").item().encode(), dtype=np.uint8)
    result = np.zeros(len(column), dtype=np.uint64)
    lookups.text_hashes(data, texts.str.len_bytes().to_numpy(), result)
    return result


def byte_matrix(column: pl.Series, width: int) -> Bytes:
    """The UTF-8 bytes of each text, zero-padded or cut to `width` (a multiple of 8) at most."""
    texts = column.cast(pl.String).fill_null("")
    longest = texts.str.len_bytes().to_numpy().max(initial=1)
    width = min(width, -(-int(longest) // 8) * 8)
    if (texts.str.len_bytes() == texts.str.len_chars()).all():
        end_to_end = texts.str.head(width).str.pad_end(width, "\0").str.join("")
        packed = np.frombuffer(end_to_end.item().encode(), dtype=np.uint8)
        return packed.reshape(len(column), width)
    packed = np.array(texts.cast(pl.Binary).to_list(), dtype=f"S{width}")
    return packed.view(np.uint8).reshape(len(column), width)
