"""What is said of a referral that is not paired is what kept it from being paired."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from adapters import database
from cli.explain import _heading
from domain.pairing import default_weights
from models import ReferralRow
from services import explaining
from services.explaining import DOUBLED, UNDER_THE_FLOOR, WHY, Explained
from tests.builders import (
    AFTER_GRACE,
    DAY,
    FORCE,
    POLICIES,
    Record,
    a_document,
    a_night,
    a_person,
    a_referral,
)
from tests.integration.nights.acting import reject

UNDATED_BY_ANOTHER = a_document(
    author_officer_id="PC77",
    nccu_references=[],
    incident_number=None,
    event_date=None,
    postcode="ME1 1AA",
    submitted_at=AFTER_GRACE,
)
BARELY_ALIKE = a_document(
    nccu_references=[],
    incident_number="77",
    people=[a_person(3)],
    submitted_at=AFTER_GRACE - DAY,
)


def explained(engine: Engine) -> tuple[str, Explained]:
    """What the night noted of the nearest document, and the explanation, which must agree."""
    with database.session(engine) as session:
        (head,) = session.exec(select(ReferralRow))
        noted = [near["words"] for near in head.nearest]
        found = explaining.explain(
            session,
            FORCE,
            "R1",
            policies=POLICIES,
            weights=default_weights(),
            actor="user:alice",
            now=AFTER_GRACE,
        )
    weighed = [pair.words for pair in found.pairs if pair.words]
    assert set(weighed) <= set(noted)
    return noted[0] if noted else "", found


def a_night_of(engine: Engine, *documents: Record) -> None:
    """One referral and some documents, and nothing else."""
    ours = a_referral(postcode="ME1 1AA")
    a_night(engine, AFTER_GRACE, referrals=[ours], documents=documents, ordinary=0)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (a_document(status="draft"), "enough by itself, but the document is a draft."),
        (UNDATED_BY_ANOTHER, "but neither incident, day nor time ties the two to one event."),
    ],
    ids=["draft", "undated"],
)
def test_the_only_document_has_no_rival(
    sqlite_engine: Engine, document: Record, words: str
) -> None:
    """
    With one referral and one document nothing else can fit.
    """
    a_night_of(sqlite_engine, document)

    noted, found = explained(sqlite_engine)

    assert noted.endswith(words), noted
    assert {noted} >= {pair.words for pair in found.pairs if pair.made_at is None}


def test_a_rejected_pair_is_said_to_be_rejected(sqlite_engine: Engine) -> None:
    """
    By the next night, in the flag and by `explain`.
    """
    a_night_of(sqlite_engine, a_document())
    reject(sqlite_engine, "R1", "U1", now=AFTER_GRACE + timedelta(hours=1))
    a_night(sqlite_engine, AFTER_GRACE + DAY)

    noted, found = explained(sqlite_engine)

    assert noted.endswith("enough by itself, but a person rejected the pair.")
    assert [noted] == [pair.words for pair in found.pairs]
    assert WHY["rejected_by_person"] == found.why


def test_no_candidate_is_said_only_where_there_is_none(sqlite_engine: Engine) -> None:
    """
    Candidates under the floor are shown below it, field by field.
    """
    a_night_of(sqlite_engine)
    assert (WHY["no_candidate"], ()) == (
        explained(sqlite_engine)[1].why,
        explained(sqlite_engine)[1].pairs,
    )

    a_night(sqlite_engine, AFTER_GRACE + DAY, documents=[BARELY_ALIKE], ordinary=0)
    found = explained(sqlite_engine)[1]
    assert UNDER_THE_FLOOR == found.why
    assert ["U1"] == [pair.urn for pair in found.pairs]


def test_documents_of_one_event_are_not_said_to_be_close(sqlite_engine: Engine) -> None:
    """
    One is bits ahead, and only a reference could tell which of them answers.
    """
    silent: Record = {"nccu_references": [], "submitted_at": AFTER_GRACE - DAY}
    less = a_document(urn="U2", **{**silent, "incident_number": None})
    a_night_of(sqlite_engine, a_document(**silent), less)

    _, found = explained(sqlite_engine)

    assert [DOUBLED] * 3 == [found.why, *(pair.why for pair in found.pairs)]
    first, second = map(_heading, found.pairs)
    assert "bits ahead of the next: another document tells of the same event, and" in first
    assert "too close" not in first + second
