"""The loops over whole columns that Numba compiles.

Imported only when there is much to do (domain.pairing.kernel); compiling takes some seconds
the first time on a machine and is kept on disk after that.
"""

import numpy as np
from numba import njit

from domain.pairing.arrays import I32, I64, U64, Bytes, Starts
from domain.pairing.compiled import loop

_SMALLEST = 1 << 16
"""Places of a table of hashes when it is begun."""
_TURN = np.uint64(0x9E3779B97F4A7C15)
"""Spreads a hash over a table: 2^64 over the golden ratio (Knuth, TAOCP 3, 6.4)."""


@njit(cache=True, nogil=True)
def _place(key: np.uint64, keys: U64, numbers: I32) -> int:
    """Where a key stands in a table, or where it would."""
    mask = np.uint64(len(keys) - 1)
    at = (key * _TURN) >> np.uint64(32) & mask
    while numbers[at] >= 0 and keys[at] != key:
        at = (at + np.uint64(1)) & mask
    return int(at)


@njit(cache=True, nogil=True)
def numbered(hashes: U64) -> tuple[I32, I64]:
    """The number of each hash, from 0 in the order in which they come, and where each first is."""
    keys, numbers = np.zeros(_SMALLEST, np.uint64), np.full(_SMALLEST, -1, np.int32)
    result, first = np.empty(len(hashes), np.int32), np.empty(len(hashes), np.int64)
    count = 0
    for row in range(len(hashes)):
        at = _place(hashes[row], keys, numbers)
        if numbers[at] < 0:
            keys[at], numbers[at], first[count] = hashes[row], count, row
            count += 1
        result[row] = numbers[at]
        if 2 * count > len(keys):
            keys, numbers = np.zeros(4 * len(keys), np.uint64), np.full(4 * len(keys), -1, np.int32)
            for number in range(count):
                key = hashes[first[number]]
                at = _place(key, keys, numbers)
                keys[at], numbers[at] = key, number
    return result, first[:count].copy()


@njit(cache=True, nogil=True)
def in_turn(asked: U64, hashes: U64) -> tuple[I64, bool]:
    """Where each hash asked for stands, if they are asked for in the order of `hashes`."""
    result = np.empty(len(asked), np.int64)
    at = 0
    for row in range(len(asked)):
        while at < len(hashes) and hashes[at] != asked[row]:
            at += 1
        if at == len(hashes):
            return result, False
        result[row] = at
    return result, True


@njit(cache=True, nogil=True)
def united(ends: I32, items: U64, one: I32, other: I32) -> tuple[I32, U64]:
    """Of two sets of a table the union, for each pair of them; sets are sorted."""
    most = 0
    for row in range(len(one)):
        for place in (one[row], other[row]):
            most += ends[place + 1] - ends[place]
    made, until = np.empty(most, np.uint64), np.zeros(len(one) + 1, np.int32)
    count = 0
    for row in range(len(one)):
        a, last_a = ends[one[row]], ends[one[row] + 1]
        b, last_b = ends[other[row]], ends[other[row] + 1]
        while a < last_a or b < last_b:
            first = b == last_b or (a < last_a and items[a] <= items[b])
            both = a < last_a and b < last_b and items[a] == items[b]
            made[count] = items[a] if first else items[b]
            a += first or both
            b += not first or both
            count += 1
        until[row + 1] = count
    return until, made[:count].copy()


@njit(cache=True, nogil=True)
def beside(ends: I32, items: U64, day: I32, span: np.uint64) -> U64:
    """Each item of each set that has a day, times `span`, and that day."""
    made = np.empty(len(items), np.uint64)
    count = 0
    for row in range(len(day)):
        if day[row] >= 0:
            for at in range(ends[row], ends[row + 1]):
                made[count] = items[at] * span + np.uint64(day[row])
                count += 1
    return made[:count].copy()


@njit(cache=True, nogil=True)
def sorted_sets(ends: I32, items: U64) -> tuple[I32, U64]:
    """Each stretch of items sorted, each item once; sets are small."""
    made, until = np.empty(len(items), np.uint64), np.zeros(len(ends), np.int32)
    count = 0
    for row in range(len(ends) - 1):
        begin = count
        for at in range(ends[row], ends[row + 1]):
            place = count
            while place > begin and made[place - 1] > items[at]:
                place -= 1
            if place == begin or made[place - 1] != items[at]:
                for moved in range(count, place, -1):
                    made[moved] = made[moved - 1]
                made[place] = items[at]
                count += 1
        until[row + 1] = count
    return until, made[:count].copy()


@loop
def woven(parts: tuple[Bytes, Bytes], length: I32, left: I64, made: Bytes) -> None:
    """Texts end to end in `made`: at the rows of `left` from the second part, else the first."""
    most, rest = parts
    at, one, other, turn = 0, 0, 0, 0
    for row in range(len(length)):
        is_left = turn < len(left) and left[turn] == row
        turn += is_left
        for _ in range(length[row]):
            if is_left:
                made[at] = rest[other]
                other += 1
            else:
                made[at] = most[one]
                one += 1
            at += 1


@loop
def once_each(
    count: I64, texts: tuple[Bytes, Starts, I32], made: tuple[Bytes, I32]
) -> tuple[int, int]:
    """Lists of texts without those of no length and those that were in the same list before.

    `count`, the lengths of the lists, becomes that of the new ones.  `made` takes the texts'
    bytes and lengths; how many there are of texts, and of bytes.
    """
    data, start, length = texts
    form, lengths = made
    item, some, held = 0, 0, 0
    for row in range(len(count)):
        first, first_at = some, held
        for _ in range(count[row]):
            if length[item] > 0 and not _is_among(
                form, lengths, first, first_at, some, texts, item
            ):
                for place in range(length[item]):
                    form[held + place] = data[start[item] + place]
                lengths[some] = length[item]
                held += int(length[item])
                some += 1
            item += 1
        count[row] = some - first
    return some, held


@loop
def _is_among(
    form: Bytes,
    lengths: I32,
    first: int,
    at: int,
    end: int,
    texts: tuple[Bytes, Starts, I32],
    item: int,
) -> bool:
    """Whether a text is one of those from `first`, which begins at `at`, to `end`."""
    data, start, length = texts
    for other in range(first, end):
        if lengths[other] == length[item]:
            same = 0
            while same < length[item] and form[at + same] == data[start[item] + same]:
                same += 1
            if same == length[item]:
                return True
        at += int(lengths[other])
    return False
