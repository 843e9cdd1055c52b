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
from adapters.feeds.parquet_pages import pages_can_be
from adapters.feeds.shaping import Fault
from domain.errors import FeedRefused

NO_TEXT = "holds neither text nor a number, a date or a time of day"
_SLICE = 20_000
"""Rows that are held at a time."""
_FRACTION_OF_NOTHING = r"\.0+$"
_FARTHEST = 95_000_000
"""Days from 1970 within which Polars can write every time, in every zone; some 260,000 years."""
_IN_A_DAY = {"ms": 86_400_000, "us": 86_400_000_000}
"""Of nanoseconds, 64 bits do not go so far."""

Row = tuple[int, Sequence[Any]]


def parquet_table(path: Path) -> pl.LazyFrame:
    """The file's rows, not read yet; FeedRefused if its columns or its pages cannot be."""
    with _reading(path):
        table = pl.scan_parquet(path, glob=False)
        table.collect_schema()
        whole = pages_can_be(path)
    if not whole:
        raise _damaged(path)
    return table


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Turn what the reader says of a damaged file into FeedRefused, which repeats no value.

    It is for nothing but the reading: what is done with the rows has faults of its own.
    """
    try:
        yield
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        raise _damaged(path) from None


def _damaged(path: Path) -> FeedRefused:
    return refused(
        path, "is a Parquet file that is damaged or cut short", f"Ask for it again. {AGAIN}"
    )


def parquet_rows(path: Path) -> Iterator[Row]:
    """The names of the columns as row 0, and each row with its number, from 1.

    FeedRefused if the file is damaged, possibly found out only after some rows.
    """
    table = parquet_table(path)
    yield 0, table.collect_schema().names()
    for first, some in slices(path, table, _SLICE):
        yield from enumerate(cells_of(some), first)


def slices(path: Path, table: pl.LazyFrame, rows: int) -> Iterator[tuple[int, pl.DataFrame]]:
    """So many rows of the file at a time, with the number of the first, from 1.

    FeedRefused if they cannot be read, or hold a time that no calendar has.
    """
    first = 1
    while True:
        with _reading(path):
            some = table.slice(first - 1, rows).collect()
        if some.is_empty():
            return
        if not all(map(_in_a_calendar, some)):
            raise _damaged(path)
        yield first, some
        first += some.height


def _in_a_calendar(column: pl.Series) -> bool:
    """Whether each day and instant of a column, and of its lists and objects, can be written.

    The reader takes any number for one, and what is done with it later would fail.
    """
    kind = column.dtype
    if not _holds(kind, (pl.Date, pl.Datetime)):
        return True
    if isinstance(kind, pl.List | pl.Array):
        return _in_a_calendar(column.explode(empty_as_null=False, keep_nulls=False))
    if isinstance(kind, pl.Struct):
        return all(_in_a_calendar(column.struct.field(field.name)) for field in kind.fields)
    a_day = _IN_A_DAY.get(kind.time_unit) if isinstance(kind, pl.Datetime) else 1
    if a_day is None:
        return True
    most = _FARTHEST * a_day
    return bool(column.to_physical().is_between(-most, most).all())


def cells_of(some: pl.DataFrame) -> Iterator[Sequence[Any]]:
    """The cells of each row of a file as text, lists and objects."""
    return zip(*map(_cells, some), strict=True)


def _cells(column: pl.Series) -> list[Any]:
    """The cells of a column."""
    if has_no_text(column.dtype):
        held = column.is_not_null()
        if isinstance(column.dtype, pl.List):
            held &= column.list.len() > 0
        return [Fault(NO_TEXT) if one else None for one in held]
    written = column.cast(_as_text(column.dtype))
    if column.dtype.is_numeric():
        written = written.str.replace(_FRACTION_OF_NOTHING, "")
    return written.to_list()


def has_no_text(kind: Any) -> bool:
    """Whether a type holds, somewhere, what cannot be written as text."""
    return _holds(kind, (pl.Binary, pl.Duration, pl.Object, pl.Unknown))


def _holds(kind: Any, sought: tuple[type[pl.DataType], ...]) -> bool:
    """Whether a type is one of those sought, or holds one somewhere."""
    if isinstance(kind, pl.List | pl.Array):
        return _holds(kind.inner, sought)
    if isinstance(kind, pl.Struct):
        return any(_holds(field.dtype, sought) for field in kind.fields)
    return isinstance(kind, sought)


def _as_text(kind: Any) -> Any:
    """Text, and lists and objects of text where the kind is one of such."""
    if isinstance(kind, pl.List | pl.Array):
        return pl.List(_as_text(kind.inner))
    if isinstance(kind, pl.Struct):
        return pl.Struct({field.name: _as_text(field.dtype) for field in kind.fields})
    return pl.String()
