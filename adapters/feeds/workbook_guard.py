"""Refuse a workbook that is built to exhaust its reader, before anything reads it.

A zip's directory is checked first, without inflating: how many entries, how large, how
much smaller packed than unpacked, no password, no macros.  Then every XML part streams
through expat, which keeps nothing: a document type (the door to entity bombs) is refused,
and so are cells so far out that a reader would fill the space between.

Runs inside the limited child process; see workbook_child.
"""

import re
import zipfile
from collections.abc import Mapping
from typing import Any
from xml.parsers import expat

MOST_ENTRIES = 2_000
MOST_UNPACKED = 1 << 30
"""Bytes of all entries together."""
MOST_RATIO = 200
"""Unpacked to packed size of an entry; a real sheet has under 50."""
SMALL = 4 << 20
"""Bytes unpacked under which the ratio does not matter."""
MOST_COLUMNS = 256
MOST_ROWS = 1_048_576
WIDEST_GAP = 10_000
"""Rows that may be missing between two rows with cells."""

_CHUNK = 1 << 16
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_MARKUP = (".xml", ".rels", ".vml")

Uncached = dict[str, set[tuple[int, int]]]


class GuardRefusedError(Exception):
    """The workbook is refused; the message completes "the file …"."""


def check(archive: zipfile.ZipFile) -> Uncached:
    """Refuse what is dangerous; else the formulas without a stored value.

    Returns:
        For each XML part by its name in the archive, the (row, column) from 1 of every
        cell that holds a formula and no value.
    """
    _check_directory(archive)
    return {
        entry.filename: _scan(archive, entry)
        for entry in archive.infolist()
        if entry.filename.lower().endswith(_MARKUP)
    }


def _check_directory(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    names = [entry.filename.lower() for entry in entries]
    if len(entries) > MOST_ENTRIES:
        raise GuardRefusedError(f"holds more than {MOST_ENTRIES} parts")
    if any(entry.flag_bits & 1 for entry in entries):
        raise GuardRefusedError("has a password")
    if len(set(names)) < len(names):
        raise GuardRefusedError("holds two parts of one name")
    if "xl/workbook.xml" not in names or "[content_types].xml" not in names:
        raise GuardRefusedError("is a zip archive and not an XLSX workbook")
    if any("vbaproject" in name or "macrosheets/" in name for name in names):
        raise GuardRefusedError("holds macros")
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise GuardRefusedError("would unpack to more than 1 GiB")
    for entry in entries:
        if entry.file_size > SMALL and entry.file_size > MOST_RATIO * entry.compress_size:
            raise GuardRefusedError(f"is packed more than {MOST_RATIO} to 1")


def _scan(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> set[tuple[int, int]]:
    """Stream one part through expat; its formulas without a value."""
    parser = expat.ParserCreate()
    sheet = _Sheet(parser)
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = sheet.start
    parser.EndElementHandler = sheet.end
    try:
        with archive.open(entry) as part:
            while chunk := part.read(_CHUNK):
                parser.Parse(chunk)
            parser.Parse(b"", True)
    except expat.ExpatError:
        raise GuardRefusedError("is damaged: a part of it is not XML") from None
    return sheet.uncached


def _refuse_doctype(*_: Any) -> None:
    raise GuardRefusedError("declares a document type, which no workbook needs")


class _Sheet:
    """Follows rows and cells in the order in which they are written."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self._parser = parser
        self.uncached: set[tuple[int, int]] = set()
        self._row = 0
        self._last_with_cells = 0
        self._column = 0
        self._formula = self._value = self._text = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "c":
            self._cell(attributes.get("r"))
            self._text = attributes.get("t") == "str"
        elif name == "row":
            self._start_row(attributes.get("r"))
        elif name == "f":
            self._formula = True
        elif name == "v" and self._formula:
            # An empty value is a value only where the formula gives text.
            self._value = self._text
            self._parser.CharacterDataHandler = self._characters

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == "v":
            self._parser.CharacterDataHandler = None
        elif name == "c" and self._formula and not self._value:
            self.uncached.add((self._row, self._column))

    def _characters(self, _: str) -> None:
        self._value = True

    def _start_row(self, number: str | None) -> None:
        if number is not None and not (number.isdecimal() and len(number) <= 7):
            raise GuardRefusedError("has a row without a proper number")
        row = self._row + 1 if number is None else int(number)
        if not self._row < row <= MOST_ROWS:
            raise GuardRefusedError("has rows out of order")
        self._row, self._column = row, 0

    def _cell(self, reference: str | None) -> None:
        self._formula = self._value = False
        if reference is None:
            column = self._column + 1
        else:
            found = _REFERENCE.fullmatch(reference)
            if found is None or int(found[2]) != self._row:
                raise GuardRefusedError("has a cell that is not where it says")
            column = _column_number(found[1])
        if column > MOST_COLUMNS:
            raise GuardRefusedError(f"has a cell beyond column {MOST_COLUMNS}")
        if column <= self._column:
            raise GuardRefusedError("has cells out of order")
        if self._row - self._last_with_cells > WIDEST_GAP:
            raise GuardRefusedError(f"has more than {WIDEST_GAP} missing rows before a cell")
        self._column, self._last_with_cells = column, self._row


def _column_number(letters: str) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
