"""What the distinct names and days of birth of a table give: tokens, each made once.

Names of printable ASCII, which most are, are folded as a column; the rest one after the other.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from adapters.feeds.shaping import NO_NAME, READ
from adapters.feeds.token_sets import Tokens, numbers, sets
from adapters.feeds.values import coded
from adapters.tokens import INITIAL, NAME, SOUND, TITLES, Tokeniser, folded, sound_of
from domain.pairing.arrays import I64, U64, Flags

_PLAIN = r"^[ -~]*$"
_PART = "[a-z]{2,}"


class Names:
    """The sets of tokens, of sounds and of first letters of each name.

    A letter's number is its place in `letters`, whose first is none.
    """

    def __init__(self, names: pl.Series, tokeniser: Tokeniser) -> None:
        """Of distinct names, null among them or not."""
        self.there, row, parts = _parts(names)
        each = coded(parts)
        words = each.values.to_list()
        self.letters = ["", *sorted({word[0] for word in words})]
        number = {letter: place for place, letter in enumerate(self.letters)}
        sounds = pl.Series([sound_of(word) for word in words], dtype=pl.String)
        kept = np.array([word not in TITLES for word in words], dtype=np.bool_)[each.number]
        count = np.bincount(row[kept], minlength=len(names))
        self.spelt, self.heard, self.starts = (
            sets(count, made[each.number[kept]])
            for made in (
                tokens_of(tokeniser, NAME, each.values),
                tokens_of(tokeniser, SOUND, sounds),
                np.array([number[word[0]] for word in words], dtype=np.uint64),
            )
        )


class Days:
    """The tokens of each date of birth, 0 where there is none.

    `number` is a day's own place, -1 for none; `default` marks 1 January.
    """

    def __init__(self, born: pl.Series, tokeniser: Tokeniser) -> None:
        """Of distinct days, null among them or not."""
        days = born.to_list()
        self._written = pl.Series([str(day) for day in days], dtype=pl.String)
        self._tokeniser = tokeniser
        self.there = born.is_not_null().to_numpy()
        self.number = np.where(self.there, np.arange(len(born)), -1).astype(np.int32)
        self.dob, self.ordered = np.zeros((2, len(born)), dtype=np.uint64)
        made = [tokeniser.of_day(day) for day in days if day is not None]
        self.dob[self.there] = numbers(dob for dob, _ in made)
        self.ordered[self.there] = numbers(ordered for _, ordered in made)
        first = (born.dt.month() == 1) & (born.dt.day() == 1)
        self.default = first.fill_null(False).to_numpy()

    def tokens_with(self, letters: Sequence[str]) -> Tokens:
        """The tokens of letters, by their places in `letters`, each with a day."""
        known = pl.Series(letters, dtype=pl.String)
        return lambda letter, day: tokens_of(
            self._tokeniser, INITIAL, known.gather(letter) + " " + self._written.gather(day)
        )


def tokens_of(tokeniser: Tokeniser, kind: str, values: pl.Series) -> U64:
    """The tokens of a column of values, none of them null, as numbers."""
    return numbers(tokeniser.token(kind, value) for value in values.to_list())


def _parts(names: pl.Series) -> tuple[Flags, I64, pl.Series]:
    """Which names say something, and all their folded parts, titles too, by the name's row."""
    plain = names.str.contains(_PLAIN).fill_null(False)
    other = (~plain & names.is_not_null()).arg_true()
    small = names.filter(plain).str.strip_chars().str.to_lowercase()
    rest = pl.Series([READ["name"](name) for name in names.gather(other)], dtype=pl.String)
    lists = small.str.extract_all(_PART), _folded(rest)
    says = pl.concat([~small.is_in(list(NO_NAME)), rest.is_not_null()])
    row = pl.concat([plain.arg_true(), other]).filter(says).cast(pl.Int64).to_numpy()
    there = np.zeros(len(names), dtype=np.bool_)
    there[row] = True
    of_each = pl.concat(lists).filter(says)
    parts = of_each.explode(empty_as_null=False, keep_nulls=False)
    rows = np.repeat(row, of_each.list.len().to_numpy())
    order = np.argsort(rows, kind="stable")
    return there, rows[order], parts.gather(order)


def _folded(names: pl.Series) -> pl.Series:
    """The parts of each name, none where there is none."""
    parts = [[] if name is None else list(folded(name)) for name in names]
    return pl.Series(parts, dtype=pl.List(pl.String))
