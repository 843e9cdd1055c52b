"""How many of a force's records stand how, kept up as they change rather than counted anew."""

from typing import ClassVar

from sqlmodel import Field

from models.base import BigInt, Table


class TallyRow(Table, table=True):
    """By how many something became more (or, below zero, fewer); sums say how many there are.

    Rows are only added while records change, so that two transactions never wait for one
    another here; the end of a night puts one row in the place of those of the same thing.
    """

    __tablename__ = "tally"
    SAFE_TO_LOG: ClassVar[frozenset[str]] = frozenset({"force", "what", "number"})

    id: int | None = Field(default=None, primary_key=True)
    force: str = Field(index=True)
    what: str
    number: int = Field(sa_type=BigInt)
