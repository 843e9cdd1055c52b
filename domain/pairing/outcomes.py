"""What became of each referral, and why."""

import polars as pl

from domain.pairing.board import REJECTED, standing
from domain.pairing.frames import OUTCOME_SCHEMA
from domain.pairing.weights import Weights

STRONGEST_FIRST = (
    "confirmed_by_person",
    "reference_corroborated",
    "event_and_person",
    "override_conflict",
    "ambiguous",
    "needs_review",
)
"""The rules of pairings; a referral with several is described by the first of them."""


def outcomes(
    pairings: pl.DataFrame,
    edges: pl.DataFrame,
    referrals: pl.DataFrame,
    documents: pl.DataFrame,
    decisions: pl.DataFrame,
    weights: Weights,
) -> pl.DataFrame:
    """One row a referral (OUTCOME_SCHEMA), sorted by its `order`."""
    doubt = pl.col("rule").is_in(["ambiguous", "override_conflict"]).fill_null(False)
    state = (
        pl.when(pl.col("band") == "auto")
        .then(pl.lit("paired"))
        .when(doubt)
        .then(pl.lit("ambiguous"))
        .otherwise(pl.lit("unpaired"))
    )
    return (
        referrals.select("order", referral="key")
        .join(_best(pairings), on="referral", how="left")
        .join(_without(edges, documents, decisions, weights), on="referral", how="left")
        .sort("order")
        .select("referral", state=state, reason=pl.coalesce("rule", "why", pl.lit("no_candidate")))
        .cast(OUTCOME_SCHEMA)  # type: ignore[arg-type]  # a dict of types is accepted
    )


def _best(pairings: pl.DataFrame) -> pl.DataFrame:
    """Each referral's strongest pairing: one made before one to be reviewed, then by rule."""
    rank = pl.DataFrame({"rule": STRONGEST_FIRST, "rank": range(len(STRONGEST_FIRST))})
    return (
        pairings.join(rank, on="rule")
        .sort("referral", pl.col("band") != "auto", "rank")
        .unique("referral", keep="first", maintain_order=True)
        .select("referral", "rule", "band")
    )


def _without(
    edges: pl.DataFrame, documents: pl.DataFrame, decisions: pl.DataFrame, weights: Weights
) -> pl.DataFrame:
    """Why a referral would have no pairing: its best excuse, of those that apply."""
    strong = edges.filter(pl.col("weight") >= weights.floor).select("referral", "document")
    rejected = (
        standing(decisions).filter(pl.col("verdict") == REJECTED).select("referral", "document")
    )
    ends = documents.select("live", document="key")
    dead = strong.join(ends.filter(~pl.col("live")), on="document", how="semi")
    open_still = strong.join(dead, on=["referral", "document"], how="anti").join(
        rejected, on=["referral", "document"], how="anti"
    )
    reasons = (
        (open_still, "below_review"),
        (dead, "document_not_live"),
        (rejected, "rejected_by_person"),
    )
    return pl.concat(
        [frame.select("referral", why=pl.lit(reason)) for frame, reason in reasons]
    ).unique("referral", keep="first", maintain_order=True)
