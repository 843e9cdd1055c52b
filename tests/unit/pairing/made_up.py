"""Synthetic feeds read through the door, with their truth."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from adapters.feeds import DEFAULT_RULES, load_map, read_feed
from domain.pairing import Records
from domain.words import Feed
from services.frames import KEY_FIELD, to_records
from synthetic import Setting, generate, write_csv

KEY = b"the key of a made-up force, 32 bytes"
Sides = tuple[Records, Records, pl.DataFrame]


@cache
def sides(referrals: int, seed: int, setting: Setting = "realistic", key: bytes = KEY) -> Sides:
    """Referrals, documents (five for each), and the true pairs (referral, document)."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_csv(generate(referrals, seed, setting), folder)
        left, referral_keys = _side(folder, Feed.REFERRALS, key)
        right, document_keys = _side(folder, Feed.DOCUMENTS, key)
        truth = pl.read_csv(folder / "truth.csv")
    pairs = truth.join(referral_keys, on="referral_id").join(document_keys, on="urn")
    return left, right, pairs.select("referral", "document")


def _side(folder: Path, feed: Feed, key: bytes) -> tuple[Records, pl.DataFrame]:
    file, column_map = folder / f"{feed.value}.csv", load_map(None, feed.value)
    rows = read_feed(file, column_map, force=None, key=key, rules=DEFAULT_RULES)
    records = [row.record for row in rows if row.record is not None]
    names = {
        KEY_FIELD[feed]: [record[KEY_FIELD[feed]] for record in records],
        feed.value.removesuffix("s"): range(len(records)),
    }
    return to_records(feed, enumerate(records)), pl.DataFrame(names)
