"""The door for whole columns: tables of the published contract into the frames of pairing.

What the door does to a row (`adapters.feeds.door`) is done here to a column: numbers by
`whole_columns`, everything else by the same functions, called once for each distinct value.
So both doors give the same, which tests hold them to.

The tables come from a source that keeps the contract already: a row that the other door
would quarantine is not looked for here.  They are read a column at a time and each is let go,
so that what is held is little more than what is made of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import partial
from typing import Any

import polars as pl

from adapters.feeds.aliases import KEYS, TIMES
from adapters.feeds.people_columns import People, people_tokens
from adapters.feeds.shaping import READ
from adapters.feeds.values import once, read
from adapters.feeds.whole_columns import custodies, incidents, postcodes, references, vehicles
from domain.errors import FeedRefused
from domain.identifiers import IdentifierRules
from domain.obligation import DocumentFacts, satisfies
from domain.pairing.engine import Side, side_of
from domain.pairing.frames import DOCUMENT_SCHEMA, REFERRAL_SCHEMA, Records
from domain.pairing.kernel import is_worth_compiling, workers
from domain.pairing.weights import Weights
from domain.policy import PolicySet
from domain.words import Feed
from domain.working_days import LONDON

_CODES = 1 << 20
"""More than there are document types, statuses and policies."""
OFFICERS = {Feed.REFERRALS: "officer_id", Feed.DOCUMENTS: "author_officer_id"}


@dataclass(frozen=True)
class Cleaned:
    """One feed's tables as pairing reads them: records by REFERRAL_SCHEMA or DOCUMENT_SCHEMA."""

    records: pl.DataFrame
    people: People

    def frames(self) -> Records:
        """As frames."""
        return Records(self.records, self.people.frame())

    def side(self, weights: Weights) -> Side:
        """Ready to be paired."""
        people = self.people.columns(self.records.height, int(weights.limits.people_each))
        return side_of(self.records, people)


def clean_columns(
    feed: Feed,
    records: pl.LazyFrame,
    people: pl.LazyFrame,
    *,
    key: bytes,
    rules: IdentifierRules,
    policies: PolicySet,
) -> Cleaned:
    """One feed's tables as pairing reads them; a record's key is its row, from 0.

    Args:
        feed: Which of the two.
        records: A row a record: the contract's fields but for the people, instants as
            Datetime in UTC, days as Date, lists as List(String).
        people: A row a person: ``force`` and the record's own key, ``person`` (their order
            within the record) and the contract's fields of a person.
        key: The token key, 16 bytes or more.
        rules: How numbers are written.
        policies: Say which documents can answer a referral at all.

    Raises:
        FeedRefused: A record comes twice, or a person belongs to none.
        SettingsRefused: The key is too short.
    """
    whose = records.select("force", KEYS[feed]).collect()
    with workers(len(whose)) as pool:
        tokens = pool.submit(_people, people, whose, key)
        return Cleaned(_records(feed, records, rules, policies), tokens.result())


def _records(
    feed: Feed, records: pl.LazyFrame, rules: IdentifierRules, policies: PolicySet
) -> pl.DataFrame:
    made = pl.DataFrame(_shared(feed, records, rules))
    own = _referral if feed == Feed.REFERRALS else _document
    schema = REFERRAL_SCHEMA if feed == Feed.REFERRALS else DOCUMENT_SCHEMA
    numbered = pl.col("incident").is_not_null()
    written = None if feed == Feed.DOCUMENTS else pl.col("incident_day")
    clean = made.with_columns(own(records, rules, policies)).with_columns(
        incident_day=pl.when(numbered).then(pl.coalesce("incident_day", "day")).otherwise(written)
    )
    return clean.select(pl.col(name).cast(kind) for name, kind in schema.items())


