"""What a feed said of an intelligence document, a version each time it said something new."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from models.base import JSONColumn, Table


class DocumentVersionRow(Table, table=True):
    """One version of one intelligence document.

    Known from `known_at` until `superseded_at`; the current version has none.  Identifiers
    stand beside their normalised forms; `people` holds keyed tokens, roles and
    nationalities, and neither a name nor a date of birth.
    """

    __tablename__ = "document_version"
    __table_args__ = (
        UniqueConstraint("document_key", "version"),
        CheckConstraint(
            "superseded_at IS NULL OR superseded_at >= known_at",
            name="superseded_after_known",
        ),
        Index(
            "uq_document_version_current",
            "document_key",
            unique=True,
            sqlite_where=text("superseded_at IS NULL"),
            postgresql_where=text("superseded_at IS NULL"),
        ),
        Index("ix_document_version_force_known_at", "force", "known_at"),
    )
    SAFE_TO_LOG: ClassVar[frozenset[str]] = frozenset(
        {"id", "document_key", "version", "force", "urn", "delivery_id", "known_at"}
    )

    id: int | None = Field(default=None, primary_key=True)
    document_key: int = Field(foreign_key="document.id")
    version: int
    delivery_id: int = Field(foreign_key="delivery.id", index=True)
    known_at: datetime
    superseded_at: datetime | None = None
    content_hash: str
    fingerprint: str
    force: str
    urn: str
    submitted_at: datetime
    author_officer_id: str
    officer: str
    document_type: str | None = None
    status: str | None = None
    nccu_references: list[str] = Field(default_factory=list, sa_type=JSONColumn)
    references: list[str] = Field(default_factory=list, sa_type=JSONColumn)
    event_date: date | None = None
    source_evaluation: str | None = None
    intelligence_assessment: str | None = None
    handling_code: str | None = None
    amended_at: datetime | None = None
    incident_number: str | None = None
    incident: str | None = None
    incident_day: date | None = None
    custody_number: str | None = None
    custody: str | None = None
    postcode: str | None = None
    vehicle_registrations: list[str] = Field(default_factory=list, sa_type=JSONColumn)
    vehicles: list[str] = Field(default_factory=list, sa_type=JSONColumn)
    people: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONColumn)
