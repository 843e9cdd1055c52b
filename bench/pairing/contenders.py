"""What is measured, each in a process of its own: `python -m bench.pairing run NAME DATA OUT`.

Each contender writes the pairs that it found into OUT (`pairs.parquet`: referral and document
as rows of their tables, weight, band, role) and says the seconds of each of its stages and
the most memory that it held in each, as JSON on its last line; with ``--again`` also the
seconds of a second run in the same process.
"""

import json
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from adapters.columns_folder import read_side, write_side
from adapters.memory import give_back
from bench.memory import forget_most_held, most_held
from bench.pairing import cleaning
from domain.pairing import default_weights, pair_prepared
from domain.pairing.frames import DECISION_SCHEMA, PairingResult
from domain.words import Feed

Seconds = dict[str, float]
NO_DECISIONS = pl.DataFrame(schema=DECISION_SCHEMA)
SIDES = ("referral_side", "document_side")
STORED = ("referrals", "referral_people", "documents", "document_people")


class Clock:
    """Seconds and the most bytes held, by stage, in the order of the stages."""

    def __init__(self) -> None:
        """No stage yet."""
        self.seconds: Seconds = {}
        self.held: dict[str, int] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """The time of what is done within."""
        forget_most_held()
        begun = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - begun
        self.held[name] = most_held()


def limit(data: Path, out: Path, clock: Clock) -> None:
    """Reading the four tables and one hash join on the reference: what nobody can do without."""
    with clock.stage("reading"):
        tables = {name: pl.read_parquet(data / f"{name}.parquet") for name in STORED}
    with clock.stage("joining"):
        ours = tables["referrals"].select("nccu_reference", referral=pl.int_range(pl.len()))
        theirs = tables["documents"].select("nccu_references", document=pl.int_range(pl.len()))
        found = ours.join(
            theirs.filter(pl.col("nccu_references").list.len() > 0).explode("nccu_references"),
            left_on="nccu_reference",
            right_on="nccu_references",
        ).select("referral", "document")
    _write(
        found.unique().with_columns(weight=0.0, band=pl.lit("auto"), role=pl.lit("primary")), out
    )


def engine(data: Path, out: Path, clock: Clock) -> None:
    """This engine from the raw tables, both sides beside each other."""
    weights = default_weights()
    with clock.stage("cleaning"), ThreadPoolExecutor(len(Feed)) as pool:
        ours, theirs = pool.map(lambda feed: cleaning.side(data, feed).side(weights), Feed)
        give_back()
    found = pair_prepared(ours, theirs, NO_DECISIONS, weights, clock.stage)
    _write(_listed(found), out)


def store(data: Path, out: Path, clock: Clock) -> None:
    """What the other contenders are given: cleaned frames for Splink, columns for `stored`."""
    place = data / "cleaned"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    for feed, folder in zip(Feed, SIDES, strict=True):
        with clock.stage(f"cleaning {feed.value}"):
            side = cleaning.side(data, feed)
        name = cleaning.FILES[feed]
        frames = side.frames()
        frames.records.write_parquet(place / f"{name}s.parquet")
        frames.people.write_parquet(place / f"{name}_people.parquet")
        write_side(side.side(default_weights()), place / folder)


def stored(data: Path, out: Path, clock: Clock) -> None:
    """This engine from cleaned columns that were stored."""
    with clock.stage("reading"):
        ours, theirs = (read_side(data / "cleaned" / name) for name in SIDES)
    found = pair_prepared(ours, theirs, NO_DECISIONS, default_weights(), clock.stage)
    _write(_listed(found), out)


def splink(data: Path, out: Path, clock: Clock) -> None:
    """Splink on the same cleaned columns, which it is given for nothing."""
    from bench.pairing import rival

    _write(rival.scores(data, clock.stage), out)


CONTENDERS: Mapping[str, Callable[[Path, Path, Clock], None]] = {
    "limit": limit,
    "engine": engine,
    "stored": stored,
    "splink": splink,
    "store": store,
}


def run(name: str, data: Path, out: Path, again: bool = False) -> None:
    """Run one contender in this process; what was measured goes to standard output.

    If it is run `again`, the seconds of that are told as ``warm``: its libraries are loaded then.
    """
    out.mkdir(parents=True, exist_ok=True)
    first = _timed(name, data, out)
    warm = _timed(name, data, out).seconds if again else {}
    told = {"seconds": first.seconds, "held": first.held, "warm": warm}
    sys.stdout.write(json.dumps(told) + "\n")


def _timed(name: str, data: Path, out: Path) -> Clock:
    clock = Clock()
    begun = time.perf_counter()
    CONTENDERS[name](data, out, clock)
    clock.seconds["whole"] = time.perf_counter() - begun
    clock.held["whole"] = max(*clock.held.values(), most_held())
    return clock


def _listed(found: PairingResult) -> pl.DataFrame:
    return found.pairings.select("referral", "document", "weight", "band", "role")


def _write(pairs: pl.DataFrame, out: Path) -> None:
    pairs.write_parquet(out / "pairs.parquet")
