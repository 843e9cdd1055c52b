"""Clean records to the frames that pairing reads; one shape for the database and for files.

A clean record is the plain dict that the door makes of a row (adapters/feeds): normalised
identifiers beside their originals, and keyed tokens in place of people.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice, repeat
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import polars as pl

from domain.pairing.frames import DOCUMENT_SCHEMA, PEOPLE_SCHEMA, REFERRAL_SCHEMA, Records
from domain.words import Feed

LONDON = ZoneInfo("Europe/London")
CHUNK = 50_000
KEY_FIELD = {Feed.REFERRALS: "referral_id", Feed.DOCUMENTS: "urn"}
TIME_FIELD = {Feed.REFERRALS: "referred_at", Feed.DOCUMENTS: "submitted_at"}
PART = "\x1f"
"""Between the entries of a list while it is one text; none of them can hold it."""
SHARED = ("officer", "incident", "incident_day", "custody", "postcode", "vehicles")
COMPARED = {
    Feed.REFERRALS: ("referred_at", "reference", *SHARED, "people"),
    Feed.DOCUMENTS: ("submitted_at", "references", "event_date", *SHARED, "people"),
}

Record: TypeAlias = Mapping[str, Any]


def canonical(value: Any) -> str:
    """One text for one value: sorted keys, no spaces, instants and dates in ISO 8601."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_iso
    )


def content_hash(record: Record) -> str:
    """SHA-256 of the whole clean record: two rows with the same hash say the same."""
    return hashlib.sha256(canonical(record).encode()).hexdigest()


def fingerprint(feed: Feed, record: Record) -> str:
    """SHA-256 of the fields that pairing compares, and of no others."""
    compared = {field: record.get(field) for field in COMPARED[feed]}
    return hashlib.sha256(canonical(compared).encode()).hexdigest()


def evidence_hash(referral_fingerprint: str, document_fingerprint: str) -> str:
    """What a person's decision on one pair is bound to."""
    return hashlib.sha256(f"{referral_fingerprint}{document_fingerprint}".encode()).hexdigest()


def to_records(
    feed: Feed, keyed: Iterable[tuple[int, Record]], live: Iterable[bool] | None = None
) -> Records:
    """Frames of many clean records, built a chunk at a time to bound memory.

    Args:
        feed: Which side of the pairing the records are.
        keyed: (key, clean record); keys are unique.
        live: For documents, whether each can answer a referral at all, in the same order.
    """
    schema = REFERRAL_SCHEMA if feed == Feed.REFERRALS else DOCUMENT_SCHEMA
    records = [pl.DataFrame(schema=schema)]
    people = [pl.DataFrame(schema=PEOPLE_SCHEMA)]
    flags = iter(live) if live is not None else repeat(True)
    source = iter(keyed)
    while chunk := list(islice(source, CHUNK)):
        columns = _columns(feed, chunk, flags)
        records.append(pl.DataFrame({name: columns[name] for name in schema}, schema))
        people.append(_people(chunk))
    return Records(pl.concat(records), pl.concat(people))


def _columns(
    feed: Feed, chunk: Sequence[tuple[int, Record]], live: Iterator[bool]
) -> dict[str, Any]:
    """The values of each column, with those that only the other feed has."""
    rows = [record for _, record in chunk]
    times: list[datetime] = [row[TIME_FIELD[feed]] for row in rows]
    key = KEY_FIELD[feed]
    if feed == Feed.REFERRALS:
        mine: dict[str, Any] = {
            "day": [at.astimezone(LONDON).date() for at in times],
            **{name: [row.get(name) for row in rows] for name in ("reference", "event_type")},
        }
    else:
        mine = {
            "day": [row.get("event_date") for row in rows],
            "references": _lists(row.get("references") for row in rows),
            "live": list(islice(live, len(rows))),
        }
    return {
        **mine,
        **{name: [row.get(name) for row in rows] for name in SHARED},
        "key": [number for number, _ in chunk],
        "force": [row["force"] for row in rows],
        "order": [f"{row['force']}/{row[key]}" for row in rows],
        "at": times,
        "vehicles": _lists(row.get("vehicles") for row in rows),
    }


def _people(chunk: Iterable[tuple[int, Record]]) -> pl.DataFrame:
    named = [
        (key, number, person)
        for key, record in chunk
        for number, person in enumerate(record["people"])
    ]
    people = [person for _, _, person in named]
    columns = {
        "record": [key for key, _, _ in named],
        "person": [number for _, number, _ in named],
        **{
            name: _tokens(_lists(person[name] for person in people))
            for name in ("names", "sounds", "initial_dob")
        },
        **{
            name: _tokens(pl.Series([person[name] for person in people], dtype=pl.String))
            for name in ("dob", "dob_ordered")
        },
        "dob_is_default": [person["dob_is_default"] for person in people],
        **{name: [person.get(name) for person in people] for name in ("nationality", "role")},
    }
    return pl.DataFrame({name: columns[name] for name in PEOPLE_SCHEMA}, PEOPLE_SCHEMA)


def _lists(values: Iterable[Sequence[str] | None]) -> pl.Series:
    """A column of lists, split out of one text a row: a series for each list takes ten times."""
    joined = pl.Series([PART.join(value or ()) for value in values], dtype=pl.String)
    return joined.set(joined == "", None).str.split(PART).fill_null([])


def _tokens(written: pl.Series) -> pl.Series:
    """The numbers that tokens of 16 hexadecimal digits stand for, one a row or lists of them."""
    number = pl.element().str.to_integer(base=16, dtype=pl.UInt64)
    if written.dtype == pl.List:
        return written.list.eval(number)
    return written.str.to_integer(base=16, dtype=pl.UInt64)


def _iso(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no canonical form")
