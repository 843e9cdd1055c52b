"""The loop over pairs of people that Numba compiles.

Imported only when there is much to do (domain.pairing.kernel).
"""

from typing import Any, TypeAlias

import numpy as np

from domain.pairing.arrays import I32, I64, U64
from domain.pairing.compiled import loop
from domain.pairing.weights import STEPS

ALL, SINGLE, SOUNDS_ALL, MOST, ONE, SOUND_ONE, INITIAL, NO_NAME = range(1, 9)
SAME, SAME_DEFAULT, SWAPPED, OTHER_DEFAULT, OTHER = range(1, 6)
"""Levels of a name and of a date of birth, as numbered in LEVELS."""
WIDEST = 8
"""Tokens of a set that are compared, as domain.pairing.people has it."""
Parts: TypeAlias = tuple[Any, ...]


@loop
def _span(ends: I32, at: int) -> tuple[int, int]:
    """Where a set of tokens begins, and how many of it are compared."""
    return ends[at], min(ends[at + 1] - ends[at], WIDEST)


@loop
def _common(ends_a: I32, items_a: U64, a: int, ends_b: I32, items_b: U64, b: int) -> int:
    """How many tokens two sets share, which are sorted."""
    at_a, of_a = _span(ends_a, a)
    at_b, of_b = _span(ends_b, b)
    end_a, end_b, found = at_a + of_a, at_b + of_b, 0
    while at_a < end_a and at_b < end_b:
        left, right = items_a[at_a], items_b[at_b]
        found += left == right
        at_a += left <= right
        at_b += right <= left
    return found


@loop
def _name(sets_a: Parts, sets_b: Parts, a: int, b: int) -> int:
    """The level of a name, as domain.pairing.people has it."""
    names_a, spelt_a, sounds_a, heard_a, initials_a, starts_a = sets_a
    names_b, spelt_b, sounds_b, heard_b, initials_b, starts_b = sets_b
    of_a, of_b = _span(names_a, a)[1], _span(names_b, b)[1]
    if of_a == 0 or of_b == 0:
        return 0
    same = _common(names_a, spelt_a, a, names_b, spelt_b, b)
    if same == of_a and same == of_b and same >= 1:
        return ALL if same >= 2 else SINGLE
    heard = _common(sounds_a, heard_a, a, sounds_b, heard_b, b)
    if heard >= 2 and heard == _span(sounds_a, a)[1] and heard == _span(sounds_b, b)[1]:
        return SOUNDS_ALL
    if same >= 2 or heard >= 2:
        return MOST
    if same >= 1:
        return ONE
    if heard >= 1:
        return SOUND_ONE
    return INITIAL if _common(initials_a, starts_a, a, initials_b, starts_b, b) > 0 else NO_NAME


@loop
def _dob(dob_a: int, dob_b: int, ordered_a: int, ordered_b: int, default: bool) -> int:
    """The level of a date of birth, as domain.pairing.people has it."""
    if dob_a == 0 or dob_b == 0:
        return 0
    if dob_a == dob_b:
        return SAME_DEFAULT if default else SAME
    if ordered_a != 0 and ordered_a == ordered_b:
        return SWAPPED
    return OTHER_DEFAULT if default else OTHER


@loop
def _ask(at: I64, begin: int, side: Parts, seen: U64) -> None:
    """Ask memory for the first person of some rows all at once, into `seen`.

    Waiting for one after another, as they are compared, takes longer.
    """
    starts, counts, names, spelt, sounds, heard, initials, first = side[:8]
    dob, ordered, _, nationality = side[8:]
    for place in range(min(len(seen), len(at) - begin)):
        row = at[begin + place]
        if counts[row] == 0:
            continue
        one = starts[row]
        tokens = _token(names, spelt, one) ^ _token(sounds, heard, one)
        tokens ^= _token(initials, first, one)
        seen[place] = tokens ^ dob[one] ^ ordered[one] ^ nationality[one]


@loop
def _token(ends: I32, items: U64, at: int) -> Any:
    """The first token of a set, or another where it has none."""
    return items[ends[at]] if ends[at] < len(items) else np.uint64(0)


@loop
def _compared(left: Parts, a: int, right: Parts, b: int) -> tuple[int, int, int]:
    """The levels of name, date of birth and nationality of two people."""
    dob_a, ordered_a, default_a, from_a = left[8:]
    dob_b, ordered_b, default_b, from_b = right[8:]
    name = _name(left[2:8], right[2:8], a, b)
    default = default_a[a] or default_b[b]
    dob = _dob(dob_a[a], dob_b[b], ordered_a[a], ordered_b[b], default)
    known = from_a[a] != 0 and from_b[b] != 0
    return name, dob, (1 if from_a[a] == from_b[b] else 2) if known else 0


@loop
def people(
    at: Parts, left: Parts, right: Parts, tables: Parts, agrees_from: float, found: Parts, seen: U64
) -> None:
    """For each pair of rows the best two people: their levels, their bits, and how many agree.

    `left` and `right` are the fields of PeopleColumns in order; `tables` the bits by level of
    name, date of birth and nationality; `seen` is room for what is asked at once.  Lists hold
    at most 64 people.
    """
    (at_left, at_right), (levels, top, agreeing) = at, found
    (starts_a, counts_a), (starts_b, counts_b) = left[:2], right[:2]
    of_name, of_dob, of_nationality = tables
    for pair in range(len(at_left)):
        if pair % len(seen) == 0:
            _ask(at_left, pair, left, seen)
            _ask(at_right, pair, right, seen)
        row_a, row_b = at_left[pair], at_right[pair]
        best, some_a, some_b = np.int64(-(1 << 62)), np.uint64(0), np.uint64(0)
        for i in range(counts_a[row_a]):
            for j in range(counts_b[row_b]):
                of_two = _compared(left, starts_a[row_a] + i, right, starts_b[row_b] + j)
                name, dob, nationality = of_two
                bits = of_name[name] + of_dob[dob] + of_nationality[nationality]
                if bits >= agrees_from:
                    some_a |= np.uint64(1) << np.uint64(i)
                    some_b |= np.uint64(1) << np.uint64(j)
                rank = np.int64(np.round(bits * STEPS)) * 4096
                rank -= (name << 8) + (dob << 4) + nationality
                if rank > best:
                    best, top[pair] = rank, bits
                    levels[pair, 0], levels[pair, 1], levels[pair, 2] = of_two
        agreeing[pair] = min(_ones(some_a), _ones(some_b))


@loop
def _ones(bits: np.uint64) -> int:
    count = 0
    while bits:
        bits &= bits - np.uint64(1)
        count += 1
    return count
