"""The board: the edges that may still become pairings, after people have had their say.

Rejected pairs, and documents that do not count, are off the board.  A confirmed pair is on
it whatever its weight, even without an edge.  The edges are sorted by numbers made of the
records' own `order`, so that nothing depends on how the rows came.  What is decided on is
kept as arrays; the rest of an edge stays where it is, and is looked up by `row` at the end.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from domain.pairing.arrays import I64, Flags
from domain.pairing.bands import Strength, strengths
from domain.pairing.components import cases
from domain.pairing.frames import PAIR_SCHEMA
from domain.pairing.kernel import workers
from domain.pairing.places import numbered, places
from domain.pairing.weights import STEPS, Weights

REJECTED, CONFIRMED = "rejected", "confirmed"
_EVIDENCE = pl.col("^weight|w_.*|l_.*$")
"""What an edge's strength is told from."""
EXCUSES = ("below_review", "document_not_live", "rejected_by_person", "no_candidate")
"""Why a referral has no pairing; of several that apply the first is said."""


@dataclass(frozen=True)
class Board:
    """Edges, and for each: its ends, weight in steps, strength, flags.

    `row` is the edge's row among those given (-1 for a confirmed pair without an edge),
    `at_r` and `at_d` are the rows of its records, `r` and `d` their numbers from 0.
    `case` is a number that referrals of one case share, `within` one that the edges of one
    case to one document do.
    `unplaced` marks an edge whose document names neither the referral nor any incident.
    `clash` marks an edge of a document that would do for two referrals which a person told
    apart by another document.
    `excuse` is, for each referral given, the place in EXCUSES of what is said without a pairing.
    """

    row: I64
    at_r: I64
    at_d: I64
    r: I64
    d: I64
    w: I64
    case: I64
    within: I64
    unplaced: Flags
    strength: Strength
    confirmed: Flags
    clash: Flags
    excuse: I64


def set_board(
    edges: pl.DataFrame,
    referrals: pl.DataFrame,
    documents: pl.DataFrame,
    decisions: pl.DataFrame,
    weights: Weights,
) -> Board:
    """The board for the given records; edges of other records are ignored."""
    verdicts = standing(decisions)
    pairs = _pairs(edges, verdicts, weights)
    at_r = places(referrals["key"], pairs["referral"])
    at_d = places(documents["key"], pairs["document"])
    live = _live(documents)[at_d]
    rejected = (pairs["verdict"] == REJECTED).fill_null(False).to_numpy()
    excuse = np.full(referrals.height, len(EXCUSES) - 1)
    open_still = pairs["strong"].to_numpy() & ~rejected & ((at_d < 0) | live)
    dead = pairs["strong"].to_numpy() & (at_d >= 0) & ~live
    for place, said in enumerate((open_still, dead, rejected)):
        np.minimum.at(excuse, at_r[said & (at_r >= 0)], place)
    on = np.flatnonzero((at_r >= 0) & live & ~rejected)
    pairs, at_r, at_d = pairs[on], at_r[on], at_d[on]
    return _sorted(pairs, at_r, at_d, edges, (referrals, documents), verdicts, weights, excuse)


def _sorted(
    pairs: pl.DataFrame,
    at_r: I64,
    at_d: I64,
    edges: pl.DataFrame,
    sides: tuple[pl.DataFrame, pl.DataFrame],
    verdicts: pl.DataFrame,
    weights: Weights,
    excuse: I64,
) -> Board:
    """The board of the pairs on it, sorted by the numbers of their records."""
    row = pairs["row"].fill_null(-1).to_numpy()
    with workers(len(at_r)) as pool:
        numbers = pool.submit(_numbers, at_r, at_d, sides, weights)
        kept = _kept(edges.select(_EVIDENCE), pairs["row"])
        strength = strengths(kept, at_d, weights)
        case, r, d, order = numbers.result()
    confirmed = (pairs["verdict"] == CONFIRMED).fill_null(False).to_numpy()
    steps = np.round(kept["weight"].fill_null(0.0).to_numpy() * STEPS).astype(np.int64)
    unplaced = (kept["l_incident"].fill_null(0) == 0).to_numpy() & ~strength.told
    return Board(
        row=row[order],
        at_r=at_r[order],
        at_d=at_d[order],
        r=r[order],
        d=d[order],
        w=steps[order],
        case=case[order],
        within=_within(case, r, d)[order],
        unplaced=unplaced[order],
        strength=strength.only(order),
        confirmed=confirmed[order],
        clash=_clashes(pairs, verdicts, strength.auto & ~confirmed)[order],
        excuse=excuse,
    )


