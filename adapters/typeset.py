"""Typeset a working paper with typst: equal files give equal bytes, on one version of it.

Only the fonts that come with typst are used, nothing is fetched, and the document's time is
the source's and not the clock's.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

from domain.errors import SampleRefused
from domain.working_paper.verify import Typesetter

SOURCE = "paper.typ"


def typesetter() -> Typesetter:
    """The typst that is installed."""
    return Typesetter(f"typst {version('typst')}", pdf)


def pdf(files: Mapping[str, bytes]) -> bytes:
    """The PDF of ``paper.typ`` with the pictures in ``charts/``.

    Args:
        files: The files of a pack by name; no others than those are used.

    Raises:
        SampleRefused: The source cannot be typeset.
    """
    with _laid_out(files) as root:
        made = typst.compile(
            f"{root}/{SOURCE}", root=root, ignore_system_fonts=True, format="pdf", timestamp=0
        )
    return _one(made)


def pages(files: Mapping[str, bytes]) -> list[bytes]:
    """Each page as a PNG, to be looked at."""
    with _laid_out(files) as root:
        made: Any = typst.compile(
            f"{root}/{SOURCE}", root=root, ignore_system_fonts=True, format="png", timestamp=0
        )
    return made if isinstance(made, list) else [_one(made)]


@contextmanager
def _laid_out(files: Mapping[str, bytes]) -> Iterator[str]:
    """The source and its pictures in a folder of their own."""
    with TemporaryDirectory(prefix="counterfoil-paper-") as folder:
        for name in files:
            if name == SOURCE or name.startswith("charts/"):
                file = Path(folder, name)
                file.parent.mkdir(exist_ok=True)
                file.write_bytes(files[name])
        try:
            yield folder
        except typst.TypstError as why:
            raise SampleRefused(
                "The working paper could not be typeset. Report this as a fault of the program."
                " Nothing was written."
            ) from why


def _one(made: object) -> bytes:
    if not isinstance(made, bytes):
        raise TypeError("typst gave no document")
    return made
