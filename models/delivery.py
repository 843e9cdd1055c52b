"""One file of a feed arriving, taken whole or not at all."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from domain.words import Feed
from models.base import JSONColumn, Table, enum_column


class DeliveryRow(Table, table=True):
    """A delivery: its hash makes the same file twice a no-op; its counts feed the alarms.

    `known_at` is the instant that the run which took it judges by: from then on the system
    knew.  `received_at` is the wall clock.  `oldest_record_at`, `newest_record_at` and
    `future_rows` are of the records' own times, future ones counted apart.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("force", "feed", "sha256"),
        CheckConstraint(
            "rows_read = rows_new + rows_amended + rows_unchanged + rows_quarantined",
            name="every_row_is_accounted_for",
        ),
        CheckConstraint(
            "(oldest_record_at IS NULL) = (newest_record_at IS NULL)",
            name="oldest_and_newest_together",
        ),
        Index("ix_delivery_force_feed_known_at", "force", "feed", "known_at"),
    )
    SAFE_TO_LOG: ClassVar[frozenset[str]] = frozenset(
        {
            "id",
            "force",
            "feed",
            "sha256",
            "known_at",
            "received_at",
            "rows_read",
            "rows_new",
            "rows_amended",
            "rows_unchanged",
            "rows_quarantined",
            "future_rows",
        }
    )

    id: int | None = Field(default=None, primary_key=True)
    force: str
    feed: Feed = Field(sa_type=enum_column(Feed))
    sha256: str
    file_name: str
    size: int
    map_hash: str
    known_at: datetime
    received_at: datetime
    rows_read: int
    rows_new: int
    rows_amended: int
    rows_unchanged: int
    rows_quarantined: int
    oldest_record_at: datetime | None = None
    newest_record_at: datetime | None = None
    future_rows: int = 0
    alarms: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONColumn)
