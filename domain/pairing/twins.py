"""How common twins are, counted without labels: one learned value of the weights.

Two documents may tell of one referral's event and name its people.  Either both answer it,
or one is a twin, which does not; and when one of them quotes no reference, nothing in the
records tells.  The share of them that quote the referral does.  Documents that answer quote
it as often in twos as alone, and a twin never does.  So of `documents` that come in twos,
with `quoting` among them and as many as `expected` if they quoted as often as documents that
come alone, ``documents * (1 - quoting / expected)`` are twins.  That two documents of one
referral are alike in quoting (one officer wrote both) does not matter, as only their number
counts.

Documents that quote less leave out more of the rest too, and tell less clearly of the event.
So those in twos are compared with documents alone that have as many of the fields, of their
own force.  What remains of that is the reason why the value used is an upper bound.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from domain.pairing.bands import strengths
from domain.pairing.decide import decide
from domain.pairing.frames import PEOPLE_FIELDS, PairingResult, Records, RecordsLike, records_of
from domain.pairing.nearest import nearest
from domain.pairing.places import places
from domain.pairing.weights import Weights

LEAST = 1_000
"""Documents that come in twos, under which nothing is learned."""
SURE = 1.645
"""Standard errors from the estimate to the bound: 95%, one-sided."""
STEADY = 6.0
"""Documents that a force's own rate starts from, at the rate of all forces."""
STEPS = 65_536
"""Shares are whole multiples of 1/STEPS, so that their sums are exact in any order."""
_FILLED = ("incident", "custody", "postcode", "day")


@dataclass(frozen=True)
class TwinCount:
    """What was counted. `error` is the standard error of `twins`; see the module for the rest."""

    alone: int
    documents: int
    quoting: int
    expected: float
    error: float

    @property
    def twins(self) -> float:
        """How many of the documents in twos are twins; chance may take it under 0."""
        return self.documents * (1 - self.quoting / self.expected)

    @property
    def enough(self) -> bool:
        """Whether there is enough to learn from."""
        return self.documents >= LEAST and self.expected > 0

    def content(self, weights: Weights) -> dict[str, Any]:
        """The member `twins` of a weights file; that of `weights` if there is too little."""
        if not self.enough:
            kept = f"kept from {weights.version}: {self.documents} documents in twos to count on"
            known = {"allowed": weights.twins.allowed, "most": weights.twins.most}
            return {**known, "documents": self.documents, "from": kept}
        bound = (self.twins + SURE * self.error) / self.documents
        return {
            "allowed": weights.twins.allowed,
            "most": _rounded(min(max(bound, 0.0), 1.0)),
            "twins": _rounded(self.twins),
            "error": _rounded(self.error),
            "documents": self.documents,
            "quoting": self.quoting,
            "expected": _rounded(self.expected),
            "alone": self.alone,
            "from": "counted",
        }


def count_twins(
    edges: pl.DataFrame, referrals: RecordsLike, documents: RecordsLike, weights: Weights
) -> TwinCount:
    """Count on the edges of at least the floor (EDGE_SCHEMA) between all of two sides."""
    told = _telling(edges, records_of(referrals), records_of(documents), weights)
    alone, twos = told.filter(pl.col("beside") == 1), told.filter(pl.col("beside") == 2)
    if alone.is_empty() or twos.is_empty():
        return TwinCount(alone.height, twos.height, 0, 0.0, 0.0)
    rate = _rates(alone)
    twos = twos.join(rate[0], on="filled", how="left").join(rate[1], on="force", how="left")
    share = pl.col("rate").fill_null(alone["quotes"].mean()) * pl.col("ratio").fill_null(1.0)
    twos = twos.with_columns(share=_stepped(share))
    expected = float(twos["share"].sum())
    apart = twos.group_by("referral").agg((pl.col("quotes") - pl.col("share")).sum())
    spread = float(np.sqrt((apart["quotes"].to_numpy() ** 2).sum()))
    return TwinCount(
        alone=alone.height,
        documents=twos.height,
        quoting=int(twos["quotes"].sum()),
        expected=expected,
        error=spread * twos.height / expected if expected else 0.0,
    )


