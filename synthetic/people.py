"""How people are named in a record: as they are in a referral, damaged in a document."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from synthetic.corruptions import BIT, Setting, rate
from synthetic.damage import Spoiler, Written
from synthetic.documents import Drafts
from synthetic.name_pools import ORIGINS, forenames, surnames
from synthetic.world import (
    NONE,
    ROLES,
    Flags,
    Identities,
    Integers,
    People,
    World,
    drawn_identities,
)

PERSON = pl.Struct(
    {
        "role": pl.String,
        "forename": pl.String,
        "surname": pl.String,
        "date_of_birth": pl.String,
        "nationality": pl.String,
    }
)


@dataclass(frozen=True)
class Named:
    """One row a person as written down, in order of record."""

    record: Integers
    role: Integers
    forename: Integers
    second: Integers
    surname: Integers
    second_surname: Integers
    born: Integers
    origin: Integers
    initial: Flags
    swapped: Flags
    mistyped: Flags
    birth_swapped: Flags
    birth_first_january: Flags
    done: NDArray[np.uint64]

    def of(self, low: int, high: int) -> "Named":
        """The people of the records from `low` up to `high`."""
        first, last = np.searchsorted(self.record, (low, high))
        return Named(*(getattr(self, name)[first:last] for name in self.__dataclass_fields__))


def as_they_are(people: People, pool: Identities) -> Named:
    """Everybody named in full and without a mistake."""
    of, no = people.identity, np.zeros(len(people.identity), np.bool_)
    return Named(
        people.record,
        people.role,
        pool.forename[of],
        pool.second[of],
        pool.surname[of],
        pool.second_surname[of],
        pool.born[of],
        pool.origin[of],
        *(no, no, no, no, no),
        done=np.zeros(len(of), np.uint64),
    )


def as_written(rng: np.random.Generator, world: World, drafts: Drafts, written: Written) -> Named:
    """The people of each document as its officer put them down."""
    people = drafts.people
    keep = ~written.unpeopled[people.record]
    spoiler = Spoiler(rng, world, drafts.size)
    extra = np.flatnonzero(spoiler.damage("person_extra", ~written.unpeopled, "people_missing"))
    written.done[:] |= spoiler.done
    others = rng.integers(0, len(drafts.identities.born), len(extra))
    record = np.concatenate([people.record[keep], extra])
    order = np.argsort(record, kind="stable")
    rows = People(
        record=record[order],
        identity=np.concatenate([people.identity[keep], others])[order],
        role=np.concatenate([people.role[keep], np.full(len(extra), 3)])[order],
    )
    return _spoilt(rng, world, as_they_are(rows, drafts.identities))


def _spoilt(rng: np.random.Generator, world: World, named: Named) -> Named:
    spoiler = _PersonSpoiler(rng, world.setting, len(named.record))
    aliased = spoiler.some("name_aliased")
    alias = drawn_identities(rng, len(named.record), world.start, origin=named.origin)
    forename, respelt = spoiler.respelt_forename(np.where(aliased, alias.forename, named.forename))
    surname = np.where(aliased, alias.surname, named.surname)
    surname = np.where(respelt == 1, surnames().respell(rng, surname), surname)
    shortened = spoiler.some("name_shortened")
    two_parts = (named.second != NONE) | (named.second_surname != NONE)
    return Named(
        record=named.record,
        role=named.role,
        forename=forename,
        second=np.where(shortened, NONE, named.second),
        surname=surname,
        second_surname=np.where(shortened, NONE, named.second_surname),
        born=np.where(spoiler.some("birth_missing"), NONE, named.born),
        origin=np.where(spoiler.some("nationality_missing"), NONE, named.origin),
        initial=shortened & ~two_parts,
        swapped=spoiler.some("name_swapped"),
        mistyped=spoiler.some("name_mistyped"),
        birth_swapped=spoiler.some("birth_swapped"),
        birth_first_january=spoiler.some("birth_first_january"),
        done=spoiler.done,
    )


class _PersonSpoiler:
    """Draws corruptions for people and remembers who had which."""

    def __init__(self, rng: np.random.Generator, setting: Setting, count: int) -> None:
        self.rng, self.setting, self.count = rng, setting, count
        self.done = np.zeros(count, np.uint64)

    def some(self, name: str) -> Flags:
        where = self.rng.random(self.count) < rate(name, self.setting)
        self.done |= where.astype(np.uint64) << np.uint64(BIT[name])
        return where

    def respelt_forename(self, forename: Integers) -> tuple[Integers, Integers]:
        """The forenames, and for each person which part is respelt: 0, 1 (surname) or NONE."""
        part = np.where(self.some("name_transliterated"), self.rng.integers(0, 2, self.count), NONE)
        return np.where(part == 0, forenames().respell(self.rng, forename), forename), part


def people_lists(named: Named, low: int, high: int) -> pl.Series:
    """For each record from `low` up to `high`, the list of its people."""
    rows = named.of(low, high)
    frame = pl.DataFrame({"record": rows.record}).select("record", _persons(rows).alias("people"))
    grouped = frame.group_by("record", maintain_order=True).agg("people")
    every = pl.DataFrame({"record": np.arange(low, high)})
    joined = every.join(grouped, on="record", how="left", maintain_order="left")
    return joined.select(pl.col("people").fill_null(pl.lit([], pl.List(PERSON)))).to_series()


def _persons(rows: Named) -> pl.Series:
    """Each person as a struct in the contract's form."""
    frame = pl.DataFrame(
        {
            "role": words(ROLES, rows.role),
            "one": words(forenames().spelling, rows.forename),
            "two": words(forenames().spelling, rows.second),
            "last": words(surnames().spelling, rows.surname),
            "last2": words(surnames().spelling, rows.second_surname),
            "nationality": words(ORIGINS, rows.origin),
            "initial": rows.initial,
            "swapped": rows.swapped,
            "mistyped": rows.mistyped,
            "date_of_birth": _births(rows),
        }
    )
    last, swapped = pl.col("last"), pl.col("swapped")
    lost = pl.concat_str(last.str.slice(0, 2), last.str.slice(3))
    one = pl.when("initial").then(pl.col("one").str.slice(0, 1)).otherwise("one")
    fore = pl.concat_str(one, pl.col("two"), separator=" ", ignore_nulls=True)
    sur = pl.concat_str(
        pl.when("mistyped").then(lost).otherwise(last), "last2", separator=" ", ignore_nulls=True
    )
    named = frame.with_columns(fore=fore, sur=sur).select(
        "role",
        pl.when(swapped).then("sur").otherwise("fore").alias("forename"),
        pl.when(swapped).then("fore").otherwise("sur").alias("surname"),
        "date_of_birth",
        "nationality",
    )
    return named.to_struct("people")


