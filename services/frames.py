"""Clean records to the frames that pairing reads; one shape for the database and for files.

A clean record is the plain dict that the door makes of a row (adapters/feeds): normalised
identifiers beside their originals, and keyed tokens in place of people.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import polars as pl

from domain.pairing.frames import DOCUMENT_SCHEMA, PEOPLE_SCHEMA, REFERRAL_SCHEMA, Records
from domain.words import Feed

LONDON = ZoneInfo("Europe/London")
CHUNK = 50_000
KEY_FIELD = {Feed.REFERRALS: "referral_id", Feed.DOCUMENTS: "urn"}
TIME_FIELD = {Feed.REFERRALS: "referred_at", Feed.DOCUMENTS: "submitted_at"}
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
    flags = iter(live) if live is not None else None
    source = iter(keyed)
    while chunk := list(islice(source, CHUNK)):
        rows = [_row(feed, key, record, flags) for key, record in chunk]
        records.append(pl.DataFrame(rows, schema=schema, orient="row"))
        persons = [row for key, record in chunk for row in _people(key, record["people"])]
        people.append(pl.DataFrame(persons, schema=PEOPLE_SCHEMA, orient="row"))
    return Records(pl.concat(records), pl.concat(people))


def _row(feed: Feed, key: int, record: Record, live: Iterator[bool] | None) -> tuple[Any, ...]:
    at: datetime = record[TIME_FIELD[feed]]
    named = {
        **{field: record.get(field) for field in SHARED},
        "key": key,
        "force": record["force"],
        "order": f"{record['force']}/{record[KEY_FIELD[feed]]}",
        "at": at,
    }
    if feed == Feed.REFERRALS:
        named |= {
            "day": at.astimezone(LONDON).date(),
            "reference": record.get("reference"),
            "event_type": record.get("event_type"),
        }
        return tuple(named.get(column) for column in REFERRAL_SCHEMA)
    named |= {
        "day": record.get("event_date"),
        "references": record.get("references") or [],
        "live": next(live) if live is not None else True,
    }
    return tuple(named.get(column) for column in DOCUMENT_SCHEMA)


def _people(key: int, people: Iterable[Record]) -> Iterator[tuple[Any, ...]]:
    for number, person in enumerate(people):
        named = {
            "record": key,
            "person": number,
            "names": [int(token, 16) for token in person["names"]],
            "sounds": [int(token, 16) for token in person["sounds"]],
            "dob": _token(person["dob"]),
            "dob_ordered": _token(person["dob_ordered"]),
            "initial_dob": [int(token, 16) for token in person["initial_dob"]],
            "dob_is_default": person["dob_is_default"],
            "nationality": person.get("nationality"),
            "role": person.get("role"),
        }
        yield tuple(named.get(column) for column in PEOPLE_SCHEMA)


def _token(token: str | None) -> int | None:
    return int(token, 16) if token is not None else None


def _iso(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no canonical form")
