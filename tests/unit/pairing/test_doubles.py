"""Two documents of one event: which answers the referral, and when only a person can tell."""

from datetime import timedelta
from typing import Any

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

SILENT: dict[str, Any] = {"references": [], "custody": None}
NEXT_DAY = MONDAY + timedelta(days=1)
THIRD = a_person(names=[15, 16], sounds=[25, 26], dob=37, dob_ordered=47, initial_dob=[57])
ANOTHER = a_person(names=[13, 14], sounds=[23, 24], dob=35, dob_ordered=45, initial_dob=[55])


def paired(theirs: list[Row], people: list[Row] | None = None) -> PairingResult:
    """One referral, and documents that name its person unless told otherwise."""
    named = [a_person(row["key"]) for row in theirs] if people is None else people
    ours = referrals([a_referral()], [a_person()])
    return pair(ours, documents(theirs, named), decisions(), default_weights())


def made(result: PairingResult) -> list[tuple[int, str]]:
    """The documents paired without a person, and their roles."""
    auto = result.pairings.filter(band="auto").sort("document")
    return list(auto.select("document", "role").iter_rows())


def asked(result: PairingResult) -> list[int]:
    """The documents that a person is asked about."""
    return sorted(result.pairings.filter(band="review")["document"])


@pytest.mark.parametrize(
    "less",
    [
        {},
        {"incident": None, "incident_day": None, "postcode": None, "vehicles": []},
        {"officer": "88", "postcode": None},
    ],
)
def test_of_two_documents_that_quote_nothing_neither_is_chosen_however_little_one_says(
    less: dict[str, Any],
) -> None:
    """What a document leaves out does not tell whether it answers: both are put to a person."""
    result = paired([a_document(1, **SILENT), a_document(2, **(SILENT | less))])

    assert made(result) == []
    assert asked(result) == [1, 2]
    assert result.outcomes["state"].to_list() == ["ambiguous"]


def test_one_document_that_quotes_nothing_is_enough_alone() -> None:
    """Event and people agree, and nothing else tells of that event."""
    assert made(paired([a_document(1, **SILENT)])) == [(1, "primary")]


def test_of_two_documents_of_an_event_the_one_that_quotes_the_referral_answers_it() -> None:
    """However much more the other one says; that is for a person, and the referral is paired."""
    terse = a_document(1, incident=None, incident_day=None, custody=None, vehicles=[])
    result = paired([terse, a_document(2, references=[])])

    assert made(result) == [(1, "primary")]
    assert asked(result) == [2]
    assert result.outcomes["state"].to_list() == ["paired"]


def test_a_document_of_other_people_that_quotes_the_referral_does_not_outdo_its_own() -> None:
    """One quotes it and says little, one agrees in everything and quotes nothing: who knows."""
    numbered = a_document(1, custody=None)
    quoting = numbered | {"incident": None, "incident_day": None}
    silent = a_document(2, **SILENT)

    assert made(paired([quoting, silent], [a_person(2)])) == []
    assert asked(paired([quoting, silent], [a_person(2)])) == [1, 2]
    assert made(paired([numbered, silent], [a_person(2)])) == [(1, "primary")]


@pytest.mark.parametrize("hours", [20, 30])
def test_the_same_officer_and_people_a_day_later_are_one_event_only_if_told_within_a_day(
    hours: int,
) -> None:
    """A document of an encounter of the day after cannot have been submitted before it."""
    unplaced: dict[str, Any] = {"incident": None, "incident_day": None, "vehicles": []}
    at = MONDAY + timedelta(hours=hours)
    result = paired([a_document(1, **SILENT, **unplaced, day=NEXT_DAY.date(), at=at)])

    assert made(result) == ([(1, "primary")] if hours < 24 else [])


def test_a_reference_pasted_from_an_earlier_report_is_not_corroborated_by_the_officer() -> None:
    """The officer and the day are the same because the earlier report was the officer's."""
    pasted = a_document(
        1, incident=None, incident_day=None, custody=None, vehicles=[], postcode=None
    )
    assert made(paired([pasted], [])) == []
    assert made(paired([pasted | {"postcode": "ZA1 4AP"}], [])) == [(1, "primary")]


def test_the_next_number_is_not_a_slip_if_the_document_is_right_about_another_referral() -> None:
    """The parts of an incident have neighbouring references."""
    ours = referrals(
        [a_referral(1), a_referral(2, reference="26-300418", custody=None)],
        [a_person(1), ANOTHER | {"record": 2}],
    )
    theirs = documents(
        [a_document(1), a_document(2, **SILENT)], [a_person(1), ANOTHER | {"record": 2}]
    )
    result = pair(ours, theirs, decisions(), default_weights())

    assert made(result) == [(1, "primary"), (2, "primary")]


@pytest.mark.parametrize("quoted", [["26-300417"], ["26-300417", "26-300418"]])
def test_a_document_that_quotes_several_referrals_of_its_incident_covers_them(
    quoted: list[str],
) -> None:
    """Even one whose person it leaves out; quoting one of them says nothing of the other."""
    ours = referrals(
        [a_referral(1), a_referral(2, reference="26-300418", custody=None)],
        [a_person(1), ANOTHER | {"record": 2}],
    )
    theirs = documents([a_document(1, references=quoted)], [a_person(1)])
    result = pair(ours, theirs, decisions(), default_weights())

    assert result.pairings.filter(band="auto").height == len(quoted)
    assert result.outcomes["state"].to_list()[0] == "paired"


def test_a_reference_one_slip_from_that_of_its_people_is_not_believed_of_others() -> None:
    """The parts of an incident have neighbouring references, and the document slipped."""
    ours = referrals(
        [
            a_referral(1, custody=None),
            a_referral(2, reference="26-300418", custody=None),
            a_referral(3, reference="26-300427", custody=None),
        ],
        [a_person(1), ANOTHER | {"record": 2}, THIRD | {"record": 3}],
    )
    quoted = {"references": ["26-300418", "26-300427"], "custody": None}
    named = [a_person(1), ANOTHER | {"record": 1, "person": 1}]
    result = pair(ours, documents([a_document(1, **quoted)], named), decisions(), default_weights())
    auto = result.pairings.filter(band="auto")

    assert sorted(auto["referral"]) == [1, 2]


def pasted(alike: dict[str, Any]) -> PairingResult:
    """Two referrals of an incident; a document quotes the second and names the first's person.

    `alike` is how far the second's person is alike.
    """
    ours = referrals(
        [a_referral(1, custody=None), a_referral(2, reference="26-104955", custody=None)],
        [a_person(1), ANOTHER | alike | {"record": 2}],
    )
    quoting = a_document(1, references=["26-104955"], custody=None)
    return pair(ours, documents([quoting], [a_person(1)]), decisions(), default_weights())


def test_a_reference_of_the_incidents_other_part_is_not_believed_against_the_people() -> None:
    """It was pasted from the report before; a namesake there corroborates nothing."""
    for alike in ({}, {"names": [11, 99]}):
        assert 2 not in pasted(alike).pairings.filter(band="auto")["referral"]


def test_a_reference_of_the_incidents_other_part_is_believed_with_its_people() -> None:
    """The same person was referred twice, and the document says of which it tells."""
    same = {"names": [11, 12], "sounds": [21, 22], "dob": 31, "dob_ordered": 41}
    auto = pasted(same).pairings.filter(band="auto", role="primary")

    assert auto["referral"].to_list() == [2]
