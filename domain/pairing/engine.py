"""Pair: keys, candidates, evidence and decisions, from two sides to a result.

A large side is taken a force at a time and a stretch of referrals at a time, so that memory
depends on the stretch and not on history.  The stretches change nothing: an edge depends on
its two records only, and decisions are made on all edges together.
"""

from collections.abc import Iterator
from datetime import timedelta

import polars as pl

from domain.pairing.board import confirmed_pairs
from domain.pairing.candidates import candidates
from domain.pairing.decide import decide
from domain.pairing.evidence import weigh
from domain.pairing.frames import EDGE_SCHEMA, PairingResult, Records, empty
from domain.pairing.keys import blocking_keys
from domain.pairing.nearest import keep, nearest
from domain.pairing.weights import Weights

_STRETCH = 50_000
"""Referrals taken at a time."""


def pair(
    referrals: Records, documents: Records, decisions: pl.DataFrame, weights: Weights
) -> PairingResult:
    """Everything at once, for a first run, a rebuild or a preview."""
    kept, warnings = [empty(EDGE_SCHEMA)], set[str]()
    for some, near in _stretches(referrals, documents, weights):
        found = candidates(
            blocking_keys(some, "referral"), blocking_keys(near, "document"), some, near, weights
        )
        warnings.update(found.warnings)
        kept.append(keep(weigh(found.pairs, some, near, weights), near, weights))
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
        tuple(sorted(warnings)),
    )


def _stretches(
    referrals: Records, documents: Records, weights: Weights
) -> Iterator[tuple[Records, Records]]:
    """Some referrals of one force, and the documents of that force within their window."""
    before = timedelta(days=weights.limits.days_before)
    after = timedelta(days=weights.limits.days_after)
    for force in sorted(referrals.records["force"].drop_nulls().unique()):
        made = referrals.records.filter(pl.col("force") == force).sort("at", "order")
        theirs = documents.records.filter(pl.col("force") == force)
        people = documents.people.join(
            theirs.select("key"), left_on="record", right_on="key", how="semi"
        )
        for start in range(0, made.height, _STRETCH):
            stretch = made[start : start + _STRETCH]
            near = theirs.filter(
                pl.col("at") >= stretch["at"].min() - before,  # type: ignore[operator]
                pl.col("at") <= stretch["at"].max() + after,  # type: ignore[operator]
            )
            yield referrals.only(stretch["key"]), Records(theirs, people).only(near["key"])
