"""The door for whole columns: tables of the published contract into the frames of pairing.

What the door does to a row (`adapters.feeds.door`) is done here to a column: numbers by
`packed_numbers`, everything else by the same functions, called once for each distinct value.
So both doors give the same, which tests hold them to.

The tables come from a source that keeps the contract already: a row that the other door
would quarantine is not looked for here.  They are read a column at a time and each is let go,
so that what is held is little more than what is made of them.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from adapters.feeds.aliases import KEYS, TIMES
from adapters.feeds.packed_numbers import Kind, Lists, numbers, only, several
from adapters.feeds.people_columns import People, people_tokens
from adapters.feeds.record_columns import RecordColumns
from adapters.feeds.shaping import READ
from adapters.feeds.values import coded, is_gathered, once, read
from domain.errors import FeedRefused
from domain.identifiers import IdentifierRules
from domain.obligation import DocumentFacts, satisfies
from domain.pairing.arrays import I32, I64, NO_DAY, days
from domain.pairing.engine import Side
from domain.pairing.evidence import Columns
from domain.pairing.frames import Records
from domain.pairing.kernel import is_worth_compiling, workers
from domain.pairing.texts import Packed
from domain.pairing.weights import Weights
from domain.policy import PolicySet
from domain.words import Feed
from domain.working_days import LONDON

_Own: TypeAlias = tuple[pl.Series, Lists, pl.Series]
"""The day, what is quoted, and the field that only one feed has."""
OFFICERS = {Feed.REFERRALS: "officer_id", Feed.DOCUMENTS: "author_officer_id"}


@dataclass(frozen=True)
class Cleaned:
    """One feed's tables as pairing reads them."""

    records: RecordColumns
    people: People

    def frames(self) -> Records:
        """As frames."""
        return Records(self.records.frame(), self.people.frame())

    def side(self, weights: Weights) -> Side:
        """Ready to be paired."""
        decided_by = self.records.decided_by()
        people = self.people.columns(decided_by.height, int(weights.limits.people_each))
        key = decided_by["key"].to_numpy()
        return Side(Columns(key, self.records.events(), people), decided_by)


def clean_columns(
    feed: Feed,
    records: pl.LazyFrame,
    people: pl.LazyFrame,
    *,
    key: bytes,
    rules: IdentifierRules,
    policies: PolicySet,
    zone: ZoneInfo = LONDON,
) -> Cleaned:
    """One feed's tables as pairing reads them; a record's key is its row, from 0.

    Args:
        feed: Which of the two.
        records: A row a record: the contract's fields but for the people, instants as
            Datetime in UTC, days as Date, lists as List(String).
        people: A row a person: ``force`` and the record's own key, or ``record`` (its row),
            then ``person`` (their order within the record) and the contract's fields of a person.
        key: The token key, 16 bytes or more.
        rules: How numbers are written.
        policies: Say which documents can answer a referral at all.
        zone: The force's clock, by which an incident number without a day is of a day.

    Raises:
        FeedRefused: A record comes twice, or a person belongs to none.
        SettingsRefused: The key is too short.
    """
    whose = records.select("force", KEYS[feed]).collect()
    with workers(len(whose)) as pool:
        tokens = pool.submit(_people, people, whose, key)
        return Cleaned(_records(feed, records, whose, rules, policies, zone), tokens.result())


def _records(
    feed: Feed,
    raw: pl.LazyFrame,
    whose: pl.DataFrame,
    rules: IdentifierRules,
    policies: PolicySet,
    zone: ZoneInfo,
) -> RecordColumns:
    incident, written = numbers(Kind.INCIDENT, read(raw, "incident_number"), rules)
    own = _referral if feed == Feed.REFERRALS else _document
    at = read(raw, TIMES[feed])
    day, quoted, only_here = own(raw, at, rules, policies)
    told = day if feed == Feed.DOCUMENTS else _days_in(at, zone)
    return RecordColumns(
        feed=feed,
        order=whose.select(pl.concat_str(whose.columns, separator="/")).to_series(),
        at=at,
        day=day,
        force=coded(whose["force"]),
        officer=coded(read(raw, OFFICERS[feed])).folded(rules.normalise_officer),
        incident=incident,
        incident_day=_incident_day(feed, incident, written, days(told)),
        custody=numbers(Kind.CUSTODY, read(raw, "custody_number"), rules).texts,
        postcode=numbers(Kind.POSTCODE, read(raw, "postcode")).texts,
        vehicles=several(Kind.VEHICLE, read(raw, "vehicle_registrations")),
        references=quoted,
        own=only_here,
    )


