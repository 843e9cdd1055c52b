"""Components: what must be decided together.

Two records are connected when an edge of at least the floor joins them, when a person has
decided about the two, or when both are referrals of one case: the same force, incident
number and incident day.  Nothing outside a component changes what is decided within it, so
one night needs to decide only the components that the night touched.
"""

import numpy as np
import polars as pl

from domain.pairing.arrays import I64
from domain.pairing.frames import COMPONENT_SCHEMA, RecordsLike, empty, records_of
from domain.pairing.weights import Weights


def components(
    edges: pl.DataFrame,
    referrals: RecordsLike,
    weights: Weights,
    decisions: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Every referral given, and every document joined to one (COMPONENT_SCHEMA).

    A component is named by the smallest key among its referrals.
    """
    records = records_of(referrals)
    if records.is_empty():
        return empty(COMPONENT_SCHEMA)
    joined = _joined(edges, records, weights, decisions)
    documents = joined["document"].unique().sort()
    keys = records["key"].sort()
    r = np.searchsorted(keys.to_numpy(), joined["referral"].to_numpy())
    d = np.searchsorted(documents.to_numpy(), joined["document"].to_numpy()) + len(keys)
    case = cases(records.sort("key"), weights)
    label = labels(
        np.concatenate((r, np.arange(len(keys)))),
        np.concatenate((d, case)),
        len(keys) + len(documents),
    )
    smallest = np.full(label.max() + 1, np.iinfo(np.int64).max)
    np.minimum.at(smallest, label[: len(keys)], keys.to_numpy())
    kinds = [
        pl.repeat(kind, len(some), eager=True)
        for kind, some in (("referral", keys), ("document", documents))
    ]
    return pl.DataFrame(
        {
            "kind": pl.concat(kinds),
            "key": pl.concat([keys, documents]),
            "component": smallest[label],
        },
        schema=COMPONENT_SCHEMA,
    )


def _joined(
    edges: pl.DataFrame, records: pl.DataFrame, weights: Weights, decisions: pl.DataFrame | None
) -> pl.DataFrame:
    """Pairs of records that are connected directly, cases apart."""
    strong = edges.filter(pl.col("weight") >= weights.floor).select("referral", "document")
    if decisions is not None:
        strong = pl.concat([strong, decisions.select("referral", "document")])
    return strong.join(records.select(referral="key"), on="referral", how="semi")


def cases(records: pl.DataFrame, weights: Weights) -> I64:
    """For each referral the row of the first one of its case: itself if it has no other.

    A number shared by more than `limits.case_referrals` referrals is not an incident's.
    """
    case = ("force", "incident", "incident_day")
    row = np.arange(records.height)
    hashed = records.select(pl.struct("incident", "incident_day").hash()).to_series()
    maybe = np.flatnonzero(hashed.is_duplicated().to_numpy())
    known = records.select(*case)[maybe].with_columns(_row=pl.Series(maybe, dtype=pl.Int64))
    first = (
        known.drop_nulls(case)
        .with_columns(_first=pl.col("_row").min().over(*case), _size=pl.len().over(*case))
        .filter(pl.col("_size") <= int(weights.limits.case_referrals))
    )
    row[first["_row"].to_numpy()] = first["_first"].to_numpy()
    return row


def labels(left: I64, right: I64, nodes: int) -> I64:
    """The number of the connected component of each node, given the joined nodes."""
    # Here and not above: scipy takes half a second to load, and most commands pair nothing.
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    joins = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(nodes, nodes))
    _, label = connected_components(joins, directed=False)
    return np.asarray(label, dtype=np.int64)
