"""The door for whole columns: tables of the published contract into the frames of pairing.

What the door does to a row (`adapters.feeds.door`) is done here to a column: numbers by
`whole_columns`, everything else by the same functions, called once for each distinct value.
So both doors give the same, which tests hold them to.

The tables come from a source that keeps the contract already: a row that the other door
would quarantine is not looked for here.
"""

from collections.abc import Callable
from datetime import UTC, datetime, time
from functools import partial
from typing import Any

import polars as pl

from adapters.feeds.aliases import KEYS, PERSON_FIELDS, TIMES
from adapters.feeds.people_columns import people_tokens
from adapters.feeds.shaping import READ
from adapters.feeds.values import once
from adapters.feeds.whole_columns import custodies, incidents, postcodes, references, vehicles
from domain.errors import FeedRefused
from domain.identifiers import IdentifierRules
from domain.obligation import DocumentFacts, satisfies
from domain.pairing.frames import DOCUMENT_SCHEMA, PEOPLE_SCHEMA, REFERRAL_SCHEMA, Records
from domain.policy import PolicySet
from domain.words import Feed
from domain.working_days import LONDON

_CODES = 1 << 20
"""More than there are document types, statuses and policies."""
OFFICERS = {Feed.REFERRALS: "officer_id", Feed.DOCUMENTS: "author_officer_id"}


def clean_columns(
    feed: Feed,
    records: pl.DataFrame,
    people: pl.DataFrame,
    *,
    key: bytes,
    rules: IdentifierRules,
    policies: PolicySet,
) -> Records:
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
        PolicyRefused: A document is older than the first policy.
        SettingsRefused: The key is too short.
    """
    made = records.select("force", KEYS[feed], **_shared(feed, records, rules))
    own = _referral if feed == Feed.REFERRALS else _document
    schema = REFERRAL_SCHEMA if feed == Feed.REFERRALS else DOCUMENT_SCHEMA
    numbered = pl.col("incident").is_not_null()
    written = None if feed == Feed.DOCUMENTS else pl.col("incident_day")
    clean = made.with_columns(own(records, rules, policies)).with_columns(
        incident_day=pl.when(numbered).then(pl.coalesce("incident_day", "day")).otherwise(written)
    )
    named = _people(people, made, KEYS[feed])
    tokens = people_tokens(named, key).select(PEOPLE_SCHEMA.keys())
    return Records(clean.select(pl.col(name).cast(kind) for name, kind in schema.items()), tokens)


def _shared(feed: Feed, raw: pl.DataFrame, rules: IdentifierRules) -> dict[str, Any]:
    """The columns that both feeds have, where `incident_day` is the one written in the number."""
    incident, day = _incidents(raw["incident_number"], rules)
    return {
        "key": pl.int_range(pl.len(), dtype=pl.Int64),
        "order": pl.concat_str("force", KEYS[feed], separator="/"),
        "at": pl.col(TIMES[feed]),
        "officer": once(raw[OFFICERS[feed]], rules.normalise_officer),
        "incident": incident,
        "incident_day": day,
        "custody": custodies(raw["custody_number"], rules),
        "postcode": postcodes(raw["postcode"]),
        "vehicles": _each(raw["vehicle_registrations"], vehicles),
    }


def _referral(raw: pl.DataFrame, rules: IdentifierRules, _: PolicySet) -> list[pl.Series]:
    return [
        raw["referred_at"].dt.convert_time_zone("Europe/London").dt.date().alias("day"),
        references(raw["nccu_reference"], rules).alias("reference"),
        once(raw["event_type"], READ["text"]).alias("event_type"),
    ]


def _document(raw: pl.DataFrame, rules: IdentifierRules, policies: PolicySet) -> list[pl.Series]:
    return [
        raw["event_date"].alias("day"),
        _each(raw["nccu_references"], partial(references, rules=rules)).alias("references"),
        _live(raw, policies).alias("live"),
    ]


def _live(raw: pl.DataFrame, policies: PolicySet) -> pl.Series:
    """Whether each document can answer a referral, asked once for each kind under each policy."""

    def is_live(at: Any, document_type: str | None, status: str | None) -> bool:
        kind, state = READ["text"](document_type), READ["lower"](status)
        return satisfies(DocumentFacts("", at, state, kind, frozenset()), policies.at(at))

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
    rows = raw.select("submitted_at", "document_type", "status")[first].iter_rows()
    table = pl.DataFrame({"kind": known[first], "live": [is_live(*row) for row in rows]})
    table = table.sort("kind").cast({"live": pl.Boolean})
    return table["live"].gather(table["kind"].search_sorted(known))


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


def _people(people: pl.DataFrame, records: pl.DataFrame, key: str) -> pl.DataFrame:
    """The people in the contract's form, each with its record's row; those without a word go."""
    record = _records_of(people, records, key)
    if record.null_count():
        raise FeedRefused(
            f"The table of people names a record ({key}) that the table of records does not"
            " have. Export both together. Nothing was stored."
        )
    read = [
        once(people[name], READ[kind]) for name, kind in PERSON_FIELDS.items() if kind != "birthday"
    ]
    named = people.select("person", "date_of_birth", *read, record=record)
    return named.filter(~pl.all_horizontal(pl.col(*PERSON_FIELDS).is_null()))


def _records_of(people: pl.DataFrame, records: pl.DataFrame, key: str) -> pl.Series:
    """The row of each person's record, null where there is none.

    Records are found by a hash of force and key, and the names are compared after that.
    """
    whole = pl.concat_str("force", key, separator="\x1f")
    ours, theirs = (frame.select(whole.alias("whole"))["whole"] for frame in (records, people))
    table = pl.DataFrame({"hash": ours.hash(), "record": records["key"]})
    if table["hash"].n_unique() < table.height:
        if ours.n_unique() < table.height:
            raise FeedRefused(
                f"The table of records names one of them twice ({key} within a force). Leave"
                " each one's latest row in it. Nothing was stored."
            )
        table = pl.DataFrame({"hash": ours, "record": records["key"]})
        return pl.DataFrame({"hash": theirs}).join(
            table, on="hash", how="left", maintain_order="left"
        )["record"]
    asked = pl.DataFrame({"hash": theirs.hash()})
    found = asked.join(table, on="hash", how="left", maintain_order="left")["record"]
    other = ours.gather(found).ne_missing(theirs)
    return pl.select(pl.when(~other).then(found)).to_series()
