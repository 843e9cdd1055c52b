"""Candidates: the pairs of one referral and one document that are worth weighing.

They share a blocking key, belong to the same force and lie within the window of time.  Pairs
across forces are not looked for.  A key that very many records share says nothing about any
of them, so a block of more than `limits.block_pairs` pairs is left out, and said so.
"""

import numpy as np
import polars as pl

from domain.pairing.arrays import I64, NO_DAY, Flags, microseconds, text_hash
from domain.pairing.frames import PAIR_SCHEMA, Candidates, Records, RecordsLike, empty, records_of
from domain.pairing.kernel import Blocks
from domain.pairing.keys import emitted
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

    The referrals' keys are numbered; a document's key is looked up and forgotten unless a
    referral has it.  Pairs come sorted by the rows of the referrals and of the documents.
    """
    rows, keys = (
        np.concatenate(each) for each in zip(*emitted(referrals, "referral"), strict=True)
    )
    blocks = Blocks(keys)
    height = (referrals.records.height, documents.records.height)
    hits = [
        _distinct(blocks.find(each), row, height[1]) for row, each in emitted(documents, "document")
    ]
    block, document = np.divmod(np.concatenate(hits), max(height[1], 1))
    m = np.bincount(block, minlength=blocks.count)
    shared = np.where(m[blocks.of] > 0, blocks.of, -1)
    of_block, referral = np.divmod(_distinct(shared, rows, height[0]), max(height[0], 1))
    n = np.bincount(of_block, minlength=blocks.count)
    products = n * m
    common = products > int(weights.limits.block_pairs)
    few = ~common[block]
    block, document = block[few], document[few]
    starts = np.cumsum(n) - n
    sizes = n[block]
    place = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    left = referral[np.repeat(starts[block], sizes) + place]
    right = np.repeat(document, sizes)
    near = _near(referrals.records, documents.records, left, right, weights)
    left, right = np.divmod(_sorted(left[near] * height[1] + right[near]), max(height[1], 1))
    pairs = pl.DataFrame(
        {
            "referral": referrals.records["key"].gather(left),
            "document": documents.records["key"].gather(right),
        }
    )
    return Candidates(pairs, _warnings(products[common], weights))


def _distinct(block: I64, row: I64, rows: int) -> I64:
    """Distinct (block, row) as block * rows + row, sorted; block -1 is left out."""
    there = block >= 0
    return _sorted(block[there] * rows + row[there])


def _sorted(values: I64) -> I64:
    """Sorted distinct values; faster than ``np.unique``, which hashes first."""
    values.sort()
    kept: Flags = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=kept[1:])
    return values[kept]


def _near(
    ours: pl.DataFrame, theirs: pl.DataFrame, left: I64, right: I64, weights: Weights
) -> Flags:
    """Which pairs of rows are of one force and within the window."""
    made, submitted = microseconds(ours["at"]), microseconds(theirs["at"])
    forces = text_hash(ours["force"]), text_hash(theirs["force"])
    gap = submitted[right] - made[left]
    known = (made[left] != NO_DAY) & (submitted[right] != NO_DAY) & (forces[0][left] != 0)
    near = (gap >= -weights.limits.days_before * _MICROSECONDS_A_DAY) & (
        gap <= weights.limits.days_after * _MICROSECONDS_A_DAY
    )
    found: Flags = known & near & (forces[0][left] == forces[1][right])
    return found


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
