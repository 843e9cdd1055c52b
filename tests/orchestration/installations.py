"""Installations to run nights in: made by `counterfoil init`, fed with made-up deliveries.

Two nights of one force.  The second has all that a night can meet: late documents, records
amended, a row to refuse, and a file delivered a second time under another name.
"""

import csv
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from typer.testing import CliRunner

from cli.main import app
from synthetic.generate import generate
from synthetic.writers import write_csv

FIRST_NIGHT = datetime(2026, 1, 21, 2, 30, tzinfo=UTC)
SECOND_NIGHT = datetime(2026, 2, 3, 2, 30, tzinfo=UTC)
CUT = "2026-01-20"
AMENDED_AT = "2026-02-01T09:00:00+00:00"

Rows = Sequence[Mapping[str, str]]


@contextmanager
def environment(**values: str) -> Iterator[None]:
    """The process's environment with `values`, and afterwards exactly as it was."""
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def install(home: Path, *forces: str, database_url: str | None = None) -> Path:
    """An installation with empty drop folders; on SQLite unless `database_url` says else."""
    with environment():
        for force in forces or ("EX",):
            answer = CliRunner().invoke(app, ["--home", str(home), "init", force])
            assert 0 == answer.exit_code, answer.output
    if database_url is not None:
        file = home / "counterfoil.toml"
        text = file.read_text("utf-8")
        file.write_text(text.replace("sqlite:///counterfoil.db", database_url), "utf-8")
    return home


def deliver(home: Path, name: str, rows: Rows, force: str = "EX", feed: str = "documents") -> Path:
    """Put a CSV of `rows` into a drop folder."""
    file = home / "drop" / force / feed / name
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows({**row, "force": force} for row in rows)
    return file


def deliver_first_night(home: Path, force: str = "EX") -> None:
    """One file of each feed, of what happened before the cut; a third of the documents lack."""
    referrals, documents = made_up()
    deliver(home, "r1.csv", [r for r in referrals if r["referred_at"] < CUT], force, "referrals")
    deliver(home, "d1.csv", _early(documents), force)


def deliver_second_night(home: Path, force: str = "EX") -> None:
    """What came later, what was amended, a row without its time, and d1.csv once more."""
    referrals, documents = made_up()
    late = [r for r in referrals if r["referred_at"] >= CUT]
    known = [r for r in referrals if r["referred_at"] < CUT]
    amended = [{**r, "incident_number": "", "postcode": ""} for r in known[:4]]
    bad = [{**known[5], "referral_id": "EX-R-BAD", "referred_at": "yesterday"}]
    deliver(home, "r2.csv", [*late, *amended, *bad], force, "referrals")
    early = _early(documents)
    withdrawn = [{**d, "status": "rejected", "amended_at": AMENDED_AT} for d in early[:12]]
    deliver(home, "d1-again.csv", early, force)
    deliver(home, "d2.csv", [d for d in documents if d not in early], force)
    deliver(home, "d3.csv", withdrawn, force)


def _early(documents: Rows) -> Rows:
    return [d for n, d in enumerate(documents) if d["submitted_at"] < CUT and n % 3]


@cache
def made_up() -> tuple[Rows, Rows]:
    """Forty referrals and their documents of one month, always the same."""
    with TemporaryDirectory() as folder:
        feeds = generate(40, 7, "realistic", 1, ["EX"], 3.0, date(2026, 1, 5))
        write_csv(feeds, Path(folder))
        return read_csv(Path(folder) / "referrals.csv"), read_csv(Path(folder) / "documents.csv")


def read_csv(file: Path) -> Rows:
    """The rows of a CSV."""
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
