"""One night's work in the kernel: some new documents against the open referrals.

Which is all that a night weighs: 500 documents submitted in the hours before it, and the
2,000 latest referrals that had no document until then, out of the whole history that is
stored.  The selection is not timed; the kernel is, first and then once warm.
"""

import time
from collections.abc import Sequence
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
AT: Final = 0.75
"""Where in the history the night lies."""


@dataclass(frozen=True)
class Night:
    """What a night is about, and when it ran: rows of the stored tables."""

    open: Records
    new: Records


def a_night(data: Path, truth: Truth) -> Night:
    """The night at AT of the documents' history; the cleaned columns must be stored."""
    place = data / "cleaned"
    ours = pl.scan_parquet(place / "referrals.parquet")
    theirs = pl.scan_parquet(place / "documents.parquet")
    count = theirs.select(pl.len()).collect().item()
    new = theirs.sort("at").slice(max(int(count * AT) - NEW, 0), NEW).collect()
    answered = truth.pairs.join(
        theirs.filter(pl.col("at") < new["at"].min()).select(document="key").collect(),
        on="document", how="semi",
    )  # fmt: skip
    made = ours.filter(pl.col("at") < new["at"].max()).collect()
    waiting = made.join(answered, left_on="key", right_on="referral", how="anti")
    still = waiting.sort("at").tail(OPEN).sort("key")
    return Night(
        Records(still, _named(place / "referral_people.parquet", still)),
        Records(new.sort("key"), _named(place / "document_people.parquet", new)),
    )


def _named(path: Path, records: pl.DataFrame) -> pl.DataFrame:
    wanted = records.select(record="key").lazy()
    return pl.scan_parquet(path).join(wanted, on="record", how="semi").collect()


def timed(night: Night) -> tuple[list[float], pl.DataFrame]:
    """Seconds of each of REPETITIONS runs, the first first, and the pairs of the last."""
    seconds = []
    for _ in range(REPETITIONS):
        begun = time.perf_counter()
        found = pair(night.open, night.new, pl.DataFrame(schema=DECISION_SCHEMA), default_weights())
        seconds.append(time.perf_counter() - begun)
    return seconds, found.pairings


def warm(seconds: Sequence[float]) -> float:
    """The median of all runs but the first."""
    return median(seconds[1:])
