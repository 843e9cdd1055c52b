"""The rows of a typed file of a dry run: whole columns, and the rows in doubt one by one.

slice -> sure rows -> cleaned columns -> frames and facts -+-> a part, in the file's order
      -> the others -> the door, as for every other file --+
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import polars as pl

from adapters.feeds.columns import Cleaned, clean_columns
from adapters.feeds.sure_rows import SureRows
from adapters.feeds.tables import Table
from domain.pairing import Records
from domain.pairing.arrays import I64
from domain.words import Feed
from domain.working_days import LONDON
from services.dry_run_parts import FACTS, Asked, Framer, Part
from services.frames import TIME_FIELD
from services.full_pass import DOCUMENT_FIELDS, Side


def table_parts(asked: Asked, table: Table, framer: Framer, rows: int) -> Iterator[Part]:
    """The file so many rows at a time."""
    for first, some in table.slices(rows):
        found = _under_policy(asked, table.sure(some, asked.force))
        aside = framer.part(table.values(first, some, pl.Series(found.aside)))
        place = np.array(aside.numbers, dtype=np.int64) - first
        side = _merged(_side(asked, table, found), found.place, aside.side, place)
        yield Part(side, aside.refusals, aside.refused, aside.numbers)


def _under_policy(asked: Asked, found: SureRows) -> SureRows:
    """Without referrals from before any policy, which the door is to refuse."""
    if asked.feed == Feed.DOCUMENTS:
        return found
    day = found.records[TIME_FIELD[asked.feed]].dt.convert_time_zone(LONDON.key).dt.date()
    return found.only(day >= asked.policies.policies[0].effective_from)


def _side(asked: Asked, table: Table, found: SureRows) -> Side:
    cleaned = clean_columns(
        asked.feed,
        found.records.lazy(),
        found.people.lazy(),
        key=asked.key,
        rules=asked.rules,
        policies=asked.policies,
        zone=table.clock.zone,
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
