"""Weigh pairs: what agrees and disagrees between two records, in bits.

The weight of a pair is the prior plus the bits of every field, exactly, and depends on the
two records and on the weights only: never on other records, on their order or on the day.
So an edge can be stored and used again for as long as both records stay as they are.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import polars as pl

from domain.pairing.arrays import I32, I64, NO_DAY, U64, Bits, Flags, combined, positions
from domain.pairing.events import EventColumns, Levels, event_columns, event_levels
from domain.pairing.frames import EDGE_SCHEMA, FIELDS, Records, empty
from domain.pairing.kernel import workers
from domain.pairing.people import PeopleColumns, people_columns, people_evidence
from domain.pairing.stretches import stretches
from domain.pairing.weights import LEVELS, Weights

Weigher: TypeAlias = Callable[[I64, I64, "Columns", "Columns", Weights], "Measured"]


@dataclass(frozen=True)
class Columns:
    """One side as arrays, a row a record; keys are made of them, and evidence."""

    key: I64
    events: EventColumns
    people: PeopleColumns


@dataclass(frozen=True)
class Measured:
    """Pairs of rows, and for each its levels and bits by field, and its whole weight in bits."""

    left: I64
    right: I64
    levels: dict[str, Levels]
    bits: dict[str, Bits]
    hours: I64
    apart: I64
    weight: Bits

    def only(self, kept: Flags) -> "Measured":
        """Those of the pairs that are marked."""
        at = np.flatnonzero(kept)
        return Measured(
            self.left[at],
            self.right[at],
            {field: values[at] for field, values in self.levels.items()},
            {field: values[at] for field, values in self.bits.items()},
            self.hours[at],
            self.apart[at],
            self.weight[at],
        )


def columns_of(side: Records, weights: Weights) -> Columns:
    """The arrays of one side."""
    each = int(weights.limits.people_each)
    with workers(side.records.height) as pool:
        events = pool.submit(event_columns, side.records)
        people = pool.submit(people_columns, side.records, side.people, each)
        return Columns(side.records["key"].to_numpy(), events.result(), people.result())


def weigh(
    pairs: pl.DataFrame, referrals: Records, documents: Records, weights: Weights
) -> pl.DataFrame:
    """The edge (EDGE_SCHEMA) of each pair, in the order of `pairs`.

    Raises:
        ValueError: A pair names a record that is not among those given.
    """
    left, right = columns_of(referrals, weights), columns_of(documents, weights)
    at_left = positions(referrals.records["key"], pairs["referral"])
    at_right = positions(documents.records["key"], pairs["document"])
    return edges_of(measured, at_left, at_right, left, right, weights)


def edges_of(
    weighed: Weigher,
    at_left: I32 | I64,
    at_right: I32 | I64,
    left: Columns,
    right: Columns,
    weights: Weights,
    kept: Callable[[pl.DataFrame], pl.DataFrame] | None = None,
) -> pl.DataFrame:
    """The edges of what was weighed of pairs of rows, in their order, and of those what is `kept`.

    It is asked of each stretch of them, and of all.
    """

    def of_stretch(part: slice) -> pl.DataFrame:
        rows = at_left[part].astype(np.int64), at_right[part].astype(np.int64)
        seen = weighed(*rows, left, right, weights)
        edges = edge_frame(seen, left, right, weights)
        return kept(edges) if kept else edges

    with workers(len(at_left)) as pool:
        parts = list(pool.map(of_stretch, stretches(len(at_left))))
    if not parts:
        return empty(EDGE_SCHEMA)
    edges = pl.concat(parts)
    return kept(edges) if kept and len(parts) > 1 else edges


def measured(
    at_left: I64, at_right: I64, left: Columns, right: Columns, weights: Weights
) -> Measured:
    """What there is to say of pairs of rows."""
    with workers(len(at_left)) as pool:
        sides = (left.people, right.people)
        people = pool.submit(people_evidence, *sides, at_left, at_right, weights)
        found = _of_events(at_left, at_right, left, right, weights)
        return _with_people(found, *people.result(), weights)


def strong(
    at_left: I64, at_right: I64, left: Columns, right: Columns, weights: Weights
) -> Measured:
    """The same of those that reach the floor; people are not compared where they could not help."""
    found = _of_events(at_left, at_right, left, right, weights)
    found = found.only(found.weight + weights.people.most >= weights.floor)
    people = people_evidence(left.people, right.people, found.left, found.right, weights)
    found = _with_people(found, *people, weights)
    return found.only(found.weight >= weights.floor)


def _of_events(
    at_left: I64, at_right: I64, left: Columns, right: Columns, weights: Weights
) -> Measured:
    levels, hours, apart = event_levels(left.events, right.events, at_left, at_right)
    weight = np.full(len(at_left), weights.prior)
    for field, values in levels.items():
        weight += weights.table(field)[values]
    return Measured(at_left, at_right, levels, {}, hours, apart, weight)


def _with_people(
    found: Measured, levels: dict[str, Levels], bits: dict[str, Bits], weights: Weights
) -> Measured:
    """With the people as well, whose bits are held within bounds as a whole."""
    weight = found.weight.copy()
    for field, values in levels.items():
        weight += weights.table(field)[values]
    for more in bits.values():
        weight += more
    return replace(found, levels=found.levels | levels, bits=bits, weight=weight)


def edge_frame(found: Measured, left: Columns, right: Columns, weights: Weights) -> pl.DataFrame:
    """The edges (EDGE_SCHEMA) of what was measured."""
    nothing = np.zeros(len(found.left), dtype=np.uint8)
    bits = {
        field: (
            weights.table(field).astype(np.float32)[found.levels[field]]
            if field in found.levels
            else found.bits[field].astype(np.float32)
        )
        for field in FIELDS
    }
    return pl.DataFrame(
        {
            "referral": left.key[found.left],
            "document": right.key[found.right],
            "weight": found.weight,
            **{f"w_{field}": values for field, values in bits.items()},
            **{f"l_{field}": found.levels.get(field, nothing) for field in FIELDS},
            "hours": _nullable(found.hours),
            "days": _nullable(found.apart),
            "fingerprint": _fingerprint(found),
        },
        schema=EDGE_SCHEMA,
    )


def _nullable(values: I64) -> pl.Series:
    return pl.Series(values).replace(int(NO_DAY), None).cast(pl.Int32)


def _fingerprint(found: Measured) -> I64:
    """A hash of the levels and of how many people agree, but not of the weights."""
    parts: list[U64] = [found.levels[field].astype(np.uint64) for field in LEVELS]
    parts.append((found.bits["people_more"] > 0).astype(np.uint64))
    return combined(*parts).view(np.int64)
