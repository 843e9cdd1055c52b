"""An item of a frozen frame. Triggers refuse to change, remove or add one."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from domain.sampling.choices import State
from models.base import Table, enum_column


class SampleItemRow(Table, table=True):
    """One item as it stood when its frame was frozen; `month` as ``2026-03``, London's.

    `record` is the referral, pairing or decision that is judged, by the sample's subject;
    `version` is the referral's version then, so that a later amendment is seen beside it.
    `grace_ends_at` is as it was judged then; None where it was not, or not kept yet.
    """

    __tablename__ = "sample_item"
    __table_args__ = (
        CheckConstraint("length(draw_id) = 32", name="draw_id_is_whole"),
        Index("ix_sample_item_referral", "referral"),
    )
    SAFE_TO_LOG: ClassVar = frozenset(
        {"frame", "draw_id", "record", "referral", "version", "stratum", "state", "month"}
    )

    frame: int = Field(foreign_key="sample_frame.id", primary_key=True)
    draw_id: str = Field(primary_key=True)
    record: int
    referral: int = Field(foreign_key="referral.id")
    version: int
    stratum: str
    district: str
    state: State = Field(sa_type=enum_column(State))
    month: str
    grace_ends_at: datetime | None = None
