"""The board: the edges that may still become pairings, after people have had their say.

Rejected pairs, and documents that do not count, are off the board.  A confirmed pair is on
it whatever its weight, even without an edge.  The edges are sorted by the records' own
`order`, so that nothing depends on how the rows came.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from domain.pairing.arrays import I64, U64, Flags, days
from domain.pairing.bands import Strength, strengths
from domain.pairing.components import cases
from domain.pairing.frames import EDGE_SCHEMA, PAIR_SCHEMA
from domain.pairing.texts import text_hash
from domain.pairing.weights import STEPS, Weights

REJECTED, CONFIRMED = "rejected", "confirmed"


@dataclass(frozen=True)
class Board:
    """Edges, and for each: its ends' numbers in `order`, weight in steps, strength, flags.

    `case` is a number that referrals of one case share; `incident` (a hash, 0 if not known) and
    `incident_day` (NO_DAY if not known) are the referral's own.
    `unplaced` marks an edge whose document names neither the referral nor any incident.
    `clash` marks an edge of a document that would do for two referrals which a person told
    apart by another document.
    """

    edges: pl.DataFrame
    r: I64
    d: I64
    w: I64
    case: I64
    incident: U64
    incident_day: I64
    unplaced: Flags
    strength: Strength
    confirmed: Flags
    clash: Flags


def set_board(
    edges: pl.DataFrame,
    referrals: pl.DataFrame,
    documents: pl.DataFrame,
    decisions: pl.DataFrame,
    weights: Weights,
) -> Board:
    """The board for the given records; edges of other records are ignored."""
    verdicts = standing(decisions)
    kept = _kept(edges, referrals, documents, verdicts, weights)
    strength = strengths(kept, weights)
    confirmed = (kept["verdict"].fill_null("") == CONFIRMED).to_numpy()
    return Board(
        edges=kept.select(EDGE_SCHEMA.keys()),
        r=kept["_r"].to_numpy(),
        d=kept["_d"].to_numpy(),
        w=np.round(kept["weight"].fill_null(0.0).to_numpy() * STEPS).astype(np.int64),
        case=kept["_case"].to_numpy(),
        incident=text_hash(kept["_incident"]),
        incident_day=days(kept["_incident_day"]),
        unplaced=(kept["l_incident"].fill_null(0) == 0).to_numpy() & ~strength.told,
        strength=strength,
        confirmed=confirmed,
        clash=_clashes(kept, verdicts, strength.auto & ~confirmed),
    )


def _kept(
    edges: pl.DataFrame,
    referrals: pl.DataFrame,
    documents: pl.DataFrame,
    verdicts: pl.DataFrame,
    weights: Weights,
) -> pl.DataFrame:
    """The edges on the board, sorted, with what people said and whose referral it is."""
    live = documents.filter(pl.col("live"))
    ends = (
        referrals.select(
            referral="key",
            _r=pl.col("order").rank("ordinal").cast(pl.Int64),
            _incident="incident",
            _incident_day="incident_day",
            _case=pl.Series(cases(referrals, weights), dtype=pl.Int64),
        ),
        live.select(document="key", _d=pl.col("order").rank("ordinal").cast(pl.Int64)),
    )
    pairs = pl.concat(
        [
            edges.select(EDGE_SCHEMA.keys()).cast(EDGE_SCHEMA),  # type: ignore[arg-type]
            verdicts.filter(pl.col("verdict") == CONFIRMED)
            .select("referral", "document")
            .join(edges, on=["referral", "document"], how="anti"),
        ],
        how="diagonal",
    )
    return (
        pairs.join(verdicts, on=["referral", "document"], how="left")
        .filter(
            pl.col("verdict").fill_null("") != REJECTED,
            (pl.col("weight") >= weights.floor) | (pl.col("verdict") == CONFIRMED),
        )
        .join(ends[0], on="referral")
        .join(ends[1], on="document")
        .sort("_r", "_d")
    )


def standing(decisions: pl.DataFrame) -> pl.DataFrame:
    """One verdict a pair: a pair that was both confirmed and rejected counts as rejected."""
    return (
        decisions.select("referral", "document", "verdict")
        .group_by("referral", "document")
        .agg(pl.col("verdict").max())
    )


def confirmed_pairs(decisions: pl.DataFrame) -> pl.DataFrame:
    """The pairs (PAIR_SCHEMA) that a person confirmed: weighed even if no key joins them."""
    return standing(decisions).filter(pl.col("verdict") == CONFIRMED).select(PAIR_SCHEMA.keys())


def _clashes(kept: pl.DataFrame, verdicts: pl.DataFrame, eligible: Flags) -> Flags:
    """Edges of a document that is eligible for two referrals told apart by a person."""
    yes = verdicts.filter(pl.col("verdict") == CONFIRMED).select("document", one="referral")
    no = verdicts.filter(pl.col("verdict") == REJECTED).select("document", two="referral")
    apart = yes.join(no, on="document").select("one", "two").unique()
    if apart.is_empty():
        return np.zeros(kept.height, dtype=bool)
    might = kept.select("referral", "document").filter(pl.Series(eligible))
    both = apart.join(might, left_on="one", right_on="referral").join(
        might, left_on=["two", "document"], right_on=["referral", "document"]
    )
    clashing = pl.concat(
        [both.select("document", referral="one"), both.select("document", referral="two")]
    ).unique()
    marked = kept.select("referral", "document").join(
        clashing.with_columns(_clash=pl.lit(True)),
        on=["referral", "document"],
        how="left",
        maintain_order="left",
    )
    return marked["_clash"].fill_null(False).to_numpy() & eligible
