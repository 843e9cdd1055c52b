"""Clean records to the frames that pairing reads; one shape for the database and for files.

A clean record is the plain dict that the door makes of a row (adapters/feeds): normalised
identifiers beside their originals, and keyed tokens in place of people.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import islice, repeat
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import polars as pl

from adapters.feeds.values import coded
from adapters.nationalities import nationality_of
from domain.pairing.frames import DOCUMENT_SCHEMA, PEOPLE_SCHEMA, REFERRAL_SCHEMA, Records, Schema
from domain.words import Feed

LONDON = ZoneInfo("Europe/London")
CHUNK = 50_000
KEY_FIELD = {Feed.REFERRALS: "referral_id", Feed.DOCUMENTS: "urn"}
TIME_FIELD = {Feed.REFERRALS: "referred_at", Feed.DOCUMENTS: "submitted_at"}
PART = "\x1f"
"""Between the entries of a list while it is one text; none of them can hold it."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_INSTANT, _DAY = pl.Datetime("us", "UTC"), pl.Date()
_TEXT, _TEXTS = pl.String(), pl.List(pl.String())
SHARED: Schema = {
    "officer": _TEXT,
    "incident": _TEXT,
    "incident_day": _DAY,
    "custody": _TEXT,
    "postcode": _TEXT,
    "vehicles": _TEXTS,
}
_OWN: Mapping[Feed, Schema] = {
    Feed.REFERRALS: {"reference": _TEXT, "event_type": _TEXT},
    Feed.DOCUMENTS: {"references": _TEXTS, "event_date": _DAY},
}
FIELDS: Mapping[Feed, Schema] = {
    feed: {
        "force": _TEXT,
        KEY_FIELD[feed]: _TEXT,
        TIME_FIELD[feed]: _INSTANT,
        **SHARED,
        **_OWN[feed],
    }
    for feed in Feed
}
"""The fields of a clean record that frames are made of, beside its people."""
PERSON: Schema = {
    name: {pl.UInt64(): _TEXT, pl.List(pl.UInt64()): _TEXTS}.get(kind, kind)
    for name, kind in PEOPLE_SCHEMA.items()
    if name not in ("record", "person")
}
"""The fields of a person of a clean record, whose tokens are texts."""
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
        fields = _fields(feed, chunk).with_columns(live=pl.Series(list(islice(flags, len(chunk)))))
        records.append(records_frame(feed, fields))
        people.append(people_frame(_people(chunk)))
    return Records(pl.concat(records), pl.concat(people))


def records_frame(feed: Feed, fields: pl.DataFrame) -> pl.DataFrame:
    """The frame of records out of their FIELDS, with ``key``, and ``live`` for documents."""
    at = fields[TIME_FIELD[feed]]
    made = fields.with_columns(
        at.alias("at"),
        pl.concat_str("force", KEY_FIELD[feed], separator="/").alias("order"),
        *(pl.col(name).fill_null([]) for name, kind in FIELDS[feed].items() if kind == _TEXTS),
    )
    if feed == Feed.REFERRALS:
        days = [each.astimezone(LONDON).date() for each in at]
        return made.with_columns(pl.Series("day", days, _DAY)).select(*REFERRAL_SCHEMA)
    return made.with_columns(day="event_date").select(*DOCUMENT_SCHEMA)


def people_frame(named: pl.DataFrame) -> pl.DataFrame:
    """The frame of people out of their fields as PERSON, with ``record`` and ``person``."""
    number = pl.element().str.to_integer(base=16, dtype=pl.UInt64)
    lists = [name for name, kind in PERSON.items() if kind == _TEXTS]
    return named.with_columns(
        coded(named["nationality"]).folded(nationality_of).column().alias("nationality"),
        pl.col("dob", "dob_ordered").str.to_integer(base=16, dtype=pl.UInt64),
        *(pl.col(name).fill_null([]).list.eval(number) for name in lists),
    ).select(*PEOPLE_SCHEMA)


def _fields(feed: Feed, chunk: Sequence[tuple[int, Record]]) -> pl.DataFrame:
    columns = {
        name: column((record.get(name) for _, record in chunk), kind)
        for name, kind in FIELDS[feed].items()
    }
    return pl.DataFrame({"key": pl.Series([key for key, _ in chunk], dtype=pl.Int64), **columns})


def _people(chunk: Iterable[tuple[int, Record]]) -> pl.DataFrame:
    named = [
        (key, number, person)
        for key, record in chunk
        for number, person in enumerate(record["people"])
    ]
    columns = {
        name: column((person[name] for _, _, person in named), kind)
        for name, kind in PERSON.items()
    }
    return pl.DataFrame(
        {
            "record": pl.Series([key for key, _, _ in named], dtype=pl.Int64),
            "person": pl.Series([number for _, number, _ in named], dtype=pl.Int32),
            **columns,
        }
    )


def column(values: Iterable[Any], kind: pl.DataType) -> pl.Series:
    """A column of one field; polars by itself takes several times as long for lists and times."""
    if kind == _TEXTS:
        joined = pl.Series([PART.join(value or ()) for value in values], dtype=pl.String)
        return joined.set(joined == "", None).str.split(PART)
    if kind == _INSTANT:
        since = pl.Series([at - _EPOCH for at in values], dtype=pl.Duration("us"))
        return since.cast(pl.Int64).cast(_INSTANT)
    return pl.Series(list(values), dtype=kind)


def _iso(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no canonical form")
