"""A function of one value done to a whole column, each distinct value once."""

from collections.abc import Callable
from typing import Any

import polars as pl


def once(column: pl.Series, fold: Callable[[Any], Any], kind: Any = pl.String) -> pl.Series:
    """The column with `fold` done to every value that is not null; `kind` is what it gives."""
    distinct = column.drop_nulls().unique()
    made = series([fold(value) for value in distinct.to_list()], kind)
    return spread(column, distinct, made).alias(column.name)


def spread(column: pl.Series, distinct: pl.Series, made: pl.Series) -> pl.Series:
    """For each value of the column what was made of it; null for null."""
    table = pl.DataFrame({"value": distinct, "made": made})
    rows = column.alias("value").to_frame()
    return rows.join(table, on="value", how="left", maintain_order="left")["made"]


def series(values: list[Any], kind: Any) -> pl.Series:
    """The values as a series; tuples as a struct, field by field, which is ten times as quick."""
    if not isinstance(kind, pl.Struct):
        return pl.Series(values, dtype=kind)
    columns = list(zip(*values, strict=True)) if values else [()] * len(kind.fields)
    fields = zip(kind.fields, columns, strict=True)
    return pl.DataFrame(
        [pl.Series(one.name, column, dtype=one.dtype) for one, column in fields]
    ).to_struct()
