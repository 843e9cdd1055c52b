"""Pieces of a typst document: text that cannot be taken for markup, and tables of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_KEPT = 20
"""A table of so many rows is not broken over two pages."""


def text(words: str) -> str:
    """A string of typst: what is in it cannot be taken for markup."""
    inner = words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{inner}"'


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """A table of names and what they are; the document defines ``facts``."""
    return "#facts(" + ", ".join(text(cell) for row in rows for cell in row) + ")"


def listed(head: Sequence[str], rows: Sequence[Sequence[str]], widths: str, aligns: str) -> str:
    """A table with a head that comes again on each page; the document defines ``listed``."""
    cells = ", ".join(text(cell) for row in rows for cell in row)
    heads = ", ".join(map(text, head))
    table = f"listed({widths}, {aligns}, ({heads}), {cells})"
    return f"#block(breakable: false, {table})" if len(rows) <= _KEPT else f"#{table}"


def paragraph(words: str) -> str:
    """A paragraph."""
    return f"#par({text(words)})"


def when(at: datetime) -> str:
    """A time as London's clocks have it, to the minute."""
    return f"{at.astimezone(LONDON):%d/%m/%Y %H:%M}"
