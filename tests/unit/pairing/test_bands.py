"""When a document is believed without a person, of one referral and nothing else about."""

from datetime import timedelta
from typing import Any, Final

import pytest

from domain.pairing import default_weights, pair, weights_with
from tests.unit.pairing.strategies import (
    MONDAY,
    a_document,
    a_person,
    a_referral,
    decisions,
    documents,
    referrals,
)

SILENT: Final[dict[str, Any]] = {
    "references": [],
    "incident": None,
    "incident_day": None,
    "custody": None,
    "vehicles": [],
    "postcode": None,
}
"""What a document leaves out that tells of its people and its time only."""
NEXT_DAY: Final = MONDAY.date() + timedelta(days=1)
YEAR_ONLY: Final[dict[str, Any]] = {"dob_is_default": True, "initial_dob": []}
ONE_NAME: Final[dict[str, Any]] = {"names": [11], "sounds": [21], "dob": None, "dob_ordered": None}


def state(document: dict[str, Any], person: dict[str, Any] | None = None) -> str:
    """What becomes of a referral that names one person, beside one document of that person."""
    theirs = a_person(names=[11, 13], sounds=[21, 23]) if person == ONE_NAME else a_person()
    found = pair(
        referrals([a_referral()], [theirs]),
        documents([a_document(**document)], [a_person(**(person or {}))]),
        decisions(),
        default_weights(),
    )
    return str(found.outcomes["state"].item())


@pytest.mark.parametrize(("day", "officer", "hours", "expected"), [
    (None, "1234", 20, "paired"), (NEXT_DAY, "1234", 20, "paired"),
    (None, "88", 20, "paired"), (NEXT_DAY, "88", 20, "unpaired"),
    (None, "88", 30, "unpaired"), (NEXT_DAY, "88", 30, "unpaired"),
])  # fmt: skip
def test_within_a_day_the_same_person_is_met_once(
    day: Any, officer: str, hours: int, expected: str
) -> None:
    """
    Name, date of birth and place agree, and the document came within a day of the call: a
    colleague may have written it, or the event's date may be a day off, but not both; it may be
    missing.  A day later it may tell of the next time that they were met.
    """
    came = {"at": MONDAY + timedelta(hours=hours), "day": day, "officer": officer}
    came["postcode"] = "ZA1 4AP"

    assert state(SILENT | came) == expected


@pytest.mark.parametrize(("officer", "days", "expected"), [
    ("1234", 2, "paired"), ("1234", 10, "paired"), ("1234", 20, "unpaired"),
    ("88", 10, "unpaired"),
])  # fmt: skip
def test_an_undated_document_of_the_same_officer_has_a_fortnight(
    officer: str, days: int, expected: str
) -> None:
    """
    To be of one event, if its person is surely the same.
    """
    came = {"at": MONDAY + timedelta(days=days), "day": None, "officer": officer}

    assert state(SILENT | came) == expected


def test_without_a_date_of_birth_a_late_undated_document_is_for_a_person() -> None:
    """
    A name alone comes back; after ten days it does not tell which meeting is meant.
    """
    came = {"at": MONDAY + timedelta(days=10), "day": None}

    assert state(SILENT | came, {"dob": None, "dob_ordered": None, "initial_dob": []}) != "paired"


@pytest.mark.parametrize(("postcode", "expected"), [("ZA1 4AP", "paired"), ("ZA1", "unpaired")])
def test_a_name_at_its_place_on_its_day_may_be_written_of_by_a_colleague(
    postcode: str, expected: str
) -> None:
    """
    On the next day too, and without a date of birth; half of a postcode is not enough.
    """
    unborn: dict[str, Any] = {"dob": None, "dob_ordered": None, "initial_dob": []}
    written = SILENT | {"officer": "88", "postcode": postcode, "at": MONDAY + timedelta(hours=30)}

    assert state(written, unborn) == expected


