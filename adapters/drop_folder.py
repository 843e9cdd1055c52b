"""The folder that a feed's files are delivered into, and what becomes of a file once taken.

A file that is still being written is left alone: names that transfer tools use for partial
files are passed over, and a file whose bytes change while it is read is not taken.
"""

import errno
import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from domain.errors import FeedRefused

PARTIAL = (".part", ".partial", ".tmp", ".filepart", ".crdownload", ".swp")
READ = 1 << 20


@dataclass(frozen=True)
class Found:
    """A file as it lay in the folder; `sha256` is lowercase hex, `size` in bytes."""

    path: Path
    sha256: str
    size: int


def waiting(folder: Path) -> list[Path]:
    """The files to take, by name; none when the folder is not there."""
    if not folder.is_dir():
        return []
    return sorted(
        path
        for path in folder.iterdir()
        if path.is_file() and not path.name.startswith((".", "~$")) and not _is_partial(path)
    )


def look(path: Path) -> Found:
    """The file's hash and size now; FeedRefused when it cannot be read."""
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while block := file.read(READ):
                digest.update(block)
                size += len(block)
    except OSError as why:
        raise FeedRefused(
            f"{path.name} cannot be read ({why.strerror}). Let this account read and move it."
            " Nothing of it was stored."
        ) from None
    return Found(path, digest.hexdigest(), size)


def check_unchanged(found: Found) -> None:
    """Raise FeedRefused when the file's bytes are no longer those that were looked at."""
    if look(found.path) != found:
        raise FeedRefused(
            f"{found.path.name} changed while it was read. Nothing of it was stored;"
            " it is taken by the next run, once it has been written in full."
        )


def archive(found: Found, folder: Path) -> Path:
    """Move the file to `folder` under its hash and own name, safe to repeat after a crash."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{found.sha256[:16]}-{found.path.name}"
    try:
        os.replace(found.path, kept)  # noqa: PTH105 - replaces an earlier copy of the same bytes
    except OSError as why:
        if why.errno != errno.EXDEV:
            raise
        _carry(found.path, kept)
    return kept


def _carry(path: Path, kept: Path) -> None:
    """Move a file to another disk, where it stands whole or not at all."""
    passing = kept.with_name(f"{kept.name}.part")
    shutil.copyfile(path, passing)
    with passing.open("rb+") as file:
        os.fsync(file.fileno())
    passing.replace(kept)
    path.unlink()


def remove(found: Found) -> None:
    """Delete the file; one already gone is no fault."""
    found.path.unlink(missing_ok=True)


def _is_partial(path: Path) -> bool:
    return path.suffix.lower() in PARTIAL
