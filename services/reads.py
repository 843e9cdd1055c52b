"""Who was shown which records: section 62 of the Data Protection Act 2018 wants reads logged.

Append before anything is shown, so that what cannot be logged is not shown either.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from domain.audit_trail import JSON, Action
from models import ReferralRow
from services import audit_trail
from services.neighbourhood import chunks


def flags_listed(
    session: Session, force: str, referral_ids: Collection[str], *, actor: str, at: datetime
) -> None:
    """Say that `actor` was shown these referrals' open flags; none shown, nothing said.

    Args:
        referral_ids: The source system's own keys; the trail gets our numbers for them.
        actor: Who was shown them, such as ``user:<login>``.
        at: Aware UTC.
    """
    _referrals_listed(session, force, "open flags", referral_ids, actor, at)


def decisions_listed(
    session: Session, force: str, referral_ids: Collection[str], *, actor: str, at: datetime
) -> None:
    """The same of the decisions on these referrals."""
    _referrals_listed(session, force, "decisions", referral_ids, actor, at)


def quarantine_listed(
    session: Session,
    force: str,
    deliveries: Collection[int],
    rows: int,
    *,
    actor: str,
    at: datetime,
) -> None:
    """Say that `actor` was shown `rows` reasons from these deliveries; none shown, nothing said."""
    if rows:
        detail: dict[str, JSON] = {"list": "quarantine", "deliveries": sorted(deliveries)}
        _listed(session, force, detail | {"rows": rows}, actor, at)


def _referrals_listed(
    session: Session, force: str, what: str, ids: Collection[str], actor: str, at: datetime
) -> None:
    shown = sorted(
        number
        for some in chunks(ids)
        for number in session.exec(
            select(ReferralRow.id).where(
                col(ReferralRow.force) == force, col(ReferralRow.referral_id).in_(some)
            )
        )
        if number is not None
    )
    if shown:
        _listed(session, force, {"list": what, "referrals": shown}, actor, at)


def _listed(
    session: Session, force: str, detail: Mapping[str, JSON], actor: str, at: datetime
) -> None:
    audit_trail.append(
        session,
        at=at,
        actor=actor,
        action=Action.LIST_READ,
        subject=f"force/{force}",
        detail=detail,
    )
