"""A recorded, approved, expiring reason why no document is required."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from models.base import Table


class ExemptionRow(Table, table=True):
    """An exemption of one referral; in force once a second person has approved it.

    Bound to the referral's facts by `evidence_hash`: when they change, it reopens.
    """

    __tablename__ = "exemption"
    __table_args__ = (
        CheckConstraint(
            "(approved_at IS NULL) = (approved_by IS NULL)", name="approved_at_and_by_together"
        ),
        CheckConstraint("approved_by <> requested_by", name="approved_by_a_second_person"),
        CheckConstraint("expires_at > requested_at", name="expires_after_requested"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_at_and_by_together"),
        Index(
            "uq_exemption_current",
            "referral",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
    SAFE_TO_LOG: ClassVar[frozenset[str]] = frozenset(
        {"id", "force", "referral", "reason_code", "requested_at", "approved_at", "expires_at"}
    )

    id: int | None = Field(default=None, primary_key=True)
    force: str
    referral: int = Field(foreign_key="referral.id")
    reason_code: str
    reason: str
    requested_by: str
    requested_at: datetime
    approved_by: str | None = None
    approved_at: datetime | None = None
    expires_at: datetime
    evidence_hash: str
    noticed_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
