"""A ticket that was drawn. Triggers refuse to change or remove one."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field

from domain.working_paper import Use
from models.base import Table, enum_column


class SampleTicketRow(Table, table=True):
    """One drawn ticket; `place` counts from 1 in its frame, or in each stratum of strata drawn.

    `place` runs on through samples, replacements and extensions, because each takes the next
    ticket.  `look` is the look for which it came into use.
    """

    __tablename__ = "sample_ticket"
    __table_args__ = (
        ForeignKeyConstraint(["frame", "draw_id"], ["sample_item.frame", "sample_item.draw_id"]),
        UniqueConstraint("frame", "draws_from", "place"),
        CheckConstraint("place > 0 AND look > 0", name="place_and_look_count_from_one"),
        CheckConstraint("use <> 'reserve'", name="a_reserve_is_not_drawn"),
    )
    SAFE_TO_LOG: ClassVar = frozenset({"frame", "draw_id", "place", "number", "use", "look"})

    frame: int = Field(primary_key=True)
    draw_id: str = Field(primary_key=True)
    draws_from: str
    place: int
    number: str
    use: Use = Field(sa_type=enum_column(Use))
    look: int
    drawn_at: datetime