def _incident_day(feed: Feed, incident: Packed, written: I64, day: I64) -> I64:
    """The day written in each number, else its record's; a document's only with a serial."""
    numbered = incident.length > 0
    otherwise = written if feed == Feed.REFERRALS else np.int64(NO_DAY)
    return np.where(numbered, np.where(written == NO_DAY, day, written), otherwise)


def _referral(raw: pl.LazyFrame, at: pl.Series, rules: IdentifierRules, _: PolicySet) -> _Own:
    day = _days_in(at, LONDON)
    quoted = only(numbers(Kind.REFERENCE, read(raw, "nccu_reference"), rules).texts)
    return day, quoted, once(read(raw, "event_type"), READ["text"]).alias("event_type")


def _days_in(at: pl.Series, zone: ZoneInfo) -> pl.Series:
    return at.dt.convert_time_zone(zone.key).dt.date()


def _document(
    raw: pl.LazyFrame, at: pl.Series, rules: IdentifierRules, policies: PolicySet
) -> _Own:
    quoted = several(Kind.REFERENCE, read(raw, "nccu_references"), rules)
    return read(raw, "event_date"), quoted, _live(raw, at, policies).alias("live")


def _live(table: pl.LazyFrame, at: pl.Series, policies: PolicySet) -> pl.Series:
    """Whether each document can answer a referral, asked once for each kind under each policy."""

    def is_live(at: Any, document_type: str | None, status: str | None) -> bool:
        kind, state = READ["text"](document_type), READ["lower"](status)
        return satisfies(DocumentFacts("", at, state, kind, frozenset()), policies.counting(at))

    begun = [
        datetime.combine(one.effective_from, time(), LONDON).astimezone(UTC)
        for one in policies.policies
    ]
    kind, status = (coded(read(table, name)) for name in ("document_type", "status"))
    code, size = kind.number.astype(np.int64), len(kind.values)
    for number, values in (
        (status.number, len(status.values)),
        (_after(at, begun), len(begun) + 1),
    ):
        code *= values
        code += number
        size *= values
    if size > len(at):
        found, code = np.unique(code, return_inverse=True)
        size = len(found)
    row, live = np.full(size, -1, np.int32), np.zeros(size, np.bool_)
    row[code] = np.arange(len(at), dtype=np.int32)
    one = row[row >= 0].astype(np.int64)
    rows = zip(at.gather(one), kind.column(one), status.column(one), strict=True)
    live[row >= 0] = [is_live(*each) for each in rows]
    return pl.Series(live[code])


def _after(at: pl.Series, instants: list[datetime]) -> I32:
    """How many of the instants each is not before."""
    found = np.zeros(len(at), np.int32)
    for instant in instants:
        found += (at >= instant).fill_null(False).to_numpy()
    return found


def _people(people: pl.LazyFrame, records: pl.DataFrame, key: bytes) -> People:
    if "record" in people.collect_schema():
        return people_tokens(people, read(people, "record"), key)
    record = _records_of(people.select(records.columns).collect(), records)
    if record.null_count():
        raise FeedRefused(
            f"The table of people names a record ({records.columns[1]}) that the table of records"
            " does not have. Export both together. Nothing was stored."
        )
    return people_tokens(people, record, key)


def _records_of(asked: pl.DataFrame, records: pl.DataFrame) -> pl.Series:
    """The row of each person's record, null where there is none.

    Records are found by a hash of force and key, which are compared after that.
    """
    whose = records.columns
    ours, theirs = (frame.hash_rows() for frame in (records, asked))
    if ours.n_unique() == records.height:
        row = _rows_by_hash(theirs, ours)
        if all(is_gathered(asked[name], records[name], row) for name in whose):
            return row
    if records.is_duplicated().any():
        raise FeedRefused(
            f"The table of records names one of them twice ({whose[1]} within a force). Leave"
            " each one's latest row in it. Nothing was stored."
        )
    return asked.join(records.with_row_index("row"), on=whose, how="left", maintain_order="left")[
        "row"
    ]


def _rows_by_hash(asked: pl.Series, hashes: pl.Series) -> pl.Series:
    """The row of each hash asked for; quick where they are asked for in turn."""
    if is_worth_compiling(len(asked)):
        from adapters.feeds import loops

        row = np.empty(len(asked), np.int32)
        if loops.in_turn(asked.to_numpy(), hashes.to_numpy(), row):
            return pl.Series(row)
    table = pl.DataFrame({"hash": hashes}).with_row_index("row")
    wanted = asked.alias("hash").to_frame()
    return wanted.join(table, on="hash", how="left", maintain_order="left")["row"]
