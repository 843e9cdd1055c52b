"""The verdict on each edge of a board, filled in step by step."""

import numpy as np
import polars as pl

from domain.pairing.arrays import I64, Flags
from domain.pairing.board import Board
from domain.pairing.frames import PAIRING_SCHEMA
from domain.pairing.outcomes import STRONGEST_FIRST
from domain.pairing.places import among

NONE, REVIEW, AUTO = 0, 1, 2
BANDS = ("none", "review", "auto")
ROLES = ("primary", "cover", "second")
PRIMARY, COVER, SECOND = range(3)
RULES = ("", *STRONGEST_FIRST)
(
    CONFIRMED_BY_PERSON,
    REFERENCE_CORROBORATED,
    EVENT_AND_PERSON,
    PERSON_OF_INCIDENT,
    OVERRIDE_CONFLICT,
    AMBIGUOUS,
    NEEDS_REVIEW,
) = range(1, 8)


class Verdicts:
    """The verdict on each edge of a board: band, role, rule, and margin in bits."""

    def __init__(self, board: Board) -> None:
        """Nothing is decided yet."""
        count = len(board.w)
        self.board = board
        self.band = np.zeros(count, dtype=np.int8)
        self.role = np.zeros(count, dtype=np.int8)
        self.rule = np.zeros(count, dtype=np.int8)
        self.margin = np.full(count, np.nan)
        told = board.strength.told
        self._made = np.where(told, REFERENCE_CORROBORATED, EVENT_AND_PERSON).astype(np.int8)

    def give(self, edges: Flags | I64, role: int, band: int, rule: int | None = None) -> None:
        """Give some edges a role and a band; without a rule, the one that made them strong."""
        self.role[edges] = role
        self.band[edges] = band
        self.rule[edges] = self._made[edges] if rule is None else rule

    def has(self, ends: I64, band: int = AUTO) -> Flags:
        """For each edge, whether its end (board.r or board.d) has a pairing of that band."""
        return among(ends, self.band >= band)


def heaviest(ends: I64, w: I64, wanted: Flags) -> I64:
    """For each end that has wanted edges, the heaviest of them; the first one if several are."""
    edges = np.flatnonzero(wanted)
    by_weight = edges[np.lexsort((edges, -w[edges], ends[edges]))]
    first: Flags = np.diff(ends[by_weight], prepend=-1) != 0
    return by_weight[first]


def pairings(
    verdicts: Verdicts, edges: pl.DataFrame, referrals: pl.DataFrame, documents: pl.DataFrame
) -> pl.DataFrame:
    """What is made or put to a person (PAIRING_SCHEMA), in the order of `edges`.

    A confirmed pair without an edge comes last, without evidence.
    """
    board = verdicts.board
    without = np.flatnonzero((board.row < 0) & (verdicts.band > NONE))
    at = np.full(edges.height, -1)
    some = np.flatnonzero((board.row >= 0) & (verdicts.band > NONE))
    at[board.row[some]] = some
    listed = np.concatenate((at[at >= 0], without))
    evidence = edges.filter(pl.Series(at >= 0, dtype=pl.Boolean))
    if len(without):
        nothing = pl.DataFrame({"referral": np.zeros(len(without), dtype=np.int64)})
        evidence = pl.concat([evidence, nothing], how="diagonal")
    named = {"role": ROLES, "band": BANDS, "rule": RULES}
    return evidence.with_columns(
        referral=referrals["key"].gather(board.at_r[listed]),
        document=documents["key"].gather(board.at_d[listed]),
        margin=pl.Series(verdicts.margin[listed], dtype=pl.Float64).fill_nan(None),
        **{
            name: pl.Series(words).gather(getattr(verdicts, name)[listed].astype(np.int64))
            for name, words in named.items()
        },
    ).select(pl.col(name).cast(kind) for name, kind in PAIRING_SCHEMA.items())
