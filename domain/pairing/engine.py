"""Pair: keys, candidates, evidence and decisions, from two sides to a result.

Candidates are weighed a stretch at a time, which bounds the memory used, and those under the
floor are forgotten; only for referrals that turn out to have no document are they weighed
again, to say which came nearest.  The stretches change nothing: an edge depends on its two
records only, and decisions are made on all edges together.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import polars as pl

from domain.pairing.arrays import I64, positions
from domain.pairing.board import confirmed_pairs
from domain.pairing.candidates import Rows, candidate_rows
from domain.pairing.decide import decide
from domain.pairing.evidence import Columns, columns_of, edge_frame, measured, weigh
from domain.pairing.frames import EDGE_SCHEMA, PairingResult, Records, empty
from domain.pairing.kernel import threads
from domain.pairing.nearest import nearest
from domain.pairing.weights import Weights

_STRETCH = 1_000_000
"""Candidates weighed at a time."""


def pair(
    referrals: Records, documents: Records, decisions: pl.DataFrame, weights: Weights
) -> PairingResult:
    """Everything at once, for a first run, a rebuild or a preview."""
    left, right = columns_of(referrals, weights), columns_of(documents, weights)
    found = candidate_rows(left, right, weights)
    edges = _strong(found, left, right, weights)
    confirmed = (
        confirmed_pairs(decisions)
        .join(edges, on=["referral", "document"], how="anti")
        .join(referrals.records, left_on="referral", right_on="key", how="semi")
        .join(documents.records, left_on="document", right_on="key", how="semi")
    )
    if not confirmed.is_empty():
        edges = pl.concat([edges, weigh(confirmed, referrals, documents, weights)])
    decided = decide(edges, referrals, documents, decisions, weights)
    without = decided.outcomes.filter(pl.col("state") != "paired").select(key="referral")
    near = _near(found, positions(referrals.records["key"], without["key"]), left, right, weights)
    more = near.join(edges, on=["referral", "document"], how="anti")
    edges = pl.concat([edges, more])
    return PairingResult(
        decided.pairings,
        decided.outcomes,
        nearest(edges, without, documents),
        edges,
        found.warnings,
    )


def _strong(found: Rows, left: Columns, right: Columns, weights: Weights) -> pl.DataFrame:
    """The edges of at least the floor."""

    def of_stretch(part: slice) -> pl.DataFrame:
        seen = measured(found.left[part], found.right[part], left, right, weights)
        return edge_frame(seen.only(seen.weight >= weights.floor), left, right, weights)

    with ThreadPoolExecutor(threads(len(found.left))) as pool:
        return pl.concat([empty(EDGE_SCHEMA), *pool.map(of_stretch, _stretches(len(found.left)))])


def _near(found: Rows, of: I64, left: Columns, right: Columns, weights: Weights) -> pl.DataFrame:
    """All candidates of the referrals in the rows `of`."""
    wanted = np.zeros(len(left.key), dtype=np.bool_)
    wanted[of] = True
    some = wanted[found.left]
    rows, columns = found.left[some], found.right[some]
    parts = (
        measured(rows[part], columns[part], left, right, weights) for part in _stretches(len(rows))
    )
    return pl.concat(
        [empty(EDGE_SCHEMA), *(edge_frame(one, left, right, weights) for one in parts)]
    )


def _stretches(count: int) -> Iterator[slice]:
    """So many candidates, _STRETCH at a time."""
    for start in range(0, count, _STRETCH):
        yield slice(start, start + _STRETCH)
