"""Whole columns brought into the form of the contract, and which values surely keep it.

What `adapters.feeds.shaping` and the contract do to one value is done here to a column, for the
values that are as they should be: the shaped column, and where it is sure.  What is not sure is
for the door to say, so no reason is written here.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import polars as pl

from adapters.feeds.instants import Clock, UnreadableError
from adapters.feeds.shaping import NOTHING, READ
from adapters.feeds.values import once

Rule: TypeAlias = Mapping[str, Any]
"""What the contract says of one field."""
Sure: TypeAlias = tuple[pl.Series, pl.Series]
"""A shaped column, and in which rows it surely is what the contract allows."""
_Shape: TypeAlias = Callable[[pl.Series, str, Rule, Clock], Sure]

_PLAIN = r"^[ -~]*$"
_YEARS = (1901, 2099)
"""Those that are within the contract's in every zone."""
_AMBIGUOUS: Mapping[str, Any] = {"earlier": "earliest", "later": "latest", "refuse": "null"}
_KINDS: Mapping[str, pl.DataType] = {
    "instant": pl.Datetime("us", "UTC"),
    "day": pl.Date(),
    "birthday": pl.Date(),
    "list": pl.List(pl.String()),
    "grade number": pl.Int64(),
}
"""What a kind of field is once it is shaped, where that is not text."""


def shaped(column: pl.Series, kind: str, rule: Rule, clock: Clock) -> Sure:
    """A column of a kind of field in the contract's form.

    Args:
        column: As it came, in whatever type.
        kind: How the field is read (`adapters.feeds.aliases`).
        rule: What the contract says of the field.
        clock: How times are read.
    """
    shape: _Shape = _SHAPES.get(kind, _by_value)
    found, sure = shape(column, kind, rule, clock)
    return found.alias(column.name), sure


def _text(column: pl.Series, kind: str, rule: Rule, clock: Clock) -> Sure:
    """Text of printable ASCII, by whole columns; any other is in doubt."""
    if column.dtype != pl.String:
        return _by_value(column, kind, rule, clock)
    tidy = pl.col("value").str.strip_chars(" ")
    nothing = tidy.str.to_lowercase().is_in(sorted(NOTHING))
    plain = pl.col("value").str.contains(_PLAIN).fill_null(True)
    found = column.alias("value").to_frame().select(pl.when(~nothing).then(tidy), sure=plain)
    return found["value"], found["sure"] & _keeps(found["value"], rule)


def _list(column: pl.Series, kind: str, rule: Rule, clock: Clock) -> Sure:
    """Lists of text, or such parted by semicolons; entries that mean nothing go."""
    if column.dtype == pl.String:
        column = column.str.split(";")
    if column.dtype != pl.List(pl.String):
        return _doubted(column, kind)
    row = pl.int_range(len(column), eager=True)
    there = column.list.len().fill_null(0) > 0
    parts = pl.DataFrame({"row": row.filter(there), "value": column.filter(there)})
    parts = parts.explode("value")
    entries, good = _text(parts["value"], "text", rule["items"], clock)
    doubted = parts["row"].filter(~good)
    kept = parts.with_columns(value=entries).drop_nulls()
    grouped = kept.group_by("row", maintain_order=True).agg("value")
    whole = row.alias("row").to_frame().join(grouped, on="row", how="left", maintain_order="left")
    few = (whole["value"].list.len() <= rule["maxItems"]).fill_null(True)
    return whole["value"], few & ~row.is_in(doubted.implode())


def _moment(column: pl.Series, kind: str, rule: Rule, clock: Clock) -> Sure:
    """Instants and days: typed ones by whole columns, written ones value by value."""
    zoned = getattr(column.dtype, "time_zone", None) is not None
    if isinstance(column.dtype, pl.Datetime) and not (zoned and kind == "birthday"):
        at, gone = _in_utc(column, clock)
        if kind != "instant":
            at = at.dt.convert_time_zone(clock.zone.key).dt.date()
    elif column.dtype == pl.Date and kind != "instant":
        at, gone = column, pl.repeat(False, len(column), eager=True)
    else:
        return _written_moment(column, kind, clock)
    within = at.is_null() | at.dt.year().is_between(*_YEARS).fill_null(False)
    return at.cast(_KINDS[kind]), within & ~gone


def _in_utc(column: pl.Series, clock: Clock) -> tuple[pl.Series, pl.Series]:
    """Instants in UTC, and which the map's clock cannot tell."""
    kind = column.dtype
    there = column.is_not_null()
    if isinstance(kind, pl.Datetime) and kind.time_zone is None:
        doubtful = _AMBIGUOUS[clock.ambiguous_times]
        column = column.dt.replace_time_zone(
            clock.zone.key, ambiguous=doubtful, non_existent="null"
        )
    column = column.dt.convert_time_zone("UTC").dt.cast_time_unit("us")
    return column, there & column.is_null()


def _written_moment(column: pl.Series, kind: str, clock: Clock) -> Sure:
    """Times and days as text, each distinct value read once; what cannot be read is in doubt."""
    if column.dtype != pl.String:
        return _doubted(column, kind)
    read = {"instant": clock.instant, "day": clock.day, "birthday": clock.birthday}[kind]

    def moment(value: str) -> Any:
        written = READ["text"](value)
        try:
            return None if written is None else read(written)
        except UnreadableError:
            return None

    found = once(column, moment, _KINDS[kind])
    nothing = once(column, lambda value: READ["text"](value) is None, pl.Boolean)
    return found, found.is_not_null() | nothing.fill_null(True)


def _by_value(column: pl.Series, kind: str, rule: Rule, _: Clock) -> Sure:
    """Texts and codes, each distinct value read once, as the door reads it."""
    if column.dtype != pl.String and not column.dtype.is_integer():
        return _doubted(column, kind)
    read, made = READ[kind], _KINDS.get(kind, pl.String())
    whole = int if made == pl.Int64 else str

    def value(written: str) -> Any:
        found = read(written)
        return found if type(found) is whole else None

    texts = column.cast(pl.String)
    found = once(texts, value, made)
    nothing = once(texts, lambda written: read(written) is None, pl.Boolean).fill_null(True)
    return found, (found.is_not_null() | nothing) & _keeps(found, rule)


def _doubted(column: pl.Series, kind: str) -> Sure:
    """Nothing of a column of a type that is not expected; where it holds a value is in doubt."""
    nothing = pl.Series(column.name, [None], _KINDS.get(kind, pl.String()))
    return nothing.new_from_index(0, len(column)), column.is_null()


def _keeps(found: pl.Series, rule: Rule) -> pl.Series:
    """Whether each value keeps the contract's rule; what the rule says else is in doubt."""
    value, kept = pl.col("value"), []
    for word, limit in rule.items():
        if word in ("type", "description", "examples"):
            continue
        kept.append(_RULES[word](value, limit) if word in _RULES else pl.lit(False))
    frame = found.alias("value").to_frame()
    return frame.select(sure=pl.all_horizontal(pl.lit(True), *kept).fill_null(True))["sure"]


_RULES: Mapping[str, Callable[[pl.Expr, Any], pl.Expr]] = {
    "minLength": lambda value, least: value.str.len_chars() >= least,
    "maxLength": lambda value, most: value.str.len_chars() <= most,
    "pattern": lambda value, pattern: value.str.contains(pattern),
    "enum": lambda value, codes: value.is_in([code for code in codes if code is not None]),
}
_SHAPES: Mapping[str, _Shape] = {
    "text": _text,
    "list": _list,
    "instant": _moment,
    "day": _moment,
    "birthday": _moment,
}
