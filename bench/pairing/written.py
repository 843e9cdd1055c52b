"""How numbers are written: expressions that turn columns of numbers into an officer's text.

Area codes (ZA, ZB, ...) belong to no post town and marks begin with Q, so no real place or
vehicle is meant.  Each force writes incident numbers in a form of its own.
"""

from typing import Final

import numpy as np
import polars as pl

from bench.pairing.damage import BARE
from bench.pairing.world import NONE, Whole, london_day

CODES: Final = [f"{first}{letter}" for first in "PQ" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
INCIDENT_HOUSES: Final = 5
"""Forms with the day; which is a force's own goes by the force."""
_AREAS: Final = [f"Z{letter}" for letter in "ABCDEFGHJKLMNPQRSTUVWX"]
_INWARD: Final = "ABDEFGHJLNPQRSTUWXYZ"
_PLATE: Final = "ABCDEFGHJKLMNOPRSTUVWXYZ"
_RANKS: Final = ("PC {}", "{}", "DC{}", "{}", "PS {}", "00{}", "T/DC {}")


def code(force: pl.Expr) -> pl.Expr:
    """A force's short code: PA, PB, ..., QA, ..."""
    return _by_number(force, tuple(map(pl.lit, CODES)))


def referral_id(row: pl.Expr) -> pl.Expr:
    """The key of the force's own system."""
    return pl.format("R{}", (row + 1).cast(pl.String).str.zfill(8))


def urn(row: pl.Expr) -> pl.Expr:
    """A document's URN."""
    return pl.format("INT/{}", (row + 1).cast(pl.String).str.zfill(8))


def reference(serial: pl.Expr, year: pl.Expr, form: pl.Expr) -> pl.Expr:
    """NCCU's reference in NCCU's form (0) or in one of eight others."""
    padded = serial.cast(pl.String).str.zfill(7)
    short = (year % 100).cast(pl.String).str.zfill(2)
    forms = (
        pl.format("NCCU/{}/{}", short, padded),
        pl.format("nccu{}-{}", short, padded),
        padded,
        pl.format("{}/{}", short, serial),
        pl.format("NCCU {} {}", year, serial),
        pl.format("Ref: NCCU/{}/{}", short, serial),
        pl.format("NCCU-{}-{}", short, padded),
        pl.format("{}/{}", serial, short),
        pl.format("NCCU {}{}", short, padded),
    )
    return _by_number(form, forms)


def incident(number: pl.Expr, day: pl.Expr, force: pl.Expr, form: pl.Expr) -> pl.Expr:
    """A log number in the force's form (0), another house's (1 to 5) or bare (BARE)."""
    four = number.cast(pl.String).str.zfill(4)
    forms = (
        pl.format("{}-{}-{}", code(force), day.dt.to_string("%Y%m%d"), four),
        pl.format("{} of {}", number, day.dt.to_string("%d/%m/%Y")),
        pl.format("{}-{}", four, day.dt.to_string("%d%m%y")),
        pl.format("Log {} {}", four, day.dt.to_string("%d/%m/%y")),
        pl.format("{}/{}", four, day.dt.to_string("%d%b%y")),
    )
    house = (force + form) % INCIDENT_HOUSES
    written = pl.when(form == BARE).then(number.cast(pl.String)).otherwise(_by_number(house, forms))
    return pl.when(number != NONE).then(written)


def officer(number: pl.Expr) -> pl.Expr:
    """A collar number; how it is written goes by the officer."""
    shown = number + 1000
    forms = tuple(pl.format(rank, shown) for rank in _RANKS)
    return _by_number(number % len(forms), forms)


def custody(number: pl.Expr, force: pl.Expr, year: pl.Expr) -> pl.Expr:
    """A custody record's number."""
    written = pl.format("{}/{}/{}", code(force), number.cast(pl.String).str.zfill(6), year % 100)
    return pl.when(number != NONE).then(written)


def postcode(place: pl.Expr, force: pl.Expr, outward_only: pl.Expr) -> pl.Expr:
    """A postcode of the force's made-up area, or its outward half."""
    area = _by_number(force % len(_AREAS), tuple(map(pl.lit, _AREAS)))
    outward, rest = pl.format("{}{}", area, place // 10_000), place % 10_000
    inward = pl.format(
        "{}{}{}", rest % 10, _letter(_INWARD, rest // 10), _letter(_INWARD, rest // 200)
    )
    whole = pl.concat_str(outward, inward, separator=" ")
    written = pl.when(outward_only).then(outward).otherwise(whole)
    return pl.when(place != NONE).then(written)


def vehicles(number: pl.Expr, misread: pl.Expr) -> pl.Expr:
    """A list of one registration mark, or of none."""
    mark = pl.format(
        "Q{}{} {}{}{}",
        _letter(_PLATE, number),
        (number // 24 % 76).cast(pl.String).str.zfill(2),
        *(_letter(_PLATE, number // step) for step in (2_000, 50_000, 1_200_000)),
    )
    wrong = mark.str.replace_many(
        ["O", "0", "S", "5", "Z", "2", "1"], ["0", "O", "5", "S", "2", "Z", "I"]
    )
    shown = pl.when(misread).then(wrong).otherwise(mark)
    none = pl.lit([], dtype=pl.List(pl.String))
    return pl.when(number != NONE).then(pl.concat_list(shown)).otherwise(none)


def _by_number(number: pl.Expr, forms: tuple[pl.Expr, ...]) -> pl.Expr:
    """The form of that number."""
    found = forms[-1]
    for place in range(len(forms) - 2, -1, -1):
        found = pl.when(number == place).then(forms[place]).otherwise(found)
    return found


def _letter(alphabet: str, index: pl.Expr) -> pl.Expr:
    letters = pl.Series(list(alphabet))
    return index.map_batches(
        lambda column: letters.gather(column.abs() % len(alphabet)), return_dtype=pl.String
    )


def log_numbers(force: Whole, at: Whole) -> tuple[Whole, Whole]:
    """Each incident's log number, and its day: numbers begin again daily and none comes twice."""
    day = london_day(at)
    order = np.lexsort((at, day, force))
    key = force[order] * 1_000_000 + day[order]
    starts = np.flatnonzero(np.diff(key, prepend=-1))
    size = np.diff(np.append(starts, len(key)))
    step = np.repeat(np.maximum(1800 // size, 1), size)
    rank = np.arange(len(key)) - np.repeat(starts, size)
    jitter = (key * 7919 + rank * 104_729) % step
    number = np.empty(len(key), dtype=np.int64)
    number[order] = 1 + rank * step + jitter
    return number, day
