"""Blocking keys: two records are worth comparing only if they share one.

Every key carries the force, and every loose key (an officer, a place, a date of birth) a
bucket of time, so that the candidates of a referral do not grow with history.  The referral
gives the neighbouring days and weeks and the document only its own, because documents are
many.  A document without an event date is filed under the four days that end with the one
on which it was submitted.

Keys are stored: change how one is made and KEYS_VERSION must change.
Source of the list of keys: ADR 18.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import polars as pl

from domain.pairing.arrays import I32, I64, NO_DAY, U64, Flags, combined
from domain.pairing.events import EventColumns, event_columns
from domain.pairing.frames import KEY_SCHEMA, Records, empty
from domain.pairing.people import PeopleColumns, people_columns
from domain.pairing.texts import set_hashes

KEYS_VERSION = "2"
Side: TypeAlias = Literal["referral", "document"]

KINDS = (
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
_NUMBER = {kind: np.array([number + 1], dtype=np.uint64) for number, kind in enumerate(KINDS)}
NO_BUCKET = np.int32(-(1 << 31))
_MICROSECONDS_A_DAY = 86_400_000_000


@dataclass(frozen=True)
class Filing:
    """The buckets of time, of `length` days each, under which the records of a side are filed.

    Record i is filed under the buckets of `day[i]`, shifted by each of some numbers of days:
    the second of `shifts` if it is `dated`, the first if not.  NO_BUCKET is a day unknown.
    """

    day: I32
    dated: Flags
    shifts: tuple[I32, I32]
    length: int

    def buckets(self) -> Iterator[I32]:
        """For each shift the bucket of every record; NO_BUCKET for those that do not have it."""
        for dated, shifts in enumerate(self.shifts):
            has = (self.day != NO_BUCKET) & (self.dated == dated)
            for shift in shifts:
                yield np.where(has, (self.day + shift) // np.int32(self.length), NO_BUCKET)


_NOT = np.zeros(1, dtype=np.int32)
_TIMELESS = Filing(np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.bool_), (_NOT, _NOT), 0)
_NO_MORE = np.zeros(0, dtype=np.uint64)


@dataclass(frozen=True)
class Emitted:
    """What the keys of one kind are made of; one value may give several keys, or the same twice.

    Value i is of row `row[i]` of the records, in ascending order, and 0 is none; `more`, where
    there is any, is a part of the key too.  A value gives a key for each bucket that its record
    is filed under, and one key by itself if `filing` has buckets of no length.
    """

    kind: U64
    row: I32
    force: U64
    value: U64
    more: U64
    filing: Filing

    @property
    def each(self) -> int:
        """How many keys a value gives at most."""
        return max(len(shifts) for shifts in self.filing.shifts)

    def keys(self) -> tuple[I64, U64]:
        """Rows of the records, and a key of each."""
        parts: list[U64] = [self.force[self.row], self.value]
        if len(self.more):
            parts.append(self.more)
        some = np.flatnonzero(self.value)
        if not self.filing.length:
            return self.row[some].astype(np.int64), combined(self.kind, *(p[some] for p in parts))
        rows, keys = [], []
        for bucket in self.filing.buckets():
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
    made = Keys(event_columns(side.records), people_columns(side.records, side.people), which)
    rows, keys = zip(*(made.of(kind).keys() for kind in KINDS), strict=True)
    record = side.records["key"].to_numpy()[np.concatenate(rows)]
    frame = pl.DataFrame({"record": record, "key": np.concatenate(keys).view(np.int64)})
    return frame.unique()


class Keys:
    """What the keys of a side are made of, kind by kind."""

    def __init__(self, events: EventColumns, people: PeopleColumns, which: Side) -> None:
        """File the records by day and by week."""
        self._events, self._people = events, people
        self._every = np.arange(len(events.at), dtype=np.int32)
        self._days, self._weeks = _filings(events, which)

    def of(self, kind: str) -> Emitted:
        """Those of one kind."""
        events, people = self._events, self._people
        match kind:
            case "custody":
                return self._made(kind, self._every, events.custody)
            case "incident":
                return self._made(kind, self._every, events.incident, self._days)
            case "officer_day":
                return self._made(kind, self._every, events.officer, self._days)
            case "postcode_day":
                return self._made(kind, self._every, events.postcode, self._days)
            case "vehicle":
                row = np.repeat(self._every, events.vehicles.count)
                return self._made(kind, row, events.vehicle)
            case "reference":
                row = np.repeat(self._every, events.references.count)
                return self._made(kind, row, events.serial)
            case "dob_week":
                return self._made(kind, people.row, people.dob_ordered, self._weeks)
            case "names_week":
                return self._made(kind, people.row, set_hashes(people.names), self._weeks)
            case "sounds_week":
                return self._made(kind, people.row, set_hashes(people.sounds), self._weeks)
            case _:
                both = set_hashes(people.names)
                both[people.dob == 0] = 0
                return self._made(kind, people.row, both, more=people.dob)

    def _made(
        self, kind: str, row: I32, value: U64, filing: Filing = _TIMELESS, more: U64 = _NO_MORE
    ) -> Emitted:
        return Emitted(_NUMBER[kind], row, self._events.force, value, more, filing)


def _filings(events: EventColumns, which: Side) -> tuple[Filing, Filing]:
    """By day and by week; a record without an event date is filed by the day of `at`."""
    dated = events.day != NO_DAY
    day = np.where(dated, events.day, NO_BUCKET).astype(np.int32)
    instead = np.flatnonzero(~dated & (events.at != NO_DAY))
    day[instead] = events.at[instead] // _MICROSECONDS_A_DAY
    if which == "referral":
        days, weeks = (-1, 0, 1), (-3, 3)
        return _filing(day, dated, 1, days, days), _filing(day, dated, 7, weeks, weeks)
    return _filing(day, dated, 1, (0, -1, -2, -3), (0,)), _filing(day, dated, 7, (0, -3), (0,))


def _filing(day: I32, dated: Flags, length: int, *shifts: tuple[int, ...]) -> Filing:
    undated, others = (np.array(each, dtype=np.int32) for each in shifts)
    return Filing(day, dated, (undated, others), length)
