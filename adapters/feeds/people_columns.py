"""People as keyed tokens, a whole table at a time: a name, a day or an initial once each.

The sets of tokens of a person are rows of a matrix here, because sorting its rows is much
quicker than sorting as many lists.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import chain
from typing import TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from adapters.feeds.values import spread
from adapters.tokens import Tokeniser

PART = 200_000
"""People made at a time, which bounds the memory used."""
_NONE = np.uint64(0xFFFFFFFFFFFFFFFF)
Tokens: TypeAlias = NDArray[np.uint64]


def people_tokens(people: pl.DataFrame, key: bytes) -> pl.DataFrame:
    """The people with tokens in place of names and births, as PEOPLE_SCHEMA but unordered.

    Args:
        people: ``record``, ``person``, ``role``, ``forename``, ``surname``,
            ``date_of_birth``, ``nationality``, already in the contract's form.
        key: The token key; SettingsRefused if it is under 16 bytes.
    """
    maker = _Maker(Tokeniser(key))
    parts = [maker.made(people[at : at + PART]) for at in range(0, max(len(people), 1), PART)]
    return pl.concat(parts)


class _Maker:
    """Makes tokens, remembering all of them; it lives as long as one table is read."""

    def __init__(self, tokeniser: Tokeniser) -> None:
        self._name = cache(tokeniser.of_name)
        self._day = cache(tokeniser.of_day)
        self._initial = cache(tokeniser.of_initial)

    def made(self, people: pl.DataFrame) -> pl.DataFrame:
        born = people["date_of_birth"]
        month, day = born.dt.month(), born.dt.day()
        names, sounds, initials = self._names(people["forename"], people["surname"])
        return people.select(
            pl.col("record").cast(pl.Int64),
            pl.col("person").cast(pl.Int32),
            pl.col("role").fill_null("unknown"),
            "nationality",
            names=sets(names),
            sounds=sets(sounds),
            **self._days(born),
            initial_dob=sets(self._initials(initials, born)),
            dob_is_default=((month == 1) & (day == 1)).fill_null(False),
        )

    def _days(self, born: pl.Series) -> dict[str, pl.Series]:
        distinct = born.drop_nulls().unique()
        made = [self._day(day) for day in distinct.to_list()]
        both = {"dob": [dob for dob, _ in made], "dob_ordered": [dob for _, dob in made]}
        return {
            name: spread(born, distinct, pl.Series(numbers(tokens)))
            for name, tokens in both.items()
        }

    def _names(self, forename: pl.Series, surname: pl.Series) -> tuple[Tokens, Tokens, Tokens]:
        """For each person the tokens of names and of sounds, and initials as code points."""
        distinct = pl.concat([forename.alias("name"), surname.alias("name")]).drop_nulls().unique()
        made = [self._name(name) for name in distinct.to_list()]
        number = pl.Series(np.arange(1, len(distinct) + 1))
        both = (spread(one, distinct, number) for one in (forename, surname))
        rows = [one.fill_null(0).to_numpy() for one in both]
        spelt, heard, starts = zip(*made, strict=True) if made else ((), (), ())
        tables = (
            matrix(spelt, numbers),
            matrix(heard, numbers),
            matrix(starts, lambda letters: np.fromiter(map(ord, letters), np.uint64)),
        )
        names, sounds, initials = (np.hstack([table[row] for row in rows]) for table in tables)
        return names, sounds, initials

    def _initials(self, initials: Tokens, born: pl.Series) -> Tokens:
        """Tokens of the initials with the date of birth; none without one."""
        days = born.to_physical().cast(pl.Int64)
        known = days.is_not_null().to_numpy()
        there = (initials != _NONE) & known[:, None]
        row, _ = np.nonzero(there)
        day = days.fill_null(0).to_numpy()[row]
        asked = pl.DataFrame({"start": initials[there], "day": day})
        result = np.full(initials.shape, _NONE)
        distinct = asked.unique()
        days_of = distinct["day"].cast(pl.Date).to_list()
        starts = map(chr, distinct["start"].to_list())
        made = [self._initial(start, born) for start, born in zip(starts, days_of, strict=True)]
        table = distinct.with_columns(token=numbers(made))
        found = asked.join(table, on=["start", "day"], how="left", maintain_order="left")
        result[there] = found["token"].to_numpy()
        return result


def matrix(rows: Sequence[Sequence[str]], read: Callable[[Iterable[str]], Tokens]) -> Tokens:
    """Rows of what is read, from 1; row 0 is empty, and what a row has less than others is none."""
    counts = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
    result = np.full((len(rows) + 1, int(counts.max(initial=1))), _NONE)
    items = read(chain.from_iterable(rows))
    row = np.repeat(np.arange(len(rows)), counts)
    result[row + 1, np.arange(len(items)) - (np.cumsum(counts) - counts)[row]] = items
    return result


def numbers(tokens: Iterable[str]) -> Tokens:
    """The numbers that tokens of 16 hexadecimal digits stand for."""
    return np.frombuffer(bytes.fromhex("".join(tokens)), dtype=">u8").astype(np.uint64)


def sets(tokens: Tokens) -> pl.Series:
    """Each row as a sorted list of what is in it, each once."""
    tokens = np.sort(tokens, axis=1)
    tokens[:, 1:][tokens[:, 1:] == tokens[:, :-1]] = _NONE
    tokens.sort(axis=1)
    frame = pl.DataFrame({"token": tokens, "held": (tokens != _NONE).sum(axis=1)})
    return frame.select(pl.col("token").arr.to_list().list.head("held")).to_series()
