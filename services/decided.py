"""The decisions of people that are in force, as a reviewer reads them."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from models import DecisionRow, DocumentRow, ReferralRow


@dataclass(frozen=True)
class StandingDecision:
    """One decision that nobody has ended.

    `overtaken_at` is when a run found that a record says something else since, and decided the
    pair anew; None while the decision holds.  Instants are aware and UTC.
    """

    force: str
    referral_id: str
    urn: str
    verdict: str
    reason: str
    decided_by: str
    decided_at: datetime
    overtaken_at: datetime | None


def listed(session: Session, force: str) -> list[StandingDecision]:
    """The decisions of a force that are in force, the oldest first."""
    rows = session.exec(
        select(DecisionRow, ReferralRow, DocumentRow)
        .join(ReferralRow, col(ReferralRow.id) == col(DecisionRow.referral))
        .join(DocumentRow, col(DocumentRow.id) == col(DecisionRow.document))
        .where(col(DecisionRow.force) == force, col(DecisionRow.ended_at).is_(None))
        .order_by(col(DecisionRow.decided_at), col(DecisionRow.id))
    )
    return [
        StandingDecision(
            force=force,
            referral_id=head.referral_id,
            urn=paper.urn,
            verdict=row.verdict.value,
            reason=row.reason,
            decided_by=row.decided_by,
            decided_at=row.decided_at,
            overtaken_at=row.noticed_at,
        )
        for row, head, paper in rows
    ]
