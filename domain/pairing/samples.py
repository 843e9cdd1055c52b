"""The pairs that weights are counted on: labelled by an agreement, or drawn at random.

Nobody labels anything.  Two records that quote the same reference, and agree on something
else, are taken to belong together; so are two that agree on the incident and on a date of
birth.  Pairs drawn at random are taken not to, once those that would be paired are left out.

A draw is by position among all pairs in a fixed order, spread by a hash of its number, so
equal records give equal draws in whatever order they came and on every machine.
"""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import polars as pl

from domain.pairing.arrays import I64, U64, microseconds, mixed
from domain.pairing.frames import PAIR_SCHEMA, Records, empty
from domain.pairing.weights import Weights

BLOCK = timedelta(days=7)
"""The block: documents submitted in the first 7 days of the window of a referral."""


@dataclass(frozen=True)
class Drawn:
    """Some of `total` pairs (PAIR_SCHEMA); all of them if `total` is at most what was asked."""

    pairs: pl.DataFrame
    total: int

    @property
    def share(self) -> float:
        """How many of all pairs were drawn, 0 to 1."""
        return self.pairs.height / self.total if self.total else 1.0


def drawn(
    referrals: Records, documents: Records, weights: Weights, within: timedelta, size: int
) -> Drawn:
    """About `size` pairs of one force, out of all whose document came early enough.

    Args:
        within: How long after the window of `weights` begins a document counts.
        size: Pairs wanted; all if there are no more, otherwise with very few drawn twice.
    """
    before = timedelta(days=weights.limits.days_before)
    spans = [_spans(*sides, before, within) for sides in _by_force(referrals, documents)]
    total = int(sum(count.sum() for _, _, _, count in spans))
    wanted = _spread(total, size)
    parts, passed = [empty(PAIR_SCHEMA)], 0
    for left, right, first, count in spans:
        ends = np.cumsum(count)
        here = int(count.sum())
        mine = wanted[(wanted >= passed) & (wanted < passed + here)] - passed
        row = np.searchsorted(ends, mine, side="right")
        column = first[row] + mine - (ends[row] - count[row])
        parts.append(pl.DataFrame({"referral": left[row], "document": right[column]}))
        passed += here
    return Drawn(pl.concat(parts), total)


def in_reach(referrals: Records, documents: Records, weights: Weights) -> Records:
    """The documents submitted while the window of some referral of their force was open."""
    before, after = weights.limits.days_before, weights.limits.days_after
    open_ = referrals.records.group_by("force").agg(
        begins=pl.col("at").min() - pl.duration(days=before),
        ends=pl.col("at").max() + pl.duration(days=after),
    )
    keys = (
        documents.records.select("key", "force", "at")
        .join(open_, on="force")
        .filter(pl.col("at").is_between("begins", "ends"))["key"]
    )
    return documents.only(keys)


def _by_force(referrals: Records, documents: Records) -> list[tuple[pl.DataFrame, pl.DataFrame]]:
    columns = ("key", "at", "order")
    forces = sorted(referrals.records["force"].drop_nulls().unique())
    return [
        (
            referrals.records.filter(pl.col("force") == force).select(columns).sort("at", "order"),
            documents.records.filter(pl.col("force") == force).select(columns).sort("at", "order"),
        )
        for force in forces
    ]


def _spans(
    left: pl.DataFrame, right: pl.DataFrame, before: timedelta, within: timedelta
) -> tuple[I64, I64, I64, I64]:
    """Keys of both sides; for each referral, where its documents begin and how many there are."""
    made, submitted = microseconds(left["at"]), microseconds(right["at"])
    begins = made - before // timedelta(microseconds=1)
    first = np.searchsorted(submitted, begins, side="left")
    end = np.searchsorted(submitted, begins + within // timedelta(microseconds=1), side="left")
    return left["key"].to_numpy(), right["key"].to_numpy(), first, end - first


def _spread(total: int, size: int) -> I64:
    """`size` numbers under `total`, sorted; all of them if there are no more."""
    if total <= size:
        return np.arange(total)
    numbers: U64 = mixed(np.arange(size, dtype=np.uint64)) % np.uint64(total)
    return np.unique(numbers).astype(np.int64)


def quoting(referrals: Records, documents: Records, weights: Weights) -> pl.DataFrame:
    """The pairs (PAIR_SCHEMA) of one force whose document quotes the referral's reference."""
    theirs = documents.records.select("force", "at", "references", document="key").explode(
        "references"
    )
    return _joined(
        referrals.records, theirs.rename({"references": "reference"}), ["reference"], weights
    )


def of_one_incident(referrals: Records, documents: Records, weights: Weights) -> pl.DataFrame:
    """The pairs (PAIR_SCHEMA) of one force with the same incident number of the same day."""
    theirs = documents.records.rename({"key": "document"})
    return _joined(referrals.records, theirs, ["incident", "incident_day"], weights)


def _joined(
    records: pl.DataFrame, theirs: pl.DataFrame, on: list[str], weights: Weights
) -> pl.DataFrame:
    """Pairs that share a value and lie within the window; values that too many share left out."""
    on, limits = ["force", *on], weights.limits
    ours = records.rename({"key": "referral", "at": "made"}).drop_nulls(on)
    theirs = theirs.rename({"at": "submitted"}).drop_nulls(on)
    sizes = ours.group_by(on).len("n").join(theirs.group_by(on).len("m"), on=on)
    rare = sizes.filter(
        pl.col("n").cast(pl.Int64) * pl.col("m").cast(pl.Int64) <= int(limits.block_pairs)
    ).select(on)
    gap = pl.col("submitted") - pl.col("made")
    return (
        ours.select("referral", "made", *on)
        .join(rare, on=on, how="semi")
        .join(theirs.select("document", "submitted", *on), on=on)
        .filter(
            gap >= pl.duration(days=-limits.days_before),
            gap <= pl.duration(days=limits.days_after),
        )
        .select("referral", "document")
        .unique()
    )
