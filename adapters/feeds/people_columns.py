"""People as keyed tokens, a whole table at a time: a name, a day or an initial once each.

The sets of tokens of a person are laid end to end, as pairing takes them: what a name gives is
looked up, and the sets of the two names of a person are united.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from adapters.feeds.aliases import PERSON_FIELDS
from adapters.feeds.person_values import Days, Names
from adapters.feeds.shaping import READ
from adapters.feeds.token_sets import cut, lists, united, with_days
from adapters.feeds.values import Coded, coded, once, read, together
from adapters.nationalities import nationality_of
from adapters.tokens import Tokeniser
from domain.pairing.arrays import I32, I64, U64, Flags, Flat, TokenSets, flat
from domain.pairing.people import SET_WIDTH, PeopleColumns, told
from domain.pairing.texts import text_hash

_ROLE = READ[PERSON_FIELDS["role"]]


@dataclass(frozen=True)
class People:
    """The people of one feed, a row a person, by their record and their number in it.

    `table` is the one that they are from and `rows` theirs in it, for what only a frame needs.
    `record` is the record's row; 0 stands for no token.
    """

    table: pl.LazyFrame
    rows: I64 | slice
    record: I32
    number: I32
    nationality: Coded
    names: TokenSets
    sounds: TokenSets
    initials: TokenSets
    dob: U64
    dob_ordered: U64
    default: Flags

    def frame(self) -> pl.DataFrame:
        """As PEOPLE_SCHEMA."""
        none = np.uint64(0)
        role = coded(read(self.table, "role")).folded(_ROLE)
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
                "nationality": self.nationality.column(),
                "role": role.column(self.rows).fill_null("unknown"),
            }
        ).with_columns(
            pl.when(pl.col(name) != none).then(name).alias(name) for name in ("dob", "dob_ordered")
        )

    def columns(self, records: int, each: int) -> PeopleColumns:
        """As pairing takes them: of so many records, at most `each` people of a record."""
        counts = np.bincount(self.record, minlength=records).astype(np.int64)
        of = Flat(flat(counts).start, np.minimum(counts, each).astype(np.int32))
        names = cut(self.names, SET_WIDTH)
        return PeopleColumns(
            row=self.record,
            of=of,
            told=told(of, names, self.dob),
            names=names,
            sounds=cut(self.sounds, SET_WIDTH),
            dob=self.dob,
            dob_ordered=self.dob_ordered,
            initials=cut(self.initials, SET_WIDTH),
            default=self.default,
            nationality=text_hash(self.nationality.values)[self.nationality.number],
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
    (fore, sur), written = together(coded(read(people, name)) for name in ("forename", "surname"))
    born = coded(read(people, "date_of_birth"))
    names, days = Names(written, tokeniser), Days(born.values, tokeniser)
    nationality = coded(read(people, "nationality")).folded(READ[PERSON_FIELDS["nationality"]])
    said = names.there[fore] | names.there[sur] | days.there[born.number]
    said |= nationality.values.is_not_null().to_numpy()[nationality.number]
    nationality = nationality.folded(nationality_of)
    _say_more(said, people)
    number = read(people, "person").fill_null(0).to_numpy()
    rows = _in_order(record.to_numpy(), number, said)
    fore, sur, day = fore[rows], sur[rows], born.number[rows]
    return People(
        table=people,
        rows=rows,
        record=record.to_numpy()[rows].astype(np.int32),
        number=number[rows].astype(np.int32),
        nationality=Coded(nationality.number[rows], nationality.values),
        names=united(names.spelt, fore, sur),
        sounds=united(names.heard, fore, sur),
        initials=with_days(
            names.starts, fore, sur, days.number[day], days.tokens_with(names.letters)
        ),
        dob=days.dob[day],
        dob_ordered=days.ordered[day],
        default=days.default[day],
    )


def _say_more(said: Flags, people: pl.LazyFrame) -> None:
    """Mark those of whom only a role is said, which is read only if it may be."""
    rest = np.flatnonzero(~said)
    if len(rest):
        said[rest] = once(read(people, "role").gather(rest), _ROLE).is_not_null().to_numpy()


def _in_order(record: I64, number: I32, kept: Flags) -> I64 | slice:
    """The rows that are kept, by record and number; as they are if all are and stand so."""
    if kept.all() and _stand_in_order(record, number):
        return slice(None)
    rows = np.flatnonzero(kept)
    record, number = record[rows], number[rows]
    return rows if _stand_in_order(record, number) else rows[np.lexsort((number, record))]


def _stand_in_order(record: I64, number: I32) -> bool:
    later = (record[1:] > record[:-1]) | ((record[1:] == record[:-1]) & (number[1:] >= number[:-1]))
    return bool(later.all())
