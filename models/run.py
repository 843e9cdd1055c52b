"""One night of one force: that it was judged, when, and what it counted."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from domain.words import RunState
from models.base import JSONColumn, Table, enum_column


class RunRow(Table, table=True):
    """The run of one night, keyed by the London date that it judges.

    The only row that running a night a second time changes.  `counts` holds numbers and no
    names; `trusted_until` is null when nothing of the document feed can be trusted.
    """

    __tablename__ = "run"
    __table_args__ = (
        UniqueConstraint("force", "night"),
        CheckConstraint(
            "(state = 'finished') = (finished_at IS NOT NULL)", name="finished_has_a_time"
        ),
    )
    SAFE_TO_LOG: ClassVar[frozenset[str]] = frozenset(
        {"id", "force", "night", "as_of", "attempts", "state", "started_at", "finished_at"}
    )

    id: int | None = Field(default=None, primary_key=True)
    force: str
    night: date
    as_of: datetime
    attempts: int = 1
    state: RunState = Field(sa_type=enum_column(RunState))
    actor: str
    started_at: datetime
    finished_at: datetime | None = None
    policy_hash: str
    weights_version: str
    trusted_until: datetime | None = None
    feed_sentence: str = ""
    counts: dict[str, Any] = Field(default_factory=dict, sa_type=JSONColumn)
