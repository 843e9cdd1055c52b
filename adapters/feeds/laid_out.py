"""Rows laid out in columns: a table's, or such as every other file gives them.

What cannot be laid out as what it says makes its row one that is not sure.
"""

import json
from collections.abc import Sequence
from types import NoneType
from typing import Any

import numpy as np
import polars as pl

from adapters.feeds.aliases import FIELDS, PERSON_FIELDS
from adapters.feeds.parquet import has_no_text
from adapters.feeds.reading import Values
from adapters.feeds.shaping import NOTHING, half_a_sign, person_field
from adapters.feeds.sure_rows import Given

_NOBODY = pl.List(pl.Struct({"role": pl.String}))


def of_table(table: pl.DataFrame) -> Given:
    """The rows of a typed table, whose columns have the names of the contract's fields."""
    if "people" not in table.columns:
        nobody = pl.DataFrame(schema={"record": pl.Int64})
        return Given(table, nobody, pl.repeat(True, table.height, eager=True))
    column = table["people"]
    inner, sure = getattr(column.dtype, "inner", None), pl.repeat(True, len(column), eager=True)
    if not isinstance(inner, pl.Struct) or has_no_text(inner):
        sure = column.is_null()
        column = pl.Series([None], dtype=_NOBODY).new_from_index(0, len(column))
    count = column.list.len().fill_null(0).to_numpy()
    record = np.repeat(np.arange(len(column)), count)
    each = column.explode(empty_as_null=False, keep_nulls=False)
    given = each.struct.unnest()
    names = {key: name for key in given.columns if (name := person_field(key)) is not None}
    if len(set(names.values())) < len(names):
        names, sure = {}, sure & (column.list.len().fill_null(0) == 0)
    unsaid = np.bincount(record[each.is_null().to_numpy()], minlength=len(column)) > 0
    people = given.select(pl.Series("record", record), *names).rename(names)
    return Given(table.drop("people"), people, sure & ~pl.Series(unsaid))


def of_values(feed: str, rows: Sequence[Values]) -> Given:
    """Rows as every other file gives them: texts, and lists and objects out of JSON."""
    sure = np.array([not row.problems for row in rows], dtype=np.bool_)
    fields = {
        name: _column([row.values.get(name) for row in rows], kind, sure)
        for name, kind in FIELDS[feed].items()
        if name != "people"
    }
    people: dict[str, list[Any]] = {name: [] for name in ("record", *PERSON_FIELDS)}
    for at, row in enumerate(rows):
        try:
            said = [_person(one) for one in _listed(row.values.get("people"))]
        except _DoubtfulError:
            sure[at] = False
            continue
        for person in said:
            people["record"].append(at)
            for name in PERSON_FIELDS:
                people[name].append(person.get(name))
    schema = {"record": pl.Int64, **dict.fromkeys(PERSON_FIELDS, pl.String)}
    return Given(pl.DataFrame(fields), pl.DataFrame(people, schema), pl.Series(sure))


class _DoubtfulError(Exception):
    """A value is not of the kind that it should be."""


def _column(values: list[Any], kind: str, sure: Any) -> pl.Series:
    """The values of a field as text, or lists of text; a row with any other is not sure."""
    if set(map(type, values)) <= {str, NoneType}:
        return pl.Series(values, dtype=pl.String)
    read = {"list": _texts, "grade number": _code}.get(kind, _text)
    made = []
    for at, value in enumerate(values):
        try:
            made.append(read(value))
        except _DoubtfulError:
            sure[at] = False
            made.append(None)
    return pl.Series(made, dtype=pl.List(pl.String) if kind == "list" else pl.String)


def _text(value: Any) -> str | None:
    if value is None or type(value) is str:
        return value
    raise _DoubtfulError


def _code(value: Any) -> str | None:
    return str(value) if type(value) is int else _text(value)


def _texts(value: Any) -> list[str | None] | None:
    if type(value) is list:
        return [_text(one) for one in value]
    written = _text(value)
    return None if written is None else list(written.split(";"))


def _listed(value: Any) -> list[Any]:
    """The people of a record as a list; _DoubtfulError if they are nothing of the kind."""
    if type(value) is str:
        value = value.strip()
        if value.lower() in NOTHING:
            return []
        escaped = "\\u" in value
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise _DoubtfulError from None
        if value is None or (escaped and half_a_sign(value)):
            raise _DoubtfulError
    if value is None:
        return []
    if type(value) is dict:
        return [value]
    if type(value) is not list:
        raise _DoubtfulError
    return value


def _person(given: Any) -> dict[str, str]:
    """What is said of a person, by the contract's names; _DoubtfulError if any is no text."""
    if type(given) is not dict:
        raise _DoubtfulError
    said: dict[str, str] = {}
    for key, value in given.items():
        name = person_field(key)
        if name is None or value is None or value == "":
            continue
        if type(value) is not str:
            raise _DoubtfulError
        said[name] = value
    return said