@pytest.mark.parametrize(("changes", "expected"), [
    ({}, "paired"), ({"at": MONDAY + timedelta(hours=30)}, "unpaired"),
    ({"day": None}, "unpaired"), ({"day": NEXT_DAY}, "unpaired"),
    ({"at": MONDAY - timedelta(hours=1)}, "unpaired"),
    ({"at": MONDAY + timedelta(hours=30), "incident": "512"}, "paired"),
    ({"at": MONDAY + timedelta(hours=30), "custody": "EX-1001-26"}, "paired"),
    ({"at": MONDAY + timedelta(hours=30), "vehicles": ["Q012ABC"]}, "paired"),
    ({"at": MONDAY + timedelta(hours=30), "postcode": "ZA1 4AP"}, "paired"),
])  # fmt: skip
def test_another_place_is_of_the_event_only_at_once_or_by_a_number(
    changes: dict[str, Any], expected: str
) -> None:
    """
    The same officer met the person again elsewhere, or wrote the wrong place: only a document of
    the day, within half a day of the call, is not put to a person.
    """
    elsewhere = SILENT | {"postcode": "ZB7 9QQ", "at": MONDAY + timedelta(hours=8)}

    assert state(elsewhere | changes) == expected


@pytest.mark.parametrize(("hours", "expected"), [(-1, "unpaired"), (1, "paired")])
def test_what_was_written_before_the_call_is_not_of_the_day_beside(
    hours: int, expected: str
) -> None:
    """
    It was written of another meeting; an event's date may be a day off, a clock is not.
    """
    came = {"at": MONDAY + timedelta(hours=hours), "day": NEXT_DAY, "postcode": "ZA1 4AP"}

    assert state(SILENT | came) == expected


@pytest.mark.parametrize(("officer", "near", "expected"), [
    ("1234", False, "paired"), ("88", False, "unpaired"), ("88", True, "paired"),
])  # fmt: skip
def test_most_of_a_name_at_an_incident_is_not_enough_for_a_colleague(
    officer: str, near: bool, expected: str
) -> None:
    """
    Another officer may have met a relative there; a reference one slip away says who is meant.
    """
    most = {"names": [11, 12, 99], "sounds": [21, 22, 98], "dob": None, "dob_ordered": None}
    written = SILENT | {"incident": "512", "incident_day": MONDAY.date(), "officer": officer}
    written |= {"at": MONDAY + timedelta(hours=8), "references": ["26-300418"] if near else []}

    assert state(written, most | {"initial_dob": []}) == expected


@pytest.mark.parametrize(("officer", "expected"), [("1234", "paired"), ("88", "unpaired")])
def test_a_quoted_reference_and_one_name_need_something_of_the_event(
    officer: str, expected: str
) -> None:
    """
    A reference that was mistyped lands on somebody's referral, and one name in common is chance.
    """
    quoted = SILENT | {"references": ["26-300417"], "officer": officer}

    assert state(quoted, ONE_NAME) == expected


@pytest.mark.parametrize(("custody", "expected"), [(None, "unpaired"), ("EX-1001-26", "paired")])
def test_a_document_of_another_incident_is_believed_only_of_the_same_arrest(
    custody: str | None, expected: str
) -> None:
    """
    The officer met the person twice that day, and says himself of which time he writes.
    """
    assert state(SILENT | {"incident": "907", "custody": custody}) == expected


@pytest.mark.parametrize(("custody", "expected"), [(None, "unpaired"), ("EX-1001-26", "paired")])
def test_one_arrest_is_one_event_whatever_the_days(custody: str | None, expected: str) -> None:
    """
    A custody number is of one arrest; without it five days later is another meeting.
    """
    later = {"at": MONDAY + timedelta(days=5), "day": MONDAY.date() + timedelta(days=5)}

    assert state(SILENT | later | {"custody": custody}) == expected


@pytest.mark.parametrize(("called", "incident", "expected"), [
    (0, "512", "paired"), (3, "512", "paired"), (3, None, "unpaired"), (15, "512", "unpaired"),
    (-1, "512", "unpaired"),
])  # fmt: skip
def test_the_day_of_the_event_is_that_of_its_number(
    called: int, incident: str | None, expected: str
) -> None:
    """
    The officer called some days after the event, of which the document says the day.  A number
    of a day after the call, or long before it, is a slip.
    """
    ours = a_referral(incident=incident, incident_day=MONDAY.date() if incident else None)
    ours |= {"at": MONDAY + timedelta(days=called), "day": MONDAY.date() + timedelta(days=called)}
    at = MONDAY + timedelta(days=called, hours=40)
    theirs = a_document(**SILENT | {"at": at})
    found = pair(
        referrals([ours], [a_person()]), documents([theirs], [a_person()]), decisions(),
        default_weights(),
    )  # fmt: skip

    assert found.outcomes["state"].item() == expected


