"""What every table shares: names for constraints, times in UTC, words kept to their list.

A constraint without a name cannot be dropped by a later migration and cannot be broken on
purpose by a test, so the metadata names each one.  A word from `domain.words` is stored as
its value, and the database itself refuses any other.  A plain `datetime` field takes only
aware times and gives back UTC, to the microsecond, on both databases (SQLModel's own type).
"""

from enum import StrEnum
from typing import ClassVar

from sqlalchemy import JSON, BigInteger, Enum, Index, Integer, MetaData, text
from sqlalchemy.orm import registry
from sqlalchemy.schema import Constraint
from sqlalchemy.schema import Table as SchemaTable
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import UTCDateTime

__all__ = ["METADATA", "BigInt", "JSONColumn", "Table", "UTCDateTime", "enum_column", "undone"]

LONGEST_WORD = 40


def _check_name(constraint: Constraint, table: SchemaTable) -> str:
    """The rule's own name, or for a column of words ``<column>_is_known``."""
    columns = list(getattr(constraint, "columns", ()))
    if len(columns) == 1 and isinstance(columns[0].type, Enum):
        return f"{columns[0].name}_is_known"
    return str(constraint.name)


METADATA = MetaData(
    naming_convention={
        "constraint_name": _check_name,
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

BigInt = BigInteger().with_variant(Integer(), "sqlite")
"""A count that may pass two thousand million; a rowid on SQLite, so it may be a key."""

JSONColumn = JSON(none_as_null=True)
"""JSON text; the engine writes it canonically, so equal values have equal bytes."""


class Table(SQLModel, registry=registry(metadata=METADATA)):
    """The base of every table: ``class FlagRow(Table, table=True)``.

    SAFE_TO_LOG names the columns that may leave the database in a log line; every column
    that it does not name is left out.
    """

    SAFE_TO_LOG: ClassVar[frozenset[str]] = frozenset()


def enum_column(words: type[StrEnum]) -> Enum:
    """The column type of one word out of `words`, stored as its value and checked.

    Use it as ``state: FlagState = Field(sa_type=enum_column(FlagState))``.  The CHECK is
    named ``ck_<table>_<column>_is_known``.
    """
    return Enum(
        words,
        values_callable=lambda kind: [word.value for word in kind],
        native_enum=False,
        create_constraint=True,
        length=LONGEST_WORD,
    )


def undone(table: str, step: str) -> Index:
    """An index of the records of a force for which `step` is still to be done, and no others.

    SQLite uses it only for the very words of its condition, which are those of ``is_(False)``.
    """
    return Index(
        f"ix_{table}_not_{step}",
        "force",
        sqlite_where=text(f"{step} IS 0"),
        postgresql_where=text(f"{step} IS false"),
    )
