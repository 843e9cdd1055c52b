"""Frozen dataclasses to plain values and back, strictly, by their types.

A field may be text, a whole number, a boolean, a `Fraction` (``1/20``), an aware `datetime`
(``2026-03-31T22:59:59.000001Z``), an enumeration of words, another such dataclass, a tuple of
one of these, or one of these or None.  Reading refuses a field that is missing, not known or
of another kind.  A dataclass with a `SCHEMA` is written with it, as the field ``schema``.
"""

from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import StrEnum
from fractions import Fraction
from functools import cache
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from domain.errors import SampleRefused
from domain.working_paper.canonical import from_bytes, from_lines, to_bytes, to_lines

T = TypeVar("T")


def document(value: Any) -> bytes:
    """The canonical JSON of a dataclass."""
    return to_bytes(plain(value))


def lines(values: Any) -> bytes:
    """The canonical JSON Lines of dataclasses, in their order."""
    return to_lines(plain(value) for value in values)


def read_document(kind: type[T], content: bytes, name: str) -> T:
    """The dataclass that `content` is the canonical JSON of.

    Raises:
        SampleRefused: It is not; says which field of `name`, and no content.
    """
    return _built(kind, from_bytes(content, name), name)


def read_lines(kind: type[T], content: bytes, name: str) -> tuple[T, ...]:
    """The dataclasses that `content` is the canonical JSON Lines of."""
    return tuple(
        _built(kind, value, f"{name}, line {at}")
        for at, value in enumerate(from_lines(content, name), 1)
    )


def plain(value: Any) -> Any:
    """Objects, lists, text, whole numbers, booleans and None only."""
    if is_dataclass(value) and not isinstance(value, type):
        written = {field.name: plain(getattr(value, field.name)) for field in fields(value)}
        schema = getattr(value, "SCHEMA", None)
        return written if schema is None else written | {"schema": schema}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, StrEnum | Fraction):
        return str(value)
    return value


def _instant(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("a time without a zone")
    utc = value.astimezone(UTC)
    return utc.isoformat(timespec="microseconds" if utc.microsecond else "seconds")[:-6] + "Z"


@cache
def _types(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _built(kind: type[T], value: Any, name: str) -> T:
    """An instance of the dataclass `kind`; what its own checks refuse is refused."""
    if not isinstance(value, dict):
        raise _refused(name, "is not a record")
    of: Any = kind
    types, schema = _types(of), getattr(kind, "SCHEMA", None)
    if value.get("schema") != schema:
        raise _refused(name, f"is not of the schema {schema}")
    given = set(value) - ({"schema"} if schema else set())
    if given != set(types):
        missing, more = sorted(set(types) - given), len(given - set(types))
        raise _refused(name, f"has not the fields it should: {missing} missing, {more} unknown")
    held = {key: _read(types[key], value[key], f"{name}, {key}") for key in types}
    try:
        return kind(**held)
    except SampleRefused as why:
        raise SampleRefused(f"{name}: {why}") from why


def _read(kind: Any, value: Any, name: str) -> Any:
    origin, of = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return None if value is None else _read(of[0], value, name)
    if origin is tuple:
        if not isinstance(value, list):
            raise _refused(name, "is not a list")
        return tuple(_read(of[0], item, f"{name} {at}") for at, item in enumerate(value, 1))
    if is_dataclass(kind) and isinstance(kind, type):
        return _built(kind, value, name)
    if kind in (str, int, bool):
        if type(value) is not kind:
            raise _refused(name, f"is not {_KINDS[kind]}")
        return value
    return _from_text(kind, value, name)


_KINDS: dict[Any, str] = {str: "text", int: "a whole number", bool: "true or false"}


def _from_text(kind: Any, value: Any, name: str) -> Any:
    try:
        read: Any = datetime.fromisoformat(value) if kind is datetime else kind(value)
        if isinstance(value, str) and plain(read) == value:
            return read
    except (ValueError, TypeError, ZeroDivisionError, OverflowError):
        pass
    raise _refused(name, f"is not a {kind.__name__} as this program writes it")


def _refused(name: str, why: str) -> SampleRefused:
    return SampleRefused(f"{name} {why}. Take it again from where it was lodged. Nothing was used.")
