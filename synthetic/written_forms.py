"""How references, incident numbers, officers, places and vehicles are written: expressions.

Each function takes columns of numbers and gives text.  Area codes (ZA, ZB, ...) belong to no
post town; registrations have the shape of current ones with a memory tag never issued.
"""

from typing import Final

import polars as pl

from synthetic.damage import BARE, OUTWARD
from synthetic.world import NONE

_AREAS: Final = [f"Z{letter}" for letter in "ABCDFGHKLMNPQRSTUVWXY"]
_INWARD: Final = "ABDEFGHJLNPQRSTUWXYZ"
_PLATE: Final = "ABCDEFGHJKLMNOPRSTUVWXY"


def _padded(number: pl.Expr, width: int) -> pl.Expr:
    return number.cast(pl.String).str.zfill(width)


def _letter(alphabet: str, index: pl.Expr) -> pl.Expr:
    return pl.lit(alphabet).str.slice(index % len(alphabet), 1)


def referral_id(force: pl.Expr, row: pl.Expr) -> pl.Expr:
    """The key that the force's own system gives a referral."""
    return pl.format("{}-R-{}", force, _padded(row + 1, 7))


def urn(force: pl.Expr, row: pl.Expr) -> pl.Expr:
    """A document's URN."""
    return pl.format("{}/INT/{}", force, _padded(row + 1, 7))


def reference(serial: pl.Expr, day: pl.Expr, form: pl.Expr) -> pl.Expr:
    """NCCU's reference as NCCU writes it (form 0) or in one of six other ways."""
    padded = _padded(serial, 7)
    year = day.cast(pl.Int32).cast(pl.Date).dt.year()
    short = _padded(year % 100, 2)
    return (
        pl.when(form == 1).then(pl.format("nccu{}-{}", short, padded))
        .when(form == 2).then(serial.cast(pl.String))
        .when(form == 3).then(pl.format("{}/{}", short, serial))
        .when(form == 4).then(pl.format("NCCU ref {}", serial))
        .when(form == 5).then(pl.format("NCCU {} {}", year, serial))
        .when(form == 6).then(pl.format("NCCU-{}-{}", short, padded))
        .otherwise(pl.format("NCCU/{}/{}", short, padded))
    )  # fmt: skip


def incident(force: pl.Expr, number: pl.Expr, day: pl.Expr, form: pl.Expr) -> pl.Expr:
    """An incident number in the house form (0), bare (7) or in one of six other ways."""
    four, date = _padded(number, 4), day.cast(pl.Int32).cast(pl.Date)
    written = (
        pl.when(form == 1).then(pl.format("{} of {}", number, date.dt.to_string("%d/%m/%Y")))
        .when(form == 2).then(pl.format("Log {} {}", four, date.dt.to_string("%d%m%Y")))
        .when(form == 3).then(pl.format("{}-{}", four, date.dt.to_string("%d%m%y")))
        .when(form == 4).then(pl.format("CAD {}/{}", number, date.dt.to_string("%d%b%y")))
        .when(form == 5).then(pl.format("{}/{}", number, date.dt.to_string("%d/%m/%y")))
        .when(form == 6).then(pl.format("{}-{}", date.dt.to_string("%Y%m%d"), four))
        .when(form == BARE).then(number.cast(pl.String))
        .otherwise(pl.format("{}-{}-{}", force, date.dt.to_string("%Y%m%d"), four))
    )  # fmt: skip
    return pl.when(number == NONE).then(None).otherwise(written)


def officer(number: pl.Expr) -> pl.Expr:
    """A collar number; how it is written goes by the officer's habit and rank."""
    shown, habit = number + 1000, number % 7
    return (
        pl.when(habit == 0).then(pl.format("PC {}", shown))
        .when(habit == 1).then(pl.format("DC{}", shown))
        .when(habit == 2).then(pl.format("PS {}", shown))
        .when(habit == 3).then(_padded(shown, 6))
        .otherwise(shown.cast(pl.String))
    )  # fmt: skip


def custody(force: pl.Expr, number: pl.Expr, day: pl.Expr) -> pl.Expr:
    """A custody record's number."""
    short = _padded(day.cast(pl.Int32).cast(pl.Date).dt.year() % 100, 2)
    written = pl.format("{}/{}/{}", force, _padded(number, 6), short)
    return pl.when(number == NONE).then(None).otherwise(written)


def postcode(place: pl.Expr, force: pl.Expr, form: pl.Expr) -> pl.Expr:
    """A postcode of the force's made-up area; the outward half alone where `form` says so."""
    area = pl.lit(pl.Series([_AREAS])).list.get(force % len(_AREAS))
    outward = pl.format("{}{}", area, place // 10_000)
    rest = place % 10_000
    inward = pl.format(
        " {}{}{}", rest % 10, _letter(_INWARD, rest // 10), _letter(_INWARD, rest // 200)
    )
    written = pl.when(form == OUTWARD).then(outward).otherwise(outward + inward)
    return pl.when(place == NONE).then(None).otherwise(written)


def vehicles(number: pl.Expr, misread: pl.Expr) -> pl.Expr:
    """A list of one registration, or of none."""
    plate = pl.format(
        "Q{}{} {}{}{}",
        _letter(_PLATE, number),
        _padded(number // 23 % 76, 2),
        *(_letter(_PLATE, number // step) for step in (2_000, 50_000, 1_200_000)),
    )
    wrong = pl.concat_str(plate.str.slice(0, 2), plate.str.slice(2).str.replace_many(
        ["O", "0", "S", "5", "Z", "2", "1"], ["0", "O", "5", "S", "2", "Z", "I"]
    ))  # fmt: skip
    shown = pl.when(misread).then(wrong).otherwise(plate)
    none = pl.lit([], pl.List(pl.String))
    return pl.when(number == NONE).then(none).otherwise(pl.concat_list(shown))
