"""Which referrals must be decided again together, from the stored candidates.

Two records are neighbours when a candidate at or above the floor, or a decision of a
person, joins them; two referrals also when they are of one case (force, incident number,
incident day).  A night decides whole neighbourhoods and nothing else, so its work grows
with what is new and its result is that of deciding everything at once.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, TypeVar

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models import CandidateRow, DecisionRow, ReferralRow

CHUNK = 500
Value = TypeVar("Value", int, str)


def chunks(values: Iterable[Value]) -> Iterator[list[Value]]:
    """Sorted slices small enough for one IN list on either database."""
    ordered = sorted(values)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def around(
    session: Session, force: str, referrals: set[int], documents: set[int], floor: float
) -> tuple[set[int], set[int]]:
    """Every referral and document reachable from the ones given, themselves included."""
    seen_referrals: set[int] = set()
    seen_documents: set[int] = set()
    new_referrals, new_documents = set(referrals), set(documents)
    while new_referrals or new_documents:
        seen_referrals |= new_referrals
        seen_documents |= new_documents
        next_documents = _documents_of(session, new_referrals, floor)
        next_referrals = _referrals_of(session, new_documents, floor)
        next_referrals |= _case_mates(session, force, new_referrals)
        new_referrals = next_referrals - seen_referrals
        new_documents = next_documents - seen_documents
    return seen_referrals, seen_documents


def _documents_of(session: Session, referrals: set[int], floor: float) -> set[int]:
    found: set[int] = set()
    for some in chunks(referrals):
        found |= _ids(
            session,
            select(CandidateRow.document).where(
                col(CandidateRow.referral).in_(some),
                col(CandidateRow.weight) >= floor,
            ),
        )
        found |= _ids(
            session,
            select(DecisionRow.document).where(
                col(DecisionRow.referral).in_(some),
                col(DecisionRow.ended_at).is_(None),
            ),
        )
    return found


def _referrals_of(session: Session, documents: set[int], floor: float) -> set[int]:
    found: set[int] = set()
    for some in chunks(documents):
        found |= _ids(
            session,
            select(CandidateRow.referral).where(
                col(CandidateRow.document).in_(some),
                col(CandidateRow.weight) >= floor,
            ),
        )
        found |= _ids(
            session,
            select(DecisionRow.referral).where(
                col(DecisionRow.document).in_(some),
                col(DecisionRow.ended_at).is_(None),
            ),
        )
    return found


def _case_mates(session: Session, force: str, referrals: set[int]) -> set[int]:
    cases: dict[date, set[str]] = {}
    for some in chunks(referrals):
        rows = session.exec(
            select(col(ReferralRow.incident_day), col(ReferralRow.incident)).where(
                col(ReferralRow.id).in_(some),
                col(ReferralRow.incident).is_not(None),
                col(ReferralRow.incident_day).is_not(None),
            )
        )
        for day, incident in rows:
            if day is not None and incident is not None:
                cases.setdefault(day, set()).add(incident)
    found: set[int] = set()
    for day, incidents in sorted(cases.items()):
        for these in chunks(incidents):
            found |= _ids(
                session,
                select(col(ReferralRow.id)).where(
                    col(ReferralRow.force) == force,
                    col(ReferralRow.incident_day) == day,
                    col(ReferralRow.incident).in_(these),
                ),
            )
    return found


def _ids(session: Session, query: SelectOfScalar[Any]) -> set[int]:
    return set(session.exec(query))
