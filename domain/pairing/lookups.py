"""The loops over texts and blocking keys that Numba compiles.

Imported only when there is much to do (domain.pairing.kernel); compiling takes some seconds
the first time on a machine and is kept on disk after that.
"""

from typing import Any

import numpy as np
from numba import njit

from domain.pairing.arrays import I32, I64, U64, Bytes, Starts

WIDEST = 64
"""As domain.pairing.texts has it."""
UNKNOWN, NO_BUCKET = -(1 << 40), -(1 << 31)
"""As domain.pairing.arrays has NO_DAY, and as domain.pairing.keys has it."""
NEAR = 16
"""Places of its day that are tried for a key."""


@njit(cache=True, nogil=True)
def mixed(value: np.uint64) -> np.uint64:
    """As domain.pairing.arrays has it."""
    value = value + np.uint64(0x9E3779B97F4A7C15)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


@njit(cache=True, nogil=True)
def text_hashes(data: Bytes, starts: Starts, lengths: I32, result: U64) -> None:
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
def set_hashes(ends: I32, items: U64, result: U64) -> None:
    """The hash of each set, as domain.pairing.texts has it; the arguments are of a TokenSets."""
    for item in range(len(result)):
        total = np.uint64(0)
        for place in range(ends[item], ends[item + 1]):
            total += mixed(items[place])
        result[item] = total


@njit(cache=True, nogil=True)
def _start(side: tuple[Any, ...], item: int) -> np.uint64:
    """What the keys of a value have in common; `side` has the fields of domain.pairing.keys."""
    kind, row, force, value, more, _ = side
    three = np.uint64(3)
    total = mixed(mixed(mixed(kind) * three + force[row[item]]) * three + value[item])
    return mixed(total * three + more[item]) if len(more) else total


@njit(cache=True, nogil=True)
def _place(key: np.uint64, day: np.uint64, table: tuple[Any, ...]) -> Any:
    """Where a key stands in a hash table, or where it would.

    Keys of one day are put near each other, in `width` places, so that records in order of
    time find theirs in the processor's cache; when a day is full, anywhere.
    """
    keys, _, _, width = table
    mask, one = np.uint64(len(keys) - 1), np.uint64(1)
    at = (day * width + (key & (width - one))) & mask
    for _ in range(NEAR):
        if keys[at] == 0 or keys[at] == key:
            return at
        at = (at + one) & mask
    at = (key >> np.uint64(32)) & mask
    while keys[at] != 0 and keys[at] != key:
        at = (at + one) & mask
    return at


@njit(cache=True, nogil=True)
def _bit(key: np.uint64, day: np.uint64, table: tuple[Any, ...]) -> Any:
    """The bit that tells whether a key may be in a hash table."""
    _, _, bits, width = table
    within = np.uint64(8) * width
    return (day * within + ((key >> np.uint64(20)) & (within - np.uint64(1)))) & np.uint64(
        len(bits) * 64 - 1
    )


@njit(cache=True, nogil=True)
def _numbered(key: np.uint64, day: np.uint64, table: tuple[Any, ...], count: int) -> int:
    """The number of a key in a hash table, `count` if it is new and was put there."""
    keys, numbers, bits, _ = table
    at = _place(key, day, table)
    if keys[at] == 0:
        keys[at] = key
        numbers[at] = count
        bit = _bit(key, day, table)
        bits[bit >> np.uint64(6)] |= np.uint64(1) << (bit & np.uint64(63))
    return int(numbers[at])


@njit(cache=True, nogil=True)
def _found(key: np.uint64, day: np.uint64, table: tuple[Any, ...]) -> int:
    """The number of a key, -1 for one that the table does not hold."""
    keys, numbers, bits, _ = table
    bit = _bit(key, day, table)
    if (bits[bit >> np.uint64(6)] >> (bit & np.uint64(63))) & np.uint64(1) == 0:
        return -1
    at = _place(key, day, table)
    return int(numbers[at]) if keys[at] != 0 else -1


