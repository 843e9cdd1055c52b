"""An intelligence document as it stands: which version of it is current."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from models.base import Table, undone


class DocumentRow(Table, table=True):
    """One intelligence document of one force; its facts are in `document_version`."""

    __tablename__ = "document"
    __table_args__ = (
        UniqueConstraint("force", "urn"),
        undone("document", "weighed"),
    )
    SAFE_TO_LOG: ClassVar[frozenset[str]] = frozenset({"id", "force", "urn"})

    id: int | None = Field(default=None, primary_key=True)
    force: str
    urn: str
    version: int
    submitted_at: datetime
    weighed: bool = False
