"""Candidates: the pairs of one referral and one document that are worth weighing.

They share a blocking key, belong to the same force and lie within the window of time.  Pairs
across forces are not looked for.  A key that very many records share says nothing about any
of them, so a block of more than `limits.block_pairs` pairs is left out, and said so.
"""

import polars as pl

from domain.pairing.frames import PAIR_SCHEMA, Candidates, RecordsLike, empty, records_of
from domain.pairing.weights import Weights


def candidates(
    referral_keys: pl.DataFrame,
    document_keys: pl.DataFrame,
    referrals: RecordsLike,
    documents: RecordsLike,
    weights: Weights,
) -> Candidates:
    """Distinct pairs (PAIR_SCHEMA) that share a key, with a warning for what was left out."""
    if referral_keys.is_empty() or document_keys.is_empty():
        return Candidates(empty(PAIR_SCHEMA), ())
    right = document_keys.join(referral_keys.select("key"), on="key", how="semi")
    left = referral_keys.join(right.select("key"), on="key", how="semi")
    blocks = _sizes(left, "n").join(_sizes(right, "m"), on="key")
    common = blocks.filter(pl.col("n") * pl.col("m") > int(weights.limits.block_pairs))
    if not common.is_empty():
        left = left.join(common, on="key", how="anti")
        right = right.join(common, on="key", how="anti")
    pairs = (
        left.rename({"record": "referral"})
        .join(right.rename({"record": "document"}), on="key")
        .select("referral", "document")
        .unique()
    )
    return Candidates(
        within_window(pairs, referrals, documents, weights), _warnings(common, weights)
    )


def within_window(
    pairs: pl.DataFrame, referrals: RecordsLike, documents: RecordsLike, weights: Weights
) -> pl.DataFrame:
    """The pairs of one force whose document was submitted within the window of the referral."""
    limits = weights.limits
    made = records_of(referrals).select(referral="key", force="force", made="at")
    submitted = records_of(documents).select(document="key", its_force="force", submitted="at")
    gap = pl.col("submitted") - pl.col("made")
    return (
        pairs.join(made, on="referral")
        .join(submitted, on="document")
        .filter(
            pl.col("force") == pl.col("its_force"),
            gap >= pl.duration(days=-limits.days_before),
            gap <= pl.duration(days=limits.days_after),
        )
        .select("referral", "document")
    )


def _sizes(keys: pl.DataFrame, name: str) -> pl.DataFrame:
    return keys.group_by("key").agg(pl.len().cast(pl.Int64).alias(name))


def _warnings(common: pl.DataFrame, weights: Weights) -> tuple[str, ...]:
    if common.is_empty():
        return ()
    largest = int(common.select(pl.col("n") * pl.col("m")).to_series().to_numpy().max())
    return (
        f"block_too_large: {common.height} blocking keys are shared by too many records"
        f" to compare (the largest gives {largest} pairs, the limit is"
        f" {int(weights.limits.block_pairs)}); these keys were left out, other keys were used.",
    )
