"""Clean records become frames, column by column, and nothing of them is lost or moved."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from adapters.nationalities import nationality_of
from domain.pairing.frames import DOCUMENT_SCHEMA, PEOPLE_SCHEMA, REFERRAL_SCHEMA
from domain.words import Feed
from services.frames import to_records

TOKENS = st.integers(0, 2**64 - 1).map(lambda number: f"{number:016x}")
SOME_TOKENS = st.lists(TOKENS, max_size=3)
TEXTS = st.none() | st.text("AZ09-É ", min_size=1, max_size=8)
LISTS = st.lists(st.text("AZ09-", min_size=1, max_size=8), max_size=3)
DAYS = st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1))
TIMES = st.datetimes(
    datetime(1970, 1, 1),  # noqa: DTZ001 - Hypothesis adds the zone
    datetime(2100, 1, 1),  # noqa: DTZ001 - Hypothesis adds the zone
    timezones=st.just(UTC),
)
PEOPLE = st.fixed_dictionaries(
    {
        "role": st.sampled_from(["suspect", "unknown"]),
        "nationality": st.sampled_from([None, "GBR", "British", "Kosovar"]),
        "names": SOME_TOKENS,
        "sounds": SOME_TOKENS,
        "dob": st.none() | TOKENS,
        "dob_ordered": st.none() | TOKENS,
        "initial_dob": SOME_TOKENS,
        "dob_is_default": st.booleans(),
    }
)
SHARED = {
    "force": st.sampled_from(["EX", "XA"]),
    "officer": TEXTS,
    "incident": TEXTS,
    "incident_day": DAYS,
    "custody": TEXTS,
    "postcode": TEXTS,
    "vehicles": LISTS,
    "people": st.lists(PEOPLE, max_size=3),
}
REFERRALS = st.fixed_dictionaries(
    {
        **SHARED,
        "referral_id": st.text(min_size=1, max_size=5),
        "referred_at": TIMES,
        "reference": TEXTS,
        "event_type": TEXTS,
    }
)
DOCUMENTS = st.fixed_dictionaries(
    {
        **SHARED,
        "urn": st.text(min_size=1, max_size=5),
        "submitted_at": TIMES,
        "event_date": DAYS,
        "references": LISTS,
    }
)
SAME = ("force", "officer", "incident", "incident_day", "custody", "postcode", "vehicles")


@given(st.lists(REFERRALS, max_size=5))
def test_each_referral_becomes_one_row_of_what_pairing_reads(rows: list[dict[str, Any]]) -> None:
    """
    A value in the wrong row would pair one person's referral with another's document.
    """
    frame = to_records(Feed.REFERRALS, enumerate(rows, 7)).records

    assert list(REFERRAL_SCHEMA.items()) == list(frame.schema.items())
    for number, (row, made) in enumerate(zip(rows, frame.iter_rows(named=True), strict=True), 7):
        assert {name: row[name] for name in SAME} == {name: made[name] for name in SAME}
        assert (number, row["referred_at"]) == (made["key"], made["at"])
        assert f"{row['force']}/{row['referral_id']}" == made["order"]
        assert row["referred_at"].astimezone(ZoneInfo("Europe/London")).date() == made["day"]
        assert (row["reference"], row["event_type"]) == (made["reference"], made["event_type"])


@given(st.lists(st.tuples(DOCUMENTS, st.booleans()), max_size=5))
def test_each_document_becomes_one_row_with_whether_it_can_answer(
    rows: list[tuple[dict[str, Any], bool]],
) -> None:
    """
    A draft must not answer a referral, wherever it stands in the file.
    """
    documents = [document for document, _ in rows]
    frame = to_records(Feed.DOCUMENTS, enumerate(documents), (live for _, live in rows)).records

    assert list(DOCUMENT_SCHEMA.items()) == list(frame.schema.items())
    for (row, live), made in zip(rows, frame.iter_rows(named=True), strict=True):
        assert {name: row[name] for name in SAME} == {name: made[name] for name in SAME}
        assert (row["submitted_at"], row["event_date"]) == (made["at"], made["day"])
        assert (row["references"], live) == (made["references"], made["live"])


@given(st.lists(st.lists(PEOPLE, max_size=3), max_size=4))
def test_each_person_becomes_one_row_with_tokens_as_numbers(rows: list[list[Any]]) -> None:
    """
    A token is 64 bits; one that lost a bit would equal another person's.
    """
    at = datetime(2026, 3, 2, tzinfo=UTC)
    records = [
        {"force": "EX", "urn": str(number), "submitted_at": at, "people": people}
        for number, people in enumerate(rows)
    ]
    frame = to_records(Feed.DOCUMENTS, enumerate(records)).people

    assert list(PEOPLE_SCHEMA.items()) == list(frame.schema.items())
    expected = [
        (record, number, person)
        for record, people in enumerate(rows)
        for number, person in enumerate(people)
    ]
    for (record, number, person), made in zip(expected, frame.iter_rows(named=True), strict=True):
        assert (record, number) == (made["record"], made["person"])
        for name in ("names", "sounds", "initial_dob"):
            assert [int(token, 16) for token in person[name]] == made[name]
        for name in ("dob", "dob_ordered"):
            assert made[name] == (None if person[name] is None else int(person[name], 16))
        for name in ("role", "dob_is_default"):
            assert person[name] == made[name]
        said = person["nationality"]
        assert made["nationality"] == (None if said is None else nationality_of(said))
