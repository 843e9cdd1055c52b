"""What stood in the way of pairs that were not made.

A pair is off the board if its document does not count or a person rejected it (board).  On it,
the evidence may be too little (bands), or another document or referral may fit as well
(doubts).  The words for each are in `explain`.
"""

import numpy as np
import polars as pl

from domain.pairing.arrays import Flags
from domain.pairing.bands import lacking, strengths
from domain.pairing.board import CONFIRMED, REJECTED, standing
from domain.pairing.events import level
from domain.pairing.frames import RecordsLike, records_of
from domain.pairing.places import places
from domain.pairing.weights import Weights

_PAIR = ("referral", "document")


def with_obstacles(
    near: pl.DataFrame,
    edges: pl.DataFrame,
    documents: RecordsLike,
    decisions: pl.DataFrame,
    weights: Weights,
) -> pl.DataFrame:
    """`near`, and beside each of its pairs what kept it from being made.

    Args:
        near: Pairs that were not made, with their evidence as in EDGE_SCHEMA.
        edges: EDGE_SCHEMA; what was compared of whole components.
        documents: The records of those.
        decisions: DECISION_SCHEMA; what people confirmed or rejected.

    Returns:
        `live`, `rejected`: whether the document counts, and whether a person rejected the pair.
        `lack`: what the evidence lacks, "" for nothing: weight, reference, incident, event or
        bits, and if bits then how many: `person_short`, `event_short`.
        `beside`: what else there is of the two records, "" for nothing: document_confirmed,
        referral_confirmed, uncompared, both, referral or document.
    """
    papers, told = records_of(documents), standing(decisions)
    some = _on_the_board(near, edges, papers, told, weights)
    live = np.append(papers["live"].fill_null(False).to_numpy(), False)
    lack = lacking(near, weights)
    return near.with_columns(
        live=pl.Series(live[places(papers["key"], near["document"])], dtype=pl.Boolean),
        rejected=_among(near, told.filter(pl.col("verdict") == REJECTED)),
        lack=_lack(near, some, weights),
        person_short=lack.person,
        event_short=lack.event,
        beside=_beside(near, edges, some, told.filter(pl.col("verdict") == CONFIRMED)),
    )


def _on_the_board(
    near: pl.DataFrame,
    edges: pl.DataFrame,
    papers: pl.DataFrame,
    told: pl.DataFrame,
    weights: Weights,
) -> pl.DataFrame:
    """Edges on the board that share a record with a strong pair: whether `auto`, and `fits`."""
    strong = near.filter(pl.col("weight") >= weights.bands.auto)
    beside = edges.join(strong, on="referral", how="semi").select("document")
    concerned = pl.concat([beside, strong.select("document")])
    some = (
        edges.join(concerned, on="document", how="semi")
        .join(papers.filter("live"), left_on="document", right_on="key", how="semi")
        .join(told, on=_PAIR, how="left")
        .filter(
            pl.col("verdict").ne_missing(REJECTED),
            (pl.col("weight") >= weights.floor) | pl.col("verdict").eq_missing(CONFIRMED),
        )
    )
    of = some["document"].rank("dense").cast(pl.Int64).to_numpy() - 1
    strength = strengths(some, of, weights)
    quoted = some["l_reference"].is_in([level("reference", name) for name in ("exact", "bare")])
    fits = strength.auto | strength.told | strength.both | strength.rival | quoted.to_numpy()
    return some.select(*_PAIR, auto=pl.Series(strength.auto), fits=pl.Series(fits))


def _lack(near: pl.DataFrame, some: pl.DataFrame, weights: Weights) -> pl.Series:
    """What each pair lacks, by itself and beside the other edges of its document."""
    lack = lacking(near, weights)
    alone = strengths(near, np.arange(near.height), weights).auto
    enough = alone | _among(near, some.filter("auto")).to_numpy()
    light = (near["weight"] < weights.bands.auto).to_numpy()
    said = {
        "weight": light,
        "": enough,
        "reference": lack.quoted,
        "incident": lack.another,
        "event": ~lack.one_event,
    }
    return pl.Series(np.select(list(said.values()), list(said), "bits"), dtype=pl.String)


def _beside(
    near: pl.DataFrame, edges: pl.DataFrame, some: pl.DataFrame, confirmed: pl.DataFrame
) -> pl.Series:
    """What else there is of the two records of each pair, the most telling first."""
    compared = _among(near, edges.join(near, on=_PAIR, how="semi")).to_numpy()
    fitting = some.filter("fits")
    documents, referrals = (_others(near, fitting, end) for end in _PAIR)
    said = {
        "document_confirmed": _others(near, confirmed, "document"),
        "referral_confirmed": _others(near, confirmed, "referral"),
        "uncompared": ~compared,
        "both": documents & referrals,
        "document": documents,
        "referral": referrals,
    }
    return pl.Series(np.select(list(said.values()), list(said), ""), dtype=pl.String)


def _among(near: pl.DataFrame, pairs: pl.DataFrame) -> pl.Series:
    """Whether each pair of `near` is one of the pairs."""
    there = pairs.select(*_PAIR, there=pl.lit(True))
    found = near.select(_PAIR).join(there, on=_PAIR, how="left", maintain_order="left")
    return found["there"].fill_null(False)


def _others(near: pl.DataFrame, pairs: pl.DataFrame, end: str) -> Flags:
    """Whether each pair of `near` shares an end with one of the pairs that is not itself."""
    counts = pairs.group_by(end).len()
    number = near.select(end).join(counts, on=end, how="left", maintain_order="left")["len"]
    found: Flags = (number.fill_null(0) > _among(near, pairs).cast(pl.UInt32)).to_numpy()
    return found
