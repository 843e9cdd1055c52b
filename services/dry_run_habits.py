"""What nearly all records of a force have in common and should not: a warning for each.

It is no fault of a row, so no row is refused for it; but it takes evidence from every pair.
"""

from collections.abc import Iterator, Mapping
from typing import Final

import polars as pl

from domain.pairing import Records
from domain.words import Feed
from services.frames import LONDON

FEWEST: Final = 200
"""Records of a force under which nothing is said of its habits."""
NEARLY_ALL: Final = 0.95
FIELDS: Final = {
    "reference": "an NCCU reference",
    "references": "an NCCU reference",
    "officer": "an officer",
    "incident": "an incident number",
    "custody": "a custody number",
    "day": "an event date",
    "postcode": "a postcode",
    "vehicles": "a registration mark",
    "people": "a person",
}
"""What two records are compared by, in words."""


def habits(sides: Mapping[Feed, Records]) -> Iterator[str]:
    """The sentences on each force's referrals and documents, by feed and force."""
    for feed, side in sides.items():
        yield from _never_filled_in(feed, side)
    yield from _dated_by_a_system(sides[Feed.DOCUMENTS].records)


def _never_filled_in(feed: Feed, side: Records) -> Iterator[str]:
    """The fields that no record of a force has."""
    named = side.people.lazy().select(key="record", people=pl.lit(True)).unique("key")
    fields = [name for name in FIELDS if name in side.records.columns]
    lists = [name for name in fields if side.records.schema[name] == pl.List]
    found = (
        side.records.lazy()
        .join(named, on="key", how="left")
        .with_columns((pl.col(name).list.len() > 0).replace(False, None) for name in lists)
        .group_by("force")
        .agg(pl.col(*fields, "people").count(), all=pl.len())
        .filter(pl.col("all") >= FEWEST)
        .sort("force")
        .collect()
    )
    for row in found.iter_rows(named=True):
        lacking = [FIELDS[name] for name in (*fields, "people") if not row[name]]
        if lacking:
            yield (
                f"None of {row['force']}'s {row['all']:,} {feed.value} has"
                f" {' or '.join(lacking)}. Nothing is compared by what is not there, and more is"
                " put to a person. If the system has it, name its column in the column map."
            )


def _dated_by_a_system(documents: pl.DataFrame) -> Iterator[str]:
    """Forces whose documents happened when they were submitted."""
    submitted = pl.col("at").dt.convert_time_zone(LONDON.key).dt.date()
    found = (
        documents.lazy()
        .group_by("force")
        .agg(dated=pl.col("day").count(), same=(pl.col("day") == submitted).sum())
        .filter(pl.col("dated") >= FEWEST, pl.col("same") >= NEARLY_ALL * pl.col("dated"))
        .sort("force")
        .collect()
    )
    for force, dated, same in found.iter_rows():
        yield (
            f"The event date of {same / dated:.0%} of {force}'s documents is the day on which they"
            " were submitted, which a system may have filled in. If so, leave it out"
            " (event_date = [] in the column map): where the event was earlier, it tells against"
            " the right document."
        )
