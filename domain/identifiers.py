r"""Fold the ways in which one number is written into one form that can be compared.

A force writes an incident log as ``WYP-20260302-0123``, ``0123/02-03-2026`` or
``Log 123 02/03/26``, and an officer quotes NCCU's reference from memory.  Each kind of
number has patterns, tried in order: regular expressions over the whole of the value in
capitals, with the parts that matter in named groups.  The first that fits decides.  A
force replaces the patterns of a kind; the original is always kept beside the folded form.

Folding never guesses: what fits no pattern keeps all its letters and digits, so it equals
only itself, and what holds no digit at all (``TBC``, ``N/K``) is no number.

Groups: reference ``year`` (optional) and ``serial``; incident ``serial`` and optionally
``day``, ``month``, ``year``; custody ``serial`` and optionally ``prefix``, ``year``;
officer ``number``.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

Patterns = tuple[re.Pattern[str], ...]

_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
_LOOKALIKES = str.maketrans("OISZ", "0152")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WORD = r"[\s:.#/_-]*"
_WORDS = rf"(?:[A-Z]{{2,12}}{_WORD}){{0,3}}"
_CALLED = rf"(?:(?:NCCU|NCC|IE|HO|REFERENCE|REF|NUMBER|NO|CASE){_WORD}){{0,4}}"
_YEAR = r"(?P<year>20[0-9]{2}|[0-9]{2})"
_RANK = (
    r"(?:(?:T|A|TEMP|ACTING|PCSO|PC|PS|SGT|DC|DS|DI|DCI|INSP|CI|SPC|SC|SI|TDC|WPC|CON|"
    r"OFFICER|COLLAR|NO|ID)(?![A-Z])[\s:.#/_-]*){0,4}"
)


def compiled(*patterns: str) -> Patterns:
    """The patterns ready to use; ``re.error`` if one is not a regular expression."""
    return tuple(re.compile(pattern, re.ASCII | re.IGNORECASE) for pattern in patterns)


REFERENCE = compiled(
    rf"{_CALLED}{_YEAR}[\s/._-]+(?P<serial>[0-9]{{3,9}})",
    r"(?:NCCU|IE)[\s/._-]*(?P<year>[0-9]{2})(?P<serial>[0-9]{7})",
    rf"{_CALLED}(?P<serial>[0-9]{{5,9}})[\s/._-]+(?P<year>[0-9]{{2}})",
    rf"{_CALLED}(?P<serial>[0-9]{{3,9}})",
)
INCIDENT = compiled(
    *(
        rf"{_WORDS}(?P<year>20[0-9]{{2}}){gap}(?P<month>[0-9]{{2}}){gap}(?P<day>[0-9]{{2}})"
        r"[\s/._-]+(?P<serial>[0-9]{1,7})"
        for gap in ("", "-", "/", "[.]", "_")
    ),
    rf"{_WORDS}(?P<serial>[0-9]{{1,7}})[\s/,-]*(?:\bOF\b|ON\b|[\s/,-])[\s]*"
    rf"(?P<day>[0-9]{{1,2}})[/.-](?P<month>[0-9]{{1,2}})[/.-]{_YEAR}",
    rf"{_WORDS}(?P<serial>[0-9]{{1,7}})[\s/,-]*(?:OF|ON)?[\s]*"
    rf"(?P<day>[0-9]{{1,2}})[\s-]?(?P<month>[A-Z]{{3,9}})[\s-]?{_YEAR}",
    rf"{_WORDS}(?P<day>[0-9]{{1,2}})[/.-](?P<month>[0-9]{{1,2}})[/.-](?P<year>20[0-9]{{2}})"
    r"[\s/._-]+(?P<serial>[0-9]{1,7})",
    rf"{_WORDS}(?P<serial>[0-9]{{1,7}})[\s/._-]+(?P<day>[0-9]{{2}})(?P<month>[0-9]{{2}}){_YEAR}",
    rf"{_WORDS}(?P<year>20[0-9]{{2}})(?P<month>0[1-9]|1[0-2])(?P<day>[0-3][0-9])"
    r"(?P<serial>[0-9]{3,6})",
    rf"{_WORDS}(?P<serial>[0-9]{{1,7}})",
)
CUSTODY = compiled(
    rf"(?:(?:CUSTODY|RECORD|REF|NO|NUMBER){_WORD}){{0,3}}(?P<prefix>[0-9]{{0,2}}[A-Z]{{1,6}})?"
    rf"[\s/._-]*(?P<serial>[0-9]{{1,8}})[\s/._-]+{_YEAR}",
)
OFFICER = compiled(
    rf"{_RANK}(?P<number>[A-Z]{{0,3}}[0-9]{{1,8}}[A-Z]{{0,3}})",
    rf"{_RANK}(?P<number>[0-9]{{2,8}})\s+[A-Z][A-Z' .-]*",
)


class Incident(NamedTuple):
    """An incident log's serial without leading zeros, and its day if the number holds one.

    Logs restart daily in most forces, so the serial means nothing without the day.
    """

    serial: str | None
    day: date | None


@dataclass(frozen=True)
class IdentifierRules:
    """How one force's numbers are written: the patterns of each kind, in order."""

    reference: Patterns = REFERENCE
    incident: Patterns = INCIDENT
    custody: Patterns = CUSTODY
    officer: Patterns = OFFICER

    def normalise_reference(self, written: str) -> str | None:
        """NCCU's reference as ``<yy>-<serial>``, or ``<serial>`` if no year is written.

        ``NCCU/26/0012345``, ``nccu26-0012345``, ``26/12345`` and ``NCCU 2026 12345`` are
        all ``26-12345``; ``0012345`` is ``12345``. So when one of two references has no
        year, only what follows the hyphen can be compared.
        """
        tidy = _tidy(written)
        found = _first(self.reference, tidy)
        if found is None:
            return _letters_and_digits(tidy)
        serial = found["serial"].lstrip("0")
        year = found.get("year")
        if not serial:
            return None
        return f"{year[-2:]}-{serial}" if year else serial

    def normalise_incident(self, written: str) -> Incident:
        """The incident log's serial, and the day written with it, if that day exists."""
        tidy = _tidy(written)
        found = _first(self.incident, tidy)
        if found is None:
            return Incident(_letters_and_digits(tidy), None)
        return Incident(found["serial"].lstrip("0") or None, _day(found))

    def normalise_custody(self, written: str) -> str | None:
        """The custody number's parts joined by hyphens, without leading zeros."""
        tidy = _tidy(written)
        found = _first(self.custody, tidy)
        if found is not None:
            year = (found.get("year") or "")[-2:]
            parts = (found.get("prefix"), found["serial"].lstrip("0"), year)
            return "-".join(part for part in parts if part) or None
        if not any(letter.isdigit() for letter in tidy):
            return None
        parts_of = re.findall(r"[A-Z]+|[0-9]+", tidy)
        return "-".join(part.lstrip("0") or "0" for part in parts_of) or None

    def normalise_officer(self, written: str) -> str | None:
        """The officer's number without rank or leading zeros: ``PC 01234`` is ``1234``."""
        tidy = _tidy(written)
        found = _first(self.officer, tidy)
        if found is None:
            return _letters_and_digits(tidy)
        letters, rest = re.fullmatch(r"([A-Z]*)(.*)", found["number"]).groups()  # type: ignore[union-attr]  # every text fits
        return letters + (rest.lstrip("0") or "0")


