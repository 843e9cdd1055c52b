"""A whole assurance exercise by the command line, from an empty folder to a verified pack.

The commands are those that people type; what people do by hand (fill a worksheet, take a
zip apart) is done here by made-up judges.  ``python docs/tutorial.py`` prints it as a page.
"""

import csv
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl

NIGHT = "2026-01-05T02:30Z"
CODE = "2025-Q4"
DICE = "16180339887498948482"
ANSWER, REASON = ": answer", ": reason"

Judgements = Mapping[int, tuple[str, str]]
"""Answer and reason on the claim's attribute, by the row's place; all others are compliant."""
FIRST: Judgements = {
    4: ("deviation", "The document is of another incident."),
    9: ("out_of_frame", "Made to a port, not to NCCU."),
}
SECOND: Judgements = {**FIRST, 6: ("unavailable", "The record is restricted.")}
ADJUDICATED: Judgements = {1: ("compliant", "Seen with the owner of the record.")}


@dataclass(frozen=True)
class Step:
    """One thing that somebody does: a command, or a deed with what it is in words."""

    words: str
    exits: int = 0
    deed: Callable[[Path], None] | None = None


@dataclass(frozen=True)
class Done:
    """A step and what it printed."""

    step: Step
    said: str


Run = Callable[[Sequence[str], Path], tuple[int, str]]
"""Runs the words of a command in a folder: what it ended with, and what it printed."""


def steps() -> list[Step]:
    """The exercise, step by step."""
    counterfoil = f"counterfoil sample {{}} {CODE}"
    return [
        Step("python -m synthetic --referrals 600 --seed 7 --forces EX --months 12 --out exports"),
        Step("counterfoil init EX"),
        Step("Both exports are put into the drop folders.", deed=_deliver),
        Step(f"counterfoil receive --as-of {NIGHT}", exits=1),
        Step(f"counterfoil run --no-prefect --as-of {NIGHT}", exits=1),
        Step(
            f"counterfoil sample plan {CODE} --from 2025-09-01 --until 2025-12-20"
            " --tolerable 20% --expected 2% --leave-out ambiguous"
        ),
        Step(f"{counterfoil.format('freeze')} --out to-lodge"),
        Step("sha256sum to-lodge/commitment.json"),
        Step(f"{counterfoil.format('seed')} --dice {DICE}"),
        Step(counterfoil.format("draw")),
        Step(f"{counterfoil.format('worksheet')} --judge first --out first.xlsx"),
        Step(f"{counterfoil.format('worksheet')} --judge second --out second.csv"),
        Step("The first judge fills first.xlsx.", deed=lambda at: fill(at / "first.xlsx", FIRST)),
        Step("The second fills second.csv.", deed=lambda at: fill(at / "second.csv", SECOND)),
        Step(f"counterfoil sample findings import {CODE} first.xlsx --judge first --by jones"),
        Step(f"counterfoil sample findings import {CODE} second.csv --judge second --by singh"),
        Step(f"counterfoil sample show {CODE}", exits=1),
        Step(f"{counterfoil.format('worksheet')} --judge adjudication --out third.csv"),
        Step("A third person decides.", deed=lambda at: fill(at / "third.csv", ADJUDICATED)),
        Step(
            f"counterfoil sample findings import {CODE} third.csv --judge adjudication --by okafor"
        ),
        Step(counterfoil.format("extend")),
        Step(f"{counterfoil.format('worksheet')} --judge first --out first.csv"),
        Step(f"{counterfoil.format('worksheet')} --judge second --out second.csv"),
        Step("Both judge the item that came in.", deed=_judge_the_rest),
        Step(f"counterfoil sample findings import {CODE} first.csv --judge first --by jones"),
        Step(f"counterfoil sample findings import {CODE} second.csv --judge second --by singh"),
        Step(counterfoil.format("evaluate")),
        Step(f"{counterfoil.format('pack')} --out {CODE}.zip"),
        Step(f"counterfoil sample verify {CODE}.zip --lodged to-lodge/commitment.json"),
        Step("The zip is taken apart, and one letter of a copy is changed.", deed=_tamper),
        Step("sha256sum --quiet --strict -c manifest.sha256"),
        Step("counterfoil sample verify changed.zip", exits=1),
    ]


def in_a_process(words: Sequence[str], at: Path) -> tuple[int, str]:
    """A command in a process of its own, as people start it; the folder is named as they would."""
    done = subprocess.run(  # noqa: S603 - the commands above
        [*_program(words[0]), *words[1:]],
        cwd=at,
        env=os.environ | {"COUNTERFOIL_HOME": "home", "COLUMNS": "96", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def walk(folder: Path, run: Run = in_a_process) -> Iterator[Done]:
    """Do every step in `folder`, which has to be empty.

    Raises:
        AssertionError: A command ended otherwise than it should.
    """
    for step in steps():
        if step.deed is not None:
            step.deed(folder)
            yield Done(step, "")
            continue
        words = step.words.split()
        at = folder / "unpacked" if "manifest.sha256" in words else folder
        ended, said = run(words, at)
        if ended != step.exits:
            raise AssertionError(f"{step.words} ended with {ended}: {said}")
        yield Done(step, said)


def _program(name: str) -> list[str]:
    ours = {"counterfoil": ["-m", "cli"], "python": []}
    return [sys.executable, *ours[name]] if name in ours else [name]


def fill(file: Path, judgements: Judgements) -> None:
    """Answer every cell that is empty, as a judge would, and save the file."""
    if file.suffix == ".csv":
        with file.open(encoding="utf-8-sig", newline="") as stream:
            heading, *rows = csv.reader(stream)
        for place, row in enumerate(rows, 1):
            for column, answer in _answers(heading, row, judgements.get(place)):
                row[column] = answer
        with file.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([heading, *rows])
        return
    book = openpyxl.load_workbook(file)
    page = book["Worksheet"]
    heading, *rows = ([str(cell or "") for cell in row] for row in page.values)
    for place, row in enumerate(rows, 1):
        for column, answer in _answers(heading, row, judgements.get(place)):
            page.cell(place + 1, column + 1).value = answer
    book.save(file)


def _answers(
    heading: list[str], row: list[str], judged: tuple[str, str] | None
) -> Iterator[tuple[int, str]]:
    """What to write into which column of a row; the first attribute is the claim's."""
    columns = [at for at, name in enumerate(heading) if name.endswith(ANSWER)]
    for place, column in enumerate(columns):
        if row[column]:
            continue
        if place == 0 and judged is not None:
            yield column, judged[0]
            yield column + 1, judged[1]
        elif judged is None or judged[0] != "out_of_frame":
            yield column, "compliant"


def _deliver(folder: Path) -> None:
    for feed in ("referrals", "documents"):
        shutil.copy(folder / "exports" / f"{feed}.csv", folder / "home" / "drop" / "EX" / feed)


def _judge_the_rest(folder: Path) -> None:
    for name in ("first.csv", "second.csv"):
        fill(folder / name, {})


def _tamper(folder: Path) -> None:
    pack = folder / f"{CODE}.zip"
    with zipfile.ZipFile(pack) as archive:
        archive.extractall(folder / "unpacked")
    content = pack.read_bytes()
    at = content.index(b'"answer":"deviation"') + len(b'"answer":"d')
    (folder / "changed.zip").write_bytes(content[:at] + b"E" + content[at + 1 :])
