"""The four files of a dry run: their columns, and that they come whole, all four, or not.

They are written into a folder of a passing name inside the one asked for, and moved out of
it when the last one is done.  Texts that a spreadsheet would take for a formula stand behind
an apostrophe (`adapters.spreadsheets`).
"""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from adapters.spreadsheets import guarded, guarded_column
from domain.errors import Refused

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "pairings.csv": ("referral_id", "urn", "role", "band", "weight", "margin", "rule"),
    "referrals.csv": (
        "referral_id",
        "pairing",
        "obligation",
        "completeness",
        "flagged",
        "reason",
        "grace_ends_at",
        "nearest_urn",
        "nearest_weight",
    ),
    "quarantine.csv": ("feed", "row", "pointer", "reason"),
}
NAMES = (*COLUMNS, "summary.json")

Write = Callable[[Iterable[Any]], object]
"""Adds one row."""


@contextmanager
def written_whole(out: Path, sources: Iterable[Path]) -> Iterator[Path]:
    """A folder to write the four files into; they stand in `out` once the block has ended well.

    If it does not end well, `out` is left as it was, and is not there if it was not.  Other
    files in `out` are never touched.

    Args:
        out: The folder for the answer; made if need be, with those above it.
        sources: Files that must not be replaced by the answer.

    Raises:
        Refused: `out` cannot hold the answer; nothing was written.
    """
    made: list[Path] = []
    try:
        _check(out, sources)
        made += [folder for folder in (out, *out.parents) if not folder.exists()]
        out.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".counterfoil-", dir=out) as inside:
            yield Path(inside)
            for name in NAMES:
                (Path(inside) / name).replace(out / name)
            made.clear()
    except OSError as why:
        raise Refused(
            f"The dry run ended before its answer stood in {out} ({why.strerror or why}). Put"
            " that right, or name another folder with --out. Nothing was stored."
        ) from why
    finally:
        for folder in made:
            with suppress(OSError):
                folder.rmdir()


def _check(out: Path, sources: Iterable[Path]) -> None:
    """Raise Refused when one of the files would replace a source, or what is no file."""
    for name in NAMES:
        place = out / name
        if place.is_dir():
            raise Refused(
                f"{place} is a folder where the answer's {name} would stand. Name another folder"
                " with --out. Nothing was written."
            )
        if any(place.exists() and source.exists() and place.samefile(source) for source in sources):
            raise Refused(
                f"The answer would replace {place}, which is asked about. Name another folder"
                " with --out. Nothing was written."
            )


@contextmanager
def opened_csv(folder: Path, name: str) -> Iterator[Write]:
    """One of the files, begun with its headings; call what comes back with each row."""
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS[name])
        yield lambda row: writer.writerow([guarded(value) for value in row])


def write_pairings(folder: Path, pairings: pl.DataFrame) -> None:
    """pairings.csv from a frame that has its columns, in the order of the frame."""
    texts = [guarded_column(name) for name in ("referral_id", "urn")]
    pairings.select(COLUMNS["pairings.csv"]).with_columns(texts).write_csv(folder / "pairings.csv")


def write_summary(folder: Path, summary: Mapping[str, Any]) -> None:
    """summary.json."""
    text = json.dumps(summary, indent=2, ensure_ascii=False)
    (folder / "summary.json").write_text(f"{text}\n", "utf-8")
