"""Rows of a JSON Lines file: one object on each line, with the contract's names.

A property is matched to its field as a heading of a column is, so "Referral ID" serves as
well as "referral_id".
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from adapters.feeds.aliases import PERSON_COLUMNS
from adapters.feeds.column_map import ColumnMap, plain_heading
from adapters.feeds.opening import encoding_of, lines, refused
from adapters.feeds.shaping import half_a_sign
from schemas.validation import Problem

NOT_JSON = "is not valid JSON"
NOT_OBJECT = "is not a JSON object"
HALF_A_SIGN = "holds half of a character"
TWICE = "is given twice"

_AGAIN = "Ask for the whole file. Nothing from this file was stored."

Line = tuple[int, dict[str, Any], list[Problem]]


def json_rows(path: Path, column_map: ColumnMap) -> Iterator[Line]:
    """Each object's values by field, with its line number and what is wrong with it.

    Properties that no field claims are left out; blank lines are skipped. FeedRefused if
    the last line breaks off.
    """
    if column_map.pairs:
        why = "is JSON Lines, where a date and its time cannot be two properties"
        raise refused(path, why, "Map the property that holds both. Nothing was stored.")
    encoding = encoding_of(path, column_map.encoding)
    field_of: dict[str, str | None] = {}
    with lines(path, encoding) as text:
        for number, line in enumerate(text, 1):
            if line.isspace():
                continue
            try:
                value = json.loads(line, parse_constant=_not_json)
            except (ValueError, RecursionError):
                if not line.endswith(("\n", "\r")):
                    raise refused(path, f"is cut short in line {number}", _AGAIN) from None
                yield number, {}, [Problem("", NOT_JSON)]
                continue
            if not isinstance(value, dict):
                yield number, {}, [Problem("", NOT_OBJECT)]
            elif "\\u" in line and half_a_sign(value):
                yield number, {}, [Problem("", HALF_A_SIGN)]
            else:
                yield number, *_by_field(value, column_map, field_of)


def _by_field(
    value: dict[str, Any], column_map: ColumnMap, field_of: dict[str, str | None]
) -> tuple[dict[str, Any], list[Problem]]:
    """The object's values by field; `field_of` remembers the names met so far.

    A person's properties beside the record's own, as in a table with one row a person,
    become its one person.
    """
    values: dict[str, Any] = {}
    twice: list[Problem] = []
    for name, one in value.items():
        if name not in field_of and len(field_of) < 10_000:
            field_of[name] = column_map.field_of.get(plain_heading(name))
        field = field_of.get(name)
        if field is None:
            continue
        if field in values:
            twice.append(Problem(f"/{field}", TWICE))
        values[field] = one
    person = {
        name: values.pop(column) for column, name in PERSON_COLUMNS.items() if column in values
    }
    if person and "people" not in values:
        values["people"] = [person]
    return values, twice


def _not_json(word: str) -> Any:
    """Refuse NaN and Infinity, which Python reads and JSON does not know."""
    raise ValueError("not JSON")


def first_names(path: Path) -> list[str]:
    """The names of the properties of the first object; none if the first line is no object."""
    with lines(path, encoding_of(path)) as text:
        first = next((line for line in text if not line.isspace()), "")
    try:
        value = json.loads(first)
    except (ValueError, RecursionError):
        raise refused(path, "does not begin with a whole JSON object", _AGAIN) from None
    return [name for name in value if not half_a_sign(name)] if isinstance(value, dict) else []
