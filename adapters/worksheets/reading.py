"""A filled worksheet: its cells by item and attribute, with the rows that they stand in.

What the file says beside the draw ids, the place, answers and reasons is not read: a source key
that somebody changed changes nothing.
"""

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

from adapters.feeds.column_map import ColumnMap
from adapters.feeds.delimited import DELIMITERS, csv_rows
from adapters.feeds.opening import encoding_of, kind_of, lines, refused
from adapters.feeds.shaping import Fault
from adapters.feeds.workbook import workbook_rows
from adapters.spreadsheets import unguarded
from adapters.worksheets.columns import ANSWER, DRAW_ID, PLACE, REASON, SHEET
from domain.sampling.worksheet import FindingGiven, FindingsRefused, Problem
from domain.working_paper import Judge

Cells = Sequence[str | Fault | None]
_AGAIN = "Fill the worksheet that `counterfoil sample worksheet` wrote. Nothing was stored."


def read_worksheet(path: Path, judge: Judge) -> list[FindingGiven]:
    """Every cell to fill of every row, in the file's order; rows are numbered as shown.

    Raises:
        FeedRefused: The file is no worksheet, or cannot be read to its end.
        FindingsRefused: A row is of another place than `judge`, or a cell arrived without a
            usable value.
    """
    rows = _rows(path)
    heading = next(rows, (0, ()))[1]
    places = _places(path, heading)
    found: list[FindingGiven] = []
    faults: list[Problem] = []
    for number, cells in rows:
        if not any(isinstance(cell, Fault) or (cell or "").strip() for cell in cells):
            continue
        if len(cells) == 1 and isinstance(cells[0], Fault):
            faults.append(Problem(number, "", cells[0].reason))
            continue
        faults += _faults(number, cells, heading)
        faults += _misplaced(number, cells, places, judge)
        found += _given(number, cells, places)
    if faults:
        raise FindingsRefused(faults)
    return found


def _rows(path: Path) -> Iterator[tuple[int, Cells]]:
    kind = kind_of(path)
    if kind == "xlsx":
        _, rows = workbook_rows(path, ColumnMap("worksheet", {}, sheet=SHEET))
        yield from rows
    elif kind == "csv":
        for number, cells in csv_rows(path, ColumnMap("worksheet", {}, delimiter=_delimiter(path))):
            yield number, [unguarded(cell) if isinstance(cell, str) else cell for cell in cells]
    else:
        raise refused(path, "is not a worksheet", _AGAIN)


def _delimiter(path: Path) -> str:
    """The sign after the first heading; spreadsheets save with that of their country."""
    with lines(path, encoding_of(path)) as text:
        heading = "".join(itertools.islice(text, 1))
    for sign in DELIMITERS:
        if heading.lstrip('"').startswith((f"{DRAW_ID}{sign}", f'{DRAW_ID}"{sign}')):
            return sign
    raise refused(path, f"does not begin with the heading {DRAW_ID}", _AGAIN)


def _places(path: Path, heading: Cells) -> dict[str, int]:
    """Where the column of each heading is."""
    names = [cell.strip() if isinstance(cell, str) else "" for cell in heading]
    twice = {name for name in names if name and names.count(name) > 1}
    if twice:
        raise refused(path, f"has the heading {min(twice)} twice", _AGAIN)
    if not {DRAW_ID, PLACE} <= set(names) or not any(name.endswith(ANSWER) for name in names):
        raise refused(path, "has not the headings of a worksheet", _AGAIN)
    return {name: place for place, name in enumerate(names) if name}


def _given(number: int, cells: Cells, places: dict[str, int]) -> Iterator[FindingGiven]:
    """The row's cells to fill; a column that is missing is not there."""
    item = _text(cells, places[DRAW_ID])
    for heading, place in places.items():
        if heading.endswith(ANSWER):
            code = heading.removesuffix(ANSWER)
            reason = places.get(code + REASON)
            why = "" if reason is None else _text(cells, reason)
            yield FindingGiven(item, code, _text(cells, place), why, number)


def _text(cells: Cells, place: int) -> str:
    cell = cells[place] if place < len(cells) else ""
    return cell.strip() if isinstance(cell, str) else ""


def _misplaced(
    number: int, cells: Cells, places: dict[str, int], judge: Judge
) -> Iterator[Problem]:
    """A row of another place, so that nobody's judgement is taken for somebody else's."""
    if _text(cells, places[PLACE]).lower() != judge:
        yield Problem(number, PLACE, f"the row is not of the {judge.value} judgement")


def _faults(number: int, cells: Cells, heading: Cells) -> Iterator[Problem]:
    """Cells to fill that hold a formula without a value, or an error."""
    for cell, name in zip(cells, heading, strict=False):
        if isinstance(cell, Fault) and isinstance(name, str) and _is_read(name.strip()):
            yield Problem(number, name.strip(), cell.reason)


def _is_read(name: str) -> bool:
    return name == DRAW_ID or name.endswith((ANSWER, REASON))
