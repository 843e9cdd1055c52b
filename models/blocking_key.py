"""The index of what records share: two records with a key in common are worth weighing."""

from typing import ClassVar

from sqlalchemy import BigInteger, Index
from sqlmodel import Field

from domain.words import Feed
from models.base import Table, enum_column


class BlockingKeyRow(Table, table=True):
    """One blocking key of the current version of one referral or document.

    An index made from the records, and made again when a record changes.  `at` is the time of
    the record in microseconds since 1970: a key is asked for within a window of time, and
    nothing of it that is older is read, however often it came back.
    """

    __tablename__ = "blocking_key"
    __table_args__ = (Index("ix_blocking_key_lookup", "force", "feed", "key", "at"),)
    SAFE_TO_LOG: ClassVar[frozenset[str]] = frozenset({"force", "feed"})

    feed: Feed = Field(sa_type=enum_column(Feed), primary_key=True)
    record: int = Field(primary_key=True)
    key: int = Field(sa_type=BigInteger, primary_key=True)
    force: str
    at: int = Field(sa_type=BigInteger)
