"""What keyed tokens cost: the same evidence with the names compared in clear instead.

Only here, and only on made-up people.  Every candidate is weighed by the engine; then the
name's bits are replaced by those of Jaro and Winkler's similarity (1990) of the best two
names of the pair, part by part, and everything is decided as before.  A level's bits are
log2(m / u), counted on this data by its own truth (m: true pairs; u: people drawn at random),
so the reference is as good as such a scorer can be here.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from bench.pairing import cleaning
from bench.pairing.quality import Quality, Threshold, Truth, judge, thresholds
from bench.pairing.world import Whole
from domain.pairing import Records, Weights, decide
from domain.pairing.candidates import all_candidates
from domain.pairing.evidence import weigh
from domain.pairing.frames import DECISION_SCHEMA, PEOPLE_FIELDS

LEVELS: Final = (1.0, 0.97, 0.94, 0.9, 0.85, 0.75)
"""Similarities from which a level begins, the best first; the rest is one more."""
DRAWN: Final = 500_000
"""Pairs of people drawn at random to count u on."""
_SQL: Final = """
with named as (
    select k, a.parts as x, b.parts as y
    from pairs join a on a.record = pairs.referral join b on b.record = pairs.document
), sided as (
    select k, case when len(x) <= len(y) then x else y end as few,
        case when len(x) <= len(y) then y else x end as many
    from named
)
select k, max(list_avg(list_transform(few, lambda one: list_max(list_transform(many,
    lambda other: jaro_winkler_similarity(one, other)))))) as alike
from sided group by k
"""
"""The parts of the shorter name, each by the part of the other that is most like it."""
Names = tuple[pl.DataFrame, pl.DataFrame]
"""The people of both sides as `cleaning.plain` gives them."""


@dataclass(frozen=True)
class Found:
    """What one way to compare names gives: decided, and by its weights alone."""

    decided: Quality
    best: Threshold
    safe: Threshold


def compared(data: Path, weights: Weights) -> dict[str, Found]:
    """Keyed tokens and names in clear on one folder of data."""
    (ours, named), (theirs, also) = cleaning.referrals(data), cleaning.documents(data)
    truth = Truth(data)
    pairs = all_candidates(ours, theirs, weights).pairs
    edges = weigh(pairs, ours, theirs, weights)
    clear = in_clear(edges, (named, also), truth, weights)
    return {
        "keyed tokens": _found(edges, ours, theirs, truth, weights),
        "names in clear": _found(clear, ours, theirs, truth, weights),
    }


def _found(
    edges: pl.DataFrame, ours: Records, theirs: Records, truth: Truth, weights: Weights
) -> Found:
    kept = edges.filter(pl.col("weight") >= weights.floor)
    decided = decide(kept, ours, theirs, pl.DataFrame(schema=DECISION_SCHEMA), weights)
    live = theirs.records.filter("live").select(document="key")
    return Found(judge(decided.pairings, truth), *thresholds(kept.join(live, on="document"), truth))


def in_clear(edges: pl.DataFrame, names: Names, truth: Truth, weights: Weights) -> pl.DataFrame:
    """The edges with the name's bits, the cap and the weight made from names in clear."""
    pairs = edges.select("referral", "document")
    level = levels(pairs, names)
    name = pl.Series(_bits(level, pairs, names, truth)[level])
    other = (f"w_{field}" for field in PEOPLE_FIELDS if field not in ("name", "people_cap"))
    raw = edges.select(pl.sum_horizontal(other) + name).to_series()
    cap = raw.clip(weights.people.least, weights.people.most) - raw
    changed = edges["w_name"] + edges["w_people_cap"] - name - cap
    return edges.with_columns(
        weight=edges["weight"] - changed,
        w_name=name.cast(pl.Float32),
        w_people_cap=cap.cast(pl.Float32),
    )


def levels(pairs: pl.DataFrame, names: Names) -> Whole:
    """The level of the best two names of each pair, 1 the best; 0 where a side names nobody."""
    tables = {
        **{name: _spelt(people) for name, people in zip("ab", names, strict=True)},
        "pairs": pairs.with_row_index("k"),
    }
    connection = duckdb.connect()
    try:
        for name, frame in tables.items():
            connection.register(name, frame.to_arrow())
        found = connection.execute(_SQL).fetchnumpy()
    finally:
        connection.close()
    level = np.zeros(pairs.height, dtype=np.int64)
    under = np.searchsorted(np.array(LEVELS[::-1]), found["alike"], side="right")
    level[found["k"]] = 1 + len(LEVELS) - under
    return level


def _spelt(people: pl.DataFrame) -> pl.DataFrame:
    return people.select("record", "parts").filter(pl.col("parts").list.len() > 0)


def _bits(level: Whole, pairs: pl.DataFrame, names: Names, truth: Truth) -> NDArray[np.float64]:
    """The bits of each level, level 0 first, which says nothing."""
    true = pairs.with_row_index("k").join(truth.pairs, on=["referral", "document"], how="semi")
    rng = np.random.default_rng(1)
    ours, theirs = (rng.choice(people["record"].to_numpy(), DRAWN) for people in names)
    drawn = levels(pl.DataFrame({"referral": ours, "document": theirs}), names)
    m, u = (_shares(some) for some in (level[true["k"].to_numpy()], drawn))
    return np.concatenate(([0.0], np.round(np.log2(m / u) * 1024) / 1024))


def _shares(level: Whole) -> NDArray[np.float64]:
    """Half a pair is added to each count (Jeffreys)."""
    count = np.bincount(level, minlength=len(LEVELS) + 2)[1:] + 0.5
    shares: NDArray[np.float64] = count / count.sum()
    return shares
