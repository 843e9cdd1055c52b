"""What people decide about pairings: confirm, reject, and take either back.

A decision takes effect at once in the record and in the pairings at the next run, or when
`services.pairing.pair_force` is called.  Confirming one pair closes its rivals in the same
transaction, so no document is left answering two referrals that a person told apart.
"""

from datetime import datetime

from sqlmodel import Session, col, or_, select

from domain.audit_trail import Action
from domain.errors import DecisionRefused
from domain.words import Band, Feed, Role, Verdict
from models import CandidateRow, DecisionRow, DocumentRow, PairingRow, ReferralRow
from services import audit_trail, stored_records, turns
from services.frames import evidence_hash

ACTIONS = {
    Verdict.CONFIRMED: Action.PAIRING_CONFIRMED,
    Verdict.REJECTED: Action.PAIRING_REJECTED,
}


def decide(
    session: Session,
    referral: int,
    document: int,
    verdict: Verdict,
    *,
    reason: str,
    reviewer: str,
    now: datetime,
) -> DecisionRow | None:
    """Record a person's decision on one pair, bound to the evidence that they saw.

    Deciding the same again is a no-op and returns None.

    Raises:
        DecisionRefused: unknown records, no reason, or a decision that says the opposite and
            stands. Nothing was stored.
    """
    head = _known(session, referral, document)
    if not reason.strip():
        raise DecisionRefused(
            f"A decision on referral {head.referral_id} needs a reason in words."
            " Nothing was stored."
        )
    evidence = _evidence(session, referral, document)
    before = standing(session, referral, document)
    if before is not None and before.evidence_hash == evidence:
        if before.verdict == verdict:
            return None
        raise DecisionRefused(
            f"The pair of referral {head.referral_id} was {before.verdict.value} already."
            " Take that decision back first (counterfoil decision end). Nothing was stored."
        )
    if before is not None:
        _end(session, before, reviewer, now)
    row = DecisionRow(
        force=head.force,
        referral=referral,
        document=document,
        verdict=verdict,
        reason=reason,
        decided_by=reviewer,
        decided_at=now,
        evidence_hash=evidence,
    )
    session.add(row)
    session.flush()
    if verdict == Verdict.CONFIRMED:
        _close_rivals(session, referral, document, reviewer, now)
    _touch(session, referral, document)
    _say(session, row, ACTIONS[verdict], reviewer, now)
    return row


def take_back(session: Session, decision: int, *, reviewer: str, now: datetime) -> None:
    """End a decision; the pair is decided by the engine again, on the original clock.

    Raises:
        DecisionRefused: there is no such decision, or it has ended. Nothing was stored.
    """
    row = session.get(DecisionRow, decision)
    if row is not None:
        turns.take(session, row.force)
        session.refresh(row)
    if row is None or row.ended_at is not None:
        raise DecisionRefused("There is no such decision in force. Nothing was stored.")
    _end(session, row, reviewer, now)
    _touch(session, row.referral, row.document)
    _say(session, row, Action.DECISION_ENDED, reviewer, now)


def standing(session: Session, referral: int, document: int) -> DecisionRow | None:
    """The decision on a pair that nobody has ended."""
    return session.exec(
        select(DecisionRow).where(
            col(DecisionRow.referral) == referral,
            col(DecisionRow.document) == document,
            col(DecisionRow.ended_at).is_(None),
        )
    ).first()


def _known(session: Session, referral: int, document: int) -> ReferralRow:
    head, paper = session.get(ReferralRow, referral), session.get(DocumentRow, document)
    if head is None or paper is None or head.force != paper.force:
        raise DecisionRefused(
            "There is no such referral and document of one force. Nothing was stored."
        )
    turns.take(session, head.force)
    session.refresh(head)
    return head


def _evidence(session: Session, referral: int, document: int) -> str:
    left = stored_records.current(session, Feed.REFERRALS, [referral])[referral]
    right = stored_records.current(session, Feed.DOCUMENTS, [document])[document]
    return evidence_hash(left["fingerprint"], right["fingerprint"])


def _end(session: Session, row: DecisionRow, by: str, now: datetime) -> None:
    row.ended_at, row.ended_by = now, by
    session.add(row)
    session.flush()


def _close_rivals(
    session: Session, referral: int, document: int, reviewer: str, now: datetime
) -> None:
    """End the pairings under review that the confirmed one rules out."""
    rivals = session.exec(
        select(PairingRow).where(
            col(PairingRow.ended_at).is_(None),
            or_(col(PairingRow.referral) == referral, col(PairingRow.document) == document),
            or_(
                col(PairingRow.band) == Band.REVIEW,
                (col(PairingRow.document) == document) & (col(PairingRow.role) == Role.PRIMARY),
            ),
        )
    ).all()
    for row in rivals:
        row.ended_at, row.ended_by = now, reviewer
        row.ended_why = "a person confirmed a rival pairing"
        session.add(row)
        _touch(session, row.referral, row.document)
        audit_trail.append(
            session,
            at=now,
            actor=reviewer,
            action=Action.PAIRING_ENDED,
            subject=f"referral/{row.referral}",
            detail={"document": row.document, "rule": row.rule},
        )


def _touch(session: Session, referral: int, document: int) -> None:
    """Have the next run decide both again, with whatever the document is or may be paired to.

    A referral that lost the document to a confirmation may get it back when that is ended.
    """
    paired = select(PairingRow.referral).where(
        col(PairingRow.document) == document, col(PairingRow.ended_at).is_(None)
    )
    may_be = select(CandidateRow.referral).where(col(CandidateRow.document) == document)
    touched = {referral, *session.exec(paired), *session.exec(may_be)}
    for row in session.exec(select(ReferralRow).where(col(ReferralRow.id).in_(touched))):
        row.settled = False
        session.add(row)
    session.flush()


def _say(session: Session, row: DecisionRow, action: Action, actor: str, now: datetime) -> None:
    audit_trail.append(
        session,
        at=now,
        actor=actor,
        action=action,
        subject=f"decision/{row.id}",
        detail={"referral": row.referral, "document": row.document},
    )
