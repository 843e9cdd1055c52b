"""The door for columns gives exactly what the door for rows gives, for whatever was written."""

import sys
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from adapters.feeds import DEFAULT_RULES, Values, admitting, load_map
from adapters.feeds.columns import clean_columns
from adapters.policies import load_policies
from domain.errors import FeedRefused, SettingsRefused
from domain.pairing import kernel, prepared
from domain.words import Feed
from services.frames import KEY_FIELD, to_records
from services.stored_records import is_live
from tests.unit.pairing.pairings import WEIGHTS

KEY = b"0123456789abcdef"
LONDON = ZoneInfo("Europe/London")
Row = dict[str, Any]

NUMBERS = st.text("0123456789", min_size=1, max_size=7)
WRITTEN = st.one_of(
    st.text("NCCU/- 0123456789OISZ.PCDE", min_size=1, max_size=16),
    st.builds("NCCU/{}/{}".format, st.sampled_from(["25", "26", "2026"]), NUMBERS),
    st.builds("{} of {:%d/%m/%Y}".format, NUMBERS, st.dates(date(2025, 1, 1), date(2026, 12, 31))),
    st.builds("EX-{:%Y%m%d}-{}".format, st.dates(date(2025, 1, 1), date(2026, 12, 31)), NUMBERS),
    st.builds("ZA{} {}AB".format, st.integers(1, 9), st.integers(0, 9)),
    st.sampled_from(["TBC", " n/a ", "N/K", "PC 01234", "Log 123 31/02/26", "ex/000123/26"]),
)
MAYBE = st.none() | WRITTEN
SEVERAL = st.lists(WRITTEN, max_size=3)
NAMES = st.none() | st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
    st.sampled_from(
        ["Jan Novák", "O'Brien-Łaska", "Mr LI", "李", "unknown", " Null ", "Anna anna"]
    ),
)
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "role": st.sampled_from([None, "suspect", "victim"]),
            "forename": NAMES,
            "surname": NAMES,
            "date_of_birth": st.none() | st.dates(date(1930, 1, 1), date(2015, 1, 1)),
            "nationality": st.sampled_from([None, "POL", "Polish", "Congolese", "VNM"]),
        }
    ),
    max_size=3,
)
INSTANTS = st.datetimes(
    datetime(2025, 1, 1),  # noqa: DTZ001 - Hypothesis adds the zone
    datetime(2026, 10, 1),  # noqa: DTZ001 - Hypothesis adds the zone
    timezones=st.just(UTC),
)
SHARED = {
    "force": st.sampled_from(["EX", "XA"]),
    "incident_number": MAYBE,
    "custody_number": MAYBE,
    "postcode": MAYBE,
    "vehicle_registrations": SEVERAL,
    "people": PEOPLE,
}
ROWS = {
    Feed.REFERRALS: st.fixed_dictionaries(
        {
            **SHARED,
            "referred_at": INSTANTS,
            "officer_id": WRITTEN,
            "nccu_reference": MAYBE,
            "event_type": st.sampled_from([None, "arrest", "-", " stop "]),
        }
    ),
    Feed.DOCUMENTS: st.fixed_dictionaries(
        {
            **SHARED,
            "submitted_at": INSTANTS,
            "author_officer_id": WRITTEN,
            "nccu_references": SEVERAL,
            "document_type": st.sampled_from([None, "INTREP", "intelligence", "memo"]),
            "status": st.sampled_from([None, "submitted", "draft", "withdrawn"]),
            "event_date": st.none() | st.dates(date(2024, 12, 1), date(2026, 10, 1)),
        }
    ),
}
FIELDS: dict[str, pl.DataType | type[pl.DataType]] = {
    "referred_at": pl.Datetime("us", "UTC"),
    "submitted_at": pl.Datetime("us", "UTC"),
    "event_date": pl.Date,
    "vehicle_registrations": pl.List(pl.String),
    "nccu_references": pl.List(pl.String),
}
PERSON = {
    "person": pl.Int32,
    "role": pl.String,
    "forename": pl.String,
    "surname": pl.String,
    "date_of_birth": pl.Date,
    "nationality": pl.String,
}


def through_rows(feed: Feed, rows: list[Row]) -> tuple[list[Row], list[Row]]:
    """The rows that the door for rows takes, and the clean record of each."""
    column_map = load_map(None, feed)
    admit = admitting(column_map, column_map.clock(), force=None, key=KEY, rules=DEFAULT_RULES)
    found = [(row, admit(Values(0, written(row), [])).record) for row in rows]
    taken = [(row, record) for row, record in found if record is not None]
    return [row for row, _ in taken], [record for _, record in taken]


def written(row: Row) -> Row:
    """A row as JSON holds it."""
    people = [{name: iso(value) for name, value in person.items()} for person in row["people"]]
    return {name: iso(value) for name, value in row.items()} | {"people": people}


def iso(value: Any) -> Any:
    """Times and dates as text, everything else as it is."""
    return value.isoformat() if isinstance(value, date) else value


