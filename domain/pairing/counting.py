"""Count the levels at which labelled pairs agree, and those at which random pairs do."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from domain.pairing.arrays import Bits
from domain.pairing.model_file import UNDATED
from domain.pairing.samples import Drawn
from domain.pairing.weights import LEVELS

NEAR_DAYS = ("same", "one", "three")
"""Levels of `day` at which `gap` is compared by its dated levels."""
DATED = tuple(name for name in LEVELS["gap"] if name not in UNDATED)
PERSON = ("name", "dob", "nationality")


@dataclass(frozen=True)
class Counted:
    """Counts of some of a field's levels, and how many pairs they are shares of."""

    m: Bits
    u: Bits
    m_of: float
    u_of: float


@dataclass(frozen=True)
class Evidence:
    """Edges (EDGE_SCHEMA) to count on; `single` marks pairs of one person each.

    `labelled` quote the same reference and have a column ``agrees_<family>`` for each of
    CORROBORATION, `sure` agree on incident and date of birth, `block` and `window` are random.
    """

    labelled: pl.DataFrame
    sure: pl.DataFrame
    block: pl.DataFrame
    window: pl.DataFrame
    block_drawn: Drawn
    window_drawn: Drawn


def at(field: str, *names: str) -> pl.Expr:
    """Whether an edge is at one of these levels of a field."""
    return pl.col(f"l_{field}").is_in([LEVELS[field].index(name) + 1 for name in names])


CORROBORATION: Mapping[str, pl.Expr] = {
    "incident": at("incident", "exact", "day_off"),
    "custody": at("custody", "same"),
    "vehicle": at("vehicle", "same"),
    "postcode": at("postcode", "full"),
    "person": at("name", "all", "sounds_all", "most") | at("dob", "same", "swapped"),
    "officer": at("officer", "same") & at("day", "same", "one"),
}
"""What, besides the reference, speaks for two records belonging together."""
FAMILY = dict.fromkeys(PERSON, "person") | {"day": "officer"}
"""The corroboration that a field has a part in, where it is not named as the field is."""


def corroborated(without: str | None = None) -> pl.Expr:
    """Whether something agrees in which the field `without` has no part."""
    own = FAMILY.get(without or "", without)
    return pl.any_horizontal(f"agrees_{name}" for name in CORROBORATION if name != own)


def counts(seen: Evidence) -> Iterator[tuple[str, tuple[str, ...], Counted]]:
    """Each field, those of its levels that are counted together, and their counts."""
    quoted = seen.sure.filter(pl.col("l_reference") > 0)
    yield "reference", LEVELS["reference"], _shares("reference", quoted, seen.block)
    for field in LEVELS:
        if field in ("reference", "day", "gap"):
            continue
        labelled, block = seen.labelled.filter(corroborated(field)), seen.block
        if field in PERSON:
            labelled, block = labelled.filter("single"), block.filter("single")
        yield field, LEVELS[field], _shares(field, labelled, block)
    yield "day", LEVELS["day"], _distances("day", LEVELS["day"], seen, pl.col("l_day") > 0)
    yield "gap", DATED, _gaps(seen)
    yield "gap", UNDATED, _distances("gap", UNDATED, seen, pl.col("l_day") == 0)


def _by_level(edges: pl.DataFrame, field: str, names: Iterable[str]) -> Bits:
    """How many edges are at each of these levels."""
    number = np.bincount(edges[f"l_{field}"].to_numpy(), minlength=len(LEVELS[field]) + 1)
    return np.array([number[LEVELS[field].index(name) + 1] for name in names], dtype=np.float64)


def _shares(field: str, labelled: pl.DataFrame, others: pl.DataFrame) -> Counted:
    m, u = (_by_level(edges, field, LEVELS[field]) for edges in (labelled, others))
    return Counted(m, u, m.sum(), u.sum())


def _distances(field: str, names: tuple[str, ...], seen: Evidence, used: pl.Expr) -> Counted:
    """u as pairs of the window at a level, over as large a part of the pairs of the block."""
    m = _by_level(seen.labelled.filter(corroborated(field), used), field, names)
    u = _by_level(seen.window.filter(used), field, names)
    block = seen.block.filter(used).height / seen.block_drawn.share
    return Counted(m, u, m.sum(), block * seen.window_drawn.share)


def _gaps(seen: Evidence) -> Counted:
    """u of each dated gap among pairs whose event dates are as close as true pairs' are."""
    m = _by_level(seen.labelled, "gap", DATED)
    days = _by_level(seen.labelled, "day", NEAR_DAYS)
    u, of = np.zeros(len(DATED)), 0.0
    for name, share in zip(NEAR_DAYS, days / max(days.sum(), 1.0), strict=True):
        there = _by_level(seen.window.filter(at("day", name)), "gap", DATED)
        u += share * there / max(there.sum(), 1.0)
        of += there.sum()
    return Counted(m, u * of, m.sum(), of)
