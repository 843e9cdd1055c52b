"""Texts that differ by one slip of the hand: a character wrong, missing, extra, or two swapped."""

import numpy as np

from domain.pairing.arrays import I64, Bytes, Flags


def one_edit(left: Bytes, right: Bytes) -> Flags:
    """Row by row, whether exactly one slip turns one text into the other.

    Args:
        left, right: Zero-padded bytes, one text a row; the widths may differ.

    A slip is a substitution, an insertion, a deletion or a transposition of neighbours
    (Damerau, 1964).  Equal texts, and texts under three characters, are not one slip apart.
    """
    width = max(left.shape[1], right.shape[1])
    a, b = _widened(left, width), _widened(right, width)
    length_a, length_b = (a != 0).sum(axis=1), (b != 0).sum(axis=1)
    longest = np.maximum(length_a, length_b)
    prefix = _shared_start(a, b, longest)
    suffix = _shared_start(_flushed_right(a, length_a), _flushed_right(b, length_b), longest)
    edited = prefix + suffix >= longest - 1
    same_length = length_a == length_b
    result: Flags = (
        (np.minimum(length_a, length_b) >= 3)
        & ~((prefix == longest) & same_length)
        & (np.abs(length_a - length_b) <= 1)
        & (edited | _swapped(a, b, prefix, suffix, longest, same_length))
    )
    return result


def _swapped(a: Bytes, b: Bytes, prefix: I64, suffix: I64, longest: I64, same: Flags) -> Flags:
    row = np.arange(len(a))
    first = np.minimum(prefix, a.shape[1] - 1)
    second = np.minimum(prefix + 1, a.shape[1] - 1)
    crossed = (a[row, first] == b[row, second]) & (a[row, second] == b[row, first])
    result: Flags = same & (prefix + suffix == longest - 2) & crossed
    return result


def _widened(text: Bytes, width: int) -> Bytes:
    return np.pad(text, ((0, 0), (0, width - text.shape[1])))


def _flushed_right(text: Bytes, length: I64) -> Bytes:
    """Each text reversed, so that its end comes first."""
    place = length[:, None] - 1 - np.arange(text.shape[1])[None, :]
    return np.where(place >= 0, np.take_along_axis(text, np.maximum(place, 0), axis=1), 0).astype(
        np.uint8
    )


def _shared_start(a: Bytes, b: Bytes, longest: I64) -> I64:
    """How many characters agree before the first that does not, `longest` at most."""
    agreeing = np.cumprod(a == b, axis=1, dtype=np.int64).sum(axis=1)
    shared: I64 = np.minimum(agreeing, longest)
    return shared
