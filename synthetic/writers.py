"""Write feeds to files, a slice at a time.

CSV as a force would export it: lists separated by semicolons, people as a JSON array, times
in ISO 8601 with London's offset.  JSON Lines and Parquet keep lists and people as they are.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

import polars as pl

from synthetic.feeds import Feeds

SLICE: Final = 100_000
TIMES: Final = ("referred_at", "submitted_at", "amended_at")
LISTS: Final = ("nccu_references", "vehicle_registrations")


def write_csv(feeds: Feeds, folder: Path) -> None:
    """referrals.csv, documents.csv, truth.csv, decoys.csv and corruptions.csv."""
    _write(feeds, folder, "csv", lambda frame, file, first: csv_ready(frame).write_csv(
        file, include_header=first
    ))  # fmt: skip


def write_jsonl(feeds: Feeds, folder: Path) -> None:
    """referrals.jsonl and documents.jsonl, and the truth as CSV."""
    _write(feeds, folder, "jsonl", lambda frame, file, _: iso_times(frame).write_ndjson(file))


def write_parquet(feeds: Feeds, folder: Path) -> None:
    """referrals.parquet and documents.parquet, a part a slice, and the truth as CSV."""
    for name, frames in _slices(feeds):
        (folder / f"{name}.parquet").mkdir(parents=True, exist_ok=True)
        for number, frame in enumerate(frames):
            frame.write_parquet(folder / f"{name}.parquet" / f"{number:05}.parquet")
    _write_truth(feeds, folder)


def iso_times(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with its times as ISO 8601 text with London's offset."""
    return frame.with_columns(
        pl.col(name).dt.convert_time_zone("Europe/London").dt.to_string("%Y-%m-%dT%H:%M:%S%:z")
        for name in TIMES
        if name in frame.columns
    )


def csv_ready(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with every value as one cell of text."""
    people = pl.col("people").list.eval(pl.element().struct.json_encode()).list.join(",")
    filled = pl.when(pl.col("people").list.len() > 0).then(pl.format("[{}]", people))
    return iso_times(frame).with_columns(
        *(pl.col(name).list.join(";") for name in LISTS if name in frame.columns),
        people=filled,
    )


def _slices(feeds: Feeds) -> Iterator[tuple[str, Iterator[pl.DataFrame]]]:
    yield "referrals", _frames(feeds.referral_slice, feeds.referral_count)
    yield "documents", _frames(feeds.document_slice, feeds.document_count)


def _frames(take: Callable[[int, int], pl.DataFrame], count: int) -> Iterator[pl.DataFrame]:
    for low in range(0, count, SLICE):
        yield take(low, min(low + SLICE, count))


def _write(
    feeds: Feeds,
    folder: Path,
    suffix: str,
    put: Callable[[pl.DataFrame, BinaryIO, bool], None],
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, frames in _slices(feeds):
        with (folder / f"{name}.{suffix}").open("wb") as file:
            for number, frame in enumerate(frames):
                put(frame, file, number == 0)
    _write_truth(feeds, folder)


def _write_truth(feeds: Feeds, folder: Path) -> None:
    feeds.truth.write_csv(folder / "truth.csv")
    feeds.decoys.write_csv(folder / "decoys.csv")
    feeds.corruptions.write_csv(folder / "corruptions.csv")
