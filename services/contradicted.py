"""The contradictions of the weekly full pass that are open: counted and listed."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from models import ContradictionRow, DocumentRow, ReferralRow


@dataclass(frozen=True)
class OpenContradiction:
    """One contradiction, as a reviewer reads it."""

    referral_id: str
    urn: str
    kind: str
    raised_at: datetime


def count(session: Session, force: str) -> int:
    """How many contradictions of a force are open."""
    return session.exec(
        select(func.count()).where(
            col(ContradictionRow.force) == force, col(ContradictionRow.closed_at).is_(None)
        )
    ).one()


def listed(session: Session, force: str, limit: int | None = None) -> list[OpenContradiction]:
    """The open contradictions of a force, the oldest first."""
    rows = session.exec(
        select(ContradictionRow, ReferralRow, DocumentRow)
        .join(ReferralRow, col(ReferralRow.id) == col(ContradictionRow.referral))
        .join(DocumentRow, col(DocumentRow.id) == col(ContradictionRow.document))
        .where(col(ContradictionRow.force) == force, col(ContradictionRow.closed_at).is_(None))
        .order_by(col(ContradictionRow.raised_at), col(ReferralRow.referral_id))
        .order_by(col(DocumentRow.urn))
        .limit(limit)
    )
    return [
        OpenContradiction(head.referral_id, paper.urn, row.kind.value, row.raised_at)
        for row, head, paper in rows
    ]
