"""A delivered file that has types, some rows at a time: laid out, or as every other file's."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from adapters.feeds.aliases import TIMES
from adapters.feeds.column_map import ColumnMap
from adapters.feeds.heading import Heading, table_heading
from adapters.feeds.instants import Clock
from adapters.feeds.laid_out import of_table
from adapters.feeds.opening import kind_of
from adapters.feeds.parquet import cells_of, parquet_table, slices
from adapters.feeds.reading import Values, record_of
from adapters.feeds.sure_rows import Given

MOST_ROWS = 500_000
"""Rows that are held at a time."""


@dataclass(frozen=True)
class Table:
    """A typed file that holds a row a record; rows are counted from 1."""

    path: Path
    rows: pl.LazyFrame
    column_map: ColumnMap
    heading: Heading
    clock: Clock

    def slices(self, rows: int = MOST_ROWS) -> Iterator[tuple[int, pl.DataFrame]]:
        """Some rows at a time, with the number of the first; FeedRefused if it is damaged."""
        return slices(self.path, self.rows, rows)

    def given(self, some: pl.DataFrame) -> Given:
        """Some rows laid out."""
        names = {some.columns[at]: name for name, at in self.heading.columns.items()}
        return of_table(some.select(list(names)).rename(names))

    def values(self, first: int, some: pl.DataFrame, places: pl.Series) -> Iterator[Values]:
        """Some rows of a slice by their places in it, as every other file's; blank ones go."""
        for place, cells in zip(places, cells_of(some[places]), strict=True):
            record = record_of(first + place, cells, self.heading, self.column_map)
            if record is not None:
                yield record


def open_table(path: Path, column_map: ColumnMap) -> Table | None:
    """The file as a table; None for a file that is read row by row.

    That is every file without types, and one whose map takes a field from two columns, a record
    from several rows, a person from columns of the record, or the record's time from itself.
    """
    if kind_of(path) != "parquet":
        return None
    rows = parquet_table(path)
    names = rows.collect_schema().names()
    heading = table_heading(path.name, names, column_map)
    plain = not (column_map.one_row_a_person or heading.pairs or heading.people)
    timed = TIMES[column_map.feed] in heading.columns
    if not (plain and timed) or next(slices(path, rows, 1), None) is None:
        return None
    return Table(path, rows, column_map, heading, column_map.clock())
