"""Which referrals one document may answer besides its own."""

from collections.abc import Sequence
from datetime import date

import polars as pl
import pytest

from domain.pairing import PairingResult, default_weights, pair
from tests.unit.pairing.strategies import (
    MONDAY,
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


def rows(result: PairingResult) -> set[tuple[int, int, str, str]]:
    """What was made or put to a person."""
    return set(result.pairings.select("referral", "document", "role", "band").iter_rows())
