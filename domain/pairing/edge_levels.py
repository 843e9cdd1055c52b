"""Edges asked for their levels: a flag for each edge, whether a field is at some of them."""

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from domain.pairing.arrays import Flags
from domain.pairing.events import level


def at(edges: pl.DataFrame, field: str, *levels: str) -> Flags:
    """Whether a field of each edge is at one of the levels."""
    there = np.zeros(256, dtype=np.bool_)
    there[[int(level(field, name)) for name in levels]] = True
    found: Flags = there[filled(edges[f"l_{field}"])]
    return found


def filled(column: pl.Series) -> NDArray[Any]:
    """The values, with 0 where there was no edge to take them from."""
    return (column.fill_null(0) if column.null_count() else column).to_numpy()
