"""Candidates: the pairs of one referral and one document that are worth weighing.

They share a blocking key, belong to the same force and lie within the window of time.  Pairs
across forces are not looked for.  A key that very many records share says nothing about any
of them, so a block of more than `limits.block_pairs` pairs is left out, and said so.
"""

import numpy as np
import polars as pl

from domain.pairing.arrays import I64, NO_DAY, microseconds
from domain.pairing.blocks import Blocks, blocks, distinct
from domain.pairing.frames import PAIR_SCHEMA, Candidates, Records, RecordsLike, empty, records_of
from domain.pairing.keys import emitted
from domain.pairing.texts import text_hash
from domain.pairing.weights import Weights

_MICROSECONDS_A_DAY = 86_400_000_000


def candidates(
    referral_keys: pl.DataFrame,
    document_keys: pl.DataFrame,
    referrals: RecordsLike,
    documents: RecordsLike,
    weights: Weights,
) -> Candidates:
    """Distinct pairs (PAIR_SCHEMA) that share a key, with a warning for what was left out."""
    if referral_keys.is_empty() or document_keys.is_empty():
        return Candidates(empty(PAIR_SCHEMA), ())
    right = document_keys.join(referral_keys.select("key"), on="key", how="semi")
    left = referral_keys.join(right.select("key"), on="key", how="semi")
    blocks = _sizes(left, "n").join(_sizes(right, "m"), on="key")
    common = blocks.filter(pl.col("n") * pl.col("m") > int(weights.limits.block_pairs))
    products = common.select(pl.col("n") * pl.col("m")).to_series().to_numpy()
    if not common.is_empty():
        left = left.join(common, on="key", how="anti")
        right = right.join(common, on="key", how="anti")
    pairs = (
        left.rename({"record": "referral"})
        .join(right.rename({"record": "document"}), on="key")
        .select("referral", "document")
        .unique()
    )
    return Candidates(
        within_window(pairs, referrals, documents, weights), _warnings(products, weights)
    )


def all_candidates(referrals: Records, documents: Records, weights: Weights) -> Candidates:
    """What `candidates` finds between two whole sides, without storing a key of a document.

    Pairs come sorted by the rows of the referrals and of the documents.
    """
    sides = referrals.records, documents.records
    near = _Near(*sides, weights)
    found, left_out = [np.zeros(0, dtype=np.int64)], []
    for ours, theirs in zip(
        emitted(referrals, "referral"), emitted(documents, "document"), strict=True
    ):
        left, right, products = _joined(blocks(ours, theirs), sides, weights)
        found.append(distinct(near.only(left, right)))
        left_out.append(products)
    left, right = np.divmod(distinct(np.concatenate(found)), max(documents.records.height, 1))
    keys = (sides[0]["key"].gather(left), sides[1]["key"].gather(right))
    pairs = pl.DataFrame({"referral": keys[0], "document": keys[1]})
    return Candidates(pairs, _warnings(np.concatenate(left_out), weights))


def _joined(
    found: Blocks, sides: tuple[pl.DataFrame, pl.DataFrame], weights: Weights
) -> tuple[I64, I64, I64]:
    """The rows of both sides that share a block, and the pairs of each block left out."""
    of_referral, referral = np.divmod(found.referral, max(sides[0].height, 1))
    of_document, document = np.divmod(found.document, max(sides[1].height, 1))
    n = np.bincount(of_referral, minlength=found.count)
    m = np.bincount(of_document, minlength=found.count)
    products = n * m
    common = products > int(weights.limits.block_pairs)
    few = ~common[of_document]
    block, document = of_document[few], document[few]
    sizes = n[block]
    place = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    first = np.repeat((np.cumsum(n) - n)[block], sizes)
    return referral[first + place], np.repeat(document, sizes), products[common]


class _Near:
    """Tells which pairs of rows are of one force and within the window."""

    def __init__(self, ours: pl.DataFrame, theirs: pl.DataFrame, weights: Weights) -> None:
        self._made, self._submitted = microseconds(ours["at"]), microseconds(theirs["at"])
        self._forces = text_hash(ours["force"]), text_hash(theirs["force"])
        self._least = -weights.limits.days_before * _MICROSECONDS_A_DAY
        self._most = weights.limits.days_after * _MICROSECONDS_A_DAY

    def only(self, left: I64, right: I64) -> I64:
        """Those pairs, as left * rows of the right side + right."""
        made, submitted, force = self._made[left], self._submitted[right], self._forces[0][left]
        gap = submitted - made
        near = (gap >= self._least) & (gap <= self._most) & (force == self._forces[1][right])
        near &= (made != NO_DAY) & (submitted != NO_DAY) & (force != 0)
        pairs: I64 = left[near] * len(self._submitted) + right[near]
        return pairs


def within_window(
    pairs: pl.DataFrame, referrals: RecordsLike, documents: RecordsLike, weights: Weights
) -> pl.DataFrame:
    """The pairs of one force whose document was submitted within the window of the referral."""
    limits = weights.limits
    made = records_of(referrals).select(referral="key", force="force", made="at")
    submitted = records_of(documents).select(document="key", its_force="force", submitted="at")
    gap = pl.col("submitted") - pl.col("made")
    return (
        pairs.join(made, on="referral")
        .join(submitted, on="document")
        .filter(
            pl.col("force") == pl.col("its_force"),
            gap >= pl.duration(days=-limits.days_before),
            gap <= pl.duration(days=limits.days_after),
        )
        .select("referral", "document")
    )


def _sizes(keys: pl.DataFrame, name: str) -> pl.DataFrame:
    return keys.group_by("key").agg(pl.len().cast(pl.Int64).alias(name))


def _warnings(products: I64, weights: Weights) -> tuple[str, ...]:
    """What to say of blocks of so many pairs that were left out."""
    if not len(products):
        return ()
    return (
        f"block_too_large: {len(products)} blocking keys are shared by too many records"
        f" to compare (the largest gives {int(products.max())} pairs, the limit is"
        f" {int(weights.limits.block_pairs)}); these keys were left out, other keys were used.",
    )
