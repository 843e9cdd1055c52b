"""Blocking keys as they are stored: each with the time of its record, and asked for by both.

A vehicle's mark or a custody number may come back for years, and only records within the
window of each other are weighed.  So the records that share a key are looked up within the
window only, and old history is neither read nor counted as a part of a block.
"""

from collections.abc import Iterable
from typing import Literal, TypeAlias

import polars as pl
from sqlalchemy import delete, insert
from sqlmodel import Session, col, select

from domain import pairing
from domain.pairing import KEY_SCHEMA, Records, Weights
from domain.words import Feed
from models import BlockingKeyRow
from services.neighbourhood import chunks

WHICH: dict[Feed, Literal["referral", "document"]] = {
    Feed.REFERRALS: "referral",
    Feed.DOCUMENTS: "document",
}
OTHER = {Feed.REFERRALS: Feed.DOCUMENTS, Feed.DOCUMENTS: Feed.REFERRALS}
DAY = 86_400_000_000
_STORED = {**KEY_SCHEMA, "at": pl.Int64()}

Blocks: TypeAlias = dict[Feed, pl.DataFrame]
"""Rows of KEY_SCHEMA of both feeds."""


def store(session: Session, feed: Feed, force: str, side: Records) -> None:
    """Add the keys of records that have none."""
    at = side.records.select(record="key", at=pl.col("at").dt.epoch("us"))
    keys = pairing.blocking_keys(side, WHICH[feed]).join(at, on="record")
    rows = [
        {"feed": feed, "force": force, **row}
        for row in keys.select("record", "key", "at").iter_rows(named=True)
    ]
    if rows:
        session.execute(insert(BlockingKeyRow), rows)


def forget(session: Session, feed: Feed, records: Iterable[int]) -> None:
    """Remove the keys of the records."""
    for some in chunks(records):
        session.execute(
            delete(BlockingKeyRow).where(
                col(BlockingKeyRow.feed) == feed, col(BlockingKeyRow.record).in_(some)
            )
        )


def blocks(
    session: Session, force: str, feed: Feed, records: Iterable[int], weights: Weights
) -> list[Blocks]:
    """The keys of `records` that the other feed has within the window, and those that it has.

    Records of one key that are further apart than the window are in different parts of the
    list, which is empty where nothing is shared.
    """
    before, after = (int(days * DAY) for days in _window(feed, weights))
    mine = _stretches(_keys(session, feed, records), before, after)
    asked = mine.group_by("key", "stretch").agg(pl.min("since"), pl.max("until"))
    theirs = (
        _sharing(session, force, OTHER[feed], asked)
        .join(asked, on="key")
        .filter(pl.col("at").is_between("since", "until"))
        .unique()
    )
    mine = mine.join(theirs, on=["key", "stretch"], how="semi")
    return [
        {
            side: keys.filter(pl.col("stretch") == number).select(*KEY_SCHEMA)
            for side, keys in ((feed, mine), (OTHER[feed], theirs))
        }
        for number in sorted(mine["stretch"].unique())
    ]


def _window(feed: Feed, weights: Weights) -> tuple[float, float]:
    """How many days before and after a record of `feed` those of the other may be."""
    limits = weights.limits
    if feed == Feed.REFERRALS:
        return limits.days_before, limits.days_after
    return limits.days_after, limits.days_before


def _stretches(keys: pl.DataFrame, before: int, after: int) -> pl.DataFrame:
    """The keys with their windows; those of one key that overlap are of one `stretch`."""
    is_apart = pl.col("since") > pl.col("until").shift(1)
    return (
        keys.sort("key", "at")
        .with_columns(since=pl.col("at") - before, until=pl.col("at") + after)
        .with_columns(stretch=is_apart.fill_null(False).cast(pl.Int64).cum_sum().over("key"))
    )


def _keys(session: Session, feed: Feed, records: Iterable[int]) -> pl.DataFrame:
    rows: list[tuple[int, int, int]] = []
    for some in chunks(records):
        rows += session.exec(
            select(BlockingKeyRow.record, BlockingKeyRow.key, BlockingKeyRow.at).where(
                col(BlockingKeyRow.feed) == feed, col(BlockingKeyRow.record).in_(some)
            )
        )
    return _frame(rows)


def _sharing(session: Session, force: str, feed: Feed, asked: pl.DataFrame) -> pl.DataFrame:
    """What is stored of each key between `since` and `until`, and to the end of those days.

    Whole days, because records of one day then have all their keys asked for in one statement.
    """
    days = asked.group_by(pl.col("since") // DAY, pl.col("until") // DAY + 1).agg("key")
    rows: list[tuple[int, int, int]] = []
    for since, until, keys in days.sort("since", "until").iter_rows():
        for some in chunks(keys):
            rows += session.exec(
                select(BlockingKeyRow.record, BlockingKeyRow.key, BlockingKeyRow.at).where(
                    col(BlockingKeyRow.force) == force,
                    col(BlockingKeyRow.feed) == feed,
                    col(BlockingKeyRow.key).in_(some),
                    col(BlockingKeyRow.at) >= since * DAY,
                    col(BlockingKeyRow.at) < until * DAY,
                )
            )
    return _frame(rows)


def _frame(rows: Iterable[tuple[int, int, int]]) -> pl.DataFrame:
    return pl.DataFrame([tuple(row) for row in rows], schema=_STORED, orient="row")
