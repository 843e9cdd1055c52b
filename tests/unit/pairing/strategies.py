"""Builders that are valid by default, and small worlds in which records often resemble each other.

A world's values come from pools of two or three, so that agreements, ties and rivals are
common; its people are made of tokens, as the door would give them.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
from hypothesis import strategies as st

from domain.pairing import (
    DECISION_SCHEMA,
    DOCUMENT_SCHEMA,
    PEOPLE_SCHEMA,
    REFERRAL_SCHEMA,
    Records,
)

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
Row = dict[str, Any]


def a_referral(key: int = 1, **fields: Any) -> Row:
    """A referral with everything filled in."""
    return {
        "key": key,
        "force": "EX",
        "order": f"EX/R-{key:06}",
        "at": MONDAY,
        "day": MONDAY.date(),
        "officer": "1234",
        "reference": "26-300417",
        "incident": "512",
        "incident_day": MONDAY.date(),
        "custody": "EX-1001-26",
        "postcode": "ZA1 4AP",
        "vehicles": ["Q012ABC"],
        "event_type": "arrest",
    } | fields


def a_document(key: int = 1, **fields: Any) -> Row:
    """A document that copies `a_referral`, submitted five hours later."""
    return {
        "key": key,
        "force": "EX",
        "order": f"EX/INT/{key:06}",
        "at": MONDAY + timedelta(hours=5),
        "day": MONDAY.date(),
        "officer": "1234",
        "references": ["26-300417"],
        "incident": "512",
        "incident_day": MONDAY.date(),
        "custody": "EX-1001-26",
        "postcode": "ZA1 4AP",
        "vehicles": ["Q012ABC"],
        "live": True,
    } | fields


def a_person(record: int = 1, person: int = 0, **fields: Any) -> Row:
    """A person with two names and a date of birth."""
    return {
        "record": record,
        "person": person,
        "names": [11, 12],
        "sounds": [21, 22],
        "dob": 31,
        "dob_ordered": 41,
        "initial_dob": [51, 52],
        "dob_is_default": False,
        "nationality": "ALB",
        "role": "suspect",
    } | fields


def referrals(rows: list[Row], people: list[Row] = []) -> Records:  # noqa: B006 - never changed
    """The referral side."""
    return Records(
        pl.DataFrame(rows, schema=REFERRAL_SCHEMA), pl.DataFrame(people, schema=PEOPLE_SCHEMA)
    )


def documents(rows: list[Row], people: list[Row] = []) -> Records:  # noqa: B006 - never changed
    """The document side."""
    return Records(
        pl.DataFrame(rows, schema=DOCUMENT_SCHEMA), pl.DataFrame(people, schema=PEOPLE_SCHEMA)
    )


def decisions(*rows: tuple[int, int, str]) -> pl.DataFrame:
    """Decisions as (referral, document, verdict)."""
    return pl.DataFrame(list(rows), schema=DECISION_SCHEMA, orient="row")


@dataclass(frozen=True)
class World:
    """Two sides and what people decided about them."""

    referrals: Records
    documents: Records
    decisions: pl.DataFrame


def maybe(*values: Any) -> st.SearchStrategy[Any]:
    """One of a few values, or nothing."""
    return st.sampled_from([*values, None])


DAYS = tuple(date(2026, 3, day) for day in (1, 2, 3, 20))
SHARED = {
    "force": st.sampled_from(["EX", "EX", "EX", "XA"]),
    "officer": maybe("1234", "88"),
    "incident": maybe("512", "513", "77"),
    "incident_day": maybe(*DAYS),
    "custody": maybe("EX-1001-26", "EX-1002-26"),
    "postcode": maybe("ZA1 4AP", "ZA1 4AQ", "ZA1", "ZB2 1AA"),
    "vehicles": st.lists(st.sampled_from(["Q012ABC", "Q077XYZ"]), max_size=2, unique=True),
}
REFERENCES = ("26-300417", "26-300418", "300417", "26-911", "25-300417")
TOKENS = st.lists(st.sampled_from([11, 12, 13, 14]), max_size=3, unique=True)


@st.composite
def people_of(draw: st.DrawFn, record: int) -> list[Row]:
    """Nobody, or one or two people."""
    return [
        a_person(
            record,
            person,
            names=(names := sorted(draw(TOKENS))),
            sounds=[token + 10 for token in names],
            dob=(dob := draw(maybe(31, 32, 33))),
            dob_ordered=None if dob is None else 41 + dob // 33,
            initial_dob=[] if dob is None else [token + dob for token in names],
            dob_is_default=dob == 32,
            nationality=draw(maybe("ALB", "VNM")),
        )
        for person in range(draw(st.integers(0, 2)))
    ]


@st.composite
def worlds(draw: st.DrawFn, decided: bool = True) -> World:
    """Up to five referrals and six documents, with some decisions."""
    left, right = draw(st.integers(0, 5)), draw(st.integers(0, 6))
    ours = [
        a_referral(
            key,
            **{name: draw(values) for name, values in SHARED.items()},
            day=draw(st.sampled_from(DAYS)),
            reference=draw(maybe(*REFERENCES)),
            at=MONDAY + timedelta(hours=draw(st.integers(0, 40))),
        )
        for key in range(left)
    ]
    theirs = [
        a_document(
            key,
            **{name: draw(values) for name, values in SHARED.items()},
            day=draw(maybe(*DAYS)),
            references=draw(st.lists(st.sampled_from(REFERENCES), max_size=2, unique=True)),
            at=MONDAY + timedelta(hours=draw(st.integers(-30, 300))),
            live=draw(st.sampled_from([True, True, True, False])),
        )
        for key in range(right)
    ]
    verdict = st.tuples(
        st.integers(0, max(left - 1, 0)),
        st.integers(0, max(right - 1, 0)),
        st.sampled_from(["confirmed", "rejected"]),
    )
    said = draw(st.lists(verdict, max_size=3)) if decided and left and right else []
    return World(
        referrals(ours, [row for key in range(left) for row in draw(people_of(key))]),
        documents(theirs, [row for key in range(right) for row in draw(people_of(key))]),
        decisions(*said),
    )
