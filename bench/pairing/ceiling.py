"""The ceiling: what somebody who was shown the truth makes of the same evidence.

A classifier (gradient boosting, Friedman 2001, of scikit-learn) is taught with the truth of
sets of data of the same setting and other seeds.  It sees of a pair all that the engine
weighs, and how the pair stands among the other pairs of its two records; then it scores the
pairs of a set that it has not seen.  No force has such a truth to teach with, so what it
reaches is about what the records tell, whatever rules or weights are used.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from bench.page import table
from bench.pairing import cleaning
from bench.pairing.corruptions import BY_NAME, Setting
from bench.pairing.generate import generate
from bench.pairing.quality import Quality, Truth, judge
from bench.pairing.report import per_100k, percent
from bench.progress import say
from domain.pairing import Records, Weights, default_weights, pair, weights_with
from domain.pairing.components import cases
from domain.pairing.frames import DECISION_SCHEMA, EVENT_FIELDS, PEOPLE_FIELDS
from domain.words import Feed

TAUGHT: Final = 3
"""Sets of data that the classifier is taught with."""
ALLOWED: Final = (5e-5, 1e-4, 1e-3)
"""False pairs in all pairs, for which its recall is said."""
VARIANTS: Final = {"": (), ", no twins": ("decoy_twin",)}
"""What is left out of the data; where there are no twins the engine takes them to be rare."""
_WEIGHED: Final = "^(l|w)_.*$|^(of|by)_.*$|^weight|hours|days$"
TOLD: Final = {
    "what is weighed": _WEIGHED,
    "how rare the names are, too": f"{_WEIGHED}|^rare_.*$",
    "the incident's other pairs, too": f"{_WEIGHED}|^case_.*$",
}
"""By what it is told, the columns that it sees."""
_ENDS: Final = ("referral", "document")


@dataclass(frozen=True)
class Set:
    """One set of data: its edges with what can be seen of them, its truth, the engine's answer."""

    seen: pl.DataFrame
    truth: Truth
    engine: Quality


@dataclass(frozen=True)
class Ceiling:
    """What is reached on one set of data: by the engine, and by what it is told the recalls."""

    name: str
    engine: Quality
    reached: dict[str, list[float]]


def ceilings(folder: Path, referrals: int, setting: Setting, seed: int) -> Iterable[Ceiling]:
    """The ceilings of one setting, with everything in the data and without twins."""
    has_twins = BY_NAME["decoy_twin"].rate(setting) > 0
    variants = VARIANTS if has_twins else {"": VARIANTS[", no twins"]}
    for name, without in variants.items():
        sets = []
        for one in range(seed, seed + 1 + TAUGHT):
            say(f"making and pairing {referrals:,} {setting} referrals{name}, seed {one}")
            data = folder / f"{setting}{len(without)}-{referrals}-{one}"
            generate(data, referrals, setting, one, without)
            sets.append(seen(data, _weights(rare=bool(without))))
        asked, *taught = sets
        reached = {told: recalls(asked, taught, columns) for told, columns in TOLD.items()}
        yield Ceiling(f"{setting}, {referrals:,}{name}", asked.engine, reached)


def page(found: Sequence[Ceiling]) -> str:
    """The section's text."""
    headings = ("Data", "It sees", *(f"Recall at {share * 1e5:.0f}" for share in ALLOWED))
    rows = [
        (one.name, told, *map("{:.2%}".format, each))
        for one in found
        for told, each in one.reached.items()
    ]
    said = [
        f"- {one.name}: the engine, shown no truth, makes {percent(one.engine.found)} with"
        f" {per_100k(one.engine.wrong)} false in 100,000 and sends {percent(one.engine.review)}"
        " of the referrals to review."
        for one in found
    ]
    explained = (
        f"A classifier that was taught with the truth of {TAUGHT} other sets of the same setting"
        " scores the pairs of a set that it has not seen: its recall at so many false pairs in"
        " 100,000, the threshold chosen by the truth. It sees what the engine weighs of a pair and"
        " of its rivals; then also how rare the names are that both records have, or how the"
        " document stands to the other referrals of the incident."
    )
    return "\n\n".join([explained, table(headings, rows), "\n".join(said)])


