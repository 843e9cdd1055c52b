"""Weigh pairs: what agrees and disagrees between two records, in bits.

The weight of a pair is the prior plus the bits of every field, exactly, and depends on the
two records and on the weights only: never on other records, on their order or on the day.
So an edge can be stored and used again for as long as both records stay as they are.
"""

from collections.abc import Iterator

import numpy as np
import polars as pl

from domain.pairing.arrays import I64, NO_DAY, U64, Bits, combined, positions
from domain.pairing.events import EventColumns, Levels, event_columns, event_levels
from domain.pairing.frames import EDGE_SCHEMA, FIELDS, Records, empty
from domain.pairing.people import PeopleColumns, people_columns, people_evidence
from domain.pairing.weights import LEVELS, Weights

_COMPARISONS = 1_000_000
"""Comparisons of two people made at a time, which bounds the memory used."""


def weigh(
    pairs: pl.DataFrame, referrals: Records, documents: Records, weights: Weights
) -> pl.DataFrame:
    """The edge (EDGE_SCHEMA) of each pair, in the order of `pairs`.

    Raises:
        ValueError: A pair names a record that is not among those given.
    """
    if pairs.is_empty():
        return empty(EDGE_SCHEMA)
    each = int(weights.limits.people_each)
    left_events = event_columns(referrals.records)
    right_events = event_columns(documents.records)
    left_people = people_columns(referrals.records, referrals.people, each)
    right_people = people_columns(documents.records, documents.people, each)
    at_left = positions(referrals.records["key"], pairs["referral"])
    at_right = positions(documents.records["key"], pairs["document"])
    sizes = left_people.of.count[at_left] * right_people.of.count[at_right] + 1
    return pl.concat(
        _edges(
            pairs[part],
            (left_events, right_events),
            (left_people, right_people),
            at_left[part],
            at_right[part],
            weights,
        )
        for part in _parts(sizes)
    )


def _parts(sizes: I64) -> Iterator[slice]:
    """Slices of pairs of about _COMPARISONS comparisons each."""
    part = np.cumsum(sizes) // _COMPARISONS
    starts = np.flatnonzero(np.diff(part, prepend=-1))
    for start, end in zip(starts, [*starts[1:], len(sizes)], strict=True):
        yield slice(int(start), int(end))


def _edges(
    pairs: pl.DataFrame,
    events: tuple[EventColumns, EventColumns],
    people: tuple[PeopleColumns, PeopleColumns],
    at_left: I64,
    at_right: I64,
    weights: Weights,
) -> pl.DataFrame:
    levels, hours, apart = event_levels(*events, at_left, at_right)
    more_levels, more_bits = people_evidence(*people, at_left, at_right, weights)
    levels |= more_levels
    bits = {field: weights.table(field)[levels[field]] for field in LEVELS} | more_bits
    total = weights.prior + np.sum([bits[field] for field in FIELDS], axis=0)
    nothing = np.zeros(len(pairs), dtype=np.uint8)
    return pl.DataFrame(
        {
            "referral": pairs["referral"],
            "document": pairs["document"],
            "weight": total,
            **{f"w_{field}": bits[field].astype(np.float32) for field in FIELDS},
            **{f"l_{field}": levels.get(field, nothing) for field in FIELDS},
            "hours": _nullable(hours),
            "days": _nullable(apart),
            "fingerprint": _fingerprint(levels, bits),
        },
        schema=EDGE_SCHEMA,
    )


def _nullable(values: I64) -> pl.Series:
    return pl.Series(values).replace(int(NO_DAY), None).cast(pl.Int32)


def _fingerprint(levels: dict[str, Levels], bits: dict[str, Bits]) -> I64:
    """A hash of the levels and of how many people agree, but not of the weights."""
    parts: list[U64] = [levels[field].astype(np.uint64) for field in LEVELS]
    parts.append((bits["people_more"] > 0).astype(np.uint64))
    return combined(*parts).view(np.int64)