@pytest.mark.parametrize(("changes", "made"), [
    ({"at": MONDAY + timedelta(days=3)}, 2),
    ({"at": MONDAY + timedelta(days=3), "incident": "907"}, 1),
    ({}, 2), ({"day": None}, 2), ({"day": NEXT_DAY}, 1),
])  # fmt: skip
def test_a_silent_document_of_another_incident_or_day_is_no_second_one(
    changes: dict[str, Any], made: int
) -> None:
    """
    Officer and person are the same, but it says itself that it tells of something else; or they
    met on two days running, and the first has its document.
    """
    weights = default_weights()
    rare = weights_with(weights, "twins", {**weights.content("twins"), "most": 0.0})
    other = SILENT | {"postcode": "ZA1 4AP", "at": MONDAY + timedelta(hours=20)} | changes
    found = pair(
        referrals([a_referral()], [a_person()]),
        documents([a_document(1), a_document(2, **other)], [a_person(1), a_person(2)]),
        decisions(),
        rare,
    )

    assert (found.pairings["band"] == "auto").sum() == made


@pytest.mark.parametrize(("officer", "references", "incident", "person", "expected"), [
    ("1234", ["26-300418"], "512", ONE_NAME, "paired"),
    ("1234", [], "512", ONE_NAME, "unpaired"),
    ("88", ["26-300418"], "512", ONE_NAME, "unpaired"),
    ("1234", ["26-300418"], "907", ONE_NAME, "unpaired"),
    ("1234", ["26-300418"], "907", None, "paired"),
    ("1234", [], "907", None, "unpaired"),
    ("88", ["26-300418"], "907", None, "unpaired"),
])  # fmt: skip
def test_a_reference_one_slip_away_is_meant_by_its_officer(
    officer: str, references: list[str], incident: str, person: dict[str, Any] | None, expected: str
) -> None:
    """
    At the incident one name is enough beside it; elsewhere the people must be the same.
    """
    written = {"officer": officer, "references": references, "incident": incident}

    assert state(SILENT | {"incident_day": MONDAY.date()} | written, person) == expected


@pytest.mark.parametrize(("changes", "expected"), [
    ({}, "paired"), ({"incident": None}, "unpaired"), ({"references": []}, "unpaired"),
    ({"references": ["26-300418"]}, "unpaired"),
])  # fmt: skip
def test_a_reference_and_its_incident_outweigh_another_name(
    changes: dict[str, Any], expected: str
) -> None:
    """
    An alias was given, and the year of birth alone: the two numbers together are no slip.
    """
    alias = {"names": [98, 99], "sounds": [88, 89], "dob": 77, "dob_ordered": 78}
    numbers = {"incident": "512", "incident_day": MONDAY.date(), "references": ["26-300417"]}

    assert state(SILENT | numbers | changes, alias | YEAR_ONLY) == expected


@pytest.mark.parametrize(("changes", "expected"), [
    ({}, "paired"), ({"custody": None}, "unpaired"), ({"custody": "EX-1002-26"}, "unpaired"),
])  # fmt: skip
def test_a_colleague_who_has_the_custody_number_tells_of_the_arrest(
    changes: dict[str, Any], expected: str
) -> None:
    """
    On the next day, with nothing else of the event.
    """
    custody = {"custody": "EX-1001-26", "officer": "88", "day": NEXT_DAY}

    assert state(SILENT | custody | {"at": MONDAY + timedelta(hours=30)} | changes) == expected


@pytest.mark.parametrize(("changes", "expected"), [
    ({}, "paired"), ({"vehicles": []}, "unpaired"), ({"officer": "88"}, "unpaired"),
    ({"day": MONDAY.date() + timedelta(days=2)}, "unpaired"),
])  # fmt: skip
def test_officer_and_vehicle_are_of_the_event_on_the_day_beside(
    changes: dict[str, Any], expected: str
) -> None:
    """
    Five days later, of the day after: the date is off by one, and the car was there.
    """
    later = {"vehicles": ["Q012ABC"], "day": NEXT_DAY, "at": MONDAY + timedelta(days=5)}

    assert state(SILENT | later | changes) == expected