@njit(cache=True, nogil=True)
def number(side: tuple[Any, ...], table: tuple[Any, ...], made: I32) -> tuple[int, int]:
    """Number the distinct keys of a side from 0 in an empty table.

    `table` has keys, their numbers, eight bits for each place, of which the key's is set, and
    the places of a day.  It is a power of two long and at least twice the keys; 0 is no key.
    `made` takes the block and the row of each key, a row once a block.  Returns how many
    blocks there are, and how many rows of them.
    """
    row, value, buckets = side[1], side[3], side[5]
    last = np.full(max(made.shape[1], 1), -1, dtype=np.int32)
    count, held, alone = 0, 0, len(buckets) == 0
    for item in range(len(value)):
        if value[item] == 0:
            continue
        start = _start(side, item)
        for place in range(max(len(buckets), 1)):
            key, day = start, np.uint64(0)
            if not alone:
                bucket = buckets[place, row[item]]
                if bucket == NO_BUCKET:
                    continue
                day = np.uint64(np.int64(bucket))
                key = mixed(start * np.uint64(3) + day)
            block = _numbered(max(key, np.uint64(1)), day, table, count)
            count = max(count, block + 1)
            if last[block] != row[item]:
                last[block] = row[item]
                made[0, held], made[1, held] = block, row[item]
                held += 1
    return count, held


@njit(cache=True, nogil=True)
def probe(side: tuple[Any, ...], table: tuple[Any, ...], count: int, made: I32) -> int:
    """Look up every key of the other side; the block and the row of those found in `made`."""
    row, value, buckets = side[1], side[3], side[5]
    last = np.full(max(count, 1), -1, dtype=np.int32)
    held, alone = 0, len(buckets) == 0
    for item in range(len(value)):
        if value[item] == 0:
            continue
        start = _start(side, item)
        for place in range(max(len(buckets), 1)):
            key, day = start, np.uint64(0)
            if not alone:
                bucket = buckets[place, row[item]]
                if bucket == NO_BUCKET:
                    continue
                day = np.uint64(np.int64(bucket))
                key = mixed(start * np.uint64(3) + day)
            block = _found(max(key, np.uint64(1)), day, table)
            if block >= 0 and last[block] != row[item]:
                last[block] = row[item]
                made[0, held], made[1, held] = block, row[item]
                held += 1
    return held


@njit(cache=True, nogil=True)
def grouped(block: I32, row: I32, count: int) -> tuple[I64, I32]:
    """The rows by block, in the order in which they come, and where each block begins."""
    first = np.zeros(count + 1, dtype=np.int64)
    for item in range(len(block)):
        first[block[item] + 1] += 1
    for place in range(count):
        first[place + 1] += first[place]
    free, rows = first[:-1].copy(), np.empty(len(row), dtype=np.int32)
    for item in range(len(block)):
        rows[free[block[item]]] = row[item]
        free[block[item]] += 1
    return first, rows


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
    first: I64, referral: I32, block: I32, document: I32, window: tuple[Any, ...]
) -> int:
    """How many pairs of the blocks are within the window, which is that of Window."""
    found = 0
    for item in range(len(document)):
        for place in range(first[block[item]], first[block[item] + 1]):
            if _is_within(referral[place], document[item], window):
                found += 1
    return found


@njit(cache=True, nogil=True)
def list_within(
    first: I64, referral: I32, block: I32, document: I32, window: tuple[Any, ...], pairs: I64
) -> int:
    """Put them into `pairs`, as left * rows of the right side + right; how many there are."""
    found, rows = 0, len(window[1])
    for item in range(len(document)):
        for place in range(first[block[item]], first[block[item] + 1]):
            if _is_within(referral[place], document[item], window):
                pairs[found] = np.int64(referral[place]) * rows + document[item]
                found += 1
    return found
