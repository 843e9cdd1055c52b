"""Records that share a value are weighed within the window of time only, to its very edges."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from adapters import database
from models import CandidateRow, DocumentRow, ReferralRow
from tests.builders import DAY, FIRST_NIGHT, REFERRED, Record, a_document, a_night, a_referral

MARK: dict[str, Any] = {"vehicle_registrations": ["AB12CDE"], "people": []}
LATER = 200 * DAY
INSTANT = timedelta(microseconds=1)
GAPS = {
    "too early": -DAY - INSTANT,
    "just not too early": -DAY,
    "just not too late": 120 * DAY,
    "too late": 120 * DAY + INSTANT,
}


@pytest.mark.parametrize("first", ["referral", "documents"])
def test_the_window_ends_to_the_microsecond(engine: Engine, first: str) -> None:
    """
    Whichever of the two came first, what is asked of the database leaves out no candidate.
    """
    documents = [
        _document(number, REFERRED + gap) for number, gap in enumerate(GAPS.values(), start=2)
    ]
    referral = [_referral(1, REFERRED)]
    night = FIRST_NIGHT + LATER
    if first == "referral":
        a_night(engine, night, referrals=referral)
        a_night(engine, night + DAY, documents=documents)
    else:
        a_night(engine, night, documents=documents)
        a_night(engine, night + DAY, referrals=referral)

    assert {("R1", "U3"), ("R1", "U4")} == _candidates(engine)


def test_a_night_that_amends_old_records_weighs_them_and_the_new(engine: Engine) -> None:
    """
    One mark, two times of it that are far apart: each has its own candidates.
    """
    old, new = _pair(1, REFERRED), _pair(2, REFERRED + LATER)
    a_night(engine, FIRST_NIGHT, referrals=old[:1], documents=old[1:])
    changed = {**old[0], "district": "South"}

    a_night(engine, FIRST_NIGHT + LATER, referrals=[changed, new[0]], documents=new[1:])

    assert {("R1", "U1"), ("R2", "U2")} == _candidates(engine)


def test_old_history_does_not_make_a_value_too_common(engine: Engine) -> None:
    """
    Eighty cars on one trade plate are few enough to weigh, whatever it was on last year.
    """
    old = [_pair(number, REFERRED) for number in range(1, 81)]
    new = [_pair(number, REFERRED + LATER) for number in range(81, 161)]
    a_night(engine, FIRST_NIGHT, referrals=[r for r, _ in old], documents=[d for _, d in old])
    changed = [{**referral, "district": "South"} for referral, _ in old]

    told = a_night(
        engine,
        FIRST_NIGHT + LATER,
        referrals=[*changed, *(r for r, _ in new)],
        documents=[d for _, d in new],
    )

    assert told.pairing.warnings == ()
    assert len(_candidates(engine)) == 2 * 80 * 80


def _pair(number: int, at: datetime) -> tuple[Record, Record]:
    return _referral(number, at), _document(number, at)


def _referral(number: int, at: datetime) -> Record:
    return a_referral(number, referred_at=at, **MARK)


def _document(number: int, at: datetime) -> Record:
    return a_document(number, submitted_at=at, event_date=at.date(), **MARK)


def _candidates(engine: Engine) -> set[tuple[str, str]]:
    """The pairs that were weighed, by their own keys."""
    with database.reading(engine) as session:
        return {
            (referral, urn)
            for referral, urn in session.exec(
                select(ReferralRow.referral_id, DocumentRow.urn)
                .join(CandidateRow, col(CandidateRow.referral) == ReferralRow.id)
                .join(DocumentRow, col(CandidateRow.document) == DocumentRow.id)
            )
        }
