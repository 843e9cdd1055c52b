"""Event evidence: at which level each field of the event agrees, one array a field.

Level 0 is nothing to compare; the others are the field's levels in LEVELS, from 1.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import polars as pl

from domain.pairing.arrays import (
    I64,
    NO_DAY,
    U64,
    Flags,
    Flat,
    crossed,
    days,
    first_of_runs,
    flat,
    lists,
    microseconds,
)
from domain.pairing.edits import one_edit
from domain.pairing.kernel import is_worth_compiling
from domain.pairing.stretches import crossings
from domain.pairing.texts import Packed, byte_matrix, halves, hashes, packed, text_hash
from domain.pairing.weights import LEVELS

Levels = np.ndarray[tuple[int], np.dtype[np.uint8]]
EVENT_LEVELS = ("reference", "officer", "incident", "custody", "vehicle", "postcode", "day", "gap")
WIDTH = 24
"""Bytes of a number that are looked at for a slip."""
_HOUR = 3_600_000_000
_GAP_ENDS = np.array([0, 4, 12, 24, 48, 72, 7 * 24, 14 * 24, 30 * 24])
"""Hours at which each bin of `gap` ends, the last bin being open."""
_DAY_ENDS = np.array([1, 2, 4, 15])
"""Days apart at which each level of `day` ends, the last being open."""
_CALLED_WITHIN = 14
"""Days from an incident to the call about it, at most, for its number to tell the event's day."""


def level(field: str, name: str) -> np.uint8:
    """The number of a level."""
    return np.uint8(LEVELS[field].index(name) + 1)


@dataclass(frozen=True)
class EventColumns:
    """The event fields of one side as arrays, a row a record; hashes are 0 for nothing.

    `day` is that of the event: the one a document says, and a referral's by `event_day`.
    `placed` marks a postcode that has its inward half.  Vehicles and references are lists,
    of which `vehicles` and `references` say where each begins; a reference is the hash of its
    serial and that of its year, 0 without one.
    """

    at: I64
    day: I64
    force: U64
    officer: U64
    incident: U64
    incident_text: Packed
    incident_day: I64
    custody: U64
    custody_text: Packed
    postcode: U64
    outward: U64
    placed: Flags
    vehicles: Flat
    vehicle: U64
    references: Flat
    serial: U64
    serial_text: Packed
    year: U64


def event_columns(records: pl.DataFrame) -> EventColumns:
    """The arrays of a referral frame or of a document frame."""
    incident, custody, postcode = (
        packed(records[name]) for name in ("incident", "custody", "postcode")
    )
    outward, _, placed = halves(postcode, " ")
    vehicles, vehicle = lists(records["vehicles"])
    references, quoted = _quoted(records)
    year, serial, dated = halves(packed(quoted), "-")
    incident_day, called = days(records["incident_day"]), "reference" in records.columns
    return EventColumns(
        at=microseconds(records["at"]),
        day=event_day(days(records["day"]), incident_day) if called else days(records["day"]),
        force=text_hash(records["force"]),
        officer=text_hash(records["officer"]),
        incident=hashes(incident),
        incident_text=incident,
        incident_day=incident_day,
        custody=hashes(custody),
        custody_text=custody,
        postcode=hashes(postcode),
        outward=hashes(outward),
        placed=placed,
        vehicles=vehicles,
        vehicle=text_hash(vehicle),
        references=references,
        serial=hashes(serial),
        serial_text=serial,
        year=np.where(dated, hashes(year), np.uint64(0)),
    )


def event_day(called: I64, incident: I64) -> I64:
    """The day of the event of each referral: that of its incident number, else of the call.

    An officer may call the day after, and a document's event date is the event's.  A number of
    a day after the call, or of long before it, is a slip and tells nothing.
    """
    since = _difference(called, incident)
    return np.where((since >= 0) & (since <= _CALLED_WITHIN), incident, called)


def _quoted(records: pl.DataFrame) -> tuple[Flat, pl.Series]:
    if "references" in records.columns:
        return lists(records["references"])
    reference = records["reference"]
    return flat(reference.is_not_null().cast(pl.Int64).to_numpy()), reference.drop_nulls()


