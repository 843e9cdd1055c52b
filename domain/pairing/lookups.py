"""The loops over texts and blocking keys that Numba compiles.

Imported only when there is much to do (domain.pairing.kernel); compiling takes some seconds
the first time on a machine and is kept on disk after that.
"""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from domain.pairing.arrays import I64, U64, Bytes

I32 = NDArray[np.int32]
WIDEST = 64
"""As domain.pairing.texts has it."""
UNKNOWN = -(1 << 40)
"""As domain.pairing.arrays has NO_DAY."""


@njit(cache=True, nogil=True)
def mixed(value: np.uint64) -> np.uint64:
    """As domain.pairing.arrays has it."""
    value = value + np.uint64(0x9E3779B97F4A7C15)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


@njit(cache=True, nogil=True)
def text_hashes(data: Bytes, starts: I64, lengths: I32, result: U64) -> None:
    """The hash of each text, as domain.pairing.texts has it; the arguments are of a Packed."""
    for item in range(len(lengths)):
        start = starts[item]
        end = start + min(int(lengths[item]), WIDEST)
        total = np.uint64(0)
        for at in range(start, end, 8):
            word = np.uint64(0)
            for place in range(at, min(at + 8, end)):
                word |= np.uint64(data[place]) << np.uint64(8 * (place - at))
            if word != 0:
                total = mixed(total * np.uint64(3) + word)
        result[item] = total


@njit(cache=True, nogil=True)
def number(keys: U64, table: U64, numbers: I32, bits: U64, of: I64) -> int:
    """Number distinct keys from 0 in a hash table, `of` saying each key's; how many there are.

    `table` is of zeros, a power of two long and at least twice the keys, and 0 is not a key;
    `bits` holds eight bits for each of its places, and the bit of every key is set.
    """
    mask, of_bits = np.uint64(len(table) - 1), np.uint64(len(bits) * 64 - 1)
    count = 0
    for item in range(len(keys)):
        key = keys[item]
        at = key & mask
        while table[at] != 0 and table[at] != key:
            at = (at + np.uint64(1)) & mask
        if table[at] == 0:
            table[at] = key
            numbers[at] = count
            count += 1
            bit = (key >> np.uint64(20)) & of_bits
            bits[bit >> np.uint64(6)] |= np.uint64(1) << (bit & np.uint64(63))
        of[item] = numbers[at]
    return count


@njit(cache=True, nogil=True)
def _find(key: np.uint64, table: U64, numbers: I32, bits: U64) -> int:
    """The number of a key, -1 for one that the table does not hold."""
    bit = (key >> np.uint64(20)) & np.uint64(len(bits) * 64 - 1)
    if (bits[bit >> np.uint64(6)] >> (bit & np.uint64(63))) & np.uint64(1) == 0:
        return -1
    mask = np.uint64(len(table) - 1)
    at = key & mask
    while table[at] != 0 and table[at] != key:
        at = (at + np.uint64(1)) & mask
    return int(numbers[at]) if table[at] != 0 else -1


@njit(cache=True, nogil=True)
def probe(
    values: tuple[Any, ...], no_day: int, table: U64, numbers: I32, bits: U64, made: I64
) -> int:
    """Look up every key of a side; block * rows + row of those found in `made`; how many.

    `values` are the fields of domain.pairing.keys.Emitted, its buckets a matrix, a row each.
    """
    kind, row, force, value, filed, buckets = values
    three, one = np.uint64(3), np.uint64(1)
    of_kind = mixed(kind) * three
    rows, held = len(force), 0
    for item in range(len(value)):
        if value[item] == 0:
            continue
        total = mixed(mixed(of_kind + force[row[item]]) * three + value[item])
        if len(buckets) == 0:
            found = _find(max(total, one), table, numbers, bits)
            if found >= 0:
                made[held] = found * rows + row[item]
                held += 1
        for place in range(len(buckets)):
            day = buckets[place, filed[item]]
            if day != no_day:
                key = mixed(total * three + np.uint64(day))
                found = _find(max(key, one), table, numbers, bits)
                if found >= 0:
                    made[held] = found * rows + row[item]
                    held += 1
    return held


@njit(cache=True, nogil=True)
def _is_within(a: int, b: int, window: tuple[Any, ...]) -> bool:
    """Whether two rows are of one force and near in time, as domain.pairing.candidates has it."""
    at_left, at_right, of_left, of_right, least, most = window
    if of_left[a] != of_right[b] or of_left[a] == 0:
        return False
    if at_left[a] == UNKNOWN or at_right[b] == UNKNOWN:
        return False
    gap = at_right[b] - at_left[a]
    return bool(least <= gap <= most)


@njit(cache=True, nogil=True)
def count_within(
    first: I64, size: I64, referral: I64, document: I64, window: tuple[Any, ...]
) -> int:
    """How many pairs are within the window.

    `document` has rows of one side, and beside each stands which of `referral`, the rows of the
    other, share a block with it: `size` of them from `first` on.  `window` is that of Window.
    """
    found = 0
    for item in range(len(document)):
        for place in range(first[item], first[item] + size[item]):
            if _is_within(referral[place], document[item], window):
                found += 1
    return found


@njit(cache=True, nogil=True)
def list_within(
    first: I64, size: I64, referral: I64, document: I64, window: tuple[Any, ...], pairs: I64
) -> None:
    """Those pairs, as left * rows of the right side + right."""
    found, rows = 0, len(window[1])
    for item in range(len(document)):
        for place in range(first[item], first[item] + size[item]):
            if _is_within(referral[place], document[item], window):
                pairs[found] = referral[place] * rows + document[item]
                found += 1
