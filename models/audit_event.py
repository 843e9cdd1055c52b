"""The audit trail's one table. Triggers in the migrations keep it append-only."""

from typing import ClassVar

from sqlalchemy import CheckConstraint, Text
from sqlmodel import Field

from models.base import BigInt, Table


class AuditEventRow(Table, table=True):
    """One event of the audit trail, in exactly the texts that were hashed.

    `at` is text for that reason (see `domain.audit_trail.instant`); it sorts as the instants
    do.  No foreign keys, so that nothing cascades into the trail, and no unique constraint
    beside the key, so that SQLite's INSERT OR REPLACE has nothing to replace.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        CheckConstraint("seq > 0", name="seq_counts_from_one"),
        CheckConstraint("length(at) = 32", name="at_is_a_whole_instant"),
        CheckConstraint("length(actor) > 0", name="actor_is_named"),
        CheckConstraint("length(action) > 0", name="action_is_named"),
        CheckConstraint("length(subject) > 0", name="subject_is_named"),
        CheckConstraint("length(prev) = 64 AND length(hash) = 64", name="hashes_are_whole"),
    )
    SAFE_TO_LOG: ClassVar = frozenset({"seq", "at", "action", "prev", "hash"})

    seq: int = Field(primary_key=True, sa_type=BigInt, sa_column_kwargs={"autoincrement": False})
    at: str
    actor: str
    action: str = Field(index=True)
    subject: str = Field(index=True)
    body: str = Field(sa_type=Text)
    prev: str
    hash: str