def decided_anew(
    result: PairingResult,
    referrals: Records,
    documents: Records,
    decisions: pl.DataFrame,
    weights: Weights,
) -> PairingResult:
    """What `pair` would give with weights that differ in their twins only: nothing is weighed."""
    decided = decide(result.edges, referrals, documents, decisions, weights)
    without = decided.outcomes.filter(pl.col("state") != "paired").select(key="referral")
    return replace(
        result,
        pairings=decided.pairings,
        outcomes=decided.outcomes,
        nearest=nearest(result.edges, without, documents),
    )


def _telling(
    edges: pl.DataFrame, referrals: pl.DataFrame, documents: pl.DataFrame, weights: Weights
) -> pl.DataFrame:
    """Documents that agree with one referral in event and people, their references apart.

    Those that quote another reference, and referrals with such a document, are left out.
    `beside` is how many there are of the referral.
    """
    of = places(documents["key"], edges["document"])
    strength = strengths(edges, of + 1, weights)
    live = np.append(documents["live"].fill_null(False).to_numpy(), False)[of]
    bare = pl.col("weight") - pl.col("w_reference")
    people = pl.sum_horizontal(f"w_{field}" for field in PEOPLE_FIELDS)
    strong = (bare >= weights.bands.auto) & (people >= weights.bands.auto_person)
    strong &= pl.col("weight") >= weights.floor
    flags = {
        "both": strength.both & live,
        "quotes": strength.told,
        "other": strength.quoting & ~strength.told,
    }
    told = (
        edges.select("referral", "document", strong=strong, at=pl.Series(of))
        .with_columns(pl.Series(name, flag, dtype=pl.Boolean) for name, flag in flags.items())
        .filter("strong", "both")
        .filter(pl.len().over("document") == 1)
        .filter(~pl.col("other").any().over("referral"))
        .with_columns(pl.col("quotes").cast(pl.Float64), beside=pl.len().over("referral"))
    )
    return told.with_columns(_filled(documents, told["at"])).join(
        _numbered(referrals), on="referral"
    )


def _numbered(referrals: pl.DataFrame) -> pl.DataFrame:
    """The referrals that have a reference to quote."""
    return referrals.drop_nulls("reference").select("force", referral="key")


def _filled(documents: pl.DataFrame, at: pl.Series) -> pl.Series:
    """How many fields of the event the documents at some rows fill in, besides their author."""
    there = [pl.col(name).is_not_null().cast(pl.Int64) for name in _FILLED]
    there.append((pl.col("vehicles").list.len().fill_null(0) > 0).cast(pl.Int64))
    fields = documents.select(pl.col(*_FILLED, "vehicles").gather(at))
    return fields.select(filled=pl.sum_horizontal(there)).to_series()


def _rates(alone: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """How often documents alone quote, by fields filled in; and by how much more each force's."""
    by_filled = alone.group_by("filled").agg(rate=_stepped(pl.col("quotes").mean()))
    by_force = (
        alone.join(by_filled, on="filled")
        .group_by("force")
        .agg(pl.col("quotes").sum(), pl.col("rate").sum(), number=pl.len())
        .select(
            "force",
            ratio=(pl.col("quotes") + STEADY * pl.col("rate") / pl.col("number"))
            / (pl.col("rate") + STEADY * pl.col("rate") / pl.col("number")),
        )
    )
    return by_filled, by_force


def _stepped(share: pl.Expr) -> pl.Expr:
    return (share * STEPS).round() / STEPS


def _rounded(value: float) -> float:
    """Six digits, so that the value is the same on every machine."""
    return float(f"{value:.6g}")