def event_levels(
    left: EventColumns, right: EventColumns, at_left: I64, at_right: I64
) -> tuple[dict[str, Levels], I64, I64]:
    """Levels by field for each pair of rows; then hours and days apart, NO_DAY where unknown."""
    if is_worth_compiling(len(at_left)):
        levels, between, apart = _compiled_levels(left, right, at_left, at_right)
    else:
        levels = _plain_levels(left, right, at_left, at_right)
        between = _difference(right.at[at_right], left.at[at_left])
        apart = _difference(right.day[at_right], left.day[at_left])
    hours = np.where(between == NO_DAY, NO_DAY, between // _HOUR)
    return levels | {"day": _day(apart), "gap": _gap(hours, apart)}, hours, apart


def _plain_levels(
    left: EventColumns, right: EventColumns, at_left: I64, at_right: I64
) -> dict[str, Levels]:
    """Those of all fields but time."""
    return {
        "reference": _crossed(_reference, "references", left, right, at_left, at_right),
        "officer": _same_or_other(left.officer[at_left], right.officer[at_right]),
        "incident": _incident(left, right, at_left, at_right),
        "custody": _custody(left, right, at_left, at_right),
        "vehicle": _crossed(_vehicle, "vehicles", left, right, at_left, at_right),
        "postcode": _postcode(left, right, at_left, at_right),
    }


def _compiled_levels(
    left: EventColumns, right: EventColumns, at_left: I64, at_right: I64
) -> tuple[dict[str, Levels], I64, I64]:
    """The same by the compiled loops; then microseconds and days apart."""
    from domain.pairing import event_loops as loops

    at = (at_left, at_right)
    levels = {field: np.empty(len(at_left), dtype=np.uint8) for field in EVENT_LEVELS[:-2]}
    between, apart = np.empty(len(at_left), np.int64), np.empty(len(at_left), np.int64)
    loops.difference(*at, left.at, right.at, between)
    loops.difference(*at, left.day, right.day, apart)
    for field in ("officer", "incident", "custody"):
        loops.same_or_other(*at, getattr(left, field), getattr(right, field), levels[field])
    parts = [_parts(side) for side in (left, right)]
    for field in parts[0]:
        getattr(loops, field)(*at, *(part[field] for part in parts), levels[field])
    return levels, between, apart


def _parts(side: EventColumns) -> dict[str, tuple[Any, ...]]:
    """By field the arrays that its compiled loop takes."""
    incident, custody, serial = (
        (text.data, text.start, text.length)
        for text in (side.incident_text, side.custody_text, side.serial_text)
    )
    references, vehicles = side.references, side.vehicles
    return {
        "reference": (references.start, references.count, side.serial, side.year, serial),
        "incident": (side.incident_day, incident),
        "custody": custody,
        "vehicle": (vehicles.start, vehicles.count, side.vehicle),
        "postcode": (side.postcode, side.outward, side.placed),
    }


def _difference(later: I64, earlier: I64) -> I64:
    unknown = (later == NO_DAY) | (earlier == NO_DAY)
    return np.where(unknown, NO_DAY, later - earlier)


def _same_or_other(left: U64, right: U64) -> Levels:
    both = (left != 0) & (right != 0)
    return np.where(both, np.where(left == right, 1, 2), 0).astype(np.uint8)


def _near(left: Packed, right: Packed, at_left: I64, at_right: I64, asked: Flags) -> Flags:
    result = np.zeros(len(asked), dtype=bool)
    sides = ((left, at_left[asked]), (right, at_right[asked]))
    result[asked] = one_edit(*(byte_matrix(texts, WIDTH, rows) for texts, rows in sides))
    return result


def _custody(left: EventColumns, right: EventColumns, at_left: I64, at_right: I64) -> Levels:
    found = _same_or_other(left.custody[at_left], right.custody[at_right])
    differs = found == 2
    near = _near(left.custody_text, right.custody_text, at_left, at_right, differs)
    names = ("same", "near", "other")
    same, nearly, other = (level("custody", name) for name in names)
    return np.select([found == 1, near, differs], [same, nearly, other], np.uint8(0))


def _incident(left: EventColumns, right: EventColumns, at_left: I64, at_right: I64) -> Levels:
    a, b = left.incident[at_left], right.incident[at_right]
    both, same = (a != 0) & (b != 0), (a != 0) & (a == b)
    apart = np.abs(_difference(right.incident_day[at_right], left.incident_day[at_left]))
    undated = apart == np.abs(NO_DAY)
    asked = both & ~same & (undated | (apart <= 1))
    near = _near(left.incident_text, right.incident_text, at_left, at_right, asked)
    names = ("exact", "day_off", "no_day", "near", "other_day", "other")
    exact, day_off, no_day, nearly, other_day, other = (level("incident", n) for n in names)
    return np.select(
        [same & (apart == 0), same & (apart == 1), same & undated, near, same, both],
        [exact, day_off, no_day, nearly, other_day, other],
        np.uint8(0),
    )


def _postcode(left: EventColumns, right: EventColumns, at_left: I64, at_right: I64) -> Levels:
    a, b = left.outward[at_left], right.outward[at_right]
    alike = left.postcode[at_left] == right.postcode[at_right]
    whole = left.placed[at_left] & right.placed[at_right]
    names = ("full", "sector", "outward", "other")
    full, sector, outward, other = (level("postcode", name) for name in names)
    same, both = a == b, (a != 0) & (b != 0)
    return np.select(
        [~both, same & whole & alike, same & whole, same],
        [np.uint8(0), full, sector, outward],
        other,
    )


def _day(apart: I64) -> Levels:
    number = np.searchsorted(_DAY_ENDS, np.abs(apart), side="right") + 1
    return np.where(apart == NO_DAY, 0, number).astype(np.uint8)


def _gap(hours: I64, apart: I64) -> Levels:
    """The bins are used if the event dates are close, and others if they cannot be compared."""
    number = np.searchsorted(_GAP_ENDS, hours, side="right") + 1
    number = np.where(apart == NO_DAY, number + len(_GAP_ENDS) + 1, number)
    used = (hours != NO_DAY) & ((apart == NO_DAY) | (np.abs(apart) <= 3))
    return np.where(used, number, 0).astype(np.uint8)


def _crossed(
    levels: Callable[[EventColumns, EventColumns, I64, I64], Levels],
    of: Literal["references", "vehicles"],
    left: EventColumns,
    right: EventColumns,
    at_left: I64,
    at_right: I64,
) -> Levels:
    """The levels of pairs whose lists are crossed, a stretch at a time."""
    parts = crossings(getattr(left, of), getattr(right, of), at_left, at_right)
    return np.concatenate([levels(left, right, at_left[part], at_right[part]) for part in parts])


def _vehicle(left: EventColumns, right: EventColumns, at_left: I64, at_right: I64) -> Levels:
    sizes, _, a, b = crossed(left.vehicles, right.vehicles, at_left, at_right)
    some, starts = first_of_runs(sizes)
    result = np.zeros(len(sizes), dtype=np.uint8)
    if len(starts):
        agrees = np.maximum.reduceat((left.vehicle[a] == right.vehicle[b]), starts)
        result[some] = np.where(agrees, level("vehicle", "same"), level("vehicle", "other"))
    return result


def _reference(left: EventColumns, right: EventColumns, at_left: I64, at_right: I64) -> Levels:
    sizes, _, a, b = crossed(left.references, right.references, at_left, at_right)
    same = left.serial[a] == right.serial[b]
    years = (left.year[a] != 0) & (right.year[b] != 0)
    same_year = left.year[a] == right.year[b]
    near = _near(left.serial_text, right.serial_text, a, b, ~same & (~years | same_year))
    names = ("exact", "bare", "near", "other")
    exact, bare, nearly, other = (level("reference", name) for name in names)
    each = np.select([same & same_year, same & ~years, same | near], [exact, bare, nearly], other)
    some, starts = first_of_runs(sizes)
    result = np.zeros(len(sizes), dtype=np.uint8)
    if len(starts):
        result[some] = np.minimum.reduceat(each, starts)
    return result
