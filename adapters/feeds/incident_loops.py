"""Incident numbers in the forms in which they are mostly written, told byte by byte.

The forms are a serial alone, beside a day in digits (``20260302-0123``, ``123 020326``) or in
front of a day (``123 of 02/03/2026``, ``123/02Mar26``), each after words or none.  As in
`adapters.feeds.number_loops`, which calls this, anything else is left to the patterns.
"""

from adapters.feeds import number_bytes as of
from adapters.feeds.number_bytes import DIGITS, LEFT, LETTERS, Runs
from domain.pairing.arrays import I64, Bytes
from domain.pairing.compiled import loop

_MONTHS = b"JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC"
_CODES = tuple(
    _MONTHS[at] << 16 | _MONTHS[at + 1] << 8 | _MONTHS[at + 2] for at in range(0, len(_MONTHS), 3)
)
_OF, _ON = (first << 8 | second for first, second in (b"OF", b"ON"))
_WORDS, _SHORTEST, _LONGEST = 3, 2, 12
"""Words that may come before a number, and the letters of each."""


@loop
def are_words(runs: Runs, some: int, first: int) -> bool:
    """Whether what comes before the first digits is what may come before an incident's."""
    words = 0
    for run in range(first):
        if runs[0, run] == LETTERS:
            words += 1
            if not _SHORTEST <= of.long(runs, some, run, LETTERS) <= _LONGEST:
                return False
        else:
            byte = of.sign(runs, some, run)
            if words == 0 or not (of.is_gap(byte) or byte == of.COLON or byte == of.HASH):
                return False
    return words <= _WORDS


@loop
def incident(
    tidy: Bytes, runs: Runs, some: int, first: int, form: Bytes, at: int, days: I64, row: int
) -> int:
    """A serial alone, beside a day in digits, or in front of a day."""
    begin, end = of.begin(runs, first), int(runs[1, first])
    if end - begin > 8 or (end - begin == 8 and some - first != 3):
        return LEFT
    if some - first == 3:
        if not of.is_gap(of.sign(runs, some, first + 1)):
            return LEFT
        return _dated(tidy, runs, some, first, form, at, days, row)
    if some - first > 1:
        day = _day_after(tidy, runs, some, first)
        if day == LEFT:
            return LEFT
        days[row] = day
    return of.put(tidy, begin, end, form, at) - at


@loop
def _dated(
    tidy: Bytes, runs: Runs, some: int, first: int, form: Bytes, at: int, days: I64, row: int
) -> int:
    """A day of eight digits and a serial, or a serial and a day of six digits or eight."""
    begin, end = of.begin(runs, first), int(runs[1, first])
    start, until = of.begin(runs, first + 2), int(runs[1, first + 2])
    after = of.long(runs, some, first + 2, DIGITS)
    if end - begin == 8:
        year = of.year(tidy, begin, begin + 4)
        if year < 0 or not 1 <= after <= 7:
            return LEFT
        month, day = of.number(tidy, begin + 4, end - 2), of.number(tidy, end - 2, end)
        days[row] = of.day_of(year, month, day)
        return of.put(tidy, start, until, form, at) - at
    year = of.year(tidy, start + 4, until) if after == 6 or after == 8 else LEFT
    if year < 0:
        return LEFT
    month, day = of.number(tidy, start + 2, start + 4), of.number(tidy, start, start + 2)
    days[row] = of.day_of(year, month, day)
    return of.put(tidy, begin, end, form, at) - at


@loop
def _day_after(tidy: Bytes, runs: Runs, some: int, first: int) -> int:
    """The day that is parted from a serial in front of it; LEFT if it may be none."""
    run = first + 1
    gap = of.sign(runs, some, run)
    between = of.long(runs, some, run + 1, LETTERS)
    if gap == of.SPACE and between == 2 and of.sign(runs, some, run + 2) == of.SPACE:
        word = of.two(tidy, of.begin(runs, run + 1))
        return _day_at(tidy, runs, some, run + 3) if word in (_OF, _ON) else LEFT
    if gap == of.DASH or gap == of.SLASH:
        if of.year(tidy, of.begin(runs, first), int(runs[1, first])) >= 0:
            return LEFT
    elif gap != of.SPACE and gap != of.COMMA:
        return LEFT
    return _day_at(tidy, runs, some, run + 1)


@loop
def _day_at(tidy: Bytes, runs: Runs, some: int, run: int) -> int:
    """The day, month and year from a run to the last; LEFT if they may be something else."""
    gap = of.sign(runs, some, run + 1)
    middle = run + 1 + (gap > 0)
    apart = of.sign(runs, some, middle + 1)
    last = middle + 1 + (apart > 0)
    if not 1 <= of.long(runs, some, run, DIGITS) <= 2 or last != some - 1:
        return LEFT
    if of.long(runs, some, last, DIGITS) == 0:
        return LEFT
    year = of.year(tidy, of.begin(runs, last), int(runs[1, last]))
    begin, end = of.begin(runs, middle), int(runs[1, middle])
    if 1 <= of.long(runs, some, middle, DIGITS) <= 2:
        fits = _parts_days(gap) and _parts_days(apart)
        month = of.number(tidy, begin, end)
    else:
        fits = 3 <= of.long(runs, some, middle, LETTERS) <= 9
        fits = fits and _parts_months(gap) and _parts_months(apart)
        month = _month(tidy, begin) if fits else 0
    if not fits or year < 0:
        return LEFT
    return of.day_of(year, month, of.number(tidy, of.begin(runs, run), int(runs[1, run])))


@loop
def _parts_days(sign: int) -> bool:
    return sign == of.SLASH or sign == of.DOT or sign == of.DASH


@loop
def _parts_months(sign: int) -> bool:
    return sign == 0 or sign == of.SPACE or sign == of.DASH


@loop
def _month(tidy: Bytes, start: int) -> int:
    """1 to 12 from a month's first three letters; 0 if it is no month."""
    code = of.two(tidy, start) << 8 | int(tidy[start + 2])
    for month in range(12):
        if code == _CODES[month]:
            return month + 1
    return 0
