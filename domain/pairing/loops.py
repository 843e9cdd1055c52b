"""The loop over people that Numba compiles.

Imported only when there is much to do (domain.pairing.kernel); compiling takes some seconds
the first time on a machine and is kept on disk after that.
"""

import numpy as np
from numba import njit

from domain.pairing.arrays import U64
from domain.pairing.weights import STEPS

ALL, SINGLE, SOUNDS_ALL, MOST, ONE, SOUND_ONE, INITIAL, NO_NAME = range(1, 9)
SAME, SAME_DEFAULT, SWAPPED, OTHER_DEFAULT, OTHER = range(1, 6)
"""Levels of a name and of a date of birth, as numbered in LEVELS."""


@njit(cache=True, nogil=True)
def _common(a: U64, b: U64) -> int:
    """How many tokens two sets share; zeros are none."""
    found = 0
    for left in a:
        if left != 0:
            for right in b:
                if left == right:
                    found += 1
                    break
    return found


@njit(cache=True, nogil=True)
def _held(tokens: U64) -> int:
    held = 0
    for token in tokens:
        if token != 0:
            held += 1
    return held


@njit(cache=True, nogil=True)
def _name(names_a, names_b, sounds_a, sounds_b, initials_a, initials_b):
    """The level of a name, as domain.pairing.people has it."""
    of_a, of_b = _held(names_a), _held(names_b)
    if of_a == 0 or of_b == 0:
        return 0
    same = _common(names_a, names_b)
    if same == of_a and same == of_b and same >= 1:
        return ALL if same >= 2 else SINGLE
    heard = _common(sounds_a, sounds_b)
    if heard >= 2 and heard == _held(sounds_a) and heard == _held(sounds_b):
        return SOUNDS_ALL
    if same >= 2 or heard >= 2:
        return MOST
    if same >= 1:
        return ONE
    if heard >= 1:
        return SOUND_ONE
    return INITIAL if _common(initials_a, initials_b) > 0 else NO_NAME


@njit(cache=True, nogil=True)
def _dob(dob_a, dob_b, ordered_a, ordered_b, default):
    """The level of a date of birth, as domain.pairing.people has it."""
    if dob_a == 0 or dob_b == 0:
        return 0
    if dob_a == dob_b:
        return SAME_DEFAULT if default else SAME
    if ordered_a != 0 and ordered_a == ordered_b:
        return SWAPPED
    return OTHER_DEFAULT if default else OTHER


@njit(cache=True, nogil=True)
def people(at_left, at_right, left, right, tables, agrees_from, levels, top, agreeing) -> None:
    """For each pair of rows the best two people: their levels, their bits, and how many agree.

    `left` and `right` are the fields of PeopleColumns in order; `tables` the bits by level of
    name, date of birth and nationality.  Lists hold at most 64 people.
    """
    starts_a, counts_a, names_a, sounds_a, dob_a, ordered_a, initials_a, default_a, from_a = left
    starts_b, counts_b, names_b, sounds_b, dob_b, ordered_b, initials_b, default_b, from_b = right
    of_name, of_dob, of_nationality = tables
    for pair in range(len(at_left)):
        row_a, row_b = at_left[pair], at_right[pair]
        best = np.int64(-(1 << 62))
        some_a, some_b = np.uint64(0), np.uint64(0)
        for i in range(counts_a[row_a]):
            a = starts_a[row_a] + i
            for j in range(counts_b[row_b]):
                b = starts_b[row_b] + j
                name = _name(
                    names_a[a], names_b[b], sounds_a[a], sounds_b[b], initials_a[a], initials_b[b]
                )
                default = default_a[a] or default_b[b]
                dob = _dob(dob_a[a], dob_b[b], ordered_a[a], ordered_b[b], default)
                known = from_a[a] != 0 and from_b[b] != 0
                nationality = (1 if from_a[a] == from_b[b] else 2) if known else 0
                bits = of_name[name] + of_dob[dob] + of_nationality[nationality]
                if bits >= agrees_from:
                    some_a |= np.uint64(1) << np.uint64(i)
                    some_b |= np.uint64(1) << np.uint64(j)
                rank = np.int64(np.round(bits * STEPS)) * 4096
                rank -= (name << 8) + (dob << 4) + nationality
                if rank > best:
                    best = rank
                    levels[pair, 0], levels[pair, 1], levels[pair, 2] = name, dob, nationality
                    top[pair] = bits
        agreeing[pair] = min(_ones(some_a), _ones(some_b))


@njit(cache=True, nogil=True)
def _ones(bits):
    count = 0
    while bits:
        bits &= bits - np.uint64(1)
        count += 1
    return count
