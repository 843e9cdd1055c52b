"""Strategies: typed tables of a feed, most of whose columns are as they should be."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
from hypothesis import strategies as st

from domain.words import Feed

TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.sampled_from(["EX", "ex", " EX ", "XA", "N/K", "- ", "Total", "R1", "R2", "Ynys Môn", "\n"]),
    st.sampled_from(["NCCU/26/1234567", "123 of 02/03/2026", "AB1 2CD", "AB12 CDE", "x" * 101]),
    st.sampled_from(["submitted", "Draft", "2 - untested", "b", "P", "9", "suspect", "Null"]),
)
DAYS = st.dates(date(1899, 12, 30), date(2101, 1, 2)) | st.dates(date(2026, 1, 1), date(2026, 5, 1))
WALL = st.datetimes(
    datetime(1899, 12, 30),  # noqa: DTZ001 - a wall clock, given a zone or none below
    datetime(2101, 1, 2),  # noqa: DTZ001 - likewise
) | st.sampled_from(
    [
        datetime(2026, 3, 29, 1, 30),  # noqa: DTZ001 - the hour that the clocks skip
        datetime(2025, 10, 26, 1, 30),  # noqa: DTZ001 - the hour that happens twice
        datetime(2026, 4, 2, 10, 0, 0, 123456),  # noqa: DTZ001 - any other
    ]
)
WRITTEN = st.sampled_from(
    ["2026-03-02T14:05:00Z", "02/03/2026 14:05", "2026-03-02", "31/02/2026", "tbc", "29/03/26"]
)


def _column(values: st.SearchStrategy[Any], kind: Any) -> st.SearchStrategy[Any]:
    """A column of one kind: how each of its values is drawn, and its type."""
    return st.just((st.none() | values, kind))


TEXT = st.one_of(
    *[_column(TEXTS, pl.String)] * 4,
    _column(TEXTS, pl.Categorical),
    _column(st.integers(-2, 99_999), pl.Int64),
    _column(st.sampled_from([1310.0, 2.5]), pl.Float64),
    _column(st.booleans(), pl.Boolean),
    _column(st.just(Decimal("1310.00")), pl.Decimal(10, 2)),
    _column(st.binary(max_size=3), pl.Binary),
    _column(st.just(timedelta(hours=2)), pl.Duration("us")),
    _column(st.just(time(2, 30)), pl.Time),
)
MOMENT = st.one_of(
    *[_column(WALL.map(lambda at: at.replace(tzinfo=UTC)), pl.Datetime("us", "UTC"))] * 3,
    _column(WALL, pl.Datetime("us")),
    _column(WALL, pl.Datetime("ms")),
    _column(WALL.map(lambda at: at.replace(tzinfo=UTC)), pl.Datetime("ns", "Europe/London")),
    _column(DAYS, pl.Date),
    _column(WRITTEN | TEXTS, pl.String),
)
LIST = st.one_of(
    *[_column(st.lists(st.none() | TEXTS, max_size=3), pl.List(pl.String))] * 3,
    _column(st.lists(TEXTS, max_size=3).map(";".join), pl.String),
    _column(st.lists(st.integers(0, 9), min_size=51, max_size=52), pl.List(pl.Int64)),
    _column(st.lists(st.just("AB12"), min_size=51, max_size=52), pl.List(pl.String)),
)
BIRTH = MOMENT | _column(DAYS, pl.Date)
PERSON = {"role": TEXT, "forename": TEXT, "surname": TEXT, "dob": BIRTH, "nationality": TEXT}
CODE = st.one_of(_column(st.sampled_from(["2 - untested", "b", "P", "x", ""]), pl.String), TEXT)


@st.composite
def people(draw: st.DrawFn) -> tuple[st.SearchStrategy[Any], Any]:
    """A column of people as objects, of any types, or as JSON."""
    if draw(st.integers(0, 4)) == 0:
        written = st.sampled_from(['[{"surname": "Novák"}]', "[", "n/k", '{"forename": "Jan"}'])
        return st.none() | written, pl.String
    drawn = {name: draw(kind) for name, kind in PERSON.items() if draw(st.integers(0, 5))}
    if draw(st.integers(0, 9)) == 0:
        drawn["Last name"] = draw(TEXT)
    if not drawn:
        drawn["surname"] = draw(TEXT)
    one = st.none() | st.fixed_dictionaries({name: values for name, (values, _) in drawn.items()})
    kind = pl.List(pl.Struct({name: kind for name, (_, kind) in drawn.items()}))
    return st.none() | st.lists(one, max_size=3), kind


FIELDS: dict[Feed, dict[str, st.SearchStrategy[Any]]] = {
    Feed.REFERRALS: {
        "referral_id": TEXT, "force": TEXT, "nccu_reference": TEXT, "referred_at": MOMENT,
        "officer_id": TEXT, "district": TEXT, "event_type": TEXT, "channel": TEXT,
        "incident_number": TEXT, "custody_number": TEXT, "postcode": TEXT,
        "vehicle_registrations": LIST, "people": people(), "remarks": TEXT,
    },
    Feed.DOCUMENTS: {
        "urn": TEXT, "force": TEXT, "submitted_at": MOMENT, "author_officer_id": TEXT,
        "document_type": TEXT, "status": CODE, "nccu_references": LIST, "incident_number": TEXT,
        "custody_number": TEXT, "event_date": MOMENT, "postcode": TEXT,
        "vehicle_registrations": LIST, "people": people(), "source_evaluation": CODE,
        "intelligence_assessment": CODE, "handling_code": CODE, "amended_at": MOMENT,
    },
}  # fmt: skip
NEEDED = {
    Feed.REFERRALS: ("referral_id", "referred_at", "officer_id", "force"),
    Feed.DOCUMENTS: ("urn", "submitted_at", "author_officer_id", "force"),
}
NUMBERS = st.sampled_from(["R1", "R2", "R3", "13", " 1310 ", "N/K", "NCCU/26/1234567", "ZA1 1AA"])
KEYS = st.sampled_from(["R1", "R2", "R3", "13", " 1310 "])
SOME_DAYS = st.dates(date(2025, 1, 1), date(2026, 5, 1))
SOME_TIMES = st.datetimes(
    datetime(2025, 1, 1),  # noqa: DTZ001 - Hypothesis adds the zone
    datetime(2026, 6, 2),  # noqa: DTZ001 - Hypothesis adds the zone
    timezones=st.just(UTC),
)
SOMEBODY = {
    "role": (st.sampled_from(["Suspect", "victim", "", "n/k"]), pl.String),
    "forename": (TEXTS, pl.String),
    "surname": (st.sampled_from(["Null", "Novák", "-", " Li "]), pl.String),
    "date_of_birth": (SOME_DAYS, pl.Date),
    "nationality": (st.sampled_from(["POL", "unknown"]), pl.String),
}
PERSON_LIKE = st.fixed_dictionaries(
    {name: st.none() | values for name, (values, _) in SOMEBODY.items()}
)
GOOD: dict[str, tuple[st.SearchStrategy[Any], Any]] = {
    "force": (st.sampled_from(["EX", "XA"]), pl.String),
    **dict.fromkeys(
        ("referred_at", "submitted_at", "amended_at"), (SOME_TIMES, pl.Datetime("us", "UTC"))
    ),
    "event_date": (SOME_DAYS, pl.Date),
    **dict.fromkeys(
        ("nccu_references", "vehicle_registrations"),
        (st.lists(st.none() | NUMBERS, max_size=3), pl.List(pl.String)),
    ),
    "people": (
        st.lists(PERSON_LIKE, max_size=3),
        pl.List(pl.Struct({name: kind for name, (_, kind) in SOMEBODY.items()})),
    ),
    "status": (st.sampled_from(["Draft", "submitted", " accepted"]), pl.String),
    "document_type": (st.sampled_from(["3x5x2", "memo", "TBC"]), pl.String),
    "source_evaluation": (st.integers(1, 3), pl.Int8),
    "intelligence_assessment": (st.sampled_from(["a", "B - known"]), pl.String),
    "handling_code": (st.sampled_from(["P", "c"]), pl.String),
}


@st.composite
def tables(draw: st.DrawFn, feed: Feed) -> pl.DataFrame:
    """A table of the feed, most of whose columns are as they should be."""
    height = draw(st.integers(1, 8))
    columns = {}
    for name, kinds in FIELDS[feed].items():
        needed = name in NEEDED[feed]
        chance = draw(st.integers(0, 39))
        if chance == 0 and not needed:
            continue
        values, kind = GOOD.get(name, (KEYS if needed else NUMBERS, pl.String))
        if chance == 1:
            values, kind = draw(kinds)
        elif chance == 2 or not needed:
            values = st.none() | values
        columns[name] = pl.Series(name, draw(_so_many(values, height)), dtype=kind)
    return pl.DataFrame(columns)


def _so_many(values: st.SearchStrategy[Any], number: int) -> st.SearchStrategy[list[Any]]:
    return st.lists(values, min_size=number, max_size=number)
