"""Rows of a dry run by whole columns, where they surely keep the contract, and else by the door.

rows -> laid out -> sure rows -> cleaned columns -> frames and facts -+-> a part, in the
                 -> the others -> the door for rows ------------------+   file's order
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import polars as pl

from adapters.feeds import Values
from adapters.feeds.columns import Cleaned, clean_columns
from adapters.feeds.instants import Clock
from adapters.feeds.laid_out import of_values
from adapters.feeds.shaping import shape
from adapters.feeds.sure_rows import Given, SureRows, sure_rows
from adapters.feeds.tables import Table
from domain.pairing import Records
from domain.pairing.arrays import I64
from domain.words import Feed
from domain.working_days import LONDON
from services.dry_run_parts import FACTS, Asked, Part, RowFramer
from services.frames import TIME_FIELD
from services.full_pass import DOCUMENT_FIELDS, Side

FEW = 2_000
"""Rows under which laying them out takes longer than it saves."""


class Framer:
    """Frames the rows of one file, remembering what it met in those before."""

    def __init__(self, asked: Asked, clock: Clock) -> None:
        """SettingsRefused if the key is too short."""
        self._asked, self._clock = asked, clock
        self._rows = RowFramer(asked, clock)
        self._constants = shape(asked.feed, asked.column_map.constants, clock)

    def part(self, rows: Sequence[Values]) -> Part:
        """Rows as any file gives them."""
        if len(rows) < FEW:
            return self._rows.part(rows)
        try:
            given = of_values(self._asked.feed, rows)
        except UnicodeEncodeError:  # half of a character, which the door refuses
            return self._rows.part(rows)
        place = {row.number: at for at, row in enumerate(rows)}
        return self._part(given, lambda aside: [rows[at] for at in aside], place.__getitem__)

    def table_parts(self, table: Table, rows: int) -> Iterator[Part]:
        """A typed file, so many rows at a time."""
        for first, some in table.slices(rows):
            yield self._part(
                table.given(some), partial(table.values, first, some), partial(_place, first)
            )

    def _part(
        self,
        given: Given,
        values: Callable[[pl.Series], Iterable[Values]],
        place: Callable[[int], int],
    ) -> Part:
        asked, clock = self._asked, self._clock
        found = sure_rows(asked.feed, given, clock, force=asked.force, constants=self._constants)
        found = _under_policy(asked, found)
        aside = self._rows.part(values(pl.Series(found.aside)))
        beside = np.array(list(map(place, aside.numbers)), dtype=np.int64)
        side = _merged(_side(asked, clock, found), found.place, aside.side, beside)
        return Part(side, aside.refusals, aside.refused, aside.numbers)


def _place(first: int, number: int) -> int:
    return number - first


def _under_policy(asked: Asked, found: SureRows) -> SureRows:
    """Without referrals from before any policy, which the door is to refuse."""
    if asked.feed == Feed.DOCUMENTS:
        return found
    day = found.records[TIME_FIELD[asked.feed]].dt.convert_time_zone(LONDON.key).dt.date()
    return found.only(day >= asked.policies.policies[0].effective_from)


def _side(asked: Asked, clock: Clock, found: SureRows) -> Side:
    cleaned = clean_columns(
        asked.feed,
        found.records.lazy(),
        found.people.lazy(),
        key=asked.key,
        rules=asked.rules,
        policies=asked.policies,
        zone=clock.zone,
    )
    frames = cleaned.frames()
    return Side(frames, _facts(asked.feed, found, frames, cleaned))


def _facts(feed: Feed, found: SureRows, frames: Records, cleaned: Cleaned) -> pl.DataFrame:
    """What judging needs to know of each record; as `dry_run_parts.facts_of` tells it of rows."""
    kinds = FACTS[feed]
    columns: dict[str, Any] = {
        name: found.records[name] for name in kinds if name not in ("key", "present")
    }
    columns["key"] = frames.records["key"]
    if "present" in kinds:
        columns["present"] = _present(found, frames, cleaned)
    return pl.DataFrame({name: columns[name].cast(kind) for name, kind in kinds.items()})


def _present(found: SureRows, frames: Records, cleaned: Cleaned) -> pl.Series:
    """Which of DOCUMENT_FIELDS each record holds, as bits: of a postcode, one that can be read."""
    there: Mapping[str, pl.Series] = {
        "people": pl.Series(np.bincount(cleaned.people.record, minlength=len(found.place)) > 0),
        "postcode": frames.records["postcode"].is_not_null(),
    }
    bits = np.zeros(len(found.place), dtype=np.uint32)
    for number, name in enumerate(DOCUMENT_FIELDS):
        held = there.get(name)
        held = found.records[name].is_not_null() if held is None else held
        bits |= held.to_numpy().astype(np.uint32) << np.uint32(number)
    return pl.Series(bits)


def _merged(sure: Side, place: I64, other: Side, beside: I64) -> Side:
    """The records of both in the order of their places, keyed from 0."""
    if not len(beside):
        return sure
    places = np.concatenate((place, beside))
    rank = np.argsort(np.argsort(places))
    return _joined(_keyed(sure, rank[: len(place)]), _keyed(other, rank[len(place) :]))


def _keyed(side: Side, keys: I64) -> Side:
    """The side with the key of row i, which is i, made `keys[i]`."""
    made = pl.Series(keys)
    records, people = side.records.records, side.records.people
    return Side(
        Records(
            records.with_columns(key=made.cast(pl.Int64)),
            people.with_columns(record=made.gather(people["record"]).cast(pl.Int64)),
        ),
        side.facts.with_columns(key=made.cast(pl.Int64)),
    )


def _joined(one: Side, other: Side) -> Side:
    return Side(
        Records(
            pl.concat([one.records.records, other.records.records]).sort("key"),
            pl.concat([one.records.people, other.records.people]).sort("record", "person"),
        ),
        pl.concat([one.facts, other.facts]).sort("key"),
    )
