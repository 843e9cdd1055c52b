"""An item that was out of frame, and what came in for it. Triggers keep it as it is."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Text, UniqueConstraint
from sqlmodel import Field

from models.base import Table


class SampleReplacementRow(Table, table=True):
    """One replacement; `id` counts in the order in which they were made."""

    __tablename__ = "sample_replacement"
    __table_args__ = (
        ForeignKeyConstraint(
            ["frame_out", "draw_id_out"],
            ["sample_item.frame", "sample_item.draw_id"],
            name="fk_sample_replacement_out",
        ),
        ForeignKeyConstraint(
            ["frame_in", "draw_id_in"],
            ["sample_item.frame", "sample_item.draw_id"],
            name="fk_sample_replacement_in",
        ),
        UniqueConstraint("frame_out", "draw_id_out"),
        UniqueConstraint("frame_in", "draw_id_in"),
        CheckConstraint("draw_id_out <> draw_id_in", name="replaced_by_another"),
        CheckConstraint("length(reason) > 0", name="reason_is_given"),
    )
    SAFE_TO_LOG: ClassVar = frozenset(
        {"id", "sample", "frame_out", "draw_id_out", "frame_in", "draw_id_in", "made_at"}
    )

    id: int | None = Field(default=None, primary_key=True)
    sample: int = Field(foreign_key="sample.id", index=True)
    frame_out: int
    draw_id_out: str
    frame_in: int
    draw_id_in: str
    reason: str = Field(sa_type=Text)
    made_by: str
    made_at: datetime
