"""What plain joins find: how hard a set of data is, whatever engine is tried on it.

Each takes every pair of a referral and a live document that agree in what it is named after,
cleaned, and nothing else.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from bench.pairing.quality import Truth

_PAIR: Final = ("referral", "document")
_INCIDENT: Final = ("force", "incident", "incident_day")


@dataclass(frozen=True)
class Joined:
    """The share of the pairs found that are true, and of the true pairs that were found."""

    precision: float
    recall: float


def joins(data: Path, truth: Truth) -> dict[str, Joined]:
    """By the reference, by force with incident number and day, and by either; stored columns."""
    ours, theirs = (
        pl.read_parquet(data / "cleaned" / f"{name}s.parquet").rename({"key": name})
        for name in _PAIR
    )
    theirs = theirs.filter("live")
    quoted = theirs.explode("references", empty_as_null=True)
    found = {
        "reference": ours.join(quoted, left_on="reference", right_on="references"),
        "incident number and day": ours.join(theirs, on=_INCIDENT),
    }
    pairs = {name: each.select(_PAIR).unique() for name, each in found.items()}
    pairs["either"] = pl.concat(pairs.values()).unique()
    return {name: _joined(each, truth) for name, each in pairs.items()}


def _joined(pairs: pl.DataFrame, truth: Truth) -> Joined:
    told = truth.marked(pairs)["right"].drop_nulls()
    right = int(told.sum())
    return Joined(right / max(len(told), 1), right / int(truth.pairs["counts"].sum()))