def _kept(edges: pl.DataFrame, row: pl.Series) -> pl.DataFrame:
    """Some rows of edges, null where there is none; in the order of the edges it is faster."""
    there = row.fill_null(-1).to_numpy()
    if (np.diff(there, prepend=-1) > 0).all():
        kept = np.zeros(edges.height, dtype=np.bool_)
        kept[there] = True
        return edges.filter(pl.Series(kept))
    return edges.select(pl.all().gather(row))


def _numbers(
    at_r: I64, at_d: I64, sides: tuple[pl.DataFrame, pl.DataFrame], weights: Weights
) -> tuple[I64, I64, I64, I64]:
    """The case of each pair, the numbers of its referral and its document; the order by those."""
    case = cases(sides[0], weights)[at_r]
    rivals = _with_rivals(at_r, at_d, case)
    r, d = numbered(sides[0]["order"], at_r, rivals), numbered(sides[1]["order"], at_d, rivals)
    return case, r, d, np.argsort(r * (int(d.max(initial=0)) + 1) + d, kind="stable")


def _pairs(edges: pl.DataFrame, verdicts: pl.DataFrame, weights: Weights) -> pl.DataFrame:
    """The strong edges (of at least the floor), and all pairs that people decided about.

    `row` is the edge's, null if there is none; `verdict` is null if nobody decided.
    """
    narrow = edges.lazy().select(
        "referral",
        "document",
        row=pl.int_range(pl.len(), dtype=pl.Int64),
        strong=pl.col("weight") >= weights.floor,
    )
    if verdicts.is_empty():
        return narrow.filter("strong").with_columns(verdict=pl.lit(None, pl.String)).collect()
    return (
        narrow.join(verdicts.lazy(), on=["referral", "document"], how="full", coalesce=True)
        .with_columns(pl.col("strong").fill_null(False))
        .filter(pl.col("strong") | pl.col("verdict").is_not_null())
        .collect()
    )


def _live(documents: pl.DataFrame) -> Flags:
    """Which documents count, and last, for those that are not given, that they do not."""
    return np.append(documents["live"].fill_null(False).to_numpy(), False)


def _with_rivals(at_r: I64, at_d: I64, case: I64) -> Flags:
    """Edges that share a document or a case, and with it perhaps a referral, with another."""
    found: Flags = np.bincount(case, minlength=1)[case] > 1
    found |= np.bincount(at_d, minlength=1)[at_d] > 1
    return found


def _within(case: I64, r: I64, d: I64) -> I64:
    """A number for each edge: the same for edges of one document and one case, from 0."""
    of_r = np.zeros(int(r.max(initial=-1)) + 1, dtype=np.int64)
    of_r[r] = case
    size = np.bincount(of_r, minlength=1)
    shared = np.flatnonzero(size[case] > 1)
    pair = case[shared] * (int(d.max(initial=0)) + 1) + d[shared]
    number = np.arange(len(case), dtype=np.int64)
    first, of = np.unique(pair, return_index=True, return_inverse=True)[1:]
    number[shared] = shared[first][of]
    return number


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


def _clashes(pairs: pl.DataFrame, verdicts: pl.DataFrame, eligible: Flags) -> Flags:
    """Edges of a document that is eligible for two referrals told apart by a person."""
    yes = verdicts.filter(pl.col("verdict") == CONFIRMED).select("document", one="referral")
    no = verdicts.filter(pl.col("verdict") == REJECTED).select("document", two="referral")
    apart = yes.join(no, on="document").select("one", "two").unique()
    if apart.is_empty():
        return np.zeros(pairs.height, dtype=bool)
    might = pairs.select("referral", "document").filter(pl.Series(eligible))
    both = apart.join(might, left_on="one", right_on="referral").join(
        might, left_on=["two", "document"], right_on=["referral", "document"]
    )
    clashing = pl.concat(
        [both.select("document", referral="one"), both.select("document", referral="two")]
    ).unique()
    marked = pairs.select("referral", "document").join(
        clashing.with_columns(_clash=pl.lit(True)),
        on=["referral", "document"],
        how="left",
        maintain_order="left",
    )
    return marked["_clash"].fill_null(False).to_numpy() & eligible
