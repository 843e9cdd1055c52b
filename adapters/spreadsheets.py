"""Cells that a spreadsheet shows as they are, and never takes for a formula (CWE-1236).

A text that begins with ``=``, ``+``, ``-``, ``@``, a tab, a line break or a NUL gets an
apostrophe in front (OWASP ASVS 5.0, 1.2.10), and so does one that already has apostrophes
before such a sign.  So the text comes back by taking one apostrophe off, where such a sign
follows the apostrophes; every other text is written as it is.
"""

import re
from typing import Any

import polars as pl

DANGEROUS = r"\A'*[=+\-@\t\r\n\x00]"
_DANGEROUS = re.compile(DANGEROUS)
_GUARDED = re.compile(r"'+[=+\-@\t\r\n\x00]")


def guarded(value: Any) -> Any:
    """`value` for a cell of a CSV: a dangerous text behind an apostrophe, all else as it is."""
    return f"'{value}" if isinstance(value, str) and _DANGEROUS.match(value) else value


def unguarded(cell: str) -> str:
    """The text that `guarded` made `cell` of."""
    return cell[1:] if _GUARDED.match(cell) else cell


def guarded_column(name: str) -> pl.Expr:
    """`guarded` of each text of a column, under the column's name."""
    text = pl.col(name)
    return pl.when(text.str.contains(DANGEROUS)).then("'" + text).otherwise(text).alias(name)
