"""The process that opens a workbook: limited in memory and time, and told no secrets.

Run as ``python -m adapters.feeds.workbook_child [SHEET]`` with the workbook as standard
input; SHEET is empty, ``name:TITLE`` or ``at:PLACE``.  It writes JSON Lines:

    {"excel_1904": false}           first, when one sheet is read
    [7, ["R-1", null, {"fault": "…"}]]     a row: its number, its cells as text
    {"heads": [[place, rows], …]}   instead, when several sheets are visible
    {"end": true}                   last; without it the reading broke off
    {"refused": "holds macros"}     instead of everything else

Hidden sheets are left out; hidden rows are read.
"""

import itertools
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from adapters.feeds.workbook_guard import GuardRefusedError, check

MEMORY = 1 << 30
"""Bytes of address space."""
SECONDS = 600
"""Of processor time."""
HEAD = 30
"""Rows of each visible sheet, for choosing among several."""

ROUNDED = "has more than 15 digits in a numeric cell, so Excel has already rounded it"
UNCACHED = "is a formula without a stored value; open the file in Excel and save it again"
ERROR = "is an error of the workbook"

_HOUR, _MINUTE = timedelta(hours=1), timedelta(minutes=1)
_ZEROS = re.compile(r"0{2,30}")


def main() -> None:
    """Limit this process, read the workbook, write what came of it."""
    _limit()
    try:
        for message in _messages(sys.argv[1] if len(sys.argv) > 1 else ""):
            sys.stdout.write(json.dumps(message) + "\n")
    except GuardRefusedError as refusal:
        _end(str(refusal))
    except MemoryError:
        _end("needs more memory than a workbook is given")
    except Exception:  # noqa: BLE001 - openpyxl raises anything at a damaged file, quoting it
        _end("is damaged, or not a workbook that can be read")


def _end(refusal: str) -> None:
    sys.stdout.write(json.dumps({"refused": refusal}) + "\n")


def _limit() -> None:
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def _messages(wanted: str) -> Iterator[Any]:
    file = sys.stdin.buffer
    with zipfile.ZipFile(file) as archive:
        uncached = check(archive)
    file.seek(0)
    book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    visible = [
        (place, sheet)
        for place, sheet in enumerate(book.worksheets)
        if sheet.sheet_state == "visible"
    ]
    if wanted:
        kind, _, which = wanted.partition(":")
        visible = [
            (place, sheet)
            for place, sheet in visible
            if which == (sheet.title if kind == "name" else str(place))
        ]
    if not visible:
        raise GuardRefusedError("has no visible sheet of that name" if wanted else "has no sheet")
    if len(visible) > 1:
        heads = [
            [place, list(itertools.islice(_rows(sheet, uncached), HEAD))]
            for place, sheet in visible
        ]
        yield {"heads": heads}
    else:
        yield {"excel_1904": book.epoch == CALENDAR_MAC_1904}
        yield from _rows(visible[0][1], uncached)
    yield {"end": True}


def _rows(sheet: Any, uncached: dict[str, set[tuple[int, int]]]) -> Iterator[list[Any]]:
    """Each row that has cells, as its number and its cells."""
    part = sheet._worksheet_path.lstrip("/")
    if part not in uncached:
        raise GuardRefusedError("keeps a sheet in a part that is not XML")
    without = uncached[part]
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(), 1):
        if cells:
            yield [
                number,
                [
                    {"fault": UNCACHED} if (number, column) in without else _cell(cell)
                    for column, cell in enumerate(cells, 1)
                ],
            ]


def _cell(cell: Any) -> Any:
    """A cell's value as text, None if it has none, or its fault."""
    value = cell.value
    if cell.data_type == "e":
        return {"fault": ERROR}
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, cell.number_format)
    return _moment(value, cell.number_format)


def _number(value: float, shown_as: str) -> Any:
    """The number as text, with the leading zeros that its format shows."""
    if abs(value) >= 1e15:
        return {"fault": ROUNDED}
    if value != int(value):
        return repr(value)
    whole = str(int(value))
    return whole.zfill(len(shown_as)) if _ZEROS.fullmatch(shown_as) else whole


def _moment(value: datetime | date | time | timedelta, shown_as: str) -> str:
    """A date or time to the nearest second, in ISO 8601; a day alone if shown as one."""
    if isinstance(value, timedelta):
        return f"{value // _HOUR:02}:{value % _HOUR // _MINUTE:02}"
    if isinstance(value, time):
        return value.isoformat("seconds")
    if isinstance(value, datetime):
        value = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
        if value.time() == time() and "h" not in shown_as.lower():
            return value.date().isoformat()
    return value.isoformat()


if __name__ == "__main__":
    main()
