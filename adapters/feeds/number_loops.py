"""Numbers in the forms in which they are mostly written, told byte by byte; Numba compiles it.

What is told here is folded as `domain.identifiers` folds it by the patterns that ship, to
which tests hold it; the rest is left to those patterns.  A form is taken only where no pattern
that comes earlier could fit, and where the one that fits can part the value in one way only.

Imported only when there is much to do (domain.pairing.kernel).
"""

from adapters.feeds import number_bytes as of
from adapters.feeds.incident_loops import are_words, incident
from adapters.feeds.number_bytes import DIGITS, LEFT, LETTERS, MOST_RUNS, WIDEST, Runs
from domain.pairing.arrays import I32, I64, Bytes
from domain.pairing.compiled import loop

__all__ = ["LEFT", "MOST_RUNS", "WIDEST", "folded"]

REFERENCE, INCIDENT, CUSTODY, POSTCODE, VEHICLE = range(5)
"""Kinds of number."""
_KEYWORDS = tuple(first << 8 | second for first, second in (b"CU", b"RE", b"NO", b"NU"))
"""How words begin that may call a custody number what it is."""
_NCCU = int.from_bytes(b"NCCU", "big")
_LETTERS_ALIKE, _ALIKE = tuple(b"OISZ"), tuple(b"0152")


@loop
def folded(
    kind: int,
    texts: tuple[Bytes, I32],
    made: tuple[Bytes, I32, I64],
    room: tuple[Bytes, Runs],
) -> int:
    """The folded form of each text, end to end in `made`; how many bytes there are of them.

    Args:
        kind: Of the numbers.
        texts: End to end, and their lengths.
        made: Room for the forms (a byte a text more than they have), for the length of each,
            which is LEFT of what is not told, and for the days of incidents.
        room: For WIDEST bytes of one value and MOST_RUNS runs.
    """
    data, length = texts
    form, lengths, days = made
    tidy = room[0]
    at = end = 0
    for row in range(len(length)):
        begin, end = end, end + int(length[row])
        held = of.tidied(data, begin, end, tidy)
        if held > 0 and kind == POSTCODE:
            held = _postcode(tidy, held, form, at)
        elif held > 0 and kind == VEHICLE:
            held = _vehicle(tidy, held, form, at)
        elif held > 0:
            held = _by_runs(kind, room, held, form, at, days, row)
        lengths[row] = held
        at += max(held, 0)
    return at


@loop
def _by_runs(
    kind: int, room: tuple[Bytes, Runs], held: int, form: Bytes, at: int, days: I64, row: int
) -> int:
    tidy, runs = room
    some = of.parted(tidy, held, runs)
    if some == LEFT:
        return LEFT
    first = 0
    while first < some and runs[0, first] != DIGITS:
        first += 1
    if first == some:
        return 0
    if kind == CUSTODY:
        return _custody(tidy, runs, some, form, at)
    if kind == REFERENCE:
        return _reference(tidy, runs, some, first, form, at)
    if not are_words(runs, some, first):
        return LEFT
    return incident(tidy, runs, some, first, form, at, days, row)


@loop
def _custody(tidy: Bytes, runs: Runs, some: int, form: Bytes, at: int) -> int:
    """Letters, a serial and a year."""
    letters = of.long(runs, some, 0, LETTERS)
    run = 1 if letters > 0 else 0
    if letters > 6 or (letters > 1 and of.two(tidy, 0) in _KEYWORDS):
        return LEFT
    run += run == 1 and of.is_gap(of.sign(runs, some, 1))
    serial, last = of.long(runs, some, run, DIGITS), run + 2
    if not 1 <= serial <= 8 or last != some - 1 or not of.is_gap(of.sign(runs, some, run + 1)):
        return LEFT
    end = int(runs[1, last])
    if of.long(runs, some, last, DIGITS) == 0 or of.year(tidy, of.begin(runs, last), end) < 0:
        return LEFT
    to = of.put(tidy, 0, letters, form, at)
    to = _joined(tidy, of.begin(runs, run), int(runs[1, run]), form, at, to)
    if to > at:
        form[to] = of.DASH
        to += 1
    form[to], form[to + 1] = tidy[end - 2], tidy[end - 1]
    return to + 2 - at


