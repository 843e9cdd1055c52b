"""Read one delivered file, row by row, in constant memory.

    file -> rows -> fields (heading, map) -> contract form (shaping) -> checked and
    tokenised (door) -> ReadRow

The same steps serve a preview, which looks at the checked form and goes no further.
"""

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adapters.feeds.aliases import KEYS, TIMES
from adapters.feeds.column_map import ColumnMap
from adapters.feeds.delimited import csv_rows
from adapters.feeds.door import Door, ReadRow
from adapters.feeds.heading import AGAIN, SEARCHED, Heading, as_text, find_heading, table_heading
from adapters.feeds.instants import Clock
from adapters.feeds.json_lines import json_rows
from adapters.feeds.opening import kind_of, refused
from adapters.feeds.parquet import parquet_rows
from adapters.feeds.shaping import READ, Fault, Shaped, shape
from adapters.feeds.workbook import workbook_rows
from domain.identifiers import IdentifierRules
from schemas.validation import Problem

TOTAL = "looks like a total row, not a record"
BLANK = "is blank"
REPEATED = "repeats the headings"
DISAGREES = "differs between the rows of one record"

MOST_ROWS_A_RECORD = 500
"""Of a file with one row a person; the contract allows fewer people."""

_TOTAL = re.compile(
    r"(grand|sub|overall)?[\s-]*totals?\b.*|(row|record)?\s*count\b.*|end of (report|file|data).*",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Values:
    """One record's values by field before shaping, and what is already known to be wrong."""

    number: int
    values: dict[str, Any]
    problems: list[Problem]


def read_feed(
    path: Path, column_map: ColumnMap, *, force: str | None, key: bytes, rules: IdentifierRules
) -> Iterator[ReadRow]:
    """Each record of the file as a clean record or as its problems, in the file's order.

    Args:
        path: CSV, XLSX, JSON Lines or Parquet; the content says which.
        column_map: Of the feed that the file belongs to.
        force: The force that the delivery is for; a row of another force is a problem.
            None takes the force from the file or the map's constants.
        key: The force's token key, 16 bytes or more.
        rules: How the force writes its numbers.

    Raises:
        FeedRefused: The file as a whole cannot be read, possibly found out only after
            some rows; then nothing of it may be kept.
        SettingsRefused: The key is too short.
    """
    clock, rows = open_rows(path, column_map)
    yield from map(admitting(column_map, clock, force=force, key=key, rules=rules), rows)


def admitting(
    column_map: ColumnMap, clock: Clock, *, force: str | None, key: bytes, rules: IdentifierRules
) -> Callable[[Values], ReadRow]:
    """What `read_feed` does with each row of `open_rows`; it may be done in another process."""
    door = door_of(column_map, clock, force=force, key=key, rules=rules)
    return lambda row: door.admit(row.number, shaped_from(row, column_map, clock))


def open_rows(path: Path, column_map: ColumnMap) -> tuple[Clock, Iterator[Values]]:
    """The clock for the file's times, and its records' values; FeedRefused if it has none."""
    kind = kind_of(path)
    clock = column_map.clock()
    records: Iterator[Values]
    if kind == "jsonl":
        records = (Values(*line) for line in json_rows(path, column_map))
    elif kind == "xlsx":
        excel_1904, sheet_rows = workbook_rows(path, column_map)
        clock = column_map.clock(excel_1904=excel_1904)
        records = _records(path, sheet_rows, column_map, padded=True)
    elif kind == "parquet":
        records = _records(path, parquet_rows(path), column_map, padded=True, named=True)
    else:
        records = _records(path, csv_rows(path, column_map), column_map, padded=False)
    return clock, _people_joined(records, column_map) if column_map.one_row_a_person else records


def door_of(
    column_map: ColumnMap, clock: Clock, *, force: str | None, key: bytes, rules: IdentifierRules
) -> Door:
    """The door for a file; a constant of the map that cannot be read is a problem of each row."""
    constants = shape(column_map.feed, column_map.constants, clock)
    return Door(
        column_map.feed,
        force=force,
        constants=constants,
        key=key,
        rules=rules,
        zone=clock.zone,
    )


def shaped_from(row: Values, column_map: ColumnMap, clock: Clock) -> Shaped:
    """The row in the contract's form, with the problems it came with."""
    if row.problems and not row.values:
        return Shaped(problems=list(row.problems), whole=True)
    shaped = shape(column_map.feed, row.values, clock)
    shaped.problems.extend(row.problems)
    return shaped


def _records(
    path: Path,
    rows: Iterator[tuple[int, Sequence[Any]]],
    column_map: ColumnMap,
    *,
    padded: bool,
    named: bool = False,
) -> Iterator[Values]:
    """The values of each row under the headings, which the first row surely has if `named`.

    `padded` rows may be short.
    """
    head = list(itertools.islice(rows, SEARCHED))
    if not any(as_text(cell).strip() for _, cells in head for cell in cells):
        raise refused(path, "holds no text", f"Ask for it again. {AGAIN}")
    heading = (
        table_heading(path.name, head[0][1], column_map)
        if named
        else find_heading(path.name, head, column_map)
    )
    seen = False
    for number, cells in itertools.chain(head[heading.row + 1 :], rows):
        record = record_of(number, cells, heading, column_map, padded=padded)
        if record is not None:
            seen = True
            yield record
    if not seen and not column_map.allow_empty:
        why = "has headings and no rows"
        again = f"Ask for it again, or take allow_empty = false out of the column map. {AGAIN}"
        raise refused(path, why, again)


def record_of(
    number: int,
    cells: Sequence[Any],
    heading: Heading,
    column_map: ColumnMap,
    *,
    padded: bool = True,
) -> Values | None:
    """One row's values, or why the row is no record; None for a blank row.

    A `padded` row may be short.
    """
    if not any(cells):
        return None
    if len(cells) == 1 and isinstance(cells[0], Fault):
        return Values(number, {}, [Problem("", cells[0].reason)])
    time = heading.columns.get(TIMES[column_map.feed])
    odd = _odd_row(cells, heading, time)
    if odd == BLANK:
        return None
    if odd is not None:
        return Values(number, {}, [Problem("", odd)])
    if len(cells) != heading.width:
        cells, wrong = _fitted(cells, heading.width, padded)
        if wrong is not None:
            return Values(number, {}, [Problem("", wrong)])
    values = {field: cells[at] for field, at in heading.columns.items()}
    for field, (day, hour) in heading.pairs.items():
        values[field] = _joined(cells[day], cells[hour])
    if heading.people:
        person = {name: cells[at] for name, at in heading.people.items()}
        if any(person.values()):
            # A file with one row a person may not have a column of people as well.
            values["people"] = [person]
    return Values(number, values, [])


def _odd_row(cells: Sequence[Any], heading: Heading, time: int | None) -> str | None:
    """Why a row is not a record at all: blank, a total, or the headings once more."""
    if time is not None and time < len(cells) and any(map(str.isdigit, as_text(cells[time]))):
        return None
    first = next((shown for cell in cells if (shown := as_text(cell).strip())), "")
    if not first and not any(isinstance(cell, Fault) for cell in cells):
        return BLANK
    if _TOTAL.fullmatch(first):
        return TOTAL
    if _is_heading(cells, heading):
        return REPEATED
    return None


def _is_heading(cells: Sequence[Any], heading: Heading) -> bool:
    plain = tuple("".join(filter(str.isalnum, as_text(cell).casefold())) for cell in cells)
    return plain[: heading.width] == heading.plain


def _fitted(cells: Sequence[Any], width: int, padded: bool) -> tuple[Sequence[Any], str | None]:
    """The cells made as many as the headings, or why that cannot be.

    In a sheet (`padded`) a cell knows its column, so a note beside the table is only
    cut off; in CSV a cell too many may have pushed others under wrong headings.
    """
    if len(cells) > width:
        if not padded and any(cells[width:]):
            return cells, f"has {len(cells)} cells where the headings have {width}"
        return cells[:width], None
    if padded:
        return [*cells, *[None] * (width - len(cells))], None
    why = f"has {len(cells)} cells where the headings have {width}; the file may be cut short"
    return cells, why


def _joined(day: Any, hour: Any) -> Any:
    """A date's cell and a time's cell as one text."""
    fault = next((cell for cell in (day, hour) if isinstance(cell, Fault)), None)
    if fault is not None:
        return fault
    day_text = as_text(day).strip().removesuffix("T00:00:00")
    return f"{day_text} {as_text(hour).strip()}".strip()


def _people_joined(records: Iterator[Values], column_map: ColumnMap) -> Iterator[Values]:
    """Rows of one record that follow one another as one, with all of their people."""
    key = KEYS[column_map.feed]

    def named(row: Values) -> tuple[Any, Any]:
        # Rows without a key, and rows that are none, each stand alone.
        name = READ["text"](row.values.get(key))
        if row.problems or not isinstance(name, str):
            return (row.number, None)
        return (name, row.values.get("force"))

    for _, rows in itertools.groupby(records, named):
        yield _merged(rows)


def _merged(rows: Iterator[Values]) -> Values:
    first = next(rows)
    people = list(first.values.get("people") or [])
    disagreeing: set[str] = set()
    for count, row in enumerate(rows, 2):
        if count > MOST_ROWS_A_RECORD:
            disagreeing.add("people")
            continue
        people.extend(row.values.get("people") or [])
        both = {*first.values, *row.values} - {"people"}
        disagreeing.update(name for name in both if row.values.get(name) != first.values.get(name))
    problems = [Problem(f"/{name}", DISAGREES) for name in sorted(disagreeing)]
    if not first.problems:
        first.values["people"] = people
    return Values(first.number, first.values, [*first.problems, *problems])
