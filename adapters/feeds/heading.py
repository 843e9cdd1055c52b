"""Find the row of headings, and which column holds which field.

Exports begin with a title, a date of printing, a blank line.  The row of headings is the
one among the first thirty that names most fields of the contract; if two rows name as
many, the file is refused rather than guessed at.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from adapters.feeds.aliases import PERSON_COLUMNS, REQUIRED
from adapters.feeds.column_map import ColumnMap, plain_heading
from adapters.feeds.shaping import Fault
from domain.errors import FeedRefused

SEARCHED = 30
"""Rows."""

FEWEST = 2
"""A row of headings names at least this many fields."""

AGAIN = "Nothing from this file was stored."
Cells = Sequence[Any]


@dataclass(frozen=True)
class Heading:
    """Where each field is: `columns` and `people` map a name to its place from 0.

    `pairs` gives the places of a field's date and time. `row` is the place of the row of
    headings among the rows searched, `width` how many columns it has, `plain` its cells
    in plain form.
    """

    row: int
    width: int
    plain: tuple[str, ...]
    columns: dict[str, int]
    pairs: dict[str, tuple[int, int]]
    people: dict[str, int]


def hits(cells: Cells, column_map: ColumnMap) -> int:
    """How many fields the cells of a row name."""
    plain = {plain_heading(cell) for cell in cells if isinstance(cell, str)}
    named = {column_map.field_of[one] for one in plain if one in column_map.field_of}
    both = sum(date in plain and time in plain for date, time in column_map.pairs.values())
    return len(named) + both


def best_row(rows: Sequence[Cells], column_map: ColumnMap) -> tuple[int, int | None]:
    """The most fields that any of the rows names, and that row's place, or None for a tie."""
    counts = [hits(cells, column_map) for cells in rows[:SEARCHED]]
    most = max(counts, default=0)
    return most, counts.index(most) if counts.count(most) == 1 else None


def find_heading(
    name: str, numbered: Sequence[tuple[int, Cells]], column_map: ColumnMap
) -> Heading:
    """The heading of a file called `name`; FeedRefused if there is none, or more than one.

    Args:
        name: The file's name, for the refusal.
        numbered: The first rows with their numbers as a person counts them.
        column_map: The map whose headings are looked for.
    """
    rows = [cells for _, cells in numbered[:SEARCHED]]
    most, place = best_row(rows, column_map)
    if most < FEWEST:
        raise FeedRefused(
            f"{name} has no row of headings for {column_map.feed} in its first {SEARCHED} rows. "
            f"Name its headings in a column map (map suggest writes one). {AGAIN}"
        )
    if place is None:
        tied = [
            str(number) for number, cells in numbered[:SEARCHED] if hits(cells, column_map) == most
        ]
        raise FeedRefused(
            f"Rows {' and '.join(tied)} of {name} look equally like headings. "
            f"Delete all but one, or name the headings in a column map. {AGAIN}"
        )
    return _complete(name, place, rows[place], column_map)


def table_heading(name: str, columns: Sequence[str], column_map: ColumnMap) -> Heading:
    """The heading of a file whose columns have names; FeedRefused if it lacks what is needed."""
    if not hits(columns, column_map):
        raise FeedRefused(
            f"{name} has no column whose name is known for {column_map.feed}. "
            f"Name its columns in a column map (map suggest writes one). {AGAIN}"
        )
    return _complete(name, 0, columns, column_map)


def _complete(name: str, place: int, cells: Cells, column_map: ColumnMap) -> Heading:
    """The heading with all that a row needs; FeedRefused if a field has no column, or two."""
    heading = _placed(name, place, cells, column_map)
    present = {*heading.columns, *heading.pairs, *column_map.constants}
    missing = [field for field in REQUIRED[column_map.feed] if field not in present]
    if missing:
        raise FeedRefused(
            f"{name} has no column for {', '.join(missing)}, without which no row can load. "
            f"Name its heading in a column map. {AGAIN}"
        )
    return heading


def _placed(name: str, place: int, cells: Cells, column_map: ColumnMap) -> Heading:
    """The heading with each field's column; FeedRefused if a field has two."""
    plain = tuple(plain_heading(cell) if isinstance(cell, str) else "" for cell in cells)
    width = max((at + 1 for at, heading in enumerate(plain) if heading), default=0)
    places: dict[str, int] = {}
    for at, heading in enumerate(plain):
        field = column_map.field_of.get(heading)
        if field is None:
            continue
        if field in places:
            raise FeedRefused(
                f"Columns {places[field] + 1} and {at + 1} of {name} both hold {field}. "
                f"Say in the column map which heading is meant. {AGAIN}"
            )
        places[field] = at
    pairs = {
        field: (plain.index(date), plain.index(time))
        for field, (date, time) in column_map.pairs.items()
        if date in plain and time in plain
    }
    people = {
        PERSON_COLUMNS[field]: places.pop(field) for field in PERSON_COLUMNS if field in places
    }
    return Heading(place, width, plain[:width], places, pairs, people)


def as_text(cell: Any) -> str:
    """The cell's text; nothing for a cell without a usable value."""
    return "" if cell is None or isinstance(cell, Fault) else str(cell)
