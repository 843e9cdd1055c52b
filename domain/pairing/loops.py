"""The loops over pairs of records and of people that Numba compiles.

Imported only when there is much to do (domain.pairing.kernel); compiling takes some seconds
the first time on a machine and is kept on disk after that.
"""

import numpy as np
from numba import njit

from domain.pairing.weights import STEPS

ALL, SINGLE, SOUNDS_ALL, MOST, ONE, SOUND_ONE, INITIAL, NO_NAME = range(1, 9)
SAME, SAME_DEFAULT, SWAPPED, OTHER_DEFAULT, OTHER = range(1, 6)
"""Levels of a name and of a date of birth, as numbered in LEVELS."""
WIDTH, HOUR, UNKNOWN, WIDEST = 24, 3_600_000_000, -(1 << 40), 8
"""As domain.pairing.events and domain.pairing.arrays have them; tokens that are compared."""


@njit(cache=True, nogil=True)
def _span(ends, at):
    """Where a set of tokens begins, and how many of it are compared."""
    return ends[at], min(ends[at + 1] - ends[at], WIDEST)


@njit(cache=True, nogil=True)
def _common(ends_a, items_a, a, ends_b, items_b, b):
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


@njit(cache=True, nogil=True)
def _name(sets_a, sets_b, a, b):
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
    starts_a, counts_a, sets_a = left[0], left[1], left[2:8]
    starts_b, counts_b, sets_b = right[0], right[1], right[2:8]
    dob_a, ordered_a, default_a, from_a = left[8:]
    dob_b, ordered_b, default_b, from_b = right[8:]
    of_name, of_dob, of_nationality = tables
    for pair in range(len(at_left)):
        row_a, row_b = at_left[pair], at_right[pair]
        best = np.int64(-(1 << 62))
        some_a, some_b = np.uint64(0), np.uint64(0)
        for i in range(counts_a[row_a]):
            a = starts_a[row_a] + i
            for j in range(counts_b[row_b]):
                b = starts_b[row_b] + j
                name = _name(sets_a, sets_b, a, b)
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


@njit(cache=True, nogil=True)
def _slip(a, at_a, b, at_b):
    """Whether two texts are one slip apart, as domain.pairing.edits has it."""
    (data_a, starts_a, lengths_a), (data_b, starts_b, lengths_b) = a, b
    start_a, start_b = starts_a[at_a], starts_b[at_b]
    of_a, of_b = min(int(lengths_a[at_a]), WIDTH), min(int(lengths_b[at_b]), WIDTH)
    short, long = min(of_a, of_b), max(of_a, of_b)
    if short < 3 or long - short > 1:
        return False
    prefix = 0
    while prefix < short and data_a[start_a + prefix] == data_b[start_b + prefix]:
        prefix += 1
    if prefix == long:
        return False
    suffix = 0
    last_a, last_b = start_a + of_a - 1, start_b + of_b - 1
    while suffix < short and data_a[last_a - suffix] == data_b[last_b - suffix]:
        suffix += 1
    if prefix + suffix >= long - 1:
        return True
    if short != long or prefix + suffix != long - 2:
        return False
    first_a, first_b = start_a + prefix, start_b + prefix
    crossed = data_a[first_a] == data_b[first_b + 1] and data_a[first_a + 1] == data_b[first_b]
    return crossed


@njit(cache=True, nogil=True)
def _incident(number_a, number_b, day_a, day_b, texts_a, texts_b, row_a, row_b):
    """The level of an incident number, as domain.pairing.events has it."""
    if number_a == 0 or number_b == 0:
        return 0
    undated = day_a == UNKNOWN or day_b == UNKNOWN
    apart = 0 if undated else abs(day_b - day_a)
    if number_a == number_b:
        if undated:
            return 3
        return 1 + apart if apart <= 1 else 5
    if apart <= 1 and _slip(texts_a, row_a, texts_b, row_b):
        return 4
    return 6


