"""The recorded decision that a document answers a referral."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from domain.words import Band, Role
from models.base import JSONColumn, Table, enum_column


class PairingRow(Table, table=True):
    """A pairing with everything needed to explain it later; ended, never changed.

    `weight` and `margin` are in bits; `evidence` has a field, its level, its bits and its
    words for each thing compared; `evidence_hash` is over the compared fields of the two
    versions.  `rule` and `weights_version` say what made it, `made_by` who.
    """

    __tablename__ = "pairing"
    __table_args__ = (
        CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL) AND (ended_at IS NULL) = (ended_why IS NULL)",
            name="ended_at_by_and_why_together",
        ),
        CheckConstraint("ended_at IS NULL OR ended_at >= made_at", name="ended_after_made"),
        Index(
            "uq_pairing_current",
            "referral",
            "document",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "uq_pairing_one_primary_referral",
            "document",
            unique=True,
            sqlite_where=text("ended_at IS NULL AND role = 'primary' AND band = 'auto'"),
            postgresql_where=text("ended_at IS NULL AND role = 'primary' AND band = 'auto'"),
        ),
        Index("ix_pairing_document", "document"),
    )
    SAFE_TO_LOG: ClassVar[frozenset[str]] = frozenset(
        {"id", "force", "referral", "document", "role", "band", "rule", "weight", "margin"}
    )

    id: int | None = Field(default=None, primary_key=True)
    force: str
    referral: int = Field(foreign_key="referral.id")
    document: int = Field(foreign_key="document.id")
    role: Role = Field(sa_type=enum_column(Role))
    band: Band = Field(sa_type=enum_column(Band))
    rule: str
    weight: float
    margin: float | None = None
    weights_version: str
    evidence: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONColumn)
    evidence_hash: str
    made_at: datetime
    made_by: str
    ended_at: datetime | None = None
    ended_by: str | None = None
    ended_why: str | None = None
