"""Files that a command writes: whole or not at all, and never a cell that a spreadsheet runs."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from adapters.spreadsheets import guarded
from domain.errors import Refused


@contextmanager
def written_whole(out: Path) -> Iterator[Path]:
    """A file beside `out` that takes its place when the block ends well, and else is gone.

    An export is written inside the block and then logged, so that nothing leaves without
    being in the trail.

    Raises:
        Refused: `out` is a folder, or is in none; nothing was written.
    """
    if out.is_dir():
        raise Refused(f"{out} is a folder. Name the file to write. Nothing was written.")
    if not out.parent.is_dir():
        raise Refused(f"There is no folder {out.parent}. Make it first. Nothing was written.")
    with TemporaryDirectory(prefix=".counterfoil-", dir=out.parent) as folder:
        passing = Path(folder) / "export"
        yield passing
        passing.replace(out)


def write_csv(file: Path, columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> None:
    """A CSV that spreadsheets read as UTF-8."""
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerows([guarded(value) for value in row] for row in rows)
