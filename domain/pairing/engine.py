"""Pair: keys, candidates, evidence and decisions, from two sides to a result.

Candidates are weighed a stretch of referrals at a time, which bounds the memory used.  The
stretches change nothing: an edge depends on its two records only, and decisions are made on
all edges together.
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import polars as pl

from domain.pairing.board import confirmed_pairs
from domain.pairing.candidates import all_candidates
from domain.pairing.decide import decide
from domain.pairing.evidence import weigh
from domain.pairing.frames import EDGE_SCHEMA, PairingResult, Records, empty
from domain.pairing.nearest import keep, nearest
from domain.pairing.weights import Weights

_STRETCH = 1_000_000
"""Candidates weighed at a time."""


def pair(
    referrals: Records, documents: Records, decisions: pl.DataFrame, weights: Weights
) -> PairingResult:
    """Everything at once, for a first run, a rebuild or a preview."""
    found = all_candidates(referrals, documents, weights)
    kept = [empty(EDGE_SCHEMA)]
    for pairs in _stretches(found.pairs):
        some, near = (
            referrals.only(pairs["referral"].unique()),
            documents.only(pairs["document"].unique()),
        )
        kept.append(keep(weigh(pairs, some, near, weights), near, weights))
    edges = pl.concat(kept)
    confirmed = (
        confirmed_pairs(decisions)
        .join(edges, on=["referral", "document"], how="anti")
        .join(referrals.records, left_on="referral", right_on="key", how="semi")
        .join(documents.records, left_on="document", right_on="key", how="semi")
    )
    edges = pl.concat([edges, weigh(confirmed, referrals, documents, weights)])
    decided = decide(edges, referrals, documents, decisions, weights)
    without = decided.outcomes.filter(pl.col("state") != "paired")
    unpaired = referrals.records.join(without, left_on="key", right_on="referral", how="semi")
    return PairingResult(
        decided.pairings,
        decided.outcomes,
        nearest(edges, unpaired, documents),
        edges,
        found.warnings,
    )


def _stretches(pairs: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The pairs of about _STRETCH candidates at a time, those of one referral together."""
    first = np.flatnonzero(np.diff(pairs["referral"].to_numpy(), prepend=-1, append=-1))
    part = np.searchsorted(first, np.arange(_STRETCH, len(pairs), _STRETCH))
    cuts = np.unique(np.concatenate(([0], first[part], [len(pairs)])))
    for start, end in pairwise(cuts):
        yield pairs[int(start) : int(end)]
