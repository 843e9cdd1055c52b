"""One file of a dry run read into frames: by this process, or a large file by several.

    file -> rows -> parts of rows -> checked, tokenised, framed -> joined, in the file's order

A typed file goes by whole columns (`services.dry_run_columns`).  Of any other, only this process
reads the rows, because a row's end is known only to who read the rows before it; the parts go
to others (`concurrent.futures`, spawned) when the file is large enough to make up for their
start.  The answer is the same either way.
"""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from multiprocessing import get_context, parent_process
from threading import Thread

import polars as pl

from adapters.feeds import Values, open_rows
from adapters.feeds.instants import Clock
from adapters.feeds.tables import MOST_ROWS, open_table
from domain.pairing import Records
from domain.words import Feed
from services.deliveries import Times
from services.dry_run_columns import Framer
from services.dry_run_parts import FACTS, Asked, Part, Refusal
from services.frames import KEY_FIELD, TIME_FIELD, to_records
from services.full_pass import Side

PART = 20_000
"""Rows."""
LARGE = 32_000_000
"""Bytes of a file from which on other processes help; they take about a second to start."""
MOST_PROCESSES = 4


@dataclass(frozen=True)
class Read:
    """A file in frames, the times of its records by force, and how many rows were refused."""

    side: Side
    times: Mapping[str, Times]
    refused: int


def read(
    asked: Asked,
    refuse: Callable[[Refusal], object],
    moved: Callable[[int], None],
    *,
    processes: int | None = None,
    part: int | None = None,
) -> Read:
    """Read the file.

    Args:
        asked: What is asked.
        refuse: Called with each problem of each row that was refused, in order.
        moved: Called with the number of rows that were read, from time to time.
        processes: How many check and frame the rows; None decides by the file's size.
        part: How many rows are framed at a time, at least 1; None takes more of a table.

    Raises:
        FeedRefused: The file cannot be read, possibly found out only after some rows.
    """
    empty = to_records(asked.feed, ())
    records, people = [empty.records], [empty.people]
    facts = [pl.DataFrame(schema=FACTS[asked.feed])]
    kept = refused = 0
    for made in _parts(asked, processes, part):
        for refusal in made.refusals:
            refuse(refusal)
        side = _renumbered(made.side, kept)
        records.append(side.records.records)
        people.append(side.records.people)
        facts.append(side.facts)
        kept, refused = kept + side.facts.height, refused + made.refused
        moved(side.facts.height + made.refused)
    whole = Side(Records(pl.concat(records), pl.concat(people)), pl.concat(facts))
    times = _times(whole.facts, TIME_FIELD[asked.feed], asked.as_of)
    return Read(_latest(asked.feed, whole), times, refused)


def _parts(asked: Asked, processes: int | None, part: int | None) -> Iterator[Part]:
    if table := open_table(asked.path, asked.column_map):
        return Framer(asked, table.clock).table_parts(table, part or MOST_ROWS)
    clock, rows = open_rows(asked.path, asked.column_map)
    chunks = _chunks(rows, part or PART)
    if processes is None:
        large = asked.path.stat().st_size >= LARGE
        processes = min(os.cpu_count() or 1, MOST_PROCESSES) if large else 1
    framer = Framer(asked, replace(clock))  # here in any case: it refuses a key that is too short
    if processes == 1:
        return map(framer.part, chunks)
    return _by_processes(asked, clock, chunks, processes)


def _chunks(rows: Iterator[Values], part: int) -> Iterator[list[Values]]:
    while chunk := list(islice(rows, part)):
        yield chunk


def _by_processes(
    asked: Asked, clock: Clock, chunks: Iterable[list[Values]], processes: int
) -> Iterator[Part]:
    """The parts in order; no more of them wait than keep every process busy."""
    waiting: deque[Future[Part]] = deque()
    pool = ProcessPoolExecutor(processes, get_context("spawn"), _begin, (asked, clock))
    try:
        for chunk in chunks:
            waiting.append(pool.submit(_frame, chunk))
            if len(waiting) > processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


_framers: list[Framer] = []
"""In a process of the pool, its one framer."""


def _begin(asked: Asked, clock: Clock) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is the asking process's to answer
    Thread(target=_end_with_the_asking, daemon=True).start()
    _framers.append(Framer(asked, clock))


def _end_with_the_asking() -> None:
    """End this process when the asking one is gone, even killed: nobody else would end it."""
    if asking := parent_process():
        asking.join()
        os._exit(1)


def _frame(rows: list[Values]) -> Part:
    return _framers[-1].part(rows)


def _renumbered(side: Side, first: int) -> Side:
    """The side with its keys from `first` on rather than from 0."""
    if first == 0:
        return side
    return Side(
        Records(
            side.records.records.with_columns(pl.col("key") + first),
            side.records.people.with_columns(pl.col("record") + first),
        ),
        side.facts.with_columns(pl.col("key") + first),
    )


def _times(facts: pl.DataFrame, time: str, as_of: datetime) -> dict[str, Times]:
    """The times of each force's records."""
    past = pl.col(time).filter(pl.col(time) <= as_of)
    counted = facts.group_by("force").agg(
        count=pl.len(),
        oldest=past.min(),
        newest=past.max(),
        future=(pl.col(time) > as_of).sum(),
    )
    return {row.pop("force"): Times(as_of, **row) for row in counted.iter_rows(named=True)}


def _latest(feed: Feed, side: Side) -> Side:
    """Of several rows of one record the last one, or the last amended where that is known."""
    key = KEY_FIELD[feed]
    facts = side.facts
    order = ["amended_at", "key"] if feed == Feed.DOCUMENTS else ["key"]
    twice = facts.filter(pl.struct("force", key).is_duplicated())
    if twice.is_empty():
        return side
    kept = twice.sort(order, nulls_last=False).unique(["force", key], keep="last")
    gone = twice.join(kept, on="key", how="anti").select("key")
    return Side(
        Records(
            side.records.records.join(gone, on="key", how="anti"),
            side.records.people.join(gone, left_on="record", right_on="key", how="anti"),
        ),
        facts.join(gone, on="key", how="anti"),
    )
