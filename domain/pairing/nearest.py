"""The edges worth keeping, and the nearest documents of a referral that has none."""

import numpy as np
import polars as pl

from domain.pairing.arrays import I64
from domain.pairing.frames import EDGE_SCHEMA, NEAREST_SCHEMA, RecordsLike, records_of
from domain.pairing.places import numbered, places
from domain.pairing.weights import Weights


def keep(
    edges: pl.DataFrame, documents: RecordsLike, weights: Weights, top: int = 3
) -> pl.DataFrame:
    """The edges worth keeping: those of at least the floor, and each referral's `top` best."""
    kept = (edges["weight"] >= weights.floor).to_numpy().copy()
    row, _, rank = _ranked(edges, np.arange(edges.height), records_of(documents))
    kept[row[rank <= top]] = True
    return edges.filter(pl.Series(kept, dtype=pl.Boolean)).select(EDGE_SCHEMA.keys())


def nearest(
    edges: pl.DataFrame, referrals: RecordsLike, documents: RecordsLike, top: int = 3
) -> pl.DataFrame:
    """The `top` heaviest edges of each referral given (NEAREST_SCHEMA), 1 being the nearest.

    Documents that do not count are among them, marked by `live`; so are edges below the floor.
    """
    papers = records_of(documents)
    of = np.flatnonzero(places(records_of(referrals)["key"], edges["referral"]) >= 0)
    row, at, rank = _ranked(edges, of, papers)
    near = rank <= top
    return (
        edges[row[near]]
        .with_columns(
            pl.Series("rank", rank[near], dtype=pl.UInt32), live=papers["live"].gather(at[near])
        )
        .select(NEAREST_SCHEMA.keys())
    )


def _ranked(edges: pl.DataFrame, of: I64, documents: pl.DataFrame) -> tuple[I64, I64, I64]:
    """The edges `of` of known documents, by referral and weight, and the rank in its referral.

    Returns:
        For each its row, the row of its document, and the rank from 1.
    """
    at = places(documents["key"], edges["document"].gather(of))
    of, at = of[at >= 0], at[at >= 0]
    referral, weight = (edges[name].gather(of).to_numpy() for name in ("referral", "weight"))
    order = np.lexsort((-weight, referral))
    again = (np.diff(referral[order]) == 0) & (np.diff(weight[order]) == 0)
    tied = np.zeros(len(order), dtype=np.bool_)
    tied[order[1:][again]] = tied[order[:-1][again]] = True
    if tied.any():
        order = np.lexsort((numbered(documents["order"], at, tied), -weight, referral))
    first = np.flatnonzero(np.diff(referral[order], prepend=np.iinfo(np.int64).min))
    sizes = np.diff(np.append(first, len(order)))
    rank = np.arange(1, len(order) + 1) - np.repeat(first, sizes)
    return of[order], at[order], rank