@njit(cache=True, nogil=True)
def _reference(serials_a, serials_b, years_a, years_b, texts_a, texts_b, spans):
    """The best level of two lists of references, as domain.pairing.events has it."""
    start_a, count_a, start_b, count_b = spans
    best = 9
    for a in range(start_a, start_a + count_a):
        for b in range(start_b, start_b + count_b):
            years = years_a[a] != 0 and years_b[b] != 0
            if serials_a[a] == serials_b[b]:
                found = 1 if years_a[a] == years_b[b] else 3 if years else 2
            elif (not years or years_a[a] == years_b[b]) and _slip(texts_a, a, texts_b, b):
                found = 3
            else:
                found = 4
            best = min(best, found)
    return best if best < 9 else 0


@njit(cache=True, nogil=True)
def _vehicle(marks_a, marks_b, spans):
    start_a, count_a, start_b, count_b = spans
    if count_a == 0 or count_b == 0:
        return 0
    for a in range(start_a, start_a + count_a):
        for b in range(start_b, start_b + count_b):
            if marks_a[a] == marks_b[b]:
                return 1
    return 2


@njit(cache=True, nogil=True)
def _bin(value, ends):
    """The bin of a value, from 1; each of `ends` begins the next one."""
    place = 0
    while place < len(ends) and value >= ends[place]:
        place += 1
    return place + 1


@njit(cache=True, nogil=True)
def events(at_left, at_right, left, right, ends, levels, hours, apart) -> None:
    """For each pair of rows the level of each field of EVENT_LEVELS, and hours and days apart.

    `left` and `right` are the fields of EventColumns in the order of its `flat`.
    """
    made_a, day_a, officer_a, incident_a, incident_day_a, custody_a, postcode_a = left[:7]
    outward_a, placed_a, cars_a, some_cars_a, car_a, refs_a, some_refs_a, serial_a = left[7:15]
    year_a, incident_text_a, custody_text_a, serial_text_a = left[15:]
    made_b, day_b, officer_b, incident_b, incident_day_b, custody_b, postcode_b = right[:7]
    outward_b, placed_b, cars_b, some_cars_b, car_b, refs_b, some_refs_b, serial_b = right[7:15]
    year_b, incident_text_b, custody_text_b, serial_text_b = right[15:]
    day_ends, gap_ends = ends
    for pair in range(len(at_left)):
        a, b = at_left[pair], at_right[pair]
        spans = (refs_a[a], some_refs_a[a], refs_b[b], some_refs_b[b])
        texts = (serial_text_a, serial_text_b)
        levels[0, pair] = _reference(serial_a, serial_b, year_a, year_b, *texts, spans)
        if officer_a[a] != 0 and officer_b[b] != 0:
            levels[1, pair] = 1 if officer_a[a] == officer_b[b] else 2
        levels[2, pair] = _incident(
            incident_a[a], incident_b[b], incident_day_a[a], incident_day_b[b],
            incident_text_a, incident_text_b, a, b,
        )  # fmt: skip
        if custody_a[a] != 0 and custody_b[b] != 0:
            if custody_a[a] == custody_b[b]:
                levels[3, pair] = 1
            else:
                levels[3, pair] = 2 if _slip(custody_text_a, a, custody_text_b, b) else 3
        spans = (cars_a[a], some_cars_a[a], cars_b[b], some_cars_b[b])
        levels[4, pair] = _vehicle(car_a, car_b, spans)
        if outward_a[a] != 0 and outward_b[b] != 0:
            if outward_a[a] != outward_b[b]:
                levels[5, pair] = 4
            elif placed_a[a] and placed_b[b]:
                levels[5, pair] = 1 if postcode_a[a] == postcode_b[b] else 2
            else:
                levels[5, pair] = 3
        undated = day_a[a] == UNKNOWN or day_b[b] == UNKNOWN
        untimed = made_a[a] == UNKNOWN or made_b[b] == UNKNOWN
        apart[pair] = UNKNOWN if undated else day_b[b] - day_a[a]
        hours[pair] = UNKNOWN if untimed else (made_b[b] - made_a[a]) // HOUR
        if not undated:
            levels[6, pair] = _bin(abs(apart[pair]), day_ends)
        if not untimed and (undated or abs(apart[pair]) <= 3):
            more = len(gap_ends) + 1 if undated else 0
            levels[7, pair] = _bin(hours[pair], gap_ends) + more
