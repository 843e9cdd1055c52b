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
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"), 1
    )
}
_PLAIN = r"^[ -~]*$"
_OUTWARD = r"([A-Z]{1,2}[0-9][A-Z0-9]?)"
Whole: TypeAlias = Callable[[pl.DataFrame], pl.Series]
"""Takes a frame whose `tidy` is the values in capitals."""


def references(column: pl.Series, rules: IdentifierRules) -> pl.Series:
    """As `IdentifierRules.normalise_reference`."""

    def whole(frame: pl.DataFrame) -> pl.Series:
        year, serial = pl.col("year").str.tail(2), pl.col("serial").str.strip_chars_start("0")
        dated = pl.when(year.str.len_bytes() > 0).then(pl.concat_str(year, pl.lit("-"), serial))
        found = pl.when(serial != "").then(dated.otherwise(serial))
        fitted = _fitted(frame, rules.reference, ("serial", "year"))
        return fitted.select("row", found=_or_letters(found)).sort("row")["found"]

    return _either(column, whole, rules.normalise_reference, rules.reference)


def incidents(column: pl.Series, rules: IdentifierRules) -> pl.Series:
    """As `IdentifierRules.normalise_incident`: structs of the serial and the day."""

    def whole(frame: pl.DataFrame) -> pl.Series:
        fitted = _fitted(frame, rules.incident, ("serial", "day", "month", "year"))
        serial = _or_letters(_unless_empty(pl.col("serial").str.strip_chars_start("0")))
        found = fitted.select("row", serial=serial, day=_day(fitted))
        return found.sort("row").drop("row").to_struct()

    return _either(column, whole, rules.normalise_incident, rules.incident, INCIDENT)


def custodies(column: pl.Series, rules: IdentifierRules) -> pl.Series:
    """As `IdentifierRules.normalise_custody`."""

    def whole(frame: pl.DataFrame) -> pl.Series:
        fitted = _fitted(frame, rules.custody, ("serial", "prefix", "year"))
        serial = pl.col("serial").str.strip_chars_start("0")
        parts = (pl.col("prefix"), serial, pl.col("year").str.tail(2))
        joined = pl.concat_str(*map(_unless_empty, parts), separator="-", ignore_nulls=True)
        fitted = fitted.select("row", "tidy", "fits", found=_unless_empty(joined)).sort("row")
        other = fitted["tidy"].set(fitted["fits"], None)
        return fitted["found"].zip_with(fitted["fits"], once(other, rules.normalise_custody))

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
    found = whole(_tidy(value["value"].filter(plain))).cast(kind)
    if not plain.all():
        other = once(value["value"].filter(~plain), rule, kind).cast(kind)
        place = pl.concat([plain.arg_true(), (~plain).arg_true()])
        found = pl.concat([found, other]).gather(place.arg_sort())
    row = pl.select(pl.when(there).then(there.cast(pl.UInt32).cum_sum() - 1)).to_series()
    return found.gather(row).alias(column.name)


def _tidy(values: pl.Series) -> pl.DataFrame:
    """As `tidy`, in capitals, without spaces around them and with single ones within."""
    tidy = values.str.to_uppercase().str.strip_chars()
    if tidy.str.contains("  ", literal=True).any():
        tidy = tidy.str.replace_all(" +", " ")
    return tidy.alias("tidy").to_frame()


def _can_run(pattern: Any) -> bool:
    try:
        pl.Series([""]).str.contains(_expression(pattern))
    except pl.exceptions.ComputeError:
        return False
    return True


def _expression(pattern: Any) -> str:
    return f"(?i)^(?:{pattern.pattern})$"


def _fitted(frame: pl.DataFrame, patterns: Patterns, names: tuple[str, ...]) -> pl.DataFrame:
    """`tidy`, whether some pattern `fits`, and the named groups of the first that does.

    The rows are in the order of the patterns; `row` is where each was.
    """
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
    return pl.concat(parts)


def _or_letters(found: pl.Expr) -> pl.Expr:
    """What was found, and all letters and digits of what fits no pattern and has a digit."""
    kept = pl.col("tidy").str.replace_all("[^A-Z0-9]", "")
    letters = pl.when(kept.str.contains("[0-9]")).then(kept)
    return pl.when("fits").then(found).otherwise(letters)


def _day(fitted: pl.DataFrame) -> pl.Series:
    """The day in the groups day, month, year; null if one is missing or no such day exists."""
    year, month, day = (pl.col(name) for name in ("year", "month", "day"))
    named = month.str.head(3).replace_strict(_MONTHS, default=None, return_dtype=pl.Int64)
    number, signed = month.str.to_integer(strict=False), month.str.starts_with("+")
    whole = {
        "year": pl.when(year.str.len_bytes() == 2).then(2000).otherwise(0)
        + year.str.to_integer(strict=False),
        "month": pl.when(~signed).then(pl.coalesce(number, named)),
        "day": day.str.to_integer(strict=False),
    }
    written = fitted.select(**whole)
    there = written.select(
        pl.all_horizontal(pl.all().is_not_null())
        & pl.col("year").is_between(1, 9999)
        & pl.col("month").is_between(1, 12)
        & pl.col("day").is_between(1, 31)
    ).to_series()
    years, months, days = written.filter(there).to_numpy().T
    month_of = ((years - 1970) * 12 + months - 1).astype("datetime64[M]")
    found = month_of.astype("datetime64[D]") + (days - 1)
    exists = pl.Series(found.astype("datetime64[M]") == month_of)
    made = pl.Series(found).cast(pl.Date).zip_with(exists, pl.Series([None], dtype=pl.Date))
    row = pl.select(pl.when(there).then(there.cast(pl.UInt32).cum_sum() - 1)).to_series()
    return made.gather(row)


def _unless_empty(text: pl.Expr) -> pl.Expr:
    return pl.when(text != "").then(text)
