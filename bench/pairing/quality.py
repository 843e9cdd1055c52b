"""How right a contender's pairs are, counted on the truth.

A true pair whose document does not count (a draft, a withdrawn one) is neither a hit nor a
miss.  Everything else that is paired without being true is false, whatever it looks like.
The interval of a rate is Clopper and Pearson's (1934), exact.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl
from scipy.stats import beta

from bench.pairing.answers import KINDS

CONFIDENCE: Final = 0.95
ALLOWED: Final = 1e-4
"""False pairs in all pairs, of the threshold at which a score's recall is also given."""


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    count: int
    of: int

    @property
    def value(self) -> float:
        """The share; 0 of nothing."""
        return self.count / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The exact interval at CONFIDENCE."""
        left = (1 - CONFIDENCE) / 2
        k, n = self.count, self.of
        low = float(beta.ppf(left, k, n - k + 1)) if k else 0.0
        high = float(beta.ppf(1 - left, k + 1, n - k)) if k < n else 1.0
        return low, high


@dataclass(frozen=True)
class Quality:
    """What was found of one set of pairs.

    `recall` and `to_review` are by kind of true pair and by profile; `false` and `offered`, the
    pairs that are not true and were made or put to a person, by the kind of document; `review`
    are the referrals without a pairing that a person is asked about, of all referrals.
    """

    wrong: Share
    found: Share
    recall: dict[str, Share]
    to_review: dict[str, Share]
    false: dict[str, int]
    offered: dict[str, int]
    false_roles: dict[str, int]
    review: Share

    @property
    def precision(self) -> float:
        """The share of the pairs made that is true."""
        return 1 - self.wrong.value


class Truth:
    """The truth of one folder of data, in rows of its tables."""

    def __init__(self, data: Path) -> None:
        """Read it."""
        ours = pl.read_parquet(data / "referrals.parquet", columns=["force", "referral_id"])
        theirs = pl.read_parquet(data / "documents.parquet", columns=["force", "urn"])
        numbered = ours.with_columns(referral=pl.int_range(pl.len(), dtype=pl.Int64))
        documents = theirs.with_columns(document=pl.int_range(pl.len(), dtype=pl.Int64))
        self.referrals = ours.height
        self.pairs = (
            pl.read_parquet(data / "truth.parquet")
            .join(numbered, on=["force", "referral_id"])
            .join(documents, on=["force", "urn"])
            .select("referral", "document", "kind", "counts", "profile")
        )
        self.decoys = (
            pl.read_parquet(data / "decoys.parquet")
            .join(documents, on=["force", "urn"])
            .select("document", decoy="kind")
        )

    def marked(self, pairs: pl.DataFrame) -> pl.DataFrame:
        """The pairs with `right`: true, false, or null for a true one that does not count."""
        told = self.pairs.select("referral", "document", right="counts")
        found = pairs.join(told, on=["referral", "document"], how="left", maintain_order="left")
        known = found.join(told, on=["referral", "document"], how="semi").select(
            "referral", "document"
        )
        right = found.join(known.with_columns(known=True), on=["referral", "document"], how="left")
        return right.with_columns(
            right=pl.when(pl.col("known").is_null()).then(False)
            .when(pl.col("right")).then(True)
        ).drop("known")  # fmt: skip


def judge(pairs: pl.DataFrame, truth: Truth) -> Quality:
    """The quality of pairs with a band: auto ones are made, review ones put to a person."""
    made = truth.marked(pairs.filter(pl.col("band") == "auto"))
    asked = truth.marked(pairs.filter(pl.col("band") == "review"))
    false, offered = (_what(some.filter(~pl.col("right")), truth) for some in (made, asked))
    listed = truth.pairs.filter("counts").join(
        pairs.select("referral", "document", "band"), on=["referral", "document"], how="left"
    )
    open_still = pairs.filter(pl.col("band") == "review").join(made, on="referral", how="anti")
    return Quality(
        wrong=Share(false.height, made["right"].count()),
        found=_share(listed, "auto"),
        recall=_by_kind(listed, "auto"),
        to_review=_by_kind(listed, "review"),
        false=_counts(false["decoy"]),
        offered=_counts(offered["decoy"]),
        false_roles=_counts(false["role"].fill_null("none")),
        review=Share(open_still["referral"].n_unique(), truth.referrals),
    )


def _what(false: pl.DataFrame, truth: Truth) -> pl.DataFrame:
    """The false pairs with what the paired document is."""
    answering = (
        truth.pairs.select("document").unique().with_columns(true=pl.lit("another's document"))
    )
    return (
        false.join(truth.decoys, on="document", how="left")
        .join(answering, on="document", how="left")
        .with_columns(decoy=pl.coalesce("decoy", "true", pl.lit("unrelated")))
    )


def _counts(kinds: pl.Series) -> dict[str, int]:
    return dict(sorted(kinds.value_counts().iter_rows()))


def _share(listed: pl.DataFrame, band: str) -> Share:
    return Share(int((listed["band"] == band).sum()), listed.height)


def _by_kind(listed: pl.DataFrame, band: str) -> dict[str, Share]:
    shares = {kind: _share(listed.filter(pl.col("kind") == kind), band) for kind in KINDS}
    for profile in ("rushed", "incident_only"):
        shares[profile] = _share(listed.filter(pl.col("profile") == profile), band)
    return shares


@dataclass(frozen=True)
class Threshold:
    """One threshold of a score: bits, and what making every pair from it up would give."""

    bits: float
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def thresholds(pairs: pl.DataFrame, truth: Truth) -> tuple[Threshold, Threshold]:
    """The threshold of the best F1, and the lowest one with at most ALLOWED false pairs.

    Both are chosen by the truth, which flatters the score.
    """
    col = pl.col
    total = truth.pairs["counts"].sum()
    by_weight = (
        truth.marked(pairs).drop_nulls("right")
        .group_by("weight").agg(right=col("right").sum(), made=pl.len())
        .sort("weight", descending=True)
        .with_columns(col("right").cum_sum(), col("made").cum_sum())
        .with_columns(precision=col("right") / col("made"), recall=col("right") / total)
        .with_columns(f1=2 * col("precision") * col("recall") / (col("precision") + col("recall")))
    )  # fmt: skip
    allowed = by_weight.filter(1 - col("precision") <= ALLOWED)
    best = by_weight.sort("f1", descending=True)
    rows = (best, allowed.reverse() if allowed.height else by_weight)
    first, second = (
        Threshold(*frame.select("weight", "precision", "recall").row(0)) for frame in rows
    )
    return first, second