def _births(rows: Named) -> pl.Series:
    """Dates of birth as ISO text; a swapped one stays a date (days after 12 are left alone)."""
    born = pl.Series("born", rows.born).cast(pl.Int32).cast(pl.Date)
    frame = pl.DataFrame(
        {
            "born": born,
            "unknown": rows.born == NONE,
            "swap": rows.birth_swapped,
            "first": rows.birth_first_january,
        }
    )
    day = pl.col("born")
    swapped = (
        pl.when(day.dt.day() <= 12)
        .then(pl.date(day.dt.year(), day.dt.day(), day.dt.month()))
        .otherwise(day)
    )
    shown = (
        pl.when("first")
        .then(pl.date(day.dt.year(), 1, 1))
        .when("swap")
        .then(swapped)
        .otherwise(day)
    )
    text = pl.when("unknown").then(None).otherwise(shown.dt.to_string("iso"))
    return frame.select(text.alias("date_of_birth")).to_series()


def words(vocabulary: tuple[str, ...], index: Integers) -> pl.Series:
    """The word at each index; NONE gives null."""
    series = pl.Series(vocabulary, dtype=pl.String).gather(np.where(index == NONE, 0, index))
    return pl.select(pl.when(pl.Series(index == NONE)).then(None).otherwise(series)).to_series()
