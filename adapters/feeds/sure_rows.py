"""Rows of a typed table that surely keep the contract, told a column at a time.

The other rows are put aside, for the door to admit or to refuse with its reasons.  So what is in
doubt costs time and nothing else, and a test holds the two ways together.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from adapters.feeds.aliases import FIELDS, PERSON_FIELDS
from adapters.feeds.instants import Clock
from adapters.feeds.parquet import has_no_text
from adapters.feeds.shaped_columns import Rule, shaped
from adapters.feeds.shaping import Shaped, person_field
from domain.pairing.arrays import I64
from schemas.validation import contract

_NOBODY = pl.List(pl.Struct({"role": pl.String}))


@dataclass(frozen=True)
class SureRows:
    """The rows that surely keep the contract, and the places of those put aside.

    `records` has the contract's fields but for the people; `place` is each one's row in the
    table. `people` has the fields of a person, and before them ``record``, the row in `records`,
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
    feed: str, table: pl.DataFrame, clock: Clock, *, force: str | None, constants: Shaped
) -> SureRows:
    """Part the rows of a table.

    Args:
        feed: Which feed's.
        table: Columns by the names of the contract's fields, in whatever types they came.
        clock: How its times are read.
        force: The force that the table is for, if it is for one.
        constants: The map's, which stand in for what a row leaves out.
    """
    rules = contract(feed)["properties"]
    required = contract(feed)["required"]
    records, sure = {}, pl.repeat(not constants.problems, table.height, eager=True)
    for name, kind in FIELDS[feed].items():
        if name == "people":
            continue
        column, good = shaped(_given(table, name, table.height), kind, rules[name], clock)
        column = _filled(column, constants.moments.get(name, constants.record.get(name)))
        if name == "force" and force is not None:
            column, good = _of_force(column, force, good)
        records[name] = column
        sure &= good & (column.is_not_null() if name in required else True)
    people, good = _people(_given(table, "people", table.height), contract(feed), clock)
    everything = np.arange(table.height)
    whole = SureRows(pl.DataFrame(records), everything, people, everything[:0])
    return whole.only(sure & good)


def _given(table: pl.DataFrame, name: str, height: int) -> pl.Series:
    if name in table.columns:
        column = table[name]
        repeats = isinstance(column.dtype, pl.Categorical | pl.Enum)
        return column.cast(pl.String) if repeats else column
    return pl.Series(name, [None], pl.String).new_from_index(0, height)


def _filled(column: pl.Series, constant: Any) -> pl.Series:
    return column if constant is None else column.fill_null(pl.lit(constant, dtype=column.dtype))


def _of_force(column: pl.Series, force: str, good: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The force's code where the row names it in any case, or names none."""
    same = (column.str.to_lowercase() == force.lower()).fill_null(True)
    return pl.repeat(force, len(column), eager=True).alias("force"), good & same


def _people(column: pl.Series, of: Rule, clock: Clock) -> tuple[pl.DataFrame, pl.Series]:
    """A row a person of whom anything is said, and the records that have none in doubt."""
    inner = getattr(column.dtype, "inner", None)
    if not isinstance(inner, pl.Struct) or has_no_text(inner):
        sure = column.is_null()
        column = pl.Series([None], dtype=_NOBODY).new_from_index(0, len(column))
    else:
        sure = (column.list.len() <= of["properties"]["people"]["maxItems"]).fill_null(True)
    count = column.list.len().fill_null(0).to_numpy()
    record = pl.Series("record", np.repeat(np.arange(len(column)), count))
    each = column.explode(empty_as_null=False, keep_nulls=False)
    given, good = _person_fields(each)
    columns = {}
    for name, kind in PERSON_FIELDS.items():
        rule = of["$defs"]["person"]["properties"][name]
        columns[name], kept = shaped(_given(given, name, len(each)), kind, rule, clock)
        good &= kept
    said = pl.any_horizontal(pl.col(*PERSON_FIELDS).is_not_null())
    people = pl.DataFrame({"record": record, **columns}).filter(said)
    number = pl.int_range(pl.len(), dtype=pl.Int32).over("record")
    doubted = pl.Series(np.bincount(record.filter(~good), minlength=len(sure)) > 0)
    return people.with_columns(person=number), sure & ~doubted


def _person_fields(each: pl.Series) -> tuple[pl.DataFrame, pl.Series]:
    """The fields of people by their names in the contract, and which people are sure."""
    given = each.struct.unnest()
    names = {key: name for key in given.columns if (name := person_field(key)) is not None}
    once_each = len(set(names.values())) == len(names)
    if not once_each:
        names = {}
    return given.select(list(names)).rename(names), each.is_not_null() & once_each
