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

from domain.pairing.arrays import I32, I64, NO_DAY, U64, combined
from domain.pairing.events import EventColumns, event_columns
from domain.pairing.frames import KEY_SCHEMA, Records, empty
from domain.pairing.people import PeopleColumns, people_columns
from domain.pairing.texts import set_hashes

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
NO_BUCKET = np.int32(-(1 << 31))
_ALONE, _NO_MORE = np.zeros((0, 0), dtype=np.int32), np.zeros(0, dtype=np.uint64)
_MICROSECONDS_A_DAY = 86_400_000_000


@dataclass(frozen=True)
class Emitted:
    """What the keys of one kind are made of; one value may give several keys, or the same twice.

    Value i is of row `row[i]` of the records, in ascending order, and 0 is none; `more`, where
    there is any, is a part of the key too.  With rows of `buckets`, a column a record, a value
    gives a key for each of them that is not NO_BUCKET, and without them a key by itself.
    """

    kind: U64
    row: I32
    force: U64
    value: U64
    more: U64
    buckets: I32

    def keys(self) -> tuple[I64, U64]:
        """Rows of the records, and a key of each."""
        parts: list[U64] = [self.force[self.row], self.value]
        if len(self.more):
            parts.append(self.more)
        some = np.flatnonzero(self.value)
        if not len(self.buckets):
            return self.row[some].astype(np.int64), combined(self.kind, *(p[some] for p in parts))
        rows, keys = [], []
        for bucket in self.buckets:
            at = bucket[self.row]
            some = np.flatnonzero((self.value != 0) & (at != NO_BUCKET))
            filed = at[some].astype(np.int64).view(np.uint64)
            rows.append(self.row[some].astype(np.int64))
            keys.append(combined(self.kind, *(part[some] for part in parts), filed))
        return np.concatenate(rows), np.concatenate(keys)


def blocking_keys(side: Records, which: Side) -> pl.DataFrame:
    """Distinct rows of KEY_SCHEMA: the keys of each record."""
    if side.records.is_empty():
        return empty(KEY_SCHEMA)
    made = emitted(event_columns(side.records), people_columns(side.records, side.people), which)
    rows, keys = zip(*(each.keys() for each in made), strict=True)
    record = side.records["key"].to_numpy()[np.concatenate(rows)]
    frame = pl.DataFrame({"record": record, "key": np.concatenate(keys).view(np.int64)})
    return frame.unique()


def emitted(events: EventColumns, people: PeopleColumns, which: Side) -> Iterator[Emitted]:
    """Kind by kind, always in the same order, what the keys of a side are made of."""
    every = np.arange(len(events.at), dtype=np.int32)
    days, weeks = _days_of(events, which), _weeks_of(events, which)

    def made(
        kind: str, row: I32, value: U64, buckets: I32 = _ALONE, more: U64 = _NO_MORE
    ) -> Emitted:
        return Emitted(_KIND[kind], row, events.force, value, more, buckets)

    yield made("custody", every, events.custody)
    yield made("incident", every, events.incident, days)
    yield made("officer_day", every, events.officer, days)
    yield made("postcode_day", every, events.postcode, days)
    yield made("vehicle", np.repeat(every, events.vehicles.count), events.vehicle)
    yield made("reference", np.repeat(every, events.references.count), events.serial)
    names = set_hashes(people.names)
    yield made("dob_week", people.row, people.dob_ordered, weeks)
    yield made("names_week", people.row, names, weeks)
    yield made("sounds_week", people.row, set_hashes(people.sounds), weeks)
    both = np.where(people.dob != 0, names, np.uint64(0))
    yield made("names_dob", people.row, both, more=people.dob)


def _filed(events: EventColumns) -> tuple[I32, I32]:
    """The day of the event, and for records without one the day of `at`; NO_BUCKET elsewhere."""
    day = np.where(events.day == NO_DAY, NO_BUCKET, events.day).astype(np.int32)
    made = np.where(events.at == NO_DAY, NO_BUCKET, events.at // _MICROSECONDS_A_DAY)
    return day, np.where(day == NO_BUCKET, made, NO_BUCKET).astype(np.int32)


def _shifted(day: I32, by: int) -> I32:
    return np.where(day == NO_BUCKET, NO_BUCKET, day + np.int32(by))


def _days_of(events: EventColumns, which: Side) -> I32:
    day, instead = _filed(events)
    if which == "referral":
        either = np.where(day == NO_BUCKET, instead, day)
        return np.stack([_shifted(either, by) for by in (-1, 0, 1)])
    return np.stack([day, *(_shifted(instead, -by) for by in range(4))])


def _weeks_of(events: EventColumns, which: Side) -> I32:
    day, instead = _filed(events)
    if which == "referral":
        either = np.where(day == NO_BUCKET, instead, day)
        shifts = [_shifted(either, by) for by in (-3, 3)]
    else:
        shifts = [day, instead, _shifted(instead, -3)]
    return np.stack([np.where(day == NO_BUCKET, NO_BUCKET, day // 7) for day in shifts])
