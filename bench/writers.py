"""Write one frame of a feed as a delivered file of each format that a force may send."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import polars as pl
from openpyxl import Workbook

from synthetic.writers import csv_ready, iso_times


def write_csv(frame: pl.DataFrame, path: Path) -> None:
    """CSV, with lists parted by semicolons and people as JSON."""
    csv_ready(frame).write_csv(path)


def write_json_lines(frame: pl.DataFrame, path: Path) -> None:
    """JSON Lines."""
    iso_times(frame).write_ndjson(path)


def write_parquet(frame: pl.DataFrame, path: Path) -> None:
    """Parquet, with the types of the frame."""
    frame.write_parquet(path)


def write_workbook(frame: pl.DataFrame, path: Path) -> None:
    """XLSX, with the cells of the CSV as text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Export")
    cells = csv_ready(frame).with_columns(pl.all().cast(pl.String))
    sheet.append(cells.columns)
    for row in cells.iter_rows():
        sheet.append(row)
    book.save(path)


WRITERS: Final[Mapping[str, Callable[[pl.DataFrame, Path], None]]] = {
    "csv": write_csv,
    "xlsx": write_workbook,
    "jsonl": write_json_lines,
    "parquet": write_parquet,
}
