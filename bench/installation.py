"""An installation made for measuring: files are delivered to it and its nights are timed.

A night is the steps that the flow runs (tasks.overnight), one after the other in this
process and without Prefect around them, so that what is timed is the product's own work.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from adapters import settings
from adapters.settings import FILE_NAME
from cli import environment
from cli.init import make
from domain.words import Feed
from services.forces import Force, open_force
from synthetic.writers import csv_ready

FORCE = "EX"
STEPS = ("begin", "documents", "referrals", "pairing", "judging", "close")
POLICY = """
[policy.document_feed]
small_below = 0.0  # deliveries of history are a hundred times an ordinary night's
"""


@dataclass(frozen=True)
class TimedNight:
    """One night: the seconds of each step, and what the steps counted."""

    seconds: Mapping[str, float]
    work: Mapping[str, Mapping[str, Any]]

    @property
    def whole(self) -> float:
        """All steps together, in seconds."""
        return sum(self.seconds.values())


class Installation:
    """A folder with settings, key, policy, drop folders and a database of its own."""

    def __init__(self, home: Path, database_url: str | None = None) -> None:
        """Make it, on SQLite unless a database URL is given."""
        self.home = home
        self.delivered = 0
        home.mkdir(parents=True)
        environment.prepare(home)
        if database_url is not None:
            _settings_for(home, database_url)
        make(home, FORCE, "Exampleshire")
        policy = home / "policies" / f"{FORCE}.toml"
        policy.write_text(policy.read_text("utf-8") + POLICY, "utf-8")

    @property
    def force(self) -> Force:
        """The one force, ready for a night."""
        return open_force(settings.load(self.home), FORCE)

    def deliver(self, referrals: pl.DataFrame, documents: pl.DataFrame) -> dict[Feed, Path]:
        """Put one file of each feed into its drop folder; return where they lie."""
        self.delivered += 1
        places = {}
        for feed, frame in ((Feed.REFERRALS, referrals), (Feed.DOCUMENTS, documents)):
            path = self.force.feeds[feed].folder / f"{feed.value}-{self.delivered:04}.csv"
            csv_ready(frame).write_csv(path)
            places[feed] = path
        return places

    def night(self, as_of: datetime) -> TimedNight:
        """Run the night that judges by `as_of` and time its steps."""
        environment.prepare(self.home)
        from tasks.overnight import STEPS as BETWEEN
        from tasks.overnight import begin_night, close_night

        seconds: dict[str, float] = {}
        work: dict[str, dict[str, Any]] = {}
        who = f"system:bench-{self.delivered}"

        def timed(name: str, step: Any, *more: Any) -> Any:
            begun = time.perf_counter()
            did = step.fn(FORCE, as_of, who, *more)
            seconds[name] = time.perf_counter() - begun
            return did

        timed("begin", begin_night)
        for name, step, more in BETWEEN:
            work[name] = timed(name, step, *more)
        timed("close", close_night, work)
        return TimedNight(seconds, work)

    def megabytes(self) -> float:
        """The size of the SQLite database, in units of 1,000,000 bytes."""
        return sum(file.stat().st_size for file in self.home.glob("counterfoil.db*")) / 1e6


def _settings_for(home: Path, database_url: str) -> None:
    from cli.init import SETTINGS

    file = home / FILE_NAME
    file.write_text(SETTINGS.replace("sqlite:///counterfoil.db", database_url), "utf-8")
