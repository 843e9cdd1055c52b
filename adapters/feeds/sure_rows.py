"""Rows that surely keep the contract, told a column at a time.

The other rows are put aside, for the door to admit or to refuse with its reasons.  So what is in
doubt costs time and nothing else, and a test holds the two ways together.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from adapters.feeds.aliases import FIELDS, PERSON_FIELDS
from adapters.feeds.instants import Clock
from adapters.feeds.shaped_columns import Rule, shaped
from adapters.feeds.shaping import Shaped
from domain.pairing.arrays import I64
from schemas.validation import contract


@dataclass(frozen=True)
class Given:
    """Some rows as they came, laid out in columns of whatever types.

    `fields` are those of the contract but for the people, by their names; what is not there is
    null. `people` has ``record``, the row of each person's record, in order, and a person's
    fields. `sure` says which rows could be laid out as what they say.
    """

    fields: pl.DataFrame
    people: pl.DataFrame
    sure: pl.Series


@dataclass(frozen=True)
class SureRows:
    """The rows that surely keep the contract, and the places of those put aside.

    `records` has the contract's fields but for the people; `place` is each one's place among
    the rows. `people` has the fields of a person, and before them ``record``, the row in `records`,
    and ``person``, the number in the record from 0.
    """

    records: pl.DataFrame
    place: I64
    people: pl.DataFrame
    aside: I64

    def only(self, kept: pl.Series) -> "SureRows":
        """Those of the records that are kept; the others are put aside too."""
        if kept.all():
            return self
        row = np.where(kept, kept.cast(pl.Int64).cum_sum() - 1, -1)
        record = pl.Series(row[self.people["record"]], dtype=pl.Int64)
        mask = kept.to_numpy()
        return SureRows(
            records=self.records.filter(kept),
            place=self.place[mask],
            people=self.people.with_columns(record=record).filter(record >= 0),
            aside=np.sort(np.concatenate((self.aside, self.place[~mask]))),
        )


def sure_rows(
    feed: str, given: Given, clock: Clock, *, force: str | None, constants: Shaped
) -> SureRows:
    """Part some rows.

    Args:
        feed: Which feed's.
        given: The rows, laid out.
        clock: How their times are read.
        force: The force that they are for, if they are for one.
        constants: The map's, which stand in for what a row leaves out.
    """
    rules = contract(feed)["properties"]
    required = contract(feed)["required"]
    records, sure = {}, given.sure & (not constants.problems)
    for name, kind in FIELDS[feed].items():
        if name == "people":
            continue
        column, good = shaped(_of(given.fields, name, len(sure)), kind, rules[name], clock)
        column = _filled(column, constants.moments.get(name, constants.record.get(name)))
        if name == "force" and force is not None:
            column, good = _of_force(column, force, good)
        records[name] = column
        sure &= good & (column.is_not_null() if name in required else True)
    people, good = _people(given, contract(feed), clock)
    everything = np.arange(len(sure))
    whole = SureRows(pl.DataFrame(records), everything, people, everything[:0])
    return whole.only(sure & good)


def _of(table: pl.DataFrame, name: str, height: int) -> pl.Series:
    if name not in table.columns:
        return pl.Series(name, [None], pl.String).new_from_index(0, height)
    column = table[name]
    repeats = isinstance(column.dtype, pl.Categorical | pl.Enum)
    return column.cast(pl.String) if repeats else column


def _filled(column: pl.Series, constant: Any) -> pl.Series:
    return column if constant is None else column.fill_null(pl.lit(constant, dtype=column.dtype))


def _of_force(column: pl.Series, force: str, good: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The force's code where the row names it in any case, or names none."""
    same = (column.str.to_lowercase() == force.lower()).fill_null(True)
    return pl.repeat(force, len(column), eager=True).alias("force"), good & same


def _people(given: Given, of: Rule, clock: Clock) -> tuple[pl.DataFrame, pl.Series]:
    """A row a person of whom anything is said, and the records that have none in doubt."""
    record, height = given.people["record"].to_numpy(), len(given.sure)
    columns, sure = {"record": given.people["record"]}, pl.repeat(True, len(record), eager=True)
    for name, kind in PERSON_FIELDS.items():
        rule = of["$defs"]["person"]["properties"][name]
        columns[name], good = shaped(_of(given.people, name, len(record)), kind, rule, clock)
        sure &= good
    doubted = np.bincount(record[~sure.to_numpy()], minlength=height) > 0
    crowded = np.bincount(record, minlength=height) > of["properties"]["people"]["maxItems"]
    said = pl.any_horizontal(pl.col(*PERSON_FIELDS).is_not_null())
    people = pl.DataFrame(columns).filter(said)
    number = _numbers(people["record"].to_numpy())
    return people.with_columns(person=number), pl.Series(~(doubted | crowded))


def _numbers(record: I64) -> pl.Series:
    """The number of each person within the record, from 0; records stand in order."""
    first = np.searchsorted(record, record)
    return pl.Series(np.arange(len(record)) - first, dtype=pl.Int32)
