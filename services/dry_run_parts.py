"""Some rows of one file of a dry run, checked, tokenised and framed one after the other.

rows -> admitted by the door, or refused -> a part: frames, facts, refusals
"""

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from adapters.feeds import ColumnMap, IdentifierRules, Values, admitting
from adapters.feeds.instants import Clock
from domain.policy import PolicySet
from domain.words import Feed
from services import full_pass
from services.frames import Record, to_records
from services.full_pass import DOCUMENT_FACTS, REFERRAL_FACTS, Side
from services.policy_dates import under_policy
from services.stored_records import is_live

FACTS: Mapping[Feed, Mapping[str, pl.DataType]] = {
    Feed.REFERRALS: REFERRAL_FACTS,
    Feed.DOCUMENTS: DOCUMENT_FACTS | {"amended_at": pl.Datetime("us", "UTC")},
}
Refusal = tuple[int, str, str]
"""A row's number as a person counts it, a JSON pointer, and the reason."""


@dataclass(frozen=True)
class Asked:
    """What is read, and by which rules. `force` is for a file that names none."""

    feed: Feed
    path: Path
    column_map: ColumnMap
    rules: IdentifierRules
    policies: PolicySet
    as_of: datetime
    force: str | None
    key: bytes


@dataclass(frozen=True)
class Part:
    """Some rows in frames, keyed from 0, and those of them that were refused.

    `numbers` are the rows of the records, as a person counts them.
    """

    side: Side
    refusals: Sequence[Refusal]
    refused: int
    numbers: Sequence[int]


class RowFramer:
    """Checks, tokenises and frames rows, remembering what it met in those before."""

    def __init__(self, asked: Asked, clock: Clock) -> None:
        self.asked = asked
        self.admit = admitting(
            asked.column_map, clock, force=asked.force, key=asked.key, rules=asked.rules
        )
        self.keep = under_policy(asked.feed, asked.policies)

    def part(self, rows: Iterable[Values]) -> Part:
        with _no_search_for_cycles():
            return self._part(rows)

    def _part(self, rows: Iterable[Values]) -> Part:
        records: list[Record] = []
        numbers: list[int] = []
        refusals: list[Refusal] = []
        refused = 0
        for row in map(self.keep, map(self.admit, rows)):
            if row.record is None:
                refused += 1
                refusals += [(row.number, one.pointer, one.reason) for one in row.problems]
            else:
                records.append(row.record)
                numbers.append(row.number)
        feed, policies = self.asked.feed, self.asked.policies
        live = (is_live(record, policies) for record in records) if feed == Feed.DOCUMENTS else None
        side = Side(to_records(feed, enumerate(records), live), facts_of(feed, records))
        return Part(side, refusals, refused, numbers)


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Without Python's collector: records hold none, and it takes a quarter of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def facts_of(feed: Feed, records: Sequence[Record]) -> pl.DataFrame:
    """What judging needs to know of each record."""
    schema = FACTS[feed]
    columns: dict[str, Any] = {
        name: [record.get(name) for record in records] for name in schema if name != "present"
    }
    columns["key"] = range(len(records))
    if "present" in schema:
        columns["present"] = [full_pass.present_bits(record) for record in records]
    return pl.DataFrame({name: columns[name] for name in schema}, schema)
