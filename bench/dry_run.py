"""The dry run of large files: seconds of each stage, and the most memory that it held.

It runs in a process of its own, which may start others; memory is that of all of them
together, looked at ten times a second (/proc, so on Linux only).
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import product
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

import polars as pl

from adapters.feeds import DEFAULT_RULES, load_map
from adapters.policies import load_policies
from bench.figures import Figure
from bench.memory import held
from bench.nights import SEED
from bench.page import GIGABYTE, table
from bench.progress import say
from domain.pairing import default_weights
from domain.words import Feed
from services import dry_run
from synthetic.generate import FORCES, REFERRALS_A_MONTH
from synthetic.writers import csv_ready

NAMES: Final = {"csv": "CSV", "parquet": "Parquet"}
END: Final = date(2026, 1, 1)
"""The day on which the feeds end; the dry run judges by some days later."""
LOOKED_AT: Final = 0.1
"""Seconds between two looks at the memory."""
ONCE_FROM: Final = 1_000_000
"""Referrals from which on a size is measured once only."""


@dataclass(frozen=True)
class Checked:
    """One dry run: seconds by stage and of the whole, bytes, and its summary.json."""

    seconds: dict[str, float]
    memory: int
    summary: dict[str, Any]


Runs = dict[tuple[int, str], list[Checked]]
"""The runs of each size in referrals and each format."""


def measure(sizes: list[int], repetitions: int, folder: Path) -> Runs:
    """Make feeds of each size in the folder and check them; sizes are in referrals."""
    found: Runs = {}
    for referrals in sizes:
        with tempfile.TemporaryDirectory(dir=folder) as place:
            make(referrals, Path(place))
            times = 1 if referrals >= ONCE_FROM else repetitions
            for kind, _ in product(NAMES, range(times)):
                checked = check(referrals, kind, Path(place))
                found.setdefault((referrals, kind), []).append(checked)
    return found


def make(referrals: int, place: Path) -> None:
    """Feeds of all 44 forces at 200 referrals a month each, or of fewer over a year.

    They are made as Parquet in parts, and written as one file of each format.
    """
    months = max(12, round(referrals / (len(FORCES) * REFERRALS_A_MONTH)))
    start = END - timedelta(days=30 * months)
    say(f"making {referrals:,} referrals")
    given = {"referrals": referrals, "seed": SEED, "months": months, "start": start, "out": place}
    given["format"] = "parquet"
    options = [part for name, value in given.items() for part in (f"--{name}", str(value))]
    subprocess.run([sys.executable, "-m", "synthetic", *options], check=True)
    for feed in Feed:
        parts = place / f"{feed.value}.parts"
        (place / f"{feed.value}.parquet").rename(parts)
        pl.scan_parquet(parts / "*.parquet").sink_parquet(place / f"{feed.value}.parquet")
        with (place / f"{feed.value}.csv").open("wb") as file:
            for number, part in enumerate(sorted(parts.iterdir())):
                csv_ready(pl.read_parquet(part)).write_csv(file, include_header=number == 0)
        shutil.rmtree(parts)


def check(referrals: int, kind: str, place: Path) -> Checked:
    """Check the feeds of one format that lie in the folder, in a process of its own."""
    say(f"checking {referrals:,} referrals as {NAMES[kind]}")
    ours, theirs = get_context("spawn").Pipe(duplex=False)
    process = get_context("spawn").Process(target=_check, args=(place, kind, theirs))
    process.start()
    theirs.close()
    most = 0
    while not ours.poll(LOOKED_AT):
        most = max(most, held(process.pid))
    seconds, summary = ours.recv()
    process.join()
    if summary["referrals"] != referrals or sum(summary["quarantined"].values()):
        raise ValueError(f"Not every row was read: {summary}")
    return Checked(seconds, most, summary)


def _check(place: Path, kind: str, answer: Connection) -> None:
    seconds: dict[str, float] = {}

    @contextmanager
    def stage(name: str) -> Iterator[Callable[[int], None]]:
        begun = time.perf_counter()
        yield lambda _: None
        seconds[name] = time.perf_counter() - begun
        say(f"  {name}: {seconds[name]:.0f} s")

    begun = time.perf_counter()
    summary = dry_run.check(_question(place, kind), stage)
    seconds["whole"] = time.perf_counter() - begun
    answer.send((seconds, summary))


def _question(place: Path, kind: str) -> dry_run.Question:
    """As `counterfoil check` asks, judged six days after the end of the feeds."""
    return dry_run.Question(
        referrals=place / f"referrals.{kind}",
        documents=place / f"documents.{kind}",
        out=place / "answer",
        as_of=datetime(END.year, END.month, END.day, 2, 30, tzinfo=UTC) + timedelta(days=6),
        policies=load_policies(None),
        maps={feed: load_map(None, feed.value) for feed in Feed},
        rules=DEFAULT_RULES,
        weights=default_weights(),
    )


def page(found: Runs) -> str:
    """The section's text: one row a size and format."""
    said = (
        "`counterfoil check`: made-up forces of 200 referrals a month, with five"
        " times as many documents. Seconds are the median, and the least and the most in"
        f" brackets; {ONCE_FROM:,} referrals and more are checked once. Memory is the most that"
        " all of its processes held together."
    )
    headings = (
        "Format", "Referrals", "Documents", "Reading, s", "Rows a second", "Pairing, s",
        "Judging, s", "Whole, s", "Memory, GB",
    )  # fmt: skip
    rows = [_row(NAMES[kind], runs) for (_, kind), runs in found.items()]
    return f"{said}\n\n{table(headings, rows)}"


def _row(kind: str, runs: list[Checked]) -> tuple[str, ...]:
    first = runs[0].summary
    rows = first["referrals"] + first["documents"]
    reading = [run.seconds["reading referrals"] + run.seconds["reading documents"] for run in runs]
    return (
        kind,
        f"{first['referrals']:,}",
        f"{first['documents']:,}",
        _shown(reading),
        _shown([rows / each for each in reading], 0),
        *(_shown([run.seconds[name] for run in runs]) for name in ("pairing", "judging", "whole")),
        f"{max(run.memory for run in runs) / GIGABYTE:.1f}",
    )


def _shown(values: list[float], digits: int = 1) -> str:
    """A figure; one measurement has no spread."""
    figure = Figure(tuple(values))
    return f"{figure.median:,.{digits}f}" if len(values) == 1 else figure.shown(digits)
