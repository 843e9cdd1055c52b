"""Which referrals one document may answer besides its own."""

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl
import pytest

from domain.pairing import PairingResult, default_weights, pair
from tests.unit.pairing.strategies import (
    MONDAY,
    Row,
    a_document,
    a_person,
    a_referral,
    decisions,
    documents,
    referrals,
)


def answered(
    incidents: tuple[str | None, str | None],
    days: Sequence[date] = (MONDAY.date(), MONDAY.date()),
    **document: object,
) -> PairingResult:
    """One document, and two referrals that it fits alike but for their incidents."""
    people = [a_person(0), a_person(1)]
    ours = [
        a_referral(key, incident=incident, incident_day=day, custody=None)
        for key, (incident, day) in enumerate(zip(incidents, days, strict=True))
    ]
    theirs = a_document(0, custody=None, references=[], **document)
    return pair(
        referrals(ours, people),
        documents([theirs], people[:1]),
        decisions(),
        default_weights(),
    )


def said(result: PairingResult) -> list[tuple[int, str]]:
    """What became of each referral."""
    return sorted(result.outcomes.select("referral", "state").iter_rows())


def test_a_document_that_names_no_incident_is_not_shared_by_two_incidents() -> None:
    """
    The same two people, referred twice on one day by one officer: the document answers one of
    the two, and nobody but a person can tell which.
    """
    result = answered(("512", "907"), incident=None, incident_day=None)

    assert said(result) == [(0, "ambiguous"), (1, "ambiguous")]
    assert set(result.pairings["rule"]) == {"ambiguous"}
    assert result.pairings["margin"].drop_nulls().to_list() == [0.0]


def test_an_incident_of_another_day_is_another_incident() -> None:
    """Numbers start again from one every day."""
    result = answered(("512", "512"), incident=None, incident_day=None)
    days = [date(2026, 3, 2), date(2026, 3, 4)]
    apart = answered(("512", "512"), days=days, incident=None, incident_day=None)

    assert said(result) == [(0, "paired"), (1, "paired")]
    assert (1, "paired") not in said(apart)


@pytest.mark.parametrize("known", [None, "512"])
def test_a_document_covers_the_referrals_of_its_incident_whether_it_names_it_or_not(
    known: str | None,
) -> None:
    """A clandestine entry is one document and many referrals."""
    result = answered((known, "512"), incident=None, incident_day=None)
    named = answered((known, "512"))

    assert said(result) == said(named) == [(0, "paired"), (1, "paired")]
    roles = result.pairings.filter(pl.col("band") == "auto")["role"]
    assert sorted(roles) == ["cover", "primary"]


def test_a_document_does_not_pass_to_another_referral_because_its_own_is_answered() -> None:
    """
    It fits the referral that others quote better by far, and names another person of the same
    name than the other part of the incident: that part may have no document at all.
    """
    part = a_referral(2, reference="26-911", officer="88", custody=None)
    ours = referrals([a_referral(1), part], [a_person(1), a_person(2, dob=99, dob_ordered=98)])
    quiet = a_document(2, references=[], custody=None)
    theirs = [a_document(1), quiet]
    people = [a_person(1), a_person(2)]
    alone = pair(ours, documents([quiet], people[1:]), decisions(), default_weights())
    found = pair(ours, documents(theirs, people), decisions(), default_weights())

    assert (1, 2, "primary", "auto") in rows(alone)
    assert {row for row in rows(found) if row[1] == 2} == {
        (1, 2, "second", "review"),
        (2, 2, "primary", "review"),
    }


SOMEBODY_ELSE: Row = {
    "names": [14, 15],
    "sounds": [24, 25],
    "dob": 33,
    "dob_ordered": 43,
    "initial_dob": [54, 55],
}
ELSEWHERE: Row = {"custody": None, "postcode": None, "vehicles": []}


def in_two_parts(second: Row, theirs: list[Row], named: list[Row]) -> PairingResult:
    """
    An incident referred in two parts, the second by another officer and with other people; the
    documents name no incident.
    """
    part = a_referral(2, **({"reference": None, "officer": "88"} | ELSEWHERE | second))
    ours = referrals([a_referral(1), part], [a_person(1), a_person(2, **SOMEBODY_ELSE)])
    unnumbered: Row = {"incident": None, "incident_day": None}
    return pair(
        ours,
        documents([row | unnumbered for row in theirs], named),
        decisions(),
        default_weights(),
    )


