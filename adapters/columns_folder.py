"""A side's columns kept in a folder, so that pairing again needs no cleaning: an array a file.

The folder holds references and tokens of people: it is made for its owner only.
"""

from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

import numpy as np
import polars as pl

from domain.pairing.engine import Side

Held = TypeVar("Held")


def write_side(side: Side, folder: Path) -> None:
    """Write a side's arrays and records into a folder, which must not be there."""
    folder.mkdir(mode=0o700)
    _write(side, folder)


def read_side(folder: Path) -> Side:
    """The side that was written into a folder, whose files are read as they are needed."""
    return _read(Side, folder)


def _write(held: Any, folder: Path, name: str = "side") -> None:
    if is_dataclass(held):
        for field in fields(held):
            _write(getattr(held, field.name), folder, f"{name}.{field.name}")
    elif isinstance(held, pl.DataFrame):
        held.write_parquet(folder / f"{name}.parquet")
    else:
        np.save(folder / f"{name}.npy", held)


def _read(kind: type[Held], folder: Path, name: str = "side") -> Held:
    parts = get_type_hints(kind)
    found = {
        part: _read(of, folder, f"{name}.{part}")
        if isinstance(of, type) and is_dataclass(of)
        else pl.read_parquet(folder / f"{name}.{part}.parquet")
        if of is pl.DataFrame
        else np.asarray(np.load(folder / f"{name}.{part}.npy", mmap_mode="c"))
        for part, of in parts.items()
    }
    return kind(**found)
