"""The loops over whole columns that Numba compiles.

Imported only when there is much to do (domain.pairing.kernel); compiling takes some seconds
the first time on a machine and is kept on disk after that.
"""

import numpy as np

from domain.pairing.arrays import I32, I64, U64, Bytes, Flags
from domain.pairing.compiled import loop

_TURN = np.uint64(0x9E3779B97F4A7C15)
"""Spreads a hash over a table: 2^64 over the golden ratio (Knuth, TAOCP 3, 6.4)."""
Table = tuple[U64, I32]
"""Hashes and their numbers, -1 where there is none; a power of two of places."""
Texts = tuple[Bytes, I32]
"""Texts end to end, and their lengths."""
Sets = tuple[I32, U64]
"""Where the sets end, from 0, and their items: as a TokenSets has them."""


@loop
def _place(key: np.uint64, keys: U64, numbers: I32) -> int:
    """Where a key stands in a table, or where it would."""
    mask = np.uint64(len(keys) - 1)
    at = (key * _TURN) >> np.uint64(32) & mask
    while numbers[at] >= 0 and keys[at] != key:
        at = (at + np.uint64(1)) & mask
    return int(at)


@loop
def put(hashes: U64, first: I64, table: Table) -> None:
    """Put the hashes in the rows `first` into an empty table, numbered from 0."""
    keys, numbers = table
    for number in range(len(first)):
        key = hashes[first[number]]
        at = _place(key, keys, numbers)
        keys[at], numbers[at] = key, number


@loop
def numbered(
    hashes: U64, row: int, count: int, table: Table, made: tuple[I32, I64]
) -> tuple[int, int]:
    """Number hashes from a row on until half of the table is full.

    `made` takes the number of each, from 0 in the order in which they come, and where each
    number is first; there are `count` already.  The row that comes next, and how many numbers.
    """
    keys, numbers = table
    result, first = made
    while row < len(hashes) and 2 * count < len(keys):
        at = _place(hashes[row], keys, numbers)
        if numbers[at] < 0:
            keys[at], numbers[at], first[count] = hashes[row], count, row
            count += 1
        result[row] = numbers[at]
        row += 1
    return row, count


@loop
def in_turn(asked: U64, hashes: U64, result: I32) -> bool:
    """Where each hash asked for stands, if they are asked for in the order of `hashes`."""
    at = 0
    for row in range(len(asked)):
        while at < len(hashes) and hashes[at] != asked[row]:
            at += 1
        if at == len(hashes):
            return False
        result[row] = at
    return True


@loop
def at_most(ends: I32, one: I32, other: I32) -> int:
    """The items of both sets of all pairs of places."""
    total = 0
    for row in range(len(one)):
        total += ends[one[row] + 1] - ends[one[row]] + ends[other[row] + 1] - ends[other[row]]
    return total


@loop
def united(found: Sets, one: I32, other: I32, made: Sets) -> int:
    """Of two sets of a table the union, for each pair of them; how many items there are."""
    ends, items = found
    until, union = made
    until[0] = count = 0
    for row in range(len(one)):
        a, last_a = ends[one[row]], ends[one[row] + 1]
        b, last_b = ends[other[row]], ends[other[row] + 1]
        while a < last_a and b < last_b:
            x, y = items[a], items[b]
            union[count] = min(x, y)
            a += x <= y
            b += y <= x
            count += 1
        for rest in range(a, last_a):
            union[count] = items[rest]
            count += 1
        for rest in range(b, last_b):
            union[count] = items[rest]
            count += 1
        until[row + 1] = count
    return count


@loop
def mark(starts: Sets, places: tuple[I32, I32], day: I32, span: int, marks: Flags) -> int:
    """Mark each day, times `span`, and each item of either set that has it; how many."""
    ends, items = starts
    one, other = places
    total = 0
    for row in range(len(day)):
        if day[row] >= 0:
            at = day[row] * span
            for place in range(ends[one[row]], ends[one[row] + 1]):
                marks[at + int(items[place])] = True
                total += 1
            for place in range(ends[other[row]], ends[other[row] + 1]):
                marks[at + int(items[place])] = True
                total += 1
    return total


@loop
def beside(
    starts: Sets, places: tuple[I32, I32], day: I32, span: int, made: tuple[U64, I32, U64]
) -> int:
    """What stands in a table for what `mark` marks of each row; how many items that is.

    `made` has the table, and room for where each row's items end and for the items.
    """
    ends, items = starts
    one, other = places
    table, until, found = made
    until[0] = count = 0
    for row in range(len(day)):
        if day[row] >= 0:
            at = day[row] * span
            for place in range(ends[one[row]], ends[one[row] + 1]):
                found[count] = table[at + int(items[place])]
                count += 1
            for place in range(ends[other[row]], ends[other[row] + 1]):
                found[count] = table[at + int(items[place])]
                count += 1
        until[row + 1] = count
    return count


@loop
def sort_sets(ends: I32, items: U64) -> int:
    """Sort each stretch of items in its place, each item once; how many items there are.

    Stretches are short: those of two and of three are sorted without asking, as no guess of
    the processor at how tokens compare is better than another.
    """
    count, begin = 0, ends[0]
    for row in range(len(ends) - 1):
        end = ends[row + 1]
        first = count
        if end - begin == 2:
            a, b = items[begin], items[begin + 1]
            items[count], items[count + 1] = min(a, b), max(a, b)
            count += 1 + (a != b)
        elif end - begin == 3:
            a, b, c = items[begin], items[begin + 1], items[begin + 2]
            low, high = min(a, b), max(a, b)
            rest = max(low, c)
            low, middle, high = min(low, c), min(high, rest), max(high, rest)
            items[count] = low
            count += 1
            items[count] = middle
            count += middle != low
            items[count] = high
            count += high != middle
        else:
            for at in range(begin, end):
                count = _sorted_in(items[at], first, count, items)
        begin = end
        ends[row + 1] = count
    return count


@loop
def _sorted_in(item: np.uint64, begin: int, end: int, made: U64) -> int:
    """Put an item into a sorted stretch unless it is there; where the stretch ends."""
    place = end
    while place > begin and made[place - 1] > item:
        place -= 1
    if place > begin and made[place - 1] == item:
        return end
    for moved in range(end, place, -1):
        made[moved] = made[moved - 1]
    made[place] = item
    return end + 1


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
def once_each(count: I64, texts: Texts, made: Texts) -> tuple[int, int]:
    """Lists of texts without those of no length and those that were in the same list before.

    `count`, the lengths of the lists, becomes that of the new ones.  `made` takes the texts;
    how many there are of them, and of their bytes.
    """
    data, length = texts
    form, lengths = made
    item, at, some, held = 0, 0, 0, 0
    for row in range(len(count)):
        first, first_at = some, held
        for _ in range(count[row]):
            end = at + int(length[item])
            if end > at and not _is_among(made, first, some, first_at, data, at, end):
                for place in range(at, end):
                    form[held] = data[place]
                    held += 1
                lengths[some] = end - at
                some += 1
            item += 1
            at = end
        count[row] = some - first
    return some, held


@loop
def _is_among(
    made: Texts, first: int, last: int, begin: int, data: Bytes, start: int, end: int
) -> bool:
    """Whether a text is one of those from `first`, which begins at `begin`, to `last`."""
    form, lengths = made
    for other in range(first, last):
        if lengths[other] == end - start:
            same = 0
            while start + same < end and form[begin + same] == data[start + same]:
                same += 1
            if start + same == end:
                return True
        begin += int(lengths[other])
    return False
