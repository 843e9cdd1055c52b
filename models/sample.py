"""An assurance sample: what was chosen of it, until a seed makes that final."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, Text
from sqlmodel import Field

from domain.sampling.choices import Subject
from models.base import Table, enum_column


class SampleRow(Table, table=True):
    """One sample of one force, by the code that an auditor gave it.

    `choices` is the canonical JSON of `domain.sampling.choices.Choices`.  It may be changed
    until a frame of the sample has a seed; triggers in the migrations see to that.
    """

    __tablename__ = "sample"
    __table_args__ = (CheckConstraint("length(code) > 0", name="code_is_given"),)
    SAFE_TO_LOG: ClassVar = frozenset({"id", "force", "code", "subject", "planned_at"})

    id: int | None = Field(default=None, primary_key=True)
    force: str = Field(index=True)
    code: str = Field(unique=True)
    subject: Subject = Field(sa_type=enum_column(Subject))
    choices: str = Field(sa_type=Text)
    planned_by: str
    planned_at: datetime
