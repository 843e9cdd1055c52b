"""A pair that shares a blocking key: two current records and the weight between them."""

from typing import ClassVar

from sqlalchemy import Index
from sqlmodel import Field

from models.base import Table


class CandidateRow(Table, table=True):
    """The weight, in bits, between the current versions of one referral and one document.

    It depends on the two records and the weights alone, so it is weighed once and made
    again only when one of the records changes.
    """

    __tablename__ = "candidate"
    __table_args__ = (Index("ix_candidate_document", "document"),)
    SAFE_TO_LOG: ClassVar[frozenset[str]] = frozenset({"referral", "document", "weight"})

    referral: int = Field(foreign_key="referral.id", primary_key=True)
    document: int = Field(foreign_key="document.id", primary_key=True)
    weight: float
