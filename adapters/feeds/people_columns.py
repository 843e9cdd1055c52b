"""People as keyed tokens, a whole table at a time: a name, a day or an initial once each.

The sets of tokens of a person are rows of a matrix here, because sorting its rows is much
quicker than sorting as many lists.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import chain
from typing import TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from adapters.feeds.values import spread
from adapters.tokens import Tokeniser

PART = 500_000
"""People made at a time, which bounds the memory used."""
_NONE = np.uint64(0xFFFFFFFFFFFFFFFF)
_EPOCH = date(1970, 1, 1).toordinal()
_DAYS, _ZERO = 1 << 23, 1 << 22
"""A code point and a day as one number: more than there are days, and the place of day 0."""
Tokens: TypeAlias = NDArray[np.uint64]
Rows: TypeAlias = NDArray[np.uint32]


def people_tokens(people: pl.DataFrame, key: bytes) -> pl.DataFrame:
    """The people with tokens in place of names and births, as PEOPLE_SCHEMA but unordered.

    Args:
        people: ``record``, ``person``, ``role``, ``forename``, ``surname``,
            ``date_of_birth``, ``nationality``, already in the contract's form.
        key: The token key; SettingsRefused if it is under 16 bytes.
    """
    tokeniser = Tokeniser(key)
    names, initials = _Names(people, tokeniser), _Initials(tokeniser)
    parts = range(0, max(len(people), 1), PART)
    sets = [_sets(people[at : at + PART], names, initials, at) for at in parts]
    born = people["date_of_birth"]
    month, day = born.dt.month(), born.dt.day()
    return people.select(
        pl.col("record").cast(pl.Int64),
        pl.col("person").cast(pl.Int32),
        pl.col("role").fill_null("unknown"),
        "nationality",
        *_days(born, tokeniser),
        dob_is_default=((month == 1) & (day == 1)).fill_null(False),
    ).hstack(pl.concat(sets))


def _days(born: pl.Series, tokeniser: Tokeniser) -> list[pl.Series]:
    distinct = born.drop_nulls().unique()
    made = [tokeniser.of_day(day) for day in distinct.to_list()]
    both = {"dob": [dob for dob, _ in made], "dob_ordered": [dob for _, dob in made]}
    return [
        spread(born, distinct, pl.Series(numbers(tokens))).alias(name)
        for name, tokens in both.items()
    ]


def _sets(people: pl.DataFrame, names: "_Names", initials: "_Initials", at: int) -> pl.DataFrame:
    """The three sets of tokens of some people, who stand in the table from row `at` on."""
    rows = names.of(at, len(people))
    spelt, heard, starts = (
        np.hstack([table[row] for row in rows])
        for table in (names.spelt, names.heard, names.starts)
    )
    with_birth = initials.with_births(starts, people["date_of_birth"])
    return pl.DataFrame(
        {"names": sets(spelt), "sounds": sets(heard), "initial_dob": sets(with_birth)}
    )


class _Names:
    """The distinct names of a table: a row of each for the tokens, the sounds, the initials."""

    def __init__(self, people: pl.DataFrame, tokeniser: Tokeniser) -> None:
        written = [people[name].alias("name") for name in ("forename", "surname")]
        distinct = pl.concat(written).drop_nulls().unique()
        made = [tokeniser.of_name(name) for name in distinct.to_list()]
        spelt, heard, starts = zip(*made, strict=True) if made else ((), (), ())
        self.spelt, self.heard = matrix(spelt, numbers), matrix(heard, numbers)
        self.starts = matrix(starts, lambda letters: np.fromiter(map(ord, letters), np.uint64))
        number = pl.Series(np.arange(1, len(distinct) + 1, dtype=np.uint32))
        self._rows = [spread(one, distinct, number).fill_null(0).to_numpy() for one in written]

    def of(self, at: int, count: int) -> list[Rows]:
        """Where the forenames and where the surnames are of so many people from row `at` on."""
        return [rows[at : at + count] for rows in self._rows]


class _Initials:
    """Tokens of an initial with a date of birth, each made once."""

    def __init__(self, tokeniser: Tokeniser) -> None:
        self._token = tokeniser.of_initial
        self._known = pl.DataFrame(schema={"code": pl.Int64, "token": pl.UInt64})

    def with_births(self, starts: Tokens, born: pl.Series) -> Tokens:
        """Tokens of code points with the date of birth of their row; none without one."""
        there = (starts != _NONE) & born.is_not_null().to_numpy()[:, None]
        days = (born.cast(pl.Date).to_physical().fill_null(0).to_numpy()).astype(np.int64)
        row, _ = np.nonzero(there)
        asked = pl.DataFrame({"code": starts[there].astype(np.int64) * _DAYS + days[row] + _ZERO})
        new = asked.unique().join(self._known, on="code", how="anti")
        made = [self._of(code) for code in new["code"].to_list()]
        self._known = pl.concat([self._known, new.with_columns(token=pl.Series(numbers(made)))])
        found = asked.join(self._known, on="code", how="left", maintain_order="left")
        result = np.full(starts.shape, _NONE)
        result[there] = found["token"].to_numpy()
        return result

    def _of(self, code: int) -> str:
        start, day = divmod(code, _DAYS)
        return self._token(chr(start), date.fromordinal(day - _ZERO + _EPOCH))


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
