"""What tests of pairing share: a world's result, its edges, rows in any order."""

import polars as pl
from polars.testing import assert_frame_equal

from domain.pairing import (
    PairingResult,
    Records,
    Weights,
    default_weights,
    pair,
    weigh,
)
from domain.pairing.weights import LEVELS
from tests.unit.pairing.strategies import (
    World,
    decisions,
)

WEIGHTS = default_weights()
NOTHING = decisions()


def paired(world: World, weights: Weights = WEIGHTS) -> PairingResult:
    """The result for a world."""
    return pair(world.referrals, world.documents, world.decisions, weights)


def all_edges(left: Records, right: Records) -> pl.DataFrame:
    """The edge of every pair, candidates or not."""
    pairs = left.records.select(referral="key").join(
        right.records.select(document="key"), how="cross"
    )
    return weigh(pairs, left, right, WEIGHTS)


def made_by_people(result: PairingResult) -> pl.DataFrame:
    """The edges of what is paired without a person because event and people agree."""
    return made_by(result, "event_and_person")


def made_by(result: PairingResult, rule: str) -> pl.DataFrame:
    """The edges of what is paired without a person by a rule."""
    made = result.pairings.filter(pl.col("band") == "auto", pl.col("rule") == rule)
    return result.edges.join(made, on=["referral", "document"], how="semi")


def levels_of(edges: pl.DataFrame, field: str) -> set[str]:
    """The levels at which a field agrees or does not."""
    names = ("nothing", *LEVELS[field])
    return {names[level] for level in edges[f"l_{field}"]}


def custody_of(edges: pl.DataFrame) -> set[str]:
    """The levels at which custody numbers agree or do not."""
    return levels_of(edges, "custody")


def assert_same_rows(one: pl.DataFrame, other: pl.DataFrame) -> None:
    """The same rows in any order."""
    by = ["referral", "document"] if "document" in one.columns else ["referral"]
    assert_frame_equal(one.sort(by), other.sort(by))


def shuffled(frame: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Other order of rows and of columns."""
    columns = pl.Series(frame.columns).shuffle(seed).to_list()
    return frame.sample(fraction=1, shuffle=True, seed=seed).select(columns)