@loop
def _joined(tidy: Bytes, start: int, end: int, form: Bytes, at: int, to: int) -> int:
    """A serial after what there is from `at` to `to`, with a hyphen; where the form goes on."""
    after = to + (to > at)
    until = of.put(tidy, start, end, form, after)
    if until == after:
        return to
    if to > at:
        form[to] = of.DASH
    return until


@loop
def _reference(tidy: Bytes, runs: Runs, some: int, first: int, form: Bytes, at: int) -> int:
    """A year and a serial in either order, or a serial, with or without NCCU in front."""
    if first > 0:
        if of.long(runs, some, 0, LETTERS) != 4 or of.two(tidy, 0) << 16 | of.two(tidy, 2) != _NCCU:
            return LEFT
        for run in range(1, first):
            if not of.is_gap(of.sign(runs, some, run)):
                return LEFT
    begin, end = of.begin(runs, first), int(runs[1, first])
    if some - first == 1:
        if not 3 <= end - begin <= 9:
            return LEFT
        if first > 0 and end - begin == 9:
            return _with_year(tidy, begin + 2, begin + 2, end, form, at)
        return of.put(tidy, begin, end, form, at) - at
    after = of.long(runs, some, first + 2, DIGITS)
    if some - first != 3 or after == 0 or not of.is_gap(of.sign(runs, some, first + 1)):
        return LEFT
    start, until = of.begin(runs, first + 2), int(runs[1, first + 2])
    if 3 <= after <= 9 and of.year(tidy, begin, end) >= 0:
        return _with_year(tidy, end, start, until, form, at)
    if 5 <= end - begin <= 9 and after == 2:
        return _with_year(tidy, until, begin, end, form, at)
    return LEFT


@loop
def _with_year(tidy: Bytes, year: int, start: int, end: int, form: Bytes, at: int) -> int:
    """The two digits that end at `year`, a hyphen and a serial; nothing if that is 0."""
    to = of.put(tidy, start, end, form, at + 3)
    if to == at + 3:
        return 0
    form[at], form[at + 1], form[at + 2] = tidy[year - 2], tidy[year - 1], of.DASH
    return to - at


@loop
def _postcode(tidy: Bytes, held: int, form: Bytes, at: int) -> int:
    """The outward half, and after a space the inward half if it is there."""
    last = held - 3
    if last > 1 and of.is_digit(tidy[last]) and of.is_letter(tidy[last + 1]):
        end = last - int(tidy[last - 1] == of.SPACE)
        if of.is_letter(tidy[held - 1]) and _is_outward(tidy, end):
            for place in range(end):
                form[at + place] = tidy[place]
            form[at + end] = of.SPACE
            for place in range(3):
                form[at + end + 1 + place] = tidy[last + place]
            return end + 4
    end = held
    if held > 2 and tidy[held - 2] == of.SPACE and of.is_digit(tidy[held - 1]):
        end = held - 2
    if not _is_outward(tidy, end):
        return 0
    for place in range(end):
        form[at + place] = tidy[place]
    return end


@loop
def _is_outward(tidy: Bytes, end: int) -> bool:
    """One letter or two, a digit, and perhaps a letter or digit."""
    letters = 2 if end > 1 and of.is_letter(tidy[1]) else 1
    if not letters < end <= letters + 2 or not of.is_letter(tidy[0]):
        return False
    more = tidy[letters + 1] if end == letters + 2 else of.ZERO
    return of.is_digit(tidy[letters]) and (of.is_digit(more) or of.is_letter(more))


@loop
def _vehicle(tidy: Bytes, held: int, form: Bytes, at: int) -> int:
    """Letters and digits, with those that look alike as one; nothing without a digit."""
    to, digits = at, 0
    for place in range(held):
        byte = int(tidy[place])
        digits += of.is_digit(byte)
        if of.is_digit(byte) or of.is_letter(byte):
            for like in range(4):
                byte = _ALIKE[like] if byte == _LETTERS_ALIKE[like] else byte
            form[to] = byte
            to += 1
    return to - at if digits > 0 else 0
