"""What people do between nights, each in a transaction of its own, by the records' own keys."""

from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session

from adapters import database
from domain.words import Feed, Verdict
from services import decisions, exemptions, stored_records
from tests.builders import FORCE, REFERRED, Record, a_document, a_referral, an_ordinary_document


def key(session: Session, feed: Feed, name: str, force: str = FORCE) -> int:
    """Our number for a record that its source system calls `name`."""
    return stored_records.ids(session, feed, force, [name])[name]


def decide(
    engine: Engine,
    referral: str,
    document: str,
    verdict: Verdict,
    *,
    now: datetime,
    reviewer: str = "alice",
) -> int | None:
    """Decide on one pair; the decision's number, or None when it stood already."""
    with database.session(engine) as session:
        made = decisions.decide(
            session,
            key(session, Feed.REFERRALS, referral),
            key(session, Feed.DOCUMENTS, document),
            verdict,
            reason="seen both",
            reviewer=reviewer,
            now=now,
        )
        return made.id if made else None


def confirm(engine: Engine, referral: str, document: str, *, now: datetime) -> int:
    """Confirm a pair for the first time; the decision's number."""
    made = decide(engine, referral, document, Verdict.CONFIRMED, now=now)
    assert made is not None
    return made


def reject(engine: Engine, referral: str, document: str, *, now: datetime) -> int:
    """Reject a pair for the first time; the decision's number."""
    made = decide(engine, referral, document, Verdict.REJECTED, now=now)
    assert made is not None
    return made


def take_back(engine: Engine, decision: int, *, now: datetime, reviewer: str = "bob") -> None:
    """End a decision."""
    with database.session(engine) as session:
        decisions.take_back(session, decision, reviewer=reviewer, now=now)


def ask(
    engine: Engine,
    referral: str = "R1",
    *,
    now: datetime,
    until: datetime,
    asker: str = "alice",
    reason_code: str = "held_on_restricted_system",
    reason: str = "confirmed by two people",
) -> int:
    """Ask for an exemption; its number."""
    with database.session(engine) as session:
        made = exemptions.ask(
            session,
            key(session, Feed.REFERRALS, referral),
            reason_code=reason_code,
            reason=reason,
            expires_at=until,
            requested_by=asker,
            now=now,
        )
        assert made.id is not None
        return made.id


def approve(engine: Engine, exemption: int, *, now: datetime, approver: str = "bob") -> None:
    """Approve an exemption."""
    with database.session(engine) as session:
        exemptions.approve(session, exemption, approver=approver, now=now)


def end(engine: Engine, exemption: int, *, now: datetime, by: str = "alice") -> None:
    """End an exemption."""
    with database.session(engine) as session:
        exemptions.end(session, exemption, by=by, now=now)


def stale_documents(as_of: datetime, days: int, count: int) -> list[Record]:
    """So many new documents that answer nothing, the newest of them so many days old."""
    old = as_of - timedelta(days=days)
    return [an_ordinary_document(old, 100 + number) for number in range(count)]


def twins() -> list[Record]:
    """R1 and R2: the same person, reported by the same officer twice in five minutes."""
    again = a_referral(
        2,
        referred_at=REFERRED + timedelta(minutes=5),
        officer_id=a_referral()["officer_id"],
        people=a_referral()["people"],
    )
    return [a_referral(), again]


def fits_both(number: int = 1, **changes: object) -> Record:
    """Document ``U<number>`` that fits each of the `twins` alike."""
    told = {
        "nccu_references": [],
        "incident_number": None,
        "author_officer_id": a_referral()["officer_id"],
        "people": a_referral()["people"],
    }
    return a_document(number, **{**told, **changes})
