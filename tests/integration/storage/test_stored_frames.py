"""Frames out of columns of the database are exactly those out of its rows."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from sqlalchemy import Engine
from sqlmodel import Session

from domain.pairing import Records
from domain.policy import Policy, PolicySet
from domain.words import Feed
from models import DeliveryRow
from services import stored_frames, stored_records, versions
from tests.builders import FIRST_NIGHT, FORCE, Record, a_document, a_referral

NIGHTS = [FIRST_NIGHT + timedelta(days=days) for days in range(3)]
BOUNDARY = datetime(2026, 5, 31, 23, tzinfo=UTC)
"""Midnight in London, from which no type but one counts."""
POLICIES = PolicySet(
    (
        Policy(effective_from=date(2026, 1, 1)),
        Policy(effective_from=date(2026, 6, 1), document_types=("3x5x2",)),
    )
)
LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0\x1f")
WORDS = st.text(LETTERS, min_size=1, max_size=6) | st.sampled_from(["null", '["\\u00e9"]', "李 😀"])
MAYBE = st.none() | WORDS
LISTS = st.lists(WORDS, max_size=3)
TOKENS = st.integers(0, 2**64 - 1).map(lambda number: f"{number:016x}")
DAYS = st.none() | st.dates(date(1900, 1, 1), date(2100, 12, 31))
INSTANTS = st.one_of(
    st.timedeltas(timedelta(hours=-2), timedelta(hours=2)).map(lambda apart: BOUNDARY + apart),
    st.datetimes(
        datetime(1900, 1, 1),  # noqa: DTZ001 - Hypothesis adds the zone
        datetime(2100, 12, 31),  # noqa: DTZ001 - Hypothesis adds the zone
        timezones=st.just(UTC),
    ),
)
PERSON = st.fixed_dictionaries(
    {
        "role": st.sampled_from(["suspect", "unknown"]) | WORDS,
        "nationality": MAYBE,
        "names": st.lists(TOKENS, max_size=3),
        "sounds": st.lists(TOKENS, max_size=3),
        "dob": st.none() | TOKENS,
        "dob_ordered": st.none() | TOKENS,
        "initial_dob": st.lists(TOKENS, max_size=2),
        "dob_is_default": st.booleans(),
    }
)
PEOPLE = st.lists(PERSON, max_size=3) | PERSON.map(lambda person: [person] * 40)
BOTH: dict[str, st.SearchStrategy[Any]] = {
    "officer": WORDS,
    "incident": MAYBE,
    "incident_day": DAYS,
    "custody": MAYBE,
    "postcode": MAYBE,
    "vehicles": LISTS,
    "people": PEOPLE,
}
OWN: dict[Feed, dict[str, st.SearchStrategy[Any]]] = {
    Feed.REFERRALS: {"referred_at": INSTANTS, "reference": MAYBE, "event_type": MAYBE},
    Feed.DOCUMENTS: {
        "submitted_at": INSTANTS,
        "references": LISTS,
        "event_date": DAYS,
        "status": st.sampled_from([None, "", "submitted", "Accepted", "draft", "withdrawn"]),
        "document_type": st.sampled_from([None, "3x5x2", "3\N{MULTIPLICATION SIGN}5X2", "memo"]),
    },
}
MAKERS = {Feed.REFERRALS: a_referral, Feed.DOCUMENTS: a_document}


def deliveries(feed: Feed) -> st.SearchStrategy[list[list[Record]]]:
    """What each of two nights brings; a number that comes again is an amendment."""
    told = st.fixed_dictionaries({**BOTH, **OWN[feed]})
    record = st.builds(lambda number, more: MAKERS[feed](number) | more, st.integers(1, 6), told)
    return st.lists(st.lists(record, max_size=5), min_size=2, max_size=2)


def deliver(session: Session, feed: Feed, night: datetime, records: list[Record]) -> None:
    """Store the records as those of one delivery."""
    delivery = DeliveryRow(
        force=FORCE,
        feed=feed,
        sha256=night.isoformat(),
        file_name="",
        size=0,
        map_hash="",
        known_at=night,
        received_at=night,
        rows_read=0,
        rows_new=0,
        rows_amended=0,
        rows_unchanged=0,
        rows_quarantined=0,
    )
    session.add(delivery)
    session.flush()
    versions.store(session, delivery, records)


def same(expected: Records, found: Records) -> None:
    """Fail unless the frames are equal to the bit, in the same order."""
    assert_frame_equal(expected.records, found.records, check_exact=True)
    assert_frame_equal(expected.people, found.people, check_exact=True)


@pytest.mark.parametrize("feed", Feed)
@settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # each example is undone
)
@given(data=st.data(), chunk=st.integers(1, 4))
def test_a_column_of_the_database_is_what_its_rows_are(
    engine: Engine, feed: Feed, data: st.DataObject, chunk: int
) -> None:
    """
    The full pass would otherwise raise contradictions that no record explains.
    """
    brought = data.draw(deliveries(feed))
    with Session(engine) as session, pytest.MonkeyPatch.context() as patch:
        patch.setattr(stored_frames, "CHUNK", chunk)
        for night, records in zip(NIGHTS, brought, strict=False):
            deliver(session, feed, night, records)
        for as_of in NIGHTS:
            rows = stored_records.as_known(session, feed, FORCE, as_of)
            parts = list(stored_frames.known(session, feed, FORCE, as_of, POLICIES))
            found = Records(
                pl.concat(part.records for part in parts), pl.concat(part.people for part in parts)
            )
            same(stored_records.frames(feed, rows, POLICIES), found)
            assert max(1, -(-len(rows) // chunk)) == len(parts)
        now = stored_records.current(session, feed, rows)
        found = stored_frames.current(session, feed, rows, POLICIES)
        same(stored_records.frames(feed, now, POLICIES), found)
        session.rollback()