def _shared(feed: Feed, raw: pl.LazyFrame, rules: IdentifierRules) -> dict[str, pl.Series]:
    """The columns that both feeds have, where `incident_day` is the one written in the number."""
    incident, day = _incidents(read(raw, "incident_number"), rules)
    return {
        "key": pl.int_range(len(day), dtype=pl.Int64, eager=True),
        "force": read(raw, "force"),
        "order": read(raw, "force", KEYS[feed]),
        "at": read(raw, TIMES[feed]),
        "officer": once(read(raw, OFFICERS[feed]), rules.normalise_officer),
        "incident": incident,
        "incident_day": day,
        "custody": custodies(read(raw, "custody_number"), rules),
        "postcode": postcodes(read(raw, "postcode")),
        "vehicles": _each(read(raw, "vehicle_registrations"), vehicles),
    }


def _referral(raw: pl.LazyFrame, rules: IdentifierRules, _: PolicySet) -> list[pl.Series]:
    return [
        read(raw, "referred_at").dt.convert_time_zone("Europe/London").dt.date().alias("day"),
        references(read(raw, "nccu_reference"), rules).alias("reference"),
        once(read(raw, "event_type"), READ["text"]).alias("event_type"),
    ]


def _document(raw: pl.LazyFrame, rules: IdentifierRules, policies: PolicySet) -> list[pl.Series]:
    return [
        read(raw, "event_date").alias("day"),
        _each(read(raw, "nccu_references"), partial(references, rules=rules)).alias("references"),
        _live(raw, policies).alias("live"),
    ]


def _live(table: pl.LazyFrame, policies: PolicySet) -> pl.Series:
    """Whether each document can answer a referral, asked once for each kind under each policy."""

    def is_live(at: Any, document_type: str | None, status: str | None) -> bool:
        kind, state = READ["text"](document_type), READ["lower"](status)
        return satisfies(DocumentFacts("", at, state, kind, frozenset()), policies.counting(at))

    raw = table.select("submitted_at", "document_type", "status").collect()
    begun = [
        datetime.combine(one.effective_from, time(), LONDON).astimezone(UTC)
        for one in policies.policies
    ]
    under = pl.sum_horizontal(pl.col("submitted_at") >= at for at in begun).cast(pl.Int64)
    codes = (
        pl.col(name).cast(pl.Categorical).to_physical().cast(pl.Int64).fill_null(-1) + 1
        for name in ("document_type", "status")
    )
    of = (code * _CODES**place for place, code in enumerate((*codes, under)))
    known = raw.select(pl.sum_horizontal(of)).to_series()
    first = known.arg_unique()
    rows = raw[first].iter_rows()
    kinds = pl.DataFrame({"kind": known[first], "live": [is_live(*row) for row in rows]})
    kinds = kinds.sort("kind").cast({"live": pl.Boolean})
    return kinds["live"].gather(kinds["kind"].search_sorted(known))


def _incidents(column: pl.Series, rules: IdentifierRules) -> tuple[pl.Series, pl.Series]:
    """The log's serial and the day written with it."""
    found = incidents(column, rules)
    return found.struct.field("serial"), found.struct.field("day")


def _each(column: pl.Series, fold: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Lists with `fold` done to each entry, each result once, in the order written; never null."""
    row = pl.int_range(len(column), eager=True)
    some = column.list.len().fill_null(0) > 0
    flat = pl.DataFrame({"row": row.filter(some), "value": column.filter(some)}).explode("value")
    folded = flat.with_columns(value=fold(flat["value"])).drop_nulls()
    lists = (
        folded.unique(maintain_order=True)
        .with_columns(pl.col("row").set_sorted())
        .group_by("row", maintain_order=True)
        .agg("value")
    )
    whole = row.alias("row").to_frame().join(lists, on="row", how="left", maintain_order="left")
    return whole["value"].fill_null([])


def _people(people: pl.LazyFrame, records: pl.DataFrame, key: bytes) -> People:
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
        found = [records[name].gather(row).eq_missing(asked[name]) for name in whose]
        if all(same.all() for same in found):
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

        row, whole = loops.in_turn(asked.to_numpy(), hashes.to_numpy())
        if whole:
            return pl.Series(row)
    table = pl.DataFrame({"hash": hashes}).with_row_index("row")
    wanted = asked.alias("hash").to_frame()
    return wanted.join(table, on="hash", how="left", maintain_order="left")["row"]
