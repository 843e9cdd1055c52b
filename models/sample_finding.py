"""A judgement of an attribute of a frozen item. Triggers refuse to change or remove one."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Text
from sqlmodel import Field

from domain.working_paper import Answer, Judge
from models.base import Table, enum_column


class SampleFindingRow(Table, table=True):
    """One version of one judgement; the last version counts, and the earlier ones stay."""

    __tablename__ = "sample_finding"
    __table_args__ = (
        ForeignKeyConstraint(["frame", "draw_id"], ["sample_item.frame", "sample_item.draw_id"]),
        CheckConstraint("version > 0", name="versions_count_from_one"),
        CheckConstraint(
            "answer = 'compliant' OR length(reason) > 0", name="reason_for_what_is_not_compliant"
        ),
        CheckConstraint("length(given_by) > 0", name="given_by_somebody"),
    )
    SAFE_TO_LOG: ClassVar = frozenset(
        {"frame", "draw_id", "attribute", "judge", "version", "answer", "given_at"}
    )

    frame: int = Field(primary_key=True)
    draw_id: str = Field(primary_key=True)
    attribute: str = Field(primary_key=True)
    judge: Judge = Field(sa_type=enum_column(Judge), primary_key=True)
    version: int = Field(primary_key=True)
    answer: Answer = Field(sa_type=enum_column(Answer))
    reason: str = Field(sa_type=Text)
    given_by: str
    given_at: datetime
