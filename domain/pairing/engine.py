"""Pair: keys, candidates, evidence and decisions, from two sides to a result.

Candidates are weighed a stretch at a time, which bounds the memory used, and those under the
floor are forgotten; only for referrals that turn out to have no document are they weighed
again, to say which came nearest.  The stretches change nothing: an edge depends on its two
records only, and decisions are made on all edges together.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from domain.pairing.arrays import I64, positions
from domain.pairing.board import confirmed_pairs
from domain.pairing.candidates import Rows, candidate_rows
from domain.pairing.decide import decide
from domain.pairing.evidence import Columns, columns_of, edges_of, measured, strong
from domain.pairing.frames import PairingResult, Records
from domain.pairing.nearest import keep, nearest
from domain.pairing.weights import Weights

_VERY_MANY = 8
"""Candidates of a referral without a document, above which only the nearest are kept."""


@dataclass(frozen=True)
class Side:
    """One side, ready to be paired: its columns, and what decisions need of its records."""

    columns: Columns
    records: pl.DataFrame

    def rows(self, keys: pl.Series) -> I64:
        """The rows of some records."""
        return positions(self.records["key"], keys)


def prepared(side: Records, weights: Weights) -> Side:
    """A side ready to be paired; `weights` say how many people of a record are compared."""
    return Side(columns_of(side, weights), _decided_by(side.records))


def _decided_by(records: pl.DataFrame) -> pl.DataFrame:
    """What decisions need: of a document whether it counts, of a referral its incident."""
    own = ("live",) if "live" in records.columns else ("force", "incident", "incident_day")
    return records.select("key", "order", *own)


def pair(
    referrals: Records, documents: Records, decisions: pl.DataFrame, weights: Weights
) -> PairingResult:
    """Everything at once, for a first run, a rebuild or a preview."""
    left, right = prepared(referrals, weights), prepared(documents, weights)
    return pair_prepared(left, right, decisions, weights)


def pair_prepared(
    left: Side,
    right: Side,
    decisions: pl.DataFrame,
    weights: Weights,
    stage: Callable[[str], AbstractContextManager[Any]] = nullcontext,
) -> PairingResult:
    """The same for sides that are ready; each `stage` is entered by its name, to be measured."""
    with stage("candidates"):
        found = candidate_rows(left.columns, right.columns, weights)
    with stage("weighing"):
        edges = _strong(found, left.columns, right.columns, weights)
        confirmed = _confirmed(edges, left, right, decisions, weights)
        edges = pl.concat([edges, confirmed])
    with stage("deciding"):
        decided = decide(edges, left.records, right.records, decisions, weights)
    with stage("nearest"):
        without = decided.outcomes.filter(pl.col("state") != "paired").select(key="referral")
        near = _near(found, left.rows(without["key"]), left, right, weights)
        weak = near.filter(pl.col("weight") < weights.floor)
        edges = pl.concat([edges, weak.join(confirmed, on=["referral", "document"], how="anti")])
        nearby = nearest(edges, without, right.records)
    return PairingResult(decided.pairings, decided.outcomes, nearby, edges, found.warnings)


def _strong(found: Rows, left: Columns, right: Columns, weights: Weights) -> pl.DataFrame:
    """The edges of at least the floor."""
    return edges_of(strong, found.left, found.right, left, right, weights)


def _confirmed(
    edges: pl.DataFrame, left: Side, right: Side, decisions: pl.DataFrame, weights: Weights
) -> pl.DataFrame:
    """The edges of pairs that a person confirmed and that are not among `edges`."""
    told = confirmed_pairs(decisions)
    if told.is_empty():  # the joins would look through every edge and record for nothing
        return edges.clear()
    told = (
        told.join(edges, on=["referral", "document"], how="anti")
        .join(left.records, left_on="referral", right_on="key", how="semi")
        .join(right.records, left_on="document", right_on="key", how="semi")
        .sort("referral", "document")
    )
    rows = left.rows(told["referral"]), right.rows(told["document"])
    return edges_of(measured, *rows, left.columns, right.columns, weights)


def _near(found: Rows, of: I64, left: Side, right: Side, weights: Weights) -> pl.DataFrame:
    """The candidates of the referrals in the rows `of`; where they are very many, the nearest."""
    wanted = np.zeros(len(left.columns.key), dtype=np.bool_)
    wanted[of] = True
    some = wanted[found.left]
    rows = found.left[some], found.right[some]

    def few(edges: pl.DataFrame) -> pl.DataFrame:
        return keep(edges, right.records, weights)

    kept = few if len(rows[0]) > _VERY_MANY * len(of) else None
    return edges_of(measured, *rows, left.columns, right.columns, weights, kept)
