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
from typing import Literal, TypeAlias

import numpy as np
import polars as pl

from domain.pairing.arrays import (
    I64,
    NO_DAY,
    U64,
    Flat,
    combined,
    days,
    lists,
    microseconds,
    positions,
    set_hash,
    text_hash,
)
from domain.pairing.frames import KEY_SCHEMA, Records, empty

KEYS_VERSION = "1"
Side: TypeAlias = Literal["referral", "document"]
Emitted: TypeAlias = tuple[I64, U64]

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


def blocking_keys(side: Records, which: Side) -> pl.DataFrame:
    """Distinct rows of KEY_SCHEMA: the keys of each record."""
    if side.records.is_empty():
        return empty(KEY_SCHEMA)
    rows, keys = zip(*emitted(side, which), strict=True)
    record = side.records["key"].to_numpy()[np.concatenate(rows)]
    frame = pl.DataFrame({"record": record, "key": np.concatenate(keys).view(np.int64)})
    return frame.unique()


def emitted(side: Records, which: Side) -> Iterator[Emitted]:
    """Kind by kind, rows of `side.records` and a key of each; within a kind some come twice."""
    records = side.records
    force = text_hash(records["force"])
    near = _days_of(records, which)
    weeks = _weeks_of(records, which)
    yield _plain("custody", records["custody"], force)
    yield _daily("incident", records["incident"], force, near)
    yield _daily("officer_day", records["officer"], force, near)
    yield _daily("postcode_day", records["postcode"], force, near)
    yield _flat("vehicle", *lists(records["vehicles"]), force)
    if which == "referral":
        yield _plain("reference", records["reference"].str.split("-").list.last(), force)
    else:
        where, quoted = lists(records["references"])
        yield _flat("reference", where, quoted.str.split("-").list.last(), force)
    yield from _people_keys(side, force, weeks)


def _people_keys(side: Records, force: U64, weeks: list[I64]) -> Iterator[Emitted]:
    people = side.people
    row = positions(side.records["key"], people["record"])
    names, sounds = set_hash(people["names"], _SET), set_hash(people["sounds"], _SET)
    dob = people["dob"].fill_null(0).to_numpy().astype(np.uint64)
    ordered = people["dob_ordered"].fill_null(0).to_numpy().astype(np.uint64)
    for kind, value in (("dob_week", ordered), ("names_week", names), ("sounds_week", sounds)):
        yield _bucketed(kind, value, row, force, weeks)
    both = (names != 0) & (dob != 0)
    yield row[both], combined(_KIND["names_dob"], force[row[both]], names[both], dob[both])


def _plain(kind: str, column: pl.Series, force: U64) -> Emitted:
    value = text_hash(column)
    row = np.flatnonzero(value)
    return row, combined(_KIND[kind], force[row], value[row])


def _flat(kind: str, where: Flat, items: pl.Series, force: U64) -> Emitted:
    value = text_hash(items)
    row = np.repeat(np.arange(len(where.count)), where.count)
    return row, combined(_KIND[kind], force[row], value)


def _daily(kind: str, column: pl.Series, force: U64, near: list[I64]) -> Emitted:
    value = text_hash(column)
    return _bucketed(kind, value, np.arange(len(value)), force, near)


def _bucketed(kind: str, value: U64, row: I64, force: U64, buckets: list[I64]) -> Emitted:
    rows, keys = [], []
    for bucket in buckets:
        at = bucket[row]
        some = (value != 0) & (at != NO_DAY)
        rows.append(row[some])
        keys.append(combined(_KIND[kind], force[row[some]], value[some], at[some].view(np.uint64)))
    return np.concatenate(rows), np.concatenate(keys)


def _filed(records: pl.DataFrame) -> tuple[I64, I64]:
    """The day of the event, and for records without one the day of `at`; NO_DAY elsewhere."""
    day = days(records["day"])
    at = microseconds(records["at"])
    made = np.where(at == NO_DAY, NO_DAY, at // _MICROSECONDS_A_DAY)
    return day, np.where(day == NO_DAY, made, NO_DAY)


def _shifted(day: I64, by: int) -> I64:
    return np.where(day == NO_DAY, NO_DAY, day + by)


def _days_of(records: pl.DataFrame, which: Side) -> list[I64]:
    day, instead = _filed(records)
    if which == "referral":
        either = np.where(day == NO_DAY, instead, day)
        return [_shifted(either, by) for by in (-1, 0, 1)]
    return [day, *(_shifted(instead, -by) for by in range(4))]


def _weeks_of(records: pl.DataFrame, which: Side) -> list[I64]:
    day, instead = _filed(records)
    if which == "referral":
        either = np.where(day == NO_DAY, instead, day)
        shifts = [_shifted(either, by) for by in (-3, 3)]
    else:
        shifts = [day, instead, _shifted(instead, -3)]
    return [np.where(day == NO_DAY, NO_DAY, day // 7) for day in shifts]
