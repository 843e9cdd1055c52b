"""Blocking keys: two records are worth comparing only if they share one.

Every key carries the force, and every loose key (an officer, a place, a date of birth) a
bucket of time, so that the candidates of a referral do not grow with history.  The referral
gives the neighbouring days and weeks and the document only its own, because documents are
many.  A document without an event date is filed under the four days that end with the one
on which it was submitted.

Keys are stored: change how one is made and KEYS_VERSION must change.
Source of the list of keys: the pairing notes, section 9.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import polars as pl

from domain.pairing.arrays import (
    I64,
    NO_DAY,
    U64,
    Flat,
    combined,
    positions,
    set_hash,
)
from domain.pairing.events import EventColumns, event_columns
from domain.pairing.frames import KEY_SCHEMA, Records, empty

KEYS_VERSION = "1"
Side: TypeAlias = Literal["referral", "document"]

_KINDS = (
    "reference",
    "incident",
    "custody",
    "vehicle",
    "officer_day",
    "postcode_day",
    "dob_week",
    "names_week",
    "sounds_week",
    "names_dob",
)
_KIND = {kind: np.array([number + 1], dtype=np.uint64) for number, kind in enumerate(_KINDS)}
_SET = 16
"""Tokens of one person that a key is made of, at most."""
_MICROSECONDS_A_DAY = 86_400_000_000


@dataclass(frozen=True)
class Emitted:
    """What the keys of one kind are made of; one value may give several keys, or the same twice.

    Value i is of row `row[i]` of the records, and 0 is none.  With `buckets` it gives a key for
    each bucket `bucket[filed[i]]` that is not NO_DAY, without them a key by itself.
    """

    kind: U64
    row: I64
    force: U64
    value: U64
    filed: I64
    buckets: tuple[I64, ...] | None

    def keys(self) -> tuple[I64, U64]:
        """Rows of the records, and a key of each."""
        if self.buckets is None:
            some = np.flatnonzero(self.value)
            row = self.row[some]
            return row, combined(self.kind, self.force[row], self.value[some])
        rows, keys = [], []
        for bucket in self.buckets:
            at = bucket[self.filed]
            some = np.flatnonzero((self.value != 0) & (at != NO_DAY))
            row = self.row[some]
            rows.append(row)
            parts = (self.force[row], self.value[some], at[some].view(np.uint64))
            keys.append(combined(self.kind, *parts))
        return np.concatenate(rows), np.concatenate(keys)


def blocking_keys(side: Records, which: Side) -> pl.DataFrame:
    """Distinct rows of KEY_SCHEMA: the keys of each record."""
    if side.records.is_empty():
        return empty(KEY_SCHEMA)
    made = emitted(side, event_columns(side.records), which)
    rows, keys = zip(*(each.keys() for each in made), strict=True)
    record = side.records["key"].to_numpy()[np.concatenate(rows)]
    frame = pl.DataFrame({"record": record, "key": np.concatenate(keys).view(np.int64)})
    return frame.unique()


def emitted(side: Records, events: EventColumns, which: Side) -> Iterator[Emitted]:
    """Kind by kind, always in the same order, what the keys of a side are made of."""
    force, every = events.force, np.arange(side.records.height)
    near = _days_of(events, which)

    def of_records(kind: str, value: U64, buckets: tuple[I64, ...] | None) -> Emitted:
        return Emitted(_KIND[kind], every, force, value, every, buckets)

    def of_lists(kind: str, where: Flat, value: U64) -> Emitted:
        row = np.repeat(every, where.count)
        return Emitted(_KIND[kind], row, force, value, row, None)

    yield of_records("custody", events.custody, None)
    yield of_records("incident", events.incident, near)
    yield of_records("officer_day", events.officer, near)
    yield of_records("postcode_day", events.postcode, near)
    yield of_lists("vehicle", events.vehicles, events.vehicle)
    yield of_lists("reference", events.references, events.serial)
    yield from _of_people(side, force, _weeks_of(events, which))


def _of_people(side: Records, force: U64, weeks: tuple[I64, ...]) -> Iterator[Emitted]:
    people = side.people
    row = positions(side.records["key"], people["record"])
    names, sounds = set_hash(people["names"], _SET), set_hash(people["sounds"], _SET)
    dob = people["dob"].fill_null(0).to_numpy().astype(np.uint64)
    ordered = people["dob_ordered"].fill_null(0).to_numpy().astype(np.uint64)
    for kind, value in (("dob_week", ordered), ("names_week", names), ("sounds_week", sounds)):
        yield Emitted(_KIND[kind], row, force, value, row, weeks)
    both = np.where(dob != 0, names, np.uint64(0))
    birth = (dob.view(np.int64),)
    yield Emitted(_KIND["names_dob"], row, force, both, np.arange(len(row)), birth)


def _filed(events: EventColumns) -> tuple[I64, I64]:
    """The day of the event, and for records without one the day of `at`; NO_DAY elsewhere."""
    day, at = events.day, events.at
    made = np.where(at == NO_DAY, NO_DAY, at // _MICROSECONDS_A_DAY)
    return day, np.where(day == NO_DAY, made, NO_DAY)


def _shifted(day: I64, by: int) -> I64:
    return np.where(day == NO_DAY, NO_DAY, day + by)


def _days_of(events: EventColumns, which: Side) -> tuple[I64, ...]:
    day, instead = _filed(events)
    if which == "referral":
        either = np.where(day == NO_DAY, instead, day)
        return tuple(_shifted(either, by) for by in (-1, 0, 1))
    return (day, *(_shifted(instead, -by) for by in range(4)))


def _weeks_of(events: EventColumns, which: Side) -> tuple[I64, ...]:
    day, instead = _filed(events)
    if which == "referral":
        either = np.where(day == NO_DAY, instead, day)
        shifts = [_shifted(either, by) for by in (-3, 3)]
    else:
        shifts = [day, instead, _shifted(instead, -3)]
    return tuple(np.where(day == NO_DAY, NO_DAY, day // 7) for day in shifts)
