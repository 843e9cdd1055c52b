"""The identifier rules done to whole columns, by polars' regular expressions.

What `domain.identifiers` does to one value is done here to a column of them, with the same
answer, several times as fast: a test holds the two together.  Values with anything but
printable ASCII, and rules that polars cannot run (a reference back, a look ahead), are left
to the rules themselves, each distinct value once.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import polars as pl

from adapters.feeds.values import once
from domain.identifiers import (
    IdentifierRules,
    Patterns,
    normalise_postcode,
    normalise_vehicle,
)

INCIDENT: pl.DataType = pl.Struct({"serial": pl.String, "day": pl.Date})
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_PLAIN = r"^[ -~]*$"
_TIDY = pl.col("value").str.to_uppercase().str.strip_chars().str.replace_all(" +", " ")
_OUTWARD = r"([A-Z]{1,2}[0-9][A-Z0-9]?)"
Whole: TypeAlias = Callable[[pl.DataFrame], pl.Series]
"""Takes a frame whose `tidy` is the values in capitals; None of what it gives is not null."""


def references(column: pl.Series, rules: IdentifierRules) -> pl.Series:
    """As `IdentifierRules.normalise_reference`."""

    def whole(frame: pl.DataFrame) -> pl.Series:
        year, serial = pl.col("year").str.tail(2), pl.col("serial").str.strip_chars_start("0")
        dated = pl.when(year.str.len_bytes() > 0).then(pl.concat_str(year, pl.lit("-"), serial))
        found = pl.when(serial != "").then(dated.otherwise(serial))
        return _or_letters(_fitted(frame, rules.reference, ("serial", "year")), found)

    return _either(column, whole, rules.normalise_reference, rules.reference)


def incidents(column: pl.Series, rules: IdentifierRules) -> pl.Series:
    """As `IdentifierRules.normalise_incident`: structs of the serial and the day."""

    def whole(frame: pl.DataFrame) -> pl.Series:
        fitted = _fitted(frame, rules.incident, ("serial", "day", "month", "year"))
        serial = _or_letters(fitted, _unless_empty(pl.col("serial").str.strip_chars_start("0")))
        day = fitted.select(_day()).to_series()
        return pl.DataFrame({"serial": serial, "day": day}).to_struct()

    return _either(column, whole, rules.normalise_incident, rules.incident, INCIDENT)


def custodies(column: pl.Series, rules: IdentifierRules) -> pl.Series:
    """As `IdentifierRules.normalise_custody`."""

    def whole(frame: pl.DataFrame) -> pl.Series:
        fitted = _fitted(frame, rules.custody, ("serial", "prefix", "year"))
        serial = pl.col("serial").str.strip_chars_start("0")
        parts = (pl.col("prefix"), serial, pl.col("year").str.tail(2))
        joined = pl.concat_str(*map(_unless_empty, parts), separator="-", ignore_nulls=True)
        found = fitted.select(pl.when("fits").then(_unless_empty(joined))).to_series()
        other = frame["tidy"].set(fitted["fits"], None)
        return found.zip_with(fitted["fits"], once(other, rules.normalise_custody))

    return _either(column, whole, rules.normalise_custody, rules.custody)


def postcodes(column: pl.Series) -> pl.Series:
    """As `normalise_postcode`."""

    def whole(frame: pl.DataFrame) -> pl.Series:
        tidy = pl.col("tidy")
        halves = tidy.str.extract_groups(f"^{_OUTWARD} ?([0-9][A-Z]{{2}})$")
        outward, inward = halves.struct.field("1"), halves.struct.field("2")
        alone = tidy.str.extract(f"^{_OUTWARD}(?: [0-9])?$")
        both = pl.concat_str(outward, pl.lit(" "), inward)
        return frame.select(pl.coalesce(both, alone)).to_series()

    return _either(column, whole, normalise_postcode)


def vehicles(column: pl.Series) -> pl.Series:
    """As `normalise_vehicle`."""

    def whole(frame: pl.DataFrame) -> pl.Series:
        mark = pl.col("tidy").str.replace_all("[^A-Z0-9]", "")
        folded = mark
        for one, other in zip("OISZ", "0152", strict=True):
            folded = folded.str.replace_all(one, other, literal=True)
        return frame.select(pl.when(mark.str.contains("[0-9]")).then(folded)).to_series()

    return _either(column, whole, normalise_vehicle)


def _either(
    column: pl.Series,
    whole: Whole,
    rule: Callable[[str], Any],
    patterns: Patterns = (),
    kind: pl.DataType = pl.String(),  # noqa: B008 - a type, and never changed
) -> pl.Series:
    """The column by `whole` where that may be, and elsewhere by `rule`, value by value."""
    if not all(map(_can_run, patterns)):
        return once(column, rule, kind)
    there = column.is_not_null()
    value = column.alias("value").to_frame().filter(there)
    plain = value.select(pl.col("value").str.contains(_PLAIN)).to_series()
    found = whole(value.filter(plain).select(tidy=_TIDY)).cast(kind)
    if not plain.all():
        other = once(value["value"].filter(~plain), rule, kind).cast(kind)
        place = pl.concat([plain.arg_true(), (~plain).arg_true()])
        found = pl.concat([found, other]).gather(place.arg_sort())
    row = pl.select(pl.when(there).then(there.cast(pl.UInt32).cum_sum() - 1)).to_series()
    return found.gather(row).alias(column.name)


def _can_run(pattern: Any) -> bool:
    try:
        pl.Series([""]).str.contains(_expression(pattern))
    except pl.exceptions.ComputeError:
        return False
    return True


def _expression(pattern: Any) -> str:
    return f"(?i)^(?:{pattern.pattern})$"


def _fitted(frame: pl.DataFrame, patterns: Patterns, names: tuple[str, ...]) -> pl.DataFrame:
    """`tidy`, whether some pattern `fits`, and the named groups of the first that does."""
    parts, left = [], frame.select(pl.int_range(pl.len()).alias("row"), "tidy")
    for pattern in patterns:
        groups = left["tidy"].str.extract_groups(_expression(pattern))
        fits = groups.struct.field(names[0]).is_not_null()
        found = groups.filter(fits).struct
        known = [
            found.field(name)
            if name in pattern.groupindex
            else pl.Series(name, [None], pl.String).new_from_index(0, int(fits.sum()))
            for name in names
        ]
        parts.append(left.filter(fits).with_columns(*known, fits=pl.lit(True)))
        left = left.filter(~fits)
    none = (pl.lit(None, pl.String).alias(name) for name in names)
    parts.append(left.with_columns(*none, fits=pl.lit(False)))
    return pl.concat(parts).sort("row")


def _or_letters(fitted: pl.DataFrame, found: pl.Expr) -> pl.Series:
    """What was found, and all letters and digits of what fits no pattern and has a digit."""
    kept = pl.col("tidy").str.replace_all("[^A-Z0-9]", "")
    letters = pl.when(kept.str.contains("[0-9]")).then(kept)
    return fitted.select(pl.when("fits").then(found).otherwise(letters)).to_series()


def _day() -> pl.Expr:
    """The day in the groups day, month, year; null if one is missing or no such day exists."""
    year, month, day = pl.col("year"), pl.col("month"), pl.col("day")
    full = pl.when(year.str.len_bytes() == 2).then(pl.lit("20") + year).otherwise(year)
    numbers = {name: f"{number:02}" for number, name in enumerate(_MONTHS, 1)}
    named = month.str.head(3).replace_strict(numbers, default=None, return_dtype=pl.String)
    number = pl.when(month.str.contains("^[0-9]+$")).then(month.str.zfill(2)).otherwise(named)
    written = pl.concat_str(full.str.zfill(4), number, day.str.zfill(2), separator="-")
    return written.str.to_date("%Y-%m-%d", strict=False)


def _unless_empty(text: pl.Expr) -> pl.Expr:
    return pl.when(text != "").then(text)
