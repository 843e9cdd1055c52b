"""What may leave the database in a log line: named column by column, and nobody's data."""

import re

import pytest

import models
from models.base import Table

SENSITIVE = re.compile(
    r"people|officer|incident|custody|postcode|vehicle|reference|evidence|nearest|file_name"
    r"|author|body|missing|grading|source_|intelligence_|handling|decided_by|requested_by"
    r"|approved_by|ended_by|made_by|actor|fingerprint|content_hash"
)
"""Columns that hold or point at a person, an intelligence fact or the text that someone wrote."""

FREE_TEXT = {"reason"}
REASONS_OF_A_RULE = {"quarantined_row"}
"""Tables whose reason is a sentence of this program, which never repeats a value."""


def _tables() -> list[type[Table]]:
    return sorted(
        (mapper.class_ for mapper in Table._sa_registry.mappers), key=lambda row: row.__name__
    )


def test_every_table_is_looked_at() -> None:
    """
    The other tests here go through the classes, so no table may be without one.
    """
    looked_at = {row.__tablename__ for row in _tables()}

    assert looked_at ^ set(models.METADATA.tables) == set()


@pytest.mark.parametrize("row", _tables(), ids=lambda row: row.__name__)
def test_each_table_says_which_columns_may_be_logged(row: type[Table]) -> None:
    """
    An omitted declaration would be read as "nothing", a misspelt one as a column nobody sees.
    """
    assert "SAFE_TO_LOG" in vars(row)
    assert isinstance(row.SAFE_TO_LOG, frozenset)
    assert row.model_fields.keys() >= row.SAFE_TO_LOG


@pytest.mark.parametrize("row", _tables(), ids=lambda row: row.__name__)
def test_no_sensitive_column_may_be_logged(row: type[Table]) -> None:
    """
    Logs travel further than the database and are kept by other rules.
    """
    free_text = set() if row.__tablename__ in REASONS_OF_A_RULE else FREE_TEXT
    told = {name for name in row.SAFE_TO_LOG if SENSITIVE.search(name)}

    assert told | (row.SAFE_TO_LOG & free_text) == set()
