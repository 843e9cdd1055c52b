"""The bytes of a number: in capitals, parted into runs, read as a year or a day.

A value is parted into its runs of letters, its runs of digits and the signs between.  Imported
only by loops that Numba compiles.
"""

import numpy as np
from numpy.typing import NDArray

from domain.pairing.arrays import NO_DAY as NO_DAY_AT_ALL
from domain.pairing.arrays import Bytes
from domain.pairing.compiled import loop

LEFT = -1
"""The length of what is left to the patterns."""
NO_DAY = int(NO_DAY_AT_ALL)
WIDEST, MOST_RUNS = 48, 16
"""Bytes and runs of a value that is looked at."""
LETTERS, DIGITS = 0, 1
"""What a run is, unless it is the byte of a sign."""
SPACE, COMMA, DASH, DOT, SLASH, UNDERLINE, COLON, HASH = b" ,-./_:#"
ZERO, NINE, A, Z, SMALL_A, SMALL_Z, LAST = b"09AZaz~"
Runs = NDArray[np.int64]
"""What each run is, and where it ends."""


@loop
def tidied(data: Bytes, start: int, end: int, tidy: Bytes) -> int:
    """A value in capitals, with single spaces within: its length, LEFT if that cannot be."""
    held = 0
    for at in range(start, end):
        byte = int(data[at])
        if byte < SPACE or byte > LAST or held == WIDEST:
            return LEFT
        if byte == SPACE and (held == 0 or tidy[held - 1] == SPACE):
            continue
        tidy[held] = byte - SMALL_A + A if SMALL_A <= byte <= SMALL_Z else byte
        held += 1
    return held - 1 if held > 0 and tidy[held - 1] == SPACE else held


@loop
def two(tidy: Bytes, start: int) -> int:
    """Two bytes as one number."""
    return int(tidy[start]) << 8 | int(tidy[start + 1])


@loop
def is_digit(byte: int) -> bool:
    """Whether a byte is a digit."""
    return ZERO <= byte <= NINE


@loop
def is_letter(byte: int) -> bool:
    """Whether a byte is a capital."""
    return A <= byte <= Z


@loop
def parted(tidy: Bytes, held: int, runs: Runs) -> int:
    """Part a value into its runs; how many there are, LEFT if too many."""
    some, before = 0, -1
    for at in range(held):
        byte = int(tidy[at])
        kind = DIGITS if is_digit(byte) else LETTERS if is_letter(byte) else byte
        if kind != before or kind > DIGITS:
            if some == MOST_RUNS:
                return LEFT
            runs[0, some] = kind
            before = kind
            some += 1
        runs[1, some - 1] = at + 1
    return some


@loop
def begin(runs: Runs, run: int) -> int:
    """Where a run begins."""
    return int(runs[1, run - 1]) if run > 0 else 0


@loop
def long(runs: Runs, some: int, run: int, kind: int) -> int:
    """The length of a run of a kind, 0 if there is none of it there."""
    if run >= some or runs[0, run] != kind:
        return 0
    return int(runs[1, run]) - begin(runs, run)


@loop
def sign(runs: Runs, some: int, run: int) -> int:
    """The byte of a run that is a sign, else 0."""
    return int(runs[0, run]) if run < some and runs[0, run] > DIGITS else 0


@loop
def is_gap(byte: int) -> bool:
    """Whether a sign may stand between the parts of most numbers."""
    return byte in (SPACE, SLASH, DOT, UNDERLINE, DASH)


@loop
def number(tidy: Bytes, start: int, end: int) -> int:
    """What digits say."""
    total = 0
    for at in range(start, end):
        total = total * 10 + int(tidy[at]) - ZERO
    return total


@loop
def year(tidy: Bytes, start: int, end: int) -> int:
    """A year of two digits, or of four that begins with 20; -1 if it is neither."""
    if end - start == 2:
        return number(tidy, start, end) + 2000
    found = number(tidy, start, end) if end - start == 4 else -1
    return found if 2000 <= found < 2100 else -1


@loop
def put(tidy: Bytes, start: int, end: int, form: Bytes, at: int) -> int:
    """Copy what is left without zeros in front; where the form goes on."""
    while start < end and tidy[start] == ZERO:
        start += 1
    for place in range(start, end):
        form[at] = tidy[place]
        at += 1
    return at


@loop
def month_length(of: int, year: int) -> int:
    """The days of a month of this century."""
    if of == 2:
        return 29 if year % 4 == 0 else 28
    return 30 if of == 4 or of == 6 or of == 9 or of == 11 else 31


@loop
def day_of(year: int, month: int, day: int) -> int:
    """Days since 1970 of a day of this century, NO_DAY if there is no such day."""
    if not 1 <= month <= 12 or not 1 <= day <= month_length(month, year):
        return NO_DAY
    past = 10957 + (year - 2000) * 365 + (year - 1997) // 4 + day - 1
    for before in range(1, month):
        past += month_length(before, year)
    return past
