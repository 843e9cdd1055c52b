"""An installation made for measuring: files are delivered to it and its nights are timed.

A night is the steps that the flow runs (tasks.overnight), one after the other in this
process and without Prefect around them, so that what is timed is the product's own work.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import polars as pl

from adapters import settings
from adapters.settings import FILE_NAME
from bench.writers import WRITERS
from cli import environment
from cli.init import SETTINGS, make
from domain.words import Feed
from services.forces import Force, open_force

FORCE: Final = "EX"


@dataclass(frozen=True)
class TimedNight:
    """One night: the seconds of each step in order, and what the steps counted."""

    seconds: Mapping[str, float]
    work: Mapping[str, Mapping[str, Any]]


class Installation:
    """A folder with settings, key, policy, drop folders and a database of its own."""

    def __init__(self, home: Path, database_url: str | None = None) -> None:
        """Make it, on SQLite unless a database URL is given."""
        self.home = home
        self.delivered = 0
        home.mkdir(parents=True)
        environment.prepare(home)
        if database_url is not None:
            text = SETTINGS.replace("sqlite:///counterfoil.db", database_url)
            (home / FILE_NAME).write_text(text, "utf-8")
        make(home, FORCE, "Exampleshire")

    @property
    def force(self) -> Force:
        """The one force, as a night finds it."""
        return open_force(settings.load(self.home), FORCE)

    def deliver(self, feed: Feed, frame: pl.DataFrame, kind: str = "csv") -> Path:
        """Put one file of the feed into its drop folder; return where it lies."""
        self.delivered += 1
        path = self.force.feeds[feed].folder / f"{feed.value}-{self.delivered:06}.{kind}"
        WRITERS[kind](frame, path)
        return path

    def night(self, as_of: datetime) -> TimedNight:
        """Run the night that judges by `as_of` and time its steps."""
        environment.prepare(self.home)
        from tasks.overnight import STEPS, begin_night, close_night

        seconds: dict[str, float] = {}
        work: dict[str, dict[str, Any]] = {}
        common = (FORCE, as_of, f"system:bench-{self.delivered}")
        begun = _timed(seconds, "begin", partial(begin_night.fn, *common))
        if not begun:
            raise ValueError(f"A later night than {as_of} has been judged.")
        for name, step, more in STEPS:
            work[name] = _timed(seconds, name, partial(step.fn, *common, *more))
        _timed(seconds, "close", partial(close_night.fn, *common, work))
        return TimedNight(seconds, work)


def _timed(seconds: dict[str, float], name: str, do: Callable[[], Any]) -> Any:
    begun = time.perf_counter()
    did = do()
    seconds[name] = time.perf_counter() - begun
    return did
