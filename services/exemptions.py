"""Exemptions: asked for by one person, approved by another, and at an end on a known day."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from domain.audit_trail import Action
from domain.errors import DecisionRefused
from domain.obligation import ExemptionFacts
from domain.words import Feed
from models import ExemptionRow, ReferralRow
from services import audit_trail, flags, stored_records, turns
from services.decisions_in_force import on_day
from services.stored_records import Stored

REASON_CODES = frozenset(
    {"not_required", "duplicate_referral", "held_on_restricted_system", "other_force_submits"}
)


def ask(
    session: Session,
    referral: int,
    *,
    reason_code: str,
    reason: str,
    expires_at: datetime,
    requested_by: str,
    now: datetime,
) -> ExemptionRow:
    """Ask for an exemption; it excuses nothing until a second person approves it.

    A document held on a restricted system is one of the reasons; its reference is not kept.

    Raises:
        DecisionRefused: unknown referral or reason, no words, an expiry that has passed, or
            an exemption that stands already. Nothing was stored.
    """
    head = _head(session, referral)
    if reason_code not in REASON_CODES:
        raise DecisionRefused(
            f"Referral {head.referral_id} cannot be exempted for that reason code. Use one of:"
            f" {', '.join(sorted(REASON_CODES))}. Nothing was stored."
        )
    if not reason.strip():
        raise DecisionRefused(
            f"Referral {head.referral_id} cannot be exempted without a reason in words."
            " Nothing was stored."
        )
    if expires_at <= now:
        raise DecisionRefused(
            f"The exemption of referral {head.referral_id} would have expired already."
            " Give an expiry in the future. Nothing was stored."
        )
    if _standing(session, referral) is not None:
        raise DecisionRefused(
            f"Referral {head.referral_id} has an exemption already. End that one first."
            " Nothing was stored."
        )
    row = ExemptionRow(
        force=head.force,
        referral=referral,
        reason_code=reason_code,
        reason=reason,
        requested_by=requested_by,
        requested_at=now,
        expires_at=expires_at,
        evidence_hash=_fingerprint(session, referral),
    )
    session.add(row)
    session.flush()
    _say(session, row, Action.EXEMPTION_ASKED, requested_by, now)
    return row


def approve(session: Session, exemption: int, *, approver: str, now: datetime) -> None:
    """Put an exemption in force.

    Raises:
        DecisionRefused: it does not wait for approval, the referral has changed since it was
            asked for, or `approver` is who asked. Nothing was stored.
    """
    row = _exemption(session, exemption)
    if row.ended_at is not None or row.approved_at is not None:
        raise DecisionRefused("This exemption does not wait for approval. Nothing was stored.")
    if row.requested_by == approver:
        raise DecisionRefused(
            "An exemption needs a second person's approval, and you asked for this one."
            " Ask a colleague to approve it. Nothing was stored."
        )
    if row.evidence_hash != _fingerprint(session, row.referral):
        raise DecisionRefused(
            "The referral has changed since this exemption was asked for. End it and ask again."
            " Nothing was stored."
        )
    row.approved_by, row.approved_at = approver, now
    _touch(session, row)
    _say(session, row, Action.EXEMPTION_APPROVED, approver, now)


def end(session: Session, exemption: int, *, by: str, now: datetime) -> None:
    """End an exemption before its expiry; the referral is judged again by its own clock."""
    row = _exemption(session, exemption)
    if row.ended_at is not None:
        raise DecisionRefused("This exemption has ended already. Nothing was stored.")
    row.ended_at, row.ended_by = now, by
    _touch(session, row)
    _say(session, row, Action.EXEMPTION_ENDED, by, now)


def in_force(
    session: Session, records: Mapping[int, Stored], *, at: datetime, actor: str
) -> dict[int, ExemptionFacts]:
    """The approved exemptions of some referrals, as judging needs them.

    One whose referral has changed is not in force; that is said once, on the referral's flag
    and in the audit trail.
    """
    rows = session.exec(
        select(ExemptionRow).where(
            col(ExemptionRow.referral).in_(list(records)),
            col(ExemptionRow.ended_at).is_(None),
            col(ExemptionRow.approved_at).is_not(None),
        )
    )
    found: dict[int, ExemptionFacts] = {}
    for row in rows:
        if row.evidence_hash == records[row.referral]["fingerprint"]:
            found[row.referral] = facts(row)
        elif row.noticed_at is None:
            row.noticed_at = at
            session.add(row)
            _say(session, row, Action.EXEMPTION_NOTICED, actor, at)
            day = on_day(row.approved_at or row.requested_at)
            said = f"evidence changed since exemption of {day}"
            flags.notice(session, row.referral, said, at=at, actor=actor)
    return found


def facts(row: ExemptionRow) -> ExemptionFacts:
    """An approved exemption as the domain sees it."""
    ends = min(row.expires_at, row.ended_at) if row.ended_at else row.expires_at
    return ExemptionFacts(row.approved_at or row.requested_at, ends, row.reason_code)


def _head(session: Session, referral: int) -> ReferralRow:
    row = session.get(ReferralRow, referral)
    if row is None:
        raise DecisionRefused("There is no such referral. Nothing was stored.")
    turns.take(session, row.force)
    session.refresh(row)
    return row


def _exemption(session: Session, exemption: int) -> ExemptionRow:
    row = session.get(ExemptionRow, exemption)
    if row is None:
        raise DecisionRefused("There is no such exemption. Nothing was stored.")
    turns.take(session, row.force)
    session.refresh(row)
    return row


def _standing(session: Session, referral: int) -> Any:
    return session.exec(
        select(ExemptionRow).where(
            col(ExemptionRow.referral) == referral, col(ExemptionRow.ended_at).is_(None)
        )
    ).first()


def _fingerprint(session: Session, referral: int) -> str:
    stored = stored_records.current(session, Feed.REFERRALS, [referral])
    return str(stored[referral]["fingerprint"])


def _touch(session: Session, row: ExemptionRow) -> None:
    head = _head(session, row.referral)
    head.judged = False
    session.add_all([row, head])
    session.flush()


def _say(session: Session, row: ExemptionRow, action: Action, actor: str, now: datetime) -> None:
    audit_trail.append(
        session,
        at=now,
        actor=actor,
        action=action,
        subject=f"exemption/{row.id}",
        detail={"referral": row.referral, "reason_code": row.reason_code},
    )
