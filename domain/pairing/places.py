"""Where records are, and an order of them that is not an accident of the input."""

import numpy as np
import polars as pl

from domain.pairing.arrays import I64, Flags


def places(keys: pl.Series, wanted: pl.Series) -> I64:
    """The row of `keys` (distinct) at which each wanted key is; -1 where it is not there."""
    values, sought = keys.to_numpy(), wanted.to_numpy()
    count = len(values)
    if not count:
        return np.full(len(sought), -1, dtype=np.int64)
    steps = np.diff(values)
    if (steps == 1).all():
        at: I64 = sought - values[0]
        at[(at < 0) | (at >= count)] = -1
        return at
    by_value = None if (steps > 0).all() else np.argsort(values, kind="stable")
    found = np.minimum(np.searchsorted(values, sought, sorter=by_value), count - 1)
    row: I64 = found if by_value is None else by_value[found]
    return np.where(values[row] == sought, row, -1)


def numbered(texts: pl.Series, rows: I64, rivals: Flags) -> I64:
    """A number from 0 for each of `rows`, equal for equal rows, in the order of `texts`.

    Only among records at `rivals` does the order matter, and sorting texts is slow; so the
    others come after those, in the order of the rows.
    """
    number = np.full(len(texts), -1, dtype=np.int64)
    number[rows] = 0
    number[rows[rivals]] = 1
    first, rest = np.flatnonzero(number == 1), np.flatnonzero(number == 0)
    first = first[texts.gather(first).arg_sort().to_numpy()]
    number[first] = np.arange(len(first))
    number[rest] = len(first) + np.arange(len(rest))
    result: I64 = number[rows]
    return result


def among(ends: I64, some: Flags | I64) -> Flags:
    """For each of `ends` (numbers from 0), whether one of those at `some` is the same."""
    seen = np.zeros(int(ends.max(initial=-1)) + 1, dtype=np.bool_)
    seen[ends[some]] = True
    found: Flags = seen[ends]
    return found
