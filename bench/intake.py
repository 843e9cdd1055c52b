"""How many rows a second are taken in, from each format: read, checked, tokenised, stored.

Each measurement is the intake step of a night of its own on a new installation; the formats
take turns.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.databases import NewDatabase
from bench.figures import Figure
from bench.history import DOCUMENTS_PER_REFERRAL, History, as_of
from bench.installation import Installation
from bench.nights import SEED
from bench.page import table
from bench.progress import track
from bench.writers import WRITERS
from domain.words import Feed

MIDDLE: Final = 6
"""The day whose documents are taken: first and last days have fewer."""
NAMES: Final = {"csv": "CSV", "xlsx": "XLSX", "jsonl": "JSON Lines", "parquet": "Parquet"}


@dataclass(frozen=True)
class Plan:
    """How many rows a file has, about, and how many times each format is taken."""

    rows: int = 20_000
    repetitions: int = 5


@dataclass(frozen=True)
class Intake:
    """What was measured: the rows of the file, and the seconds for each format."""

    rows: int
    seconds: dict[str, Figure]


def measure(plan: Plan, folder: Path, database: NewDatabase) -> Intake:
    """Take the same documents from each format, in turns."""
    history = History(MIDDLE * 2, plan.rows // DOCUMENTS_PER_REFERRAL, SEED)
    documents = history.new_documents(MIDDLE)
    seconds: dict[str, list[float]] = {kind: [] for kind in WRITERS}
    turns = [(number, kind) for number in range(plan.repetitions) for kind in WRITERS]
    for number, kind in track(turns, "intake", len(turns)):
        name = f"intake-{kind}-{number}"
        installation = Installation(folder / name, database(name))
        installation.deliver(Feed.DOCUMENTS, documents, kind)
        night = installation.night(as_of(MIDDLE))
        if night.work["documents"]["new"] != documents.height:
            raise ValueError(f"Not every row of the {kind} file was taken: {night.work}")
        seconds[kind].append(night.seconds["documents"])
    return Intake(documents.height, {kind: Figure(tuple(each)) for kind, each in seconds.items()})


def page(measured: Intake, database: str) -> str:
    """The section's text: seconds and rows a second of each format."""
    said = (
        f"One file of {measured.rows:,} new documents into an empty installation on {database}:"
        " read, checked, tokenised and stored, in one transaction. The median, and the least and"
        f" the most of {len(next(iter(measured.seconds.values())).values)} runs, in turns."
    )
    rows = [
        (NAMES[kind], took.shown(), rate(measured.rows, took).shown(0))
        for kind, took in measured.seconds.items()
    ]
    return f"{said}\n\n{table(('Format', 'Seconds', 'Rows a second'), rows)}"


def rate(rows: int, seconds: Figure) -> Figure:
    """Rows a second, of each measurement."""
    return Figure(tuple(rows / each for each in seconds.values))
