"""What a judged sample was said to show. Triggers keep each evaluation as it is."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, Text
from sqlmodel import Field

from models.base import Table


class SampleEvaluationRow(Table, table=True):
    """One evaluation, as canonical JSON; a later one stands beside it."""

    __tablename__ = "sample_evaluation"
    __table_args__ = (CheckConstraint("length(document_sha256) = 64", name="hash_is_whole"),)
    SAFE_TO_LOG: ClassVar = frozenset({"id", "sample", "document_sha256", "evaluated_at"})

    id: int | None = Field(default=None, primary_key=True)
    sample: int = Field(foreign_key="sample.id", index=True)
    document: str = Field(sa_type=Text)
    document_sha256: str
    evaluated_by: str
    evaluated_at: datetime
