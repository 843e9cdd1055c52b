"""The loops over texts and blocking keys that Numba compiles.

Imported only when there is much to do (domain.pairing.kernel); compiling takes some seconds
the first time on a machine and is kept on disk after that.
"""

from typing import Any

import numpy as np

from domain.pairing.arrays import I32, U64, Bytes, Starts
from domain.pairing.compiled import loop

WIDEST = 64
"""As domain.pairing.texts has it."""
UNKNOWN, NO_BUCKET = -(1 << 40), -(1 << 31)
"""As domain.pairing.arrays has NO_DAY, and as domain.pairing.keys has it."""
NEAR, MOST_SHIFTS = 16, 4
"""Places of its day that are tried for a key; shifts that a record has at most."""


@loop
def mixed(value: np.uint64) -> np.uint64:
    """As domain.pairing.arrays has it."""
    value = value + np.uint64(0x9E3779B97F4A7C15)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


@loop
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


@loop
def set_hashes(ends: I32, items: U64, result: U64) -> None:
    """The hash of each set, as domain.pairing.texts has it; the arguments are of a TokenSets."""
    for item in range(len(result)):
        total = np.uint64(0)
        for place in range(ends[item], ends[item + 1]):
            total += mixed(items[place])
        result[item] = total


@loop
def _start(side: tuple[Any, ...], item: int) -> np.uint64:
    """What the keys of a value have in common; `side` has the fields of domain.pairing.keys.

    These keys are of one kind and are not stored, so they are made more simply than those.
    """
    row, force, value, more = side[:4]
    three = np.uint64(3)
    total = mixed(force[row[item]] * three + value[item])
    return mixed(total * three + more[item]) if len(more) else total


@loop
def _shifts(side: tuple[Any, ...], row: int) -> tuple[int, int]:
    """Which of the shifts are those of a record; the first if keys have no bucket of time."""
    _, dated, shifts, undated, length = side[4:]
    if length == 0:
        return 0, 1
    return (undated, len(shifts)) if dated[row] else (0, undated)


@loop
def _bucket(side: tuple[Any, ...], row: int, shift: int) -> int:
    """The bucket of a record for one of the shifts; 0 if keys have no bucket of time."""
    day, _, shifts, _, length = side[4:]
    if length == 0:
        return 0
    return NO_BUCKET if day[row] == NO_BUCKET else (day[row] + shifts[shift]) // length


@loop
def _is_new(made: I32, held: int, block: int, row: int) -> bool:
    """Whether a row, whose keys come one after another, was not yet put into a block."""
    place = held - 1
    while place >= 0 and made[1, place] == row:
        if made[0, place] == block:
            return False
        place -= 1
    return True


@loop
def _home(key: np.uint64, day: np.uint64, table: tuple[Any, ...]) -> Any:
    """The place of a hash table from which on a key is looked for.

    Keys of one day are put near each other, in `width` places, so that records in order of
    time find theirs in the processor's cache.
    """
    keys, _, _, width = table
    half = np.uint64(32)
    return (day * width + ((key >> half) * width >> half)) & np.uint64(len(keys) - 1)


@loop
def _place(key: np.uint64, home: np.uint64, table: tuple[Any, ...]) -> Any:
    """Where a key stands, or where it would: near its home or, when all is full there, anywhere."""
    keys = table[0]
    at, mask, one = home, np.uint64(len(keys) - 1), np.uint64(1)
    for _ in range(NEAR):
        if keys[at] == 0 or keys[at] == key:
            return at
        at = (at + one) & mask
    at = key & mask
    while keys[at] != 0 and keys[at] != key:
        at = (at + one) & mask
    return at


@loop
def _bit(key: np.uint64, day: np.uint64, table: tuple[Any, ...]) -> Any:
    """The bit that tells whether a key may be in a hash table."""
    _, _, bits, width = table
    within, half = np.uint64(8) * width, np.uint64(32)
    at = day * within + ((key & np.uint64((1 << 32) - 1)) * within >> half)
    return at & np.uint64(len(bits) * 64 - 1)


@loop
def _batch(
    side: tuple[Any, ...], item: int, table: tuple[Any, ...], batch: tuple[Any, ...], put: bool
) -> tuple[int, int]:
    """Keys from a value on, as many as a batch holds: each key, its home and its row.

    They are put among the bits of the table, or only those are taken that may be there.
    Returns the value that comes next, and how many keys there are.
    """
    row, value, bits = side[0], side[2], table[2]
    keys, homes, rows = batch[:3]
    some, one = 0, np.uint64(1)
    while item < len(value) and some + MOST_SHIFTS <= len(keys):
        start = _start(side, item)
        begin, end = _shifts(side, row[item]) if value[item] != 0 else (0, 0)
        for shift in range(begin, end):
            bucket = _bucket(side, row[item], shift)
            if bucket == NO_BUCKET:
                continue
            day = np.uint64(np.int64(bucket))
            key = max(mixed(start * np.uint64(3) + day), one)
            bit = _bit(key, day, table)
            word, mask = bit >> np.uint64(6), one << (bit & np.uint64(63))
            if put:
                bits[word] |= mask
            keys[some], homes[some], rows[some] = key, _home(key, day, table), row[item]
            some += (bits[word] & mask) != 0
        item += 1
    return item, some


@loop
def number(
    side: tuple[Any, ...], table: tuple[Any, ...], batch: tuple[Any, ...], made: I32
) -> tuple[int, int]:
    """Number the distinct keys of a side from 0 in an empty table.

    `table` has keys, their numbers, eight bits for each place, of which the key's is set, and
    the places of a day.  It is a power of two long and at least twice the keys; 0 is no key.
    `made` takes the block and the row of each key, a row once a block.  Returns how many
    blocks there are, and how many rows of them.  Keys come in batches, for which memory is
    asked all at once: waiting for one place after another takes many times as long.
    """
    keys, numbers = table[:2]
    key, home, row, found, _ = batch
    item, count, held = 0, 0, 0
    while item < len(side[2]):
        item, some = _batch(side, item, table, batch, True)
        for one in range(some):
            found[one] = keys[home[one]]
        for one in range(some):
            at = _place(key[one], home[one], table)
            if keys[at] == 0:
                keys[at], numbers[at] = key[one], count
                count += 1
            if _is_new(made, held, numbers[at], row[one]):
                made[0, held], made[1, held] = numbers[at], row[one]
                held += 1
    return count, held


@loop
def probe(side: tuple[Any, ...], table: tuple[Any, ...], batch: tuple[Any, ...], made: I32) -> int:
    """Look up every key of the other side; the block and the row of those found in `made`."""
    keys, numbers = table[:2]
    key, home, row, found, block = batch
    item, held = 0, 0
    while item < len(side[2]):
        item, some = _batch(side, item, table, batch, False)
        for one in range(some):
            found[one], block[one] = keys[home[one]], numbers[home[one]]
        for one in range(some):
            if found[one] != key[one]:
                at = _place(key[one], home[one], table)
                found[one], block[one] = keys[at], numbers[at]
            if found[one] != 0 and _is_new(made, held, block[one], row[one]):
                made[0, held], made[1, held] = block[one], row[one]
                held += 1
    return held
