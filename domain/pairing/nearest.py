"""The edges worth keeping, and the nearest documents of a referral that has none."""

import polars as pl

from domain.pairing.frames import EDGE_SCHEMA, NEAREST_SCHEMA, RecordsLike, records_of
from domain.pairing.weights import Weights


def keep(
    edges: pl.DataFrame, documents: RecordsLike, weights: Weights, top: int = 3
) -> pl.DataFrame:
    """The edges worth storing: those of at least the floor, and each referral's `top` best."""
    best = _ranked(edges, documents).filter(pl.col("rank") <= top)
    strong = edges.filter(pl.col("weight") >= weights.floor)
    columns = list(EDGE_SCHEMA)
    return pl.concat([strong.select(columns), best.select(columns)]).unique(
        ["referral", "document"], maintain_order=True
    )


def nearest(
    edges: pl.DataFrame, referrals: RecordsLike, documents: RecordsLike, top: int = 3
) -> pl.DataFrame:
    """The `top` heaviest edges of each referral given (NEAREST_SCHEMA), 1 being the nearest.

    Documents that do not count are among them, marked by `live`; so are edges below the floor.
    """
    wanted = edges.join(records_of(referrals), left_on="referral", right_on="key", how="semi")
    return (
        _ranked(wanted, documents)
        .filter(pl.col("rank") <= top)
        .sort("referral", "rank")
        .select(NEAREST_SCHEMA.keys())
    )


def _ranked(edges: pl.DataFrame, documents: RecordsLike) -> pl.DataFrame:
    known = records_of(documents).select("order", "live", document="key")
    ranked = edges.join(known, on="document").sort(
        "referral", "weight", "order", descending=[False, True, False]
    )
    return ranked.with_columns(rank=(pl.int_range(pl.len()).over("referral") + 1).cast(pl.UInt32))
