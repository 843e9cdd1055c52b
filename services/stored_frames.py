"""Stored versions as the frames that pairing reads, where nothing else of them is wanted.

The frames are those of `stored_records.frames`, several times as fast: only the fields that
pairing reads are fetched, lists and people as their text, and a whole column is decoded at once.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, time
from itertools import chain
from typing import Any

import polars as pl
from sqlalchemy import JSON, Select, Text, cast
from sqlmodel import Session

from domain.pairing import Records
from domain.pairing.frames import Schema
from domain.policy import PolicySet
from domain.words import Feed
from domain.working_days import LONDON
from services import stored_records
from services.feed_tables import TABLES
from services.frames import (
    CHUNK,
    FIELDS,
    PERSON,
    column,
    people_frame,
    records_frame,
    to_records,
)
from services.neighbourhood import chunks

KIND = ("status", "document_type")
"""What says, with the policy, whether a document can satisfy a referral."""


def known(
    session: Session, feed: Feed, force: str, as_of: datetime, policies: PolicySet
) -> Iterator[Records]:
    """The versions known at `as_of`, some at a time; an empty side when there are none."""
    query = _narrowed(feed, stored_records.known_at(feed, force, as_of))
    rows = session.connection().execute(query, execution_options={"yield_per": CHUNK})
    parts = rows.partitions(CHUNK)
    for some in chain([next(parts, ())], parts):
        yield _frames(feed, some, policies)


def current(session: Session, feed: Feed, keys: Iterable[int], policies: PolicySet) -> Records:
    """The current version of each record, by the id of its head, in the order of the ids."""
    queries = (_narrowed(feed, stored_records.current_of(feed, some)) for some in chunks(keys))
    rows = [row for each in queries for row in session.connection().execute(each)]
    return _frames(feed, rows, policies)


def _narrowed(feed: Feed, query: Select[Any]) -> Select[Any]:
    """The query for what is fetched of a version, and no more."""
    columns = [query.selected_columns[name] for name in _fetched(feed)]
    return query.with_only_columns(
        *(cast(one, Text) if isinstance(one.type, JSON) else one for one in columns)
    )


def _fetched(feed: Feed) -> Schema:
    """The columns of a version that frames are made of, lists and people as text."""
    fields = {
        name: pl.String() if isinstance(kind, pl.List) else kind
        for name, kind in FIELDS[feed].items()
    }
    kind = KIND if feed == Feed.DOCUMENTS else ()
    texts = dict.fromkeys(("people", *kind), pl.String())
    return {TABLES[feed].parent: pl.Int64(), **fields, **texts}


def _frames(feed: Feed, rows: Sequence[Sequence[Any]], policies: PolicySet) -> Records:
    if not rows:
        return to_records(feed, ())
    columns = zip(_fetched(feed).items(), zip(*rows, strict=True), strict=True)
    fetched = pl.DataFrame({name: column(values, kind) for (name, kind), values in columns})
    fields = fetched.with_columns(
        *(
            pl.col(name).str.json_decode(kind)
            for name, kind in FIELDS[feed].items()
            if isinstance(kind, pl.List)
        ),
        key=TABLES[feed].parent,
    )
    if feed == Feed.DOCUMENTS:
        fields = fields.with_columns(live=_live(fetched, policies))
    return Records(records_frame(feed, fields), people_frame(_people(fields)))


def _people(fields: pl.DataFrame) -> pl.DataFrame:
    people = pl.col("people").str.json_decode(pl.List(pl.Struct(PERSON)))
    named = fields.select(record="key", people=people).filter(pl.col("people").list.len() > 0)
    numbers = pl.int_ranges(pl.col("people").list.len(), dtype=pl.Int32)
    return named.with_columns(person=numbers).explode("people", "person").unnest("people")


def _live(documents: pl.DataFrame, policies: PolicySet) -> pl.Series:
    """Whether each can satisfy a referral, asked once for each kind under each policy."""
    starts = (
        datetime.combine(policy.effective_from, time(), LONDON).astimezone(UTC)
        for policy in policies.policies
    )
    begun = (pl.col("submitted_at") >= start for start in starts)
    kinds = documents.select("urn", "submitted_at", *KIND, begun=pl.sum_horizontal(begun))
    asked = kinds.unique(["begun", *KIND])
    answers = [stored_records.is_live(row, policies) for row in asked.iter_rows(named=True)]
    told = asked.select("begun", *KIND, live=pl.Series(answers, dtype=pl.Boolean))
    on = ["begun", *KIND]
    return kinds.join(told, on=on, how="left", nulls_equal=True, maintain_order="left")["live"]
