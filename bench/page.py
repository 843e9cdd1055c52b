"""The page of figures: each benchmark writes its own section and leaves the others alone.

A section stands between ``<!-- measured: NAME -->`` and ``<!-- end of NAME -->``.  What is
written by hand stands outside the markers.
"""

import os
import platform
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
GIGABYTE: Final = 1_000_000_000


def write_section(page: Path, name: str, text: str) -> None:
    """Put the text between the section's markers; a section that is not there is added."""
    held = page.read_text("utf-8") if page.exists() else "# Benchmarks\n"
    page.write_text(with_section(held, name, text), "utf-8")


def with_section(held: str, name: str, text: str) -> str:
    """The page with the text as its section; LookupError if a marker is there twice or alone."""
    start, end = f"<!-- measured: {name} -->", f"<!-- end of {name} -->"
    section = f"{start}\n{text.strip()}\n{end}"
    if start not in held and end not in held:
        return f"{held.rstrip()}\n\n## {name[0].upper()}{name[1:]}\n\n{section}\n"
    if held.count(start) != 1 or held.count(end) != 1 or held.index(end) < held.index(start):
        raise LookupError(f"The markers of {name} are not there once each, in order.")
    before, rest = held.split(start)
    return before + section + rest.split(end)[1]


def machine() -> str:
    """What the figures were measured on, with no name of anything."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / GIGABYTE
    cores = len(os.sched_getaffinity(0))
    return f"{cores} cores, {memory:.0f} GB of memory, Python {platform.python_version()}"


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A markdown table: the first column is text, the others are figures, set to the right."""
    lines = [headings, ["---", *["---:"] * (len(headings) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
