"""The raw tables as the engine reads them, and beside them the people in clear."""

from pathlib import Path
from typing import Final

import polars as pl

from adapters.feeds.columns import Cleaned, clean_columns
from adapters.feeds.values import once
from adapters.policies import load_policies
from adapters.tokens import folded
from domain.identifiers import DEFAULT_RULES
from domain.pairing.frames import Records
from domain.words import Feed

KEY: Final = b"0123456789abcdef0123456789abcdef"
"""Of the benchmark, and no force's."""
FILES: Final = {Feed.REFERRALS: "referral", Feed.DOCUMENTS: "document"}
_KEYS: Final = {Feed.REFERRALS: "referral_id", Feed.DOCUMENTS: "urn"}


def referrals(folder: Path) -> tuple[Records, pl.DataFrame]:
    """The referrals' frames, and their plain people; a record's key is its row."""
    return side(folder, Feed.REFERRALS).frames(), plain(folder, Feed.REFERRALS)


def documents(folder: Path) -> tuple[Records, pl.DataFrame]:
    """The documents' frames, and their plain people; a record's key is its row."""
    return side(folder, Feed.DOCUMENTS).frames(), plain(folder, Feed.DOCUMENTS)


def side(folder: Path, feed: Feed) -> Cleaned:
    """One side."""
    return clean_columns(
        feed,
        pl.scan_parquet(folder / f"{FILES[feed]}s.parquet"),
        pl.scan_parquet(folder / f"{FILES[feed]}_people.parquet"),
        key=KEY,
        rules=DEFAULT_RULES,
        policies=load_policies(None),
    )


def plain(folder: Path, feed: Feed) -> pl.DataFrame:
    """The people in clear: record, person, name parts folded as for tokens, birth, nationality."""
    whose = ["force", _KEYS[feed]]
    records = pl.read_parquet(folder / f"{FILES[feed]}s.parquet", columns=whose)
    people = pl.read_parquet(folder / f"{FILES[feed]}_people.parquet").join(
        records.with_row_index("record").with_columns(pl.col("record").cast(pl.Int64)),
        on=whose,
        how="left",
        maintain_order="left",
    )
    name = people.select(pl.concat_str("forename", "surname", separator=" ", ignore_nulls=True))
    parts = once(name.to_series(), lambda name: list(folded(name)), pl.List(pl.String))
    return people.select("record", "person", "date_of_birth", "nationality", parts=parts)
