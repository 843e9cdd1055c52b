"""A column read, and a function of one value done to it, each distinct value once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from domain.pairing.arrays import I32, I64, U64
from domain.pairing.kernel import is_worth_compiling


def read(table: pl.LazyFrame, name: str) -> pl.Series:
    """A column of a table."""
    return table.select(name).collect().to_series()


_SMALLEST, _STRETCH = 1 << 16, 1 << 18
"""Places of a table of hashes when it is begun; rows that are compared at a time."""


@dataclass(frozen=True)
class Coded:
    """A column by values that repeat: row i is ``values[number[i]]``; null is a value too."""

    number: I32
    values: pl.Series

    def spread(self, made: pl.Series) -> pl.Series:
        """For each row what was made of its value."""
        return made.gather(self.number)

    def column(self, rows: I64 | slice = slice(None)) -> pl.Series:
        """The column, or some rows of it."""
        return self.values.gather(self.number[rows])

    def folded(self, fold: Callable[[Any], Any], kind: Any = pl.String) -> "Coded":
        """The column with `fold` done to every value that is not null; `kind` is what it gives."""
        values = self.values.to_list()
        made = series([None if value is None else fold(value) for value in values], kind)
        return Coded(self.number, made.alias(self.values.name))


def coded(column: pl.Series) -> Coded:
    """The distinct values of a column, in the order in which they come.

    Of much they are told apart by a hash, and every row is compared with its value after that.
    """
    if is_worth_compiling(len(column)):
        number, first = numbered(column.hash().to_numpy())
        found = Coded(number, column.gather(first))
        if is_gathered(column, found.values, pl.Series(number)):
            return found
    values = column.alias("value").unique(maintain_order=True)
    table = values.to_frame().with_row_index("number")
    rows = column.alias("value").to_frame()
    joined = rows.join(table, on="value", how="left", maintain_order="left", nulls_equal=True)
    return Coded(joined["number"].cast(pl.Int32).to_numpy(), values)


def together(columns: Iterable[Coded]) -> tuple[list[I32], pl.Series]:
    """The numbers of several columns as those of all their values, each of which comes once."""
    columns = list(columns)
    whole = coded(pl.concat([column.values.alias("") for column in columns]))
    ends = np.cumsum([len(column.values) for column in columns])
    parts = np.split(whole.number, ends[:-1])
    return [part[one.number] for part, one in zip(parts, columns, strict=True)], whole.values


def numbered(hashes: U64) -> tuple[I32, I64]:
    """The number of each hash, from 0 in the order in which they come, and where each first is."""
    from adapters.feeds import loops

    result, first = np.empty(len(hashes), np.int32), np.empty(len(hashes), np.int64)
    places, row, count = _SMALLEST, 0, 0
    while True:
        table = np.empty(places, np.uint64), np.full(places, -1, np.int32)
        loops.put(hashes, first[:count], table)
        row, count = loops.numbered(hashes, row, count, table, (result, first))
        if row == len(hashes):
            return result, first[:count].copy()
        places *= 4


def is_gathered(column: pl.Series, values: pl.Series, rows: pl.Series) -> bool:
    """Whether a column is the values at some rows; they are compared a stretch at a time."""
    return all(
        column.slice(at, _STRETCH).eq_missing(values.gather(rows.slice(at, _STRETCH))).all()
        for at in range(0, len(column), _STRETCH)
    )


def once(column: pl.Series, fold: Callable[[Any], Any], kind: Any = pl.String) -> pl.Series:
    """The column with `fold` done to every value that is not null; `kind` is what it gives."""
    return coded(column).folded(fold, kind).column().alias(column.name)


def series(values: list[Any], kind: Any) -> pl.Series:
    """The values as a series; tuples as a struct, field by field, which is ten times as quick.

    What is none is a struct of nothing there.
    """
    if not isinstance(kind, pl.Struct):
        return pl.Series(values, dtype=kind)
    none = (None,) * len(kind.fields)
    rows = [none if value is None else value for value in values]
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(kind.fields)
    fields = zip(kind.fields, columns, strict=True)
    return pl.DataFrame(
        [pl.Series(one.name, column, dtype=one.dtype) for one, column in fields]
    ).to_struct()