DEFAULT_RULES = IdentifierRules()


def normalise_vehicle(written: str) -> str | None:
    """A registration mark in capitals without spaces, with O/0, I/1, S/5 and Z/2 as one.

    None if it holds no digit: every British mark has one, and ``NONE`` is not a mark.
    """
    tidy = "".join(letter for letter in _tidy(written) if letter.isalnum())
    if not any(letter.isdigit() for letter in tidy):
        return None
    return tidy.translate(_LOOKALIKES)


_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})")
_OUTWARD = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)(?: [0-9])?")


def normalise_postcode(written: str) -> str | None:
    """``LS1 4AP``, or the outward half ``LS1`` if no more is written; None if it is neither."""
    tidy = _tidy(written)
    whole = _POSTCODE.fullmatch(tidy)
    if whole is not None:
        return f"{whole[1]} {whole[2]}"
    outward = _OUTWARD.fullmatch(tidy)
    return outward[1] if outward is not None else None


def _tidy(written: str) -> str:
    """The value in capitals, one space between words, every kind of dash a hyphen."""
    if not written.isascii():
        written = unicodedata.normalize("NFKC", written.translate(_DASHES))
    return " ".join(written.upper().split())


def _first(patterns: Patterns, tidy: str) -> dict[str, str] | None:
    """The named groups of the first pattern that fits the whole of the value."""
    for pattern in patterns:
        found = pattern.fullmatch(tidy)
        if found is not None:
            return found.groupdict()
    return None


def _letters_and_digits(tidy: str) -> str | None:
    """Everything but punctuation and spaces, or None if there is no digit in it."""
    kept = "".join(letter for letter in tidy if letter.isalnum())
    return kept if any(letter.isdigit() for letter in kept) else None


def _day(found: dict[str, str]) -> date | None:
    """The day in the groups day, month, year; None if one is missing or no such day exists."""
    year, month, day = found.get("year"), found.get("month"), found.get("day")
    if not (year and month and day):
        return None
    return _date(year, month, day)


@lru_cache(maxsize=8192)
def _date(year: str, month: str, day: str) -> date | None:
    number = int(month) if month.isdigit() else _month_number(month)
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), number, int(day))
    except ValueError:
        return None


def _month_number(name: str) -> int:
    """1 to 12 from a month's name or its first three letters; 0 if it is no month."""
    return _MONTHS.index(name[:3]) + 1 if name[:3] in _MONTHS else 0