def tables(feed: Feed, rows: list[Row]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The same rows as the two tables of the contract."""
    key = KEY_FIELD[feed]
    names = [key, *(name for name in ROWS_FIELDS[feed] if name != "people")]
    schema = {name: FIELDS.get(name, pl.String) for name in names}
    records = pl.DataFrame([{name: row[name] for name in names} for row in rows], schema)
    people = [
        {"force": row["force"], key: row[key], "person": number, **person}
        for row in rows
        for number, person in enumerate(row["people"])
    ]
    return records, pl.DataFrame(people, {"force": pl.String, key: pl.String, **PERSON})


ROWS_FIELDS = {
    Feed.REFERRALS: [*SHARED, "referred_at", "officer_id", "nccu_reference", "event_type"],
    Feed.DOCUMENTS: [
        *SHARED,
        "submitted_at",
        "author_officer_id",
        "nccu_references",
        "document_type",
        "status",
        "event_date",
    ],
}


def renumbered(people: pl.DataFrame) -> pl.DataFrame:
    """People counted from 0 within their record: the tables leave out those without a word."""
    order = pl.col("person").rank("ordinal").over("record") - 1
    return people.with_columns(person=order.cast(pl.Int32))


@pytest.mark.parametrize("feed", Feed)
@settings(max_examples=12)
@given(data=st.data(), compiled=st.booleans(), turned=st.booleans())
def test_a_column_is_cleaned_exactly_as_its_rows_are(
    feed: Feed, data: st.DataObject, compiled: bool, turned: bool
) -> None:
    """
    Two doors that disagree would pair a file otherwise than the night pairs it.  Of much the
    compiled loops do it, of little NumPy does; and people may come in any order.
    """
    drawn = data.draw(st.lists(ROWS[feed], max_size=6))
    numbered = [row | {KEY_FIELD[feed]: f"K{number}"} for number, row in enumerate(drawn)]
    rows, clean = through_rows(feed, numbered)
    policies = load_policies(None)
    live = [is_live(record, policies) for record in clean] if feed == Feed.DOCUMENTS else None
    expected = to_records(feed, enumerate(clean), live)

    records, people = tables(feed, rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "LARGE", 0 if compiled else sys.maxsize)
        found = clean_columns(
            feed,
            *lazy((records, people.reverse() if turned else people)),
            key=KEY,
            rules=DEFAULT_RULES,
            policies=policies,
        )
        side = found.side(WEIGHTS)
    frames = found.frames()
    assert_frame_equal(expected.records, frames.records)
    assert_frame_equal(expected.people, renumbered(frames.people))
    assert arrays(prepared(frames, WEIGHTS)) == arrays(side)


def arrays(columns: Any) -> Any:
    """All that a dataclass of arrays holds, to be compared."""
    if is_dataclass(columns):
        return {field.name: arrays(getattr(columns, field.name)) for field in fields(columns)}
    return columns.to_dicts() if isinstance(columns, pl.DataFrame) else columns.tolist()


def one_of_each() -> list[Row]:
    """A referral with one person."""
    person = dict.fromkeys(PERSON) | {"surname": "Novak"}
    del person["person"]
    return [
        {
            **dict.fromkeys(ROWS_FIELDS[Feed.REFERRALS]),
            **{"referral_id": "R1", "force": "EX", "officer_id": "1", "people": [person]},
            **{"referred_at": datetime(2026, 3, 2, 10, tzinfo=UTC), "vehicle_registrations": []},
        }
    ]


def lazy(found: tuple[pl.DataFrame, pl.DataFrame]) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """Two tables as they are read from a file."""
    records, people = found
    return records.lazy(), people.lazy()


def cleaned(records: pl.DataFrame, people: pl.DataFrame, key: bytes = KEY) -> None:
    """Clean referrals."""
    clean_columns(
        Feed.REFERRALS,
        *lazy((records, people)),
        key=key,
        rules=DEFAULT_RULES,
        policies=load_policies(None),
    )


def test_a_record_that_comes_twice_is_refused() -> None:
    """
    Its people would belong to both rows.
    """
    records, people = tables(Feed.REFERRALS, one_of_each())
    with pytest.raises(FeedRefused, match="twice"):
        cleaned(pl.concat([records, records]), people)


def test_a_person_without_a_record_is_refused() -> None:
    """
    Leaving the person out would hide that the two tables do not belong together.
    """
    records, people = tables(Feed.REFERRALS, one_of_each())
    with pytest.raises(FeedRefused, match="does not have"):
        cleaned(records.with_columns(referral_id=pl.lit("R2")), people)


def test_a_short_key_is_refused() -> None:
    """
    Its tokens could be guessed.
    """
    records, people = tables(Feed.REFERRALS, one_of_each())
    with pytest.raises(SettingsRefused):
        cleaned(records, people, b"short")


def test_a_document_older_than_the_first_policy_counts_as_that_one_says() -> None:
    """
    As it does at the other door.
    """
    schema = {name: FIELDS.get(name, pl.String) for name in ROWS_FIELDS[Feed.DOCUMENTS]}
    old = {"submitted_at": datetime(1900, 1, 1, tzinfo=UTC), "force": "EX", "urn": "1"}
    del schema["people"]
    records = pl.DataFrame([old], {"urn": pl.String, **schema})
    people = pl.DataFrame(schema={"force": pl.String, "urn": pl.String, **PERSON})
    policies = load_policies(None)
    found = clean_columns(
        Feed.DOCUMENTS, *lazy((records, people)), key=KEY, rules=DEFAULT_RULES, policies=policies
    )

    assert [is_live(old | {"status": None, "document_type": None, "people": []}, policies)] == (
        found.frames().records["live"].to_list()
    )
