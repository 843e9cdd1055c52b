"""Rows of a Parquet file: its columns' names, then the rows, with the cells as text.

What a column's type says stays: an instant with a zone keeps its offset, a date is a day, a
number is text without a fraction of nothing, and a list or a person stays a list or an object.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from adapters.feeds.heading import AGAIN
from adapters.feeds.opening import refused
from adapters.feeds.shaping import Fault

NO_TEXT = "holds neither text nor a number, a date or a time of day"
_SLICE = 20_000
"""Rows that are held at a time."""
_FRACTION_OF_NOTHING = r"\.0+$"

Row = tuple[int, Sequence[Any]]


def parquet_table(path: Path) -> pl.LazyFrame:
    """The file's rows, not read yet; FeedRefused if its columns cannot be told."""
    with reading(path):
        table = pl.scan_parquet(path, glob=False)
        table.collect_schema()
    return table


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn what the reader says of a damaged file into FeedRefused, which repeats no value."""
    try:
        yield
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        why = "is a Parquet file that is damaged or cut short"
        raise refused(path, why, f"Ask for it again. {AGAIN}") from None


def parquet_rows(path: Path) -> Iterator[Row]:
    """The names of the columns as row 0, and each row with its number, from 1.

    FeedRefused if the file is damaged, possibly found out only after some rows.
    """
    table = parquet_table(path)
    yield 0, table.collect_schema().names()
    for first, some in slices(path, table, _SLICE):
        yield from enumerate(cells_of(path, some), first)


def slices(path: Path, table: pl.LazyFrame, rows: int) -> Iterator[tuple[int, pl.DataFrame]]:
    """So many rows of the file at a time, with the number of the first, from 1."""
    first = 1
    while True:
        with reading(path):
            some = table.slice(first - 1, rows).collect()
        if some.is_empty():
            return
        yield first, some
        first += some.height


def cells_of(path: Path, some: pl.DataFrame) -> Iterator[Sequence[Any]]:
    """The cells of each row of a file as text, lists and objects."""
    with reading(path):  # a time that no calendar has is found out only now
        return zip(*[_cells(column) for column in some], strict=True)


def _cells(column: pl.Series) -> list[Any]:
    """The cells of a column."""
    if has_no_text(column.dtype):
        return [Fault(NO_TEXT) if value not in (None, []) else None for value in column.to_list()]
    written = column.cast(_as_text(column.dtype))
    if column.dtype.is_numeric():
        written = written.str.replace(_FRACTION_OF_NOTHING, "")
    return written.to_list()


def has_no_text(kind: Any) -> bool:
    """Whether a type holds, somewhere, what cannot be written as text."""
    if isinstance(kind, pl.List | pl.Array):
        return has_no_text(kind.inner)
    if isinstance(kind, pl.Struct):
        return any(has_no_text(field.dtype) for field in kind.fields)
    return isinstance(kind, pl.Binary | pl.Duration | pl.Object | pl.Unknown)


def _as_text(kind: Any) -> Any:
    """Text, and lists and objects of text where the kind is one of such."""
    if isinstance(kind, pl.List | pl.Array):
        return pl.List(_as_text(kind.inner))
    if isinstance(kind, pl.Struct):
        return pl.Struct({field.name: _as_text(field.dtype) for field in kind.fields})
    return pl.String()
