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
from sqlmodel import Session

from domain.audit_trail import Action
from domain.words import Verdict
from models import DecisionRow
from services import audit_trail, flags
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
        flags.notice(session, row.referral, sentence(row), at=at, actor=actor)


def sentence(decision: DecisionRow) -> str:
    """What a reviewer reads beside a pair that is proposed again."""
    return f"evidence changed since {NOUN[decision.verdict]} of {on_day(decision.decided_at)}"


def on_day(instant: datetime) -> str:
    """London's date at `instant`, for a notice."""
    return f"{instant.astimezone(LONDON).date():%d %b %Y}"
