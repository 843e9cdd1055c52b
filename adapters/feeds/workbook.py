"""Rows of an XLSX workbook, read by a child process that may fail without harm.

A workbook is the one kind of file that can attack its reader.  So another process opens
it, behind a guard and under limits (workbook_guard, workbook_child), and only text comes
back.  That process gets the open file and an almost empty environment: no key, no database.
"""

import json
import os
import select
import subprocess
import sys
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from adapters.feeds.column_map import ColumnMap
from adapters.feeds.heading import AGAIN, FEWEST, best_row
from adapters.feeds.opening import refused
from adapters.feeds.shaping import Fault

LARGEST = 200 << 20
"""Bytes of the packed file."""
SILENCE = 300.0
"""Seconds without a word after which the child is given up."""

_ROOT = Path(__file__).resolve().parents[2]
_CHUNK = 1 << 16
_SHORTER = f"Ask for it as CSV, or in smaller files. {AGAIN}"

Row = tuple[int, Sequence[str | Fault | None]]


def workbook_rows(path: Path, column_map: ColumnMap) -> tuple[bool, Iterator[Row]]:
    """Whether days count from 1904, and each row of the sheet with its number.

    The sheet is the map's, or the only visible one, or the one that names most fields.
    FeedRefused if the file is refused, damaged, too large or has no such sheet.
    """
    if path.stat().st_size > LARGEST:
        raise refused(path, "is a workbook of over 200 MiB", _SHORTER)
    messages = _messages(path, f"name:{column_map.sheet}" if column_map.sheet else "")
    first = next(messages)
    if "heads" in first:
        messages.close()
        messages = _messages(path, f"at:{_best_sheet(path, first['heads'], column_map)}")
        first = next(messages)
    return bool(first["excel_1904"]), _rows(messages)


def _rows(messages: Iterator[Any]) -> Iterator[Row]:
    for number, cells in messages:
        yield number, [Fault(cell["fault"]) if isinstance(cell, dict) else cell for cell in cells]


def _best_sheet(path: Path, heads: list[Any], column_map: ColumnMap) -> int:
    """The place of the sheet that names most fields; FeedRefused for none or a tie."""
    counts = {place: best_row([cells for _, cells in rows], column_map)[0] for place, rows in heads}
    most = max(counts.values())
    best = [place for place, count in counts.items() if count == most]
    if most < FEWEST or len(best) > 1:
        why = f"has {len(heads)} visible sheets and none stands out by its headings"
        raise refused(path, why, f"Name the sheet in the column map. {AGAIN}")
    return int(best[0])


def _messages(path: Path, wanted: str) -> Generator[Any, None, None]:
    """What the child says, one message at a time, until it says that it has ended."""
    with path.open("rb") as file, _child(file, wanted) as child:
        try:
            for line in _spoken(child.stdout):
                message = json.loads(line)
                if isinstance(message, dict) and "refused" in message:
                    raise refused(path, message["refused"], AGAIN)
                if isinstance(message, dict) and "end" in message:
                    return
                yield message
        finally:
            child.kill()
    why = "could not be read to its end within the memory and time that a workbook is given"
    raise refused(path, why, _SHORTER)


def _child(file: IO[bytes], wanted: str) -> subprocess.Popen[bytes]:
    """The child, with the workbook as its standard input and nothing else of ours."""
    return subprocess.Popen(  # noqa: S603 - our own module; the sheet's name is one argument
        [sys.executable, "-m", "adapters.feeds.workbook_child", wanted],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"},
    )


def _spoken(pipe: IO[bytes] | None) -> Iterator[bytes]:
    """The whole lines from the pipe; ends early if it stays silent for `SILENCE` seconds."""
    if pipe is None:
        return
    rest = b""
    while select.select([pipe], [], [], SILENCE)[0]:
        chunk = os.read(pipe.fileno(), _CHUNK)
        if not chunk:
            return
        *whole, rest = (rest + chunk).split(b"\n")
        yield from whole
