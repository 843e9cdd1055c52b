"""What happened to a flag: appended, never changed."""

from datetime import datetime
from typing import ClassVar

from sqlmodel import Field

from domain.words import FlagChange, FlagKind
from models.base import Table, enum_column


class FlagEventRow(Table, table=True):
    """One change of one flag, with who made it and why."""

    __tablename__ = "flag_event"
    SAFE_TO_LOG: ClassVar[frozenset[str]] = frozenset({"id", "flag", "at", "change", "kind"})

    id: int | None = Field(default=None, primary_key=True)
    flag: int = Field(foreign_key="flag.id", index=True)
    at: datetime
    actor: str
    change: FlagChange = Field(sa_type=enum_column(FlagChange))
    kind: FlagKind = Field(sa_type=enum_column(FlagKind))
    reason: str
