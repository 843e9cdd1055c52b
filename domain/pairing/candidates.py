"""Candidates: the pairs of one referral and one document that are worth weighing.

They share a blocking key, belong to the same force and lie within the window of time.  Pairs
across forces are not looked for.  A key that very many records share says nothing about any
of them, so a block of more than `limits.block_pairs` pairs or `limits.block_records` records of
one side is left out, and said so.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from domain.pairing.arrays import I32, I64, NO_DAY, Flags
from domain.pairing.blocks import Blocks, blocks, distinct
from domain.pairing.events import EventColumns
from domain.pairing.evidence import Columns, columns_of
from domain.pairing.frames import PAIR_SCHEMA, Candidates, Records, RecordsLike, empty, records_of
from domain.pairing.kernel import is_worth_compiling, workers
from domain.pairing.keys import KINDS, Keys
from domain.pairing.too_common import by_kind, warnings
from domain.pairing.weights import Weights

_MICROSECONDS_A_DAY = 86_400_000_000
_AT_ONCE = 1 << 25
"""Pairs of a kind for which room is made before it is known which are within the window."""


def candidates(
    referral_keys: pl.DataFrame,
    document_keys: pl.DataFrame,
    referrals: Records,
    documents: Records,
    weights: Weights,
) -> Candidates:
    """Distinct pairs (PAIR_SCHEMA) that share a key, with a warning for what was left out."""
    if referral_keys.is_empty() or document_keys.is_empty():
        return Candidates(empty(PAIR_SCHEMA), ())
    right = document_keys.join(referral_keys.select("key"), on="key", how="semi")
    left = referral_keys.join(right.select("key"), on="key", how="semi")
    blocks = _sizes(left, "n").join(_sizes(right, "m"), on="key")
    common = blocks.filter(_too_common(blocks["n"].to_numpy(), blocks["m"].to_numpy(), weights))
    told: list[tuple[str, I64]] = []
    if not common.is_empty():
        told = by_kind(common, left, referrals)
        left = left.join(common, on="key", how="anti")
        right = right.join(common, on="key", how="anti")
    pairs = (
        left.rename({"record": "referral"})
        .join(right.rename({"record": "document"}), on="key")
        .select("referral", "document")
        .unique()
    )
    return Candidates(within_window(pairs, referrals, documents, weights), warnings(told, weights))


@dataclass(frozen=True)
class Rows:
    """Candidates as rows of both sides, distinct and sorted, and what was left out."""

    left: I32
    right: I32
    warnings: tuple[str, ...]


def all_candidates(referrals: Records, documents: Records, weights: Weights) -> Candidates:
    """What `candidates` finds between two whole sides, without storing a key of a document.

    Pairs come sorted by the rows of the referrals and of the documents.
    """
    found = candidate_rows(columns_of(referrals, weights), columns_of(documents, weights), weights)
    pairs = {
        "referral": referrals.records["key"].gather(found.left),
        "document": documents.records["key"].gather(found.right),
    }
    return Candidates(pl.DataFrame(pairs), found.warnings)


def candidate_rows(left: Columns, right: Columns, weights: Weights) -> Rows:
    """The same as rows of columns."""
    window = Window(left.events, right.events, weights)
    ours = Keys(left.events, left.people, "referral")
    theirs = Keys(right.events, right.people, "document")

    def of_kind(kind: str) -> tuple[I32, I32, I64]:
        return _joined(blocks(ours.of(kind), theirs.of(kind)), window, weights)

    with workers(len(right.key)) as pool:
        found = list(pool.map(of_kind, reversed(KINDS)))
    *rows, common = zip(*found, strict=True)
    at_left, at_right = map(np.concatenate, rows)
    told = zip(KINDS, reversed(common), strict=True)
    pairs = distinct(at_left, at_right, (len(left.key), len(right.key)))
    return Rows(*pairs, warnings(told, weights))


def _joined(found: Blocks, window: "Window", weights: Weights) -> tuple[I32, I32, I64]:
    """Pairs as rows of both sides, and the records of both in the blocks left out."""
    n = np.diff(found.first).astype(np.int64)
    m = np.bincount(found.of_document, minlength=len(n))
    common = _too_common(n, m, weights)
    left_out = np.column_stack((n, m))[common]
    block, document = found.of_document, found.document
    if common.any():
        few = ~common[block]
        block, document = block[few], document[few]
    if is_worth_compiling(len(document)):
        from domain.pairing import listings

        blocks_ = (found.first, found.referral, block, document)
        size = int((n * m)[~common].sum())
        if size > _AT_ONCE:
            size = listings.count_within(*blocks_, window.arrays)
        pairs = np.empty((2, size), dtype=np.int32)
        held = listings.list_within(*blocks_, window.arrays, pairs)
        return pairs[0, :held], pairs[1, :held], left_out
    sizes = n[block]
    place = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    left = found.referral[np.repeat(found.first[block], sizes) + place]
    right = np.repeat(document, sizes)
    near = window.holds(left, right)
    return left[near], right[near], left_out


def _too_common(n: I64, m: I64, weights: Weights) -> Flags:
    """Whether blocks of `n` referrals and `m` documents are left out."""
    limits, pairs = weights.limits, n * m
    found: Flags = (pairs > limits.block_pairs) | (np.maximum(n, m) > limits.block_records)
    return found & (pairs > 0)


class Window:
    """Tells which pairs of rows are of one force and within the window."""

    def __init__(self, ours: EventColumns, theirs: EventColumns, weights: Weights) -> None:
        """Keep the instants and forces of both sides, and the bounds in microseconds."""
        least = -weights.limits.days_before * _MICROSECONDS_A_DAY
        most = weights.limits.days_after * _MICROSECONDS_A_DAY
        self.arrays = (ours.at, theirs.at, ours.force, theirs.force, int(least), int(most))

    def holds(self, left: I32, right: I32) -> Flags:
        """Whether each pair is."""
        at_left, at_right, of_left, of_right, least, most = self.arrays
        made, submitted, force = at_left[left], at_right[right], of_left[left]
        gap = submitted - made
        near: Flags = (gap >= least) & (gap <= most) & (force == of_right[right])
        near &= (made != NO_DAY) & (submitted != NO_DAY) & (force != 0)
        return near


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
