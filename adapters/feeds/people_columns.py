"""People as keyed tokens, a whole table at a time: a name, a day or an initial once each.

The sets of tokens of a person are laid end to end, as pairing takes them: what a name gives is
looked up, and the sets of the two names of a person are united.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import polars as pl

from adapters.feeds.aliases import PERSON_FIELDS
from adapters.feeds.shaping import READ
from adapters.feeds.token_sets import cut, lists, numbers, table, united, with_days
from adapters.feeds.values import coded, once, read
from adapters.tokens import Tokeniser
from domain.pairing.arrays import I32, I64, U64, Flags, Flat, TokenSets, flat
from domain.pairing.people import SET_WIDTH, PeopleColumns
from domain.pairing.texts import text_hash


@dataclass(frozen=True)
class People:
    """The people of one feed, a row a person, by their record and their number in it.

    `record` is the record's row; 0 stands for no token.
    """

    record: I32
    number: I32
    role: pl.Series
    nationality: pl.Series
    names: TokenSets
    sounds: TokenSets
    initials: TokenSets
    dob: U64
    dob_ordered: U64
    default: Flags

    def frame(self) -> pl.DataFrame:
        """As PEOPLE_SCHEMA."""
        none = np.uint64(0)
        return pl.DataFrame(
            {
                "record": self.record.astype(np.int64),
                "person": self.number,
                "names": lists(self.names),
                "sounds": lists(self.sounds),
                "dob": self.dob,
                "dob_ordered": self.dob_ordered,
                "initial_dob": lists(self.initials),
                "dob_is_default": self.default,
                "nationality": self.nationality,
                "role": self.role.fill_null("unknown"),
            }
        ).with_columns(
            pl.when(pl.col(name) != none).then(name).alias(name) for name in ("dob", "dob_ordered")
        )

    def columns(self, records: int, each: int) -> PeopleColumns:
        """As pairing takes them: of so many records, at most `each` people of a record."""
        counts = np.bincount(self.record, minlength=records).astype(np.int64)
        return PeopleColumns(
            row=self.record,
            of=Flat(flat(counts).start, np.minimum(counts, each).astype(np.int32)),
            names=cut(self.names, SET_WIDTH),
            sounds=cut(self.sounds, SET_WIDTH),
            dob=self.dob,
            dob_ordered=self.dob_ordered,
            initials=cut(self.initials, SET_WIDTH),
            default=self.default,
            nationality=text_hash(self.nationality),
        )


def people_tokens(people: pl.LazyFrame, record: pl.Series, key: bytes) -> People:
    """The people with tokens in place of names and births; those without a word go.

    Args:
        people: ``person``, ``role``, ``forename``, ``surname``, ``date_of_birth``,
            ``nationality``, as they were exported.
        record: The row of each one's record.
        key: The token key; SettingsRefused if it is under 16 bytes.
    """
    tokeniser = Tokeniser(key)
    both = coded(pl.concat(read(people, name).alias("") for name in ("forename", "surname")))
    born = coded(read(people, "date_of_birth"))
    names, days = _Names(both.values, tokeniser), _Days(born.values, tokeniser)
    role, nationality = (
        once(read(people, name), READ[PERSON_FIELDS[name]]) for name in ("role", "nationality")
    )
    code, person = both.number.reshape(2, -1), read(people, "person").fill_null(0).to_numpy()
    said = names.there[code].any(axis=0) | days.there[born.number]
    said |= (role.is_not_null() | nationality.is_not_null()).to_numpy()
    rows = _in_order(record.to_numpy(), person, said)
    fore, sur = code[:, rows]
    day = born.number[rows]
    spelt, heard, starts = (united(one, fore, sur) for one in names.tables)
    return People(
        record=record.gather(rows).cast(pl.Int32).to_numpy(),
        number=person[rows].astype(np.int32),
        role=role.gather(rows),
        nationality=nationality.gather(rows),
        names=spelt,
        sounds=heard,
        initials=with_days(starts, days.number[day], days.token_with(names.letters)),
        dob=days.dob[day],
        dob_ordered=days.ordered[day],
        default=days.default[day],
    )


def _in_order(record: I64, number: I32, kept: Flags) -> I64:
    """The rows that are kept, by record and number."""
    rows = np.flatnonzero(kept)
    record, number = record[rows], number[rows]
    later = (record[1:] > record[:-1]) | ((record[1:] == record[:-1]) & (number[1:] >= number[:-1]))
    return rows if later.all() else rows[np.lexsort((number, record))]


class _Names:
    """What the names of a table give: sets of tokens, of sounds and of first letters.

    A letter's number is its place in `letters`, whose first is none.
    """

    def __init__(self, names: pl.Series, tokeniser: Tokeniser) -> None:
        read = [None if name is None else READ["name"](name) for name in names.to_list()]
        none: tuple[tuple[str, ...], ...] = ((), (), ())
        made = [none if name is None else tokeniser.of_name(name) for name in read]
        spelt, heard, starts = zip(*made, strict=True) if made else ((), (), ())
        self.letters = ["", *sorted(set(chain.from_iterable(starts)))]
        number = {letter: place for place, letter in enumerate(self.letters)}
        self.there = np.array([name is not None for name in read], dtype=np.bool_)
        self.tables = (
            table(spelt),
            table(heard),
            table(starts, lambda each: np.fromiter(map(number.__getitem__, each), np.uint64)),
        )


class _Days:
    """What the dates of birth of a table give; nothing where there is none.

    `number` is a day's own place, -1 for none.
    """

    def __init__(self, born: pl.Series, tokeniser: Tokeniser) -> None:
        self._born, self._tokeniser = born.to_list(), tokeniser
        self.there = born.is_not_null().to_numpy()
        self.number = np.where(self.there, np.arange(len(born)), -1).astype(np.int32)
        self.dob, self.ordered = np.zeros((2, len(born)), dtype=np.uint64)
        made = [tokeniser.of_day(day) for day in self._born if day is not None]
        self.dob[self.there] = numbers(dob for dob, _ in made)
        self.ordered[self.there] = numbers(ordered for _, ordered in made)
        first = (born.dt.month() == 1) & (born.dt.day() == 1)
        self.default = first.fill_null(False).to_numpy()

    def token_with(self, letters: Sequence[str]) -> Callable[[int, int], str]:
        """The token of a letter and a day, by their numbers."""
        return lambda letter, day: self._tokeniser.of_initial(letters[letter], self._born[day])
