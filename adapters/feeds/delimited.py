"""Rows of a CSV file, whichever of four signs parts its cells.

The delimiter is the one under which the file's first rows name most fields: a file is
not asked what it looks like but whether it can be understood.
"""

import csv
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

from adapters.feeds.column_map import ColumnMap
from adapters.feeds.heading import SEARCHED, best_row
from adapters.feeds.opening import encoding_of, lines, refused
from adapters.feeds.shaping import Fault

DELIMITERS = (",", ";", "\t", "|")
LONGEST_CELL = 1 << 17
"""Characters; people as JSON are the longest, some thousand."""

BROKEN = "has quotation marks in places that CSV does not allow"
_CUT = "ends inside quotation marks, so it is cut short or a closing mark is missing"
_AGAIN = "Ask for the whole file. Nothing from this file was stored."

Row = tuple[int, Sequence[str | Fault]]


def csv_rows(path: Path, column_map: ColumnMap) -> Iterator[Row]:
    """Each row with the number of its first line; a row that is not CSV is one Fault.

    FeedRefused if the file cannot be read to its end.
    """
    encoding = encoding_of(path, column_map.encoding)
    delimiter = column_map.delimiter or _delimiter(path, encoding, column_map)
    with lines(path, encoding) as text:
        yield from _rows(path, text, delimiter)


def _rows(path: Path, text: Iterator[str], delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    number = 1
    while True:
        try:
            for cells in reader:
                yield number, cells
                number = reader.line_num + 1
            return
        except csv.Error as error:
            reason = str(error)
        if "unexpected end" in reason:
            raise refused(path, f"{_CUT}, from line {number} on", _AGAIN)
        if "field larger" in reason:
            why = f"has a cell of over {LONGEST_CELL} characters from line {number} on"
            raise refused(path, f"{why}; a closing quotation mark may be missing")
        yield number, [Fault(BROKEN)]
        number = reader.line_num + 1


def _delimiter(path: Path, encoding: str, column_map: ColumnMap) -> str:
    """The sign under which the first rows name most fields; the comma if none names any."""
    with lines(path, encoding) as text:
        head = list(itertools.islice(text, SEARCHED))
    counts = {}
    for delimiter in DELIMITERS:
        rows = _first_rows(head, delimiter)
        counts[delimiter], _ = best_row(rows, column_map)
    most = max(counts.values())
    best = [delimiter for delimiter, count in counts.items() if count == most]
    if most > 1 and len(best) > 1:
        raise refused(path, "can be parted by two delimiters", "Name one in the column map.")
    return best[0]


def _first_rows(head: list[str], delimiter: str) -> list[list[str]]:
    """The rows of the first lines, as far as they are CSV under the delimiter."""
    rows: list[list[str]] = []
    reader = csv.reader(head, delimiter=delimiter)
    try:
        rows.extend(reader)
    except csv.Error:
        return rows
    return rows
