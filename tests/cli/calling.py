"""Commands called in this process, as `counterfoil` calls them, and what they leave behind."""

import csv
import json
import os
import re
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from adapters import database, settings
from cli.main import app
from tests.integration.lifecycle.looking import dump
from tests.orchestration.installations import Rows, environment

WIDE = "400"
"""Columns of the screen, so that no table folds a cell."""
NOBODY = 65534
AS_OF = "2026-02-03T02:30Z"
"""The night by which the exports are judged."""
NOTHING = re.compile(
    r"Nothing (of it |from this file )?was |[Oo]nly what this command had finished"
)
"""How every refusal says what is stored."""


@dataclass(frozen=True)
class Answer:
    """What a command ended with and said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as the one JSON document that it must be."""
        return json.loads(self.out)


def call(*words: object, home: Path | None = None, **variables: str) -> Answer:
    """Run ``counterfoil [--home HOME] WORDS``; a fault of the program is raised."""
    told = [str(word) for word in words]
    with environment(COLUMNS=WIDE, **variables):
        os.environ.pop("COUNTERFOIL_HOME", None)
        os.environ.update(variables)
        done = CliRunner().invoke(app, [*(["--home", str(home)] if home else []), *told])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Answer(done.exit_code, done.stdout, done.stderr)


def said_once(answer: Answer) -> str:
    """The sentence that the command refused with, which must be all that it said."""
    assert (2, "") == (answer.code, answer.out), answer
    assert "Traceback" not in answer.err
    assert NOTHING.search(answer.err), answer.err
    return answer.err


def stored(home: Path) -> dict[str, list[str]]:
    """Every row of the installation's database."""
    engine = database.engine(settings.load(home).database)
    try:
        return dump(engine)
    finally:
        engine.dispose()


def files(folder: Path) -> dict[str, bytes]:
    """Every file under `folder` with its bytes; SQLite's passing files are left out."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(("-wal", "-shm"))
    }


def cells(table: str) -> list[list[str]]:
    """The rows of a printed table, headings left out."""
    return [
        [cell.strip() for cell in line.split("│")] for line in table.splitlines() if "│" in line
    ]


def check(out: Path, *more: object) -> Answer:
    """The dry run of the two exports."""
    words = ("--referrals", "r.csv", "--documents", "d.csv", "--out", out, "--as-of", AS_OF)
    return call("check", *words, *more)


def write(file: Path, rows: Rows) -> None:
    """A CSV of `rows`."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@contextmanager
def as_nobody() -> Iterator[None]:
    """This process without the rights of root, which no file permission stops."""
    if os.geteuid() != 0:
        yield
        return
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """A disk that is full: what would make a file longer than `size` bytes fails."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
