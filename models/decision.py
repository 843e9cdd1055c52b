"""What a person decided about one pairing."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from domain.words import Verdict
from models.base import Table, enum_column


class DecisionRow(Table, table=True):
    """A confirmed or rejected pairing, bound to the evidence it was made on.

    It holds while `evidence_hash` is that of the two records; `noticed_at` is when a run
    found that it no longer is.  A decision is ended, by a person, never changed.
    """

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_at_and_by_together"),
        Index(
            "uq_decision_current",
            "referral",
            "document",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_decision_document", "document"),
    )
    SAFE_TO_LOG: ClassVar[frozenset[str]] = frozenset(
        {"id", "force", "referral", "document", "verdict", "decided_at", "ended_at"}
    )

    id: int | None = Field(default=None, primary_key=True)
    force: str
    referral: int = Field(foreign_key="referral.id")
    document: int = Field(foreign_key="document.id")
    verdict: Verdict = Field(sa_type=enum_column(Verdict))
    reason: str
    decided_by: str
    decided_at: datetime
    evidence_hash: str
    noticed_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