NO_BIRTH: Row = {"dob": None, "dob_ordered": None, "initial_dob": []}
BOTH = [a_person(1), a_person(1, 1, **(SOMEBODY_ELSE | NO_BIRTH))]


def test_a_document_that_answers_an_incident_answers_those_of_it_whom_it_names() -> None:
    """
    It quotes the first part. That it tells of the second one's event too nothing says but the
    incident that the two parts share.
    """
    found = in_two_parts({}, [a_document(1)], BOTH)
    covered = found.pairings.filter(referral=2)

    assert rows(found) == {(1, 1, "primary", "auto"), (2, 1, "cover", "auto")}
    assert covered["rule"].to_list() == ["person_of_incident"]
    assert covered["margin"].to_list() == covered["weight"].to_list()


SAME_OFFICER: Row = {"officer": "1234"}
"""So that the edge to the second part is heavy enough to be looked at, whatever is named."""


@pytest.mark.parametrize(
    ("second", "named"),
    [
        pytest.param({"incident": "907"}, BOTH, id="of another incident"),
        pytest.param({"incident": None, "incident_day": None}, BOTH, id="of no known incident"),
        pytest.param(SAME_OFFICER, BOTH[:1], id="not named"),
        pytest.param(
            SAME_OFFICER,
            [BOTH[0], BOTH[1] | {"dob": 99, "dob_ordered": 98}],
            id="of another date of birth",
        ),
        pytest.param(
            SAME_OFFICER,
            [BOTH[0], BOTH[1] | {"names": [14, 15, 16], "sounds": [24, 25, 26]}],
            id="by most of a name",
        ),
    ],
)
def test_nobody_else_is_taken_to_be_answered_with_an_incident(
    second: Row, named: list[Row]
) -> None:
    """Only who is surely named, and surely of the incident."""
    if "incident" not in second:
        assert (2, 1, "cover", "auto") in rows(in_two_parts(second, [a_document(1)], BOTH))
    assert (2, 1, "cover", "auto") not in rows(in_two_parts(second, [a_document(1)], named))


def test_a_document_that_says_it_is_of_another_incident_is_believed() -> None:
    """It quotes the first part, and its number is that of neither."""
    elsewhere = a_document(1, incident="907", incident_day=MONDAY.date())
    part = a_referral(2, reference=None, **(SAME_OFFICER | ELSEWHERE))
    ours = referrals([a_referral(1), part], [a_person(1), a_person(2, **SOMEBODY_ELSE)])
    found = pair(ours, documents([elsewhere], BOTH), decisions(), default_weights())

    assert (1, 1, "primary", "auto") in rows(found)
    assert (2, 1, "cover", "auto") not in rows(found)


def test_who_is_in_doubt_between_others_is_left_there() -> None:
    """Two documents of the second part's own are alike; a third one only names its people."""
    own = [a_document(key, officer="88", references=[], **ELSEWHERE) for key in (3, 4)]
    theirs = [row | {"person": 0} for row in (a_person(3, **SOMEBODY_ELSE),)]
    also = [row | {"record": 4} for row in theirs]
    found = in_two_parts({}, [a_document(1), *own], [*BOTH, *theirs, *also])

    assert (2, "ambiguous") in said(found)
    assert (2, 1, "cover", "auto") not in rows(found)


def test_what_is_in_doubt_itself_makes_nothing_sure() -> None:
    """
    Beside another document of the event nothing tells which of the two answers the first part,
    so neither answers the second one for it.
    """
    quiet = [a_document(key, references=[]) for key in (1, 2)]
    found = in_two_parts({}, quiet, [*BOTH, a_person(2)])

    assert {band for _, _, _, band in rows(found)} == {"review"}


def test_of_two_documents_that_name_somebody_a_person_chooses() -> None:
    """Both answer the first part, both name the people of the second, which answers it?"""
    later = a_document(2, at=MONDAY + timedelta(hours=6))
    also = [row | {"record": 2} for row in BOTH]
    found = in_two_parts({}, [a_document(1), later], [*BOTH, *also])

    assert {row for row in rows(found) if row[0] == 2} == {
        (2, 1, "cover", "review"),
        (2, 2, "cover", "review"),
    }
    assert (2, "ambiguous") in said(found)


def rows(result: PairingResult) -> set[tuple[int, int, str, str]]:
    """What was made or put to a person."""
    return set(result.pairings.select("referral", "document", "role", "band").iter_rows())
