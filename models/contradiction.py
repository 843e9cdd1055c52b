"""A pair on which the weekly full pass and the nights differ."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from domain.words import Contradiction
from models.base import Table, enum_column


class ContradictionRow(Table, table=True):
    """One pair, raised once and closed by the full pass that no longer finds it.

    `kind` says which of the two makes the pairing.  It changes no pairing: a person confirms
    or rejects the pair, or new evidence settles it.
    """

    __tablename__ = "contradiction"
    __table_args__ = (
        CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed_at_and_by"),
        CheckConstraint("closed_at IS NULL OR closed_at >= raised_at", name="closed_after_raised"),
        Index(
            "uq_contradiction_open",
            "force",
            "referral",
            "document",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )
    SAFE_TO_LOG: ClassVar[frozenset[str]] = frozenset(
        {"id", "force", "referral", "document", "kind", "raised_at", "closed_at"}
    )

    id: int | None = Field(default=None, primary_key=True)
    force: str
    referral: int = Field(foreign_key="referral.id")
    document: int = Field(foreign_key="document.id")
    kind: Contradiction = Field(sa_type=enum_column(Contradiction))
    weights_version: str
    raised_at: datetime
    raised_by: str
    closed_at: datetime | None = None
    closed_by: str | None = None
