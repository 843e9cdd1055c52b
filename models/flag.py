"""The record that a referral needs a person."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from domain.words import FlagKind, FlagState, Settlement
from models.base import Table, enum_column


class FlagRow(Table, table=True):
    """One flag a referral, for good: settled and reopened, never deleted.

    `clock_started_at` and `grace_ends_at` are of the referral's own clock, which a reopened
    flag keeps.  What happened to it, and when, is in `flag_event`.
    """

    __tablename__ = "flag"
    __table_args__ = (
        CheckConstraint(
            "(state = 'settled') = (settled_at IS NOT NULL)"
            " AND (settled_at IS NULL) = (settled_as IS NULL)",
            name="settled_at_and_as_together",
        ),
        CheckConstraint("opened_at >= grace_ends_at", name="opened_after_grace_ended"),
        Index("ix_flag_force_state", "force", "state"),
    )
    SAFE_TO_LOG: ClassVar[frozenset[str]] = frozenset(
        {"id", "force", "referral", "kind", "state", "opened_at", "settled_at", "settled_as"}
    )

    id: int | None = Field(default=None, primary_key=True)
    force: str
    referral: int = Field(foreign_key="referral.id", unique=True)
    kind: FlagKind = Field(sa_type=enum_column(FlagKind))
    state: FlagState = Field(sa_type=enum_column(FlagState))
    clock_started_at: datetime
    grace_ends_at: datetime
    opened_at: datetime
    settled_at: datetime | None = None
    settled_as: Settlement | None = Field(default=None, sa_type=enum_column(Settlement))