def seen(data: Path, weights: Weights) -> Set:
    """Pair one set of data, and see of its edges what can be seen."""
    ours, theirs = (cleaning.side(data, feed).frames() for feed in Feed)
    found = pair(ours, theirs, pl.DataFrame(schema=DECISION_SCHEMA), weights)
    truth = Truth(data)
    edges = found.edges.filter(pl.col("weight") >= weights.floor)
    edges = _rare(_standing(edges), (ours, theirs))
    edges = _within_cases(edges, ours.records, weights)
    return Set(truth.marked(edges), truth, judge(found.pairings, truth))


def recalls(asked: Set, taught: Sequence[Set], columns: str) -> list[float]:
    """The recall at each of ALLOWED of a classifier that sees some of the columns."""
    known = pl.concat([one.seen for one in taught]).drop_nulls("right")
    made = HistGradientBoostingClassifier(max_iter=300, max_leaf_nodes=63, random_state=1)
    made.fit(_matrix(known, columns), known["right"].to_numpy())
    score = made.predict_proba(_matrix(asked.seen, columns))[:, 1]
    scored = asked.seen.select("right", score=pl.Series(score)).drop_nulls()
    by_score = (
        scored.group_by("score")
        .agg(right=pl.col("right").sum(), made=pl.len())
        .sort("score", descending=True)
        .with_columns(pl.col("right").cum_sum(), pl.col("made").cum_sum())
    )
    right, pairs = (by_score[name].to_numpy() for name in ("right", "made"))
    total = int(asked.truth.pairs["counts"].sum())
    false = 1 - right / pairs
    return [float(right[false <= share].max(initial=0)) / total for share in ALLOWED]


def _matrix(edges: pl.DataFrame, columns: str) -> NDArray[np.float64]:
    return edges.select(pl.col(columns).cast(pl.Float64)).to_numpy()


def _weights(*, rare: bool) -> Weights:
    weights = default_weights()
    if not rare:
        return weights
    return weights_with(weights, "twins", {**weights.content("twins"), "most": 0.0})


def _standing(edges: pl.DataFrame) -> pl.DataFrame:
    """With the bits of each family, and how each edge stands among those of its two records."""
    col = pl.col
    families = {"event": EVENT_FIELDS, "people": PEOPLE_FIELDS}
    edges = edges.with_columns(
        *(
            pl.sum_horizontal(f"w_{field}" for field in fields).alias(f"of_{family}")
            for family, fields in families.items()
        ),
        of_exact=col("l_reference").is_in([1, 2]),
    )
    told = ("weight", "of_event", "of_people")
    return edges.with_columns(
        each.over(end).alias(f"by_{end}_{name}")
        for end in _ENDS
        for name, each in {
            "count": pl.len(),
            "exact": col("of_exact").sum(),
            "place": col("weight").rank("ordinal", descending=True),
            "second": col("weight").top_k(2).min(),
            **{field: col(field).max() for field in told},
        }.items()
    )


def _within_cases(edges: pl.DataFrame, referrals: pl.DataFrame, weights: Weights) -> pl.DataFrame:
    """With what the pairs of one incident's referrals, and of its one document, have together."""
    col = pl.col
    case = pl.Series("case", cases(referrals, weights))
    of_case = referrals.select(referral="key").with_columns(case)
    both = ["case", "document"]
    return (
        edges.join(of_case, on="referral", how="left", maintain_order="left")
        .with_columns(
            case_pairs=pl.len().over(both),
            case_best=col("weight").max().over(both),
            case_second=col("weight").top_k(2).min().over(both),
            case_people=col("of_people").max().over(both),
            case_exact=col("of_exact").sum().over(both),
            case_documents=col("document").n_unique().over("case"),
            case_referrals=col("referral").n_unique().over("case"),
        )
        .drop("case")
    )


def _rare(edges: pl.DataFrame, sides: Sequence[Records]) -> pl.DataFrame:
    """With the bits of how rare the rarest name and sound are that both records have."""
    for kind in ("names", "sounds"):
        held = [
            side.people.select("record", token=kind).explode("token").drop_nulls() for side in sides
        ]
        people = sum(side.people.height for side in sides)
        rare = pl.concat(held).group_by("token").agg(bits=-(pl.len() / people).log(2))
        ours, theirs = (each.unique() for each in held)
        shared = (
            edges.select(_ENDS)
            .join(ours, left_on="referral", right_on="record")
            .join(theirs, left_on=["document", "token"], right_on=["record", "token"])
            .join(rare, on="token")
            .group_by(_ENDS)
            .agg(pl.col("bits").max().alias(f"rare_{kind}"))
        )
        edges = edges.join(shared, on=_ENDS, how="left", maintain_order="left")
    return edges
