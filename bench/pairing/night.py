"""One night's work in the kernel: some new documents against the open referrals.

Which is all that a night weighs: 500 documents submitted in the hours before it, and the
2,000 latest referrals that had no document until then, out of the whole history that is
stored.  The selection is not timed; the kernel is, first and then once warm.  How right a night
is, is counted over many in turn, since one makes some fifty pairs.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

import polars as pl

from bench.pairing.quality import Truth
from domain.pairing import Records, default_weights, pair
from domain.pairing.frames import DECISION_SCHEMA

OPEN: Final = 2_000
NEW: Final = 500
REPETITIONS: Final = 20
NIGHTS: Final = 200
AT: Final = 0.75
"""Where in the history the nights begin."""


@dataclass(frozen=True)
class Night:
    """What a night is about, and when it ran: rows of the stored tables."""

    open: Records
    new: Records


def nights(data: Path, truth: Truth) -> Iterator[Night]:
    """Up to NIGHTS nights in turn from AT of the documents on; the columns must be stored."""
    place = data / "cleaned"
    ours, theirs = (_times(place / f"{name}s.parquet") for name in ("referral", "document"))
    answered = (
        ours.join(truth.pairs, left_on="key", right_on="referral")
        .join(theirs.rename({"key": "document", "at": "since"}), on="document")
        .group_by("key")
        .agg(pl.col("since").min())
    )
    ours = ours.join(answered, on="key", how="left", maintain_order="left")
    first = max(int(theirs.height * AT) - NEW, 0)
    chosen = []
    for begin in range(first, theirs.height - NEW + 1, NEW)[:NIGHTS]:
        new = theirs.slice(begin, NEW)
        made = pl.col("at") < new["at"].max()
        waiting = pl.col("since").is_null() | (pl.col("since") >= new["at"].min())
        chosen.append((ours.filter(made, waiting).tail(OPEN)["key"], new["key"]))
    left, right = (
        _records(place / f"{name}s.parquet", place / f"{name}_people.parquet", pl.concat(keys))
        for name, keys in zip(("referral", "document"), zip(*chosen, strict=True), strict=True)
    )
    yield from (Night(left.only(still), right.only(new)) for still, new in chosen)


def _times(path: Path) -> pl.DataFrame:
    """The records by time: key and instant."""
    return pl.scan_parquet(path).select("key", "at").sort("at", "key").collect()


def _records(records: Path, people: Path, keys: pl.Series) -> Records:
    wanted = pl.LazyFrame({"key": keys.unique()})
    return Records(
        pl.scan_parquet(records).join(wanted, on="key", how="semi").sort("key").collect(),
        pl.scan_parquet(people)
        .join(wanted, left_on="record", right_on="key", how="semi")
        .collect(),
    )


def timed(night: Night) -> tuple[list[float], pl.DataFrame]:
    """Seconds of each of REPETITIONS runs, the first first, and the pairs of the last."""
    seconds = []
    for _ in range(REPETITIONS):
        begun = time.perf_counter()
        pairs = of_night(night)
        seconds.append(time.perf_counter() - begun)
    return seconds, pairs


def of_night(night: Night) -> pl.DataFrame:
    """What the night pairs, or puts to a person."""
    nothing = pl.DataFrame(schema=DECISION_SCHEMA)
    return pair(night.open, night.new, nothing, default_weights()).pairings


def warm(seconds: Sequence[float]) -> float:
    """The median of all runs but the first."""
    return median(seconds[1:])
