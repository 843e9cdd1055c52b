"""A frozen sampling frame: its plan, its header, its seed. Triggers keep what is fixed."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlmodel import Field

from models.base import Table


class SampleFrameRow(Table, table=True):
    """One frame of one sample, and how far it has come.

    `supplement` is 0 for the main frame.  `plan`, `header`, `receipt` and `seed` are the
    canonical JSON of the documents in `domain.working_paper`.  Its items are put in first,
    then `frozen_at` is set, and nothing is put in or changed any more.  A frame that was
    frozen again before its seed is `superseded_at`, and kept.
    """

    __tablename__ = "sample_frame"
    __table_args__ = (
        CheckConstraint("supplement >= 0", name="supplement_counts_from_nought"),
        CheckConstraint(
            "length(plan_sha256) = 64 AND length(header_sha256) = 64 AND length(frame_key) = 64",
            name="hashes_and_key_are_whole",
        ),
        CheckConstraint(
            "exported_at IS NULL OR (frozen_at IS NOT NULL AND exported_at >= frozen_at)",
            name="exported_after_frozen",
        ),
        CheckConstraint(
            "receipt IS NULL OR exported_at IS NOT NULL", name="receipt_of_what_was_exported"
        ),
        CheckConstraint("(seed IS NULL) = (seeded_at IS NULL)", name="seed_and_seeded_at_together"),
        CheckConstraint(
            "seeded_at IS NULL OR (exported_at IS NOT NULL AND seeded_at > exported_at)",
            name="seeded_after_exported",
        ),
        CheckConstraint(
            "drawn_at IS NULL OR (seeded_at IS NOT NULL AND drawn_at >= seeded_at)",
            name="drawn_after_seeded",
        ),
        CheckConstraint("superseded_at IS NULL OR seed IS NULL", name="superseded_before_seeded"),
        Index(
            "uq_sample_frame_current",
            "sample",
            "supplement",
            unique=True,
            sqlite_where=text("superseded_at IS NULL"),
            postgresql_where=text("superseded_at IS NULL"),
        ),
    )
    SAFE_TO_LOG: ClassVar = frozenset(
        {
            "id",
            "sample",
            "supplement",
            "plan_sha256",
            "header_sha256",
            "frozen_at",
            "exported_at",
            "seeded_at",
            "drawn_at",
            "superseded_at",
        }
    )

    id: int | None = Field(default=None, primary_key=True)
    sample: int = Field(foreign_key="sample.id")
    supplement: int = 0
    plan: str = Field(sa_type=Text)
    plan_sha256: str
    header: str = Field(sa_type=Text)
    header_sha256: str
    frame_key: str
    frozen_by: str
    frozen_at: datetime | None = None
    exported_at: datetime | None = None
    receipt: str | None = Field(default=None, sa_type=Text)
    seed: str | None = Field(default=None, sa_type=Text)
    seeded_at: datetime | None = None
    drawn_at: datetime | None = None
    superseded_at: datetime | None = None
