"""Which of people's decisions hold tonight, and notice of those that evidence has overtaken.

A decision is bound to a hash of what the two records said when it was made.  While that is
what they say, every run respects it; when it no longer is, the pair is decided anew and
the decision stays in the history with the night on which it was overtaken.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl
from sqlmodel import Session, col, select

from domain.audit_trail import Action
from domain.words import FlagChange, Verdict
from models import DecisionRow, FlagEventRow, FlagRow
from services import audit_trail
from services.frames import evidence_hash
from services.stored_records import Stored

LONDON = ZoneInfo("Europe/London")
NOUN = {Verdict.CONFIRMED: "confirmation", Verdict.REJECTED: "rejection"}


@dataclass(frozen=True)
class InForce:
    """The decisions of one neighbourhood: those that hold, and those that do not."""

    applied: tuple[DecisionRow, ...]
    overtaken: tuple[DecisionRow, ...]

    def frame(self) -> pl.DataFrame:
        """The decisions that hold, as pairing reads them, oldest first."""
        schema = {"referral": pl.Int64(), "document": pl.Int64(), "verdict": pl.String()}
        rows = [(row.referral, row.document, row.verdict.value) for row in self.applied]
        return pl.DataFrame(rows, schema=schema, orient="row")


def split(
    decisions: Iterable[DecisionRow],
    referrals: Mapping[int, Stored],
    documents: Mapping[int, Stored],
) -> InForce:
    """Tell decisions whose evidence stands from those that it has overtaken."""
    applied: list[DecisionRow] = []
    overtaken: list[DecisionRow] = []
    for row in decisions:
        now = evidence_hash(
            referrals[row.referral]["fingerprint"], documents[row.document]["fingerprint"]
        )
        (applied if row.evidence_hash == now else overtaken).append(row)
    return InForce(tuple(applied), tuple(overtaken))


def notice(session: Session, decisions: InForce, *, at: datetime, actor: str) -> None:
    """Say once, on the decision, its flag and the audit trail, that evidence overtook it."""
    for row in decisions.overtaken:
        if row.noticed_at is not None:
            continue
        row.noticed_at = at
        session.add(row)
        audit_trail.append(
            session,
            at=at,
            actor=actor,
            action=Action.DECISION_NOTICED,
            subject=f"decision/{row.id}",
            detail={"referral": row.referral, "document": row.document},
        )
        flag = session.exec(select(FlagRow).where(col(FlagRow.referral) == row.referral)).first()
        if flag is not None and flag.id is not None:
            session.add(
                FlagEventRow(
                    flag=flag.id,
                    at=at,
                    actor=actor,
                    change=FlagChange.NOTICED,
                    kind=flag.kind,
                    reason=sentence(row),
                )
            )


def sentence(decision: DecisionRow) -> str:
    """What a reviewer reads beside a pair that is proposed again."""
    day = decision.decided_at.astimezone(LONDON).date()
    return f"evidence changed since {NOUN[decision.verdict]} of {day:%d %b %Y}"
