"""What nearly all documents of a force have in common and should not: a warning for each.

It is no fault of a row, so no row is refused for it; but it takes evidence from every pair.
"""

from collections.abc import Iterator
from typing import Final

import polars as pl

from services.frames import LONDON

FEWEST: Final = 200
"""Documents of a force under which nothing is said of its habits."""
NEARLY_ALL: Final = 0.95


def habits(documents: pl.DataFrame) -> Iterator[str]:
    """The sentences on each force's documents (DOCUMENT_SCHEMA), by force."""
    submitted = pl.col("at").dt.convert_time_zone(LONDON.key).dt.date()
    found = (
        documents.lazy()
        .group_by("force")
        .agg(
            all=pl.len(),
            dated=pl.col("day").count(),
            same=(pl.col("day") == submitted).sum(),
            quoting=(pl.col("references").list.len() > 0).sum(),
        )
        .filter(pl.col("all") >= FEWEST)
        .sort("force")
        .collect()
    )
    for row in found.iter_rows(named=True):
        if row["dated"] >= FEWEST and row["same"] >= NEARLY_ALL * row["dated"]:
            yield (
                f"The event date of {row['same'] / row['dated']:.0%} of {row['force']}'s documents"
                " is the day on which they were submitted, which a system may have filled in. If"
                " so, leave it out (event_date = [] in the column map): where the event was"
                " earlier, it tells against the right document."
            )
        if not row["quoting"]:
            yield (
                f"None of {row['force']}'s {row['all']:,} documents quotes an NCCU reference, so"
                " they are paired by incident, officer, time and people alone, and more of them"
                " are put to a person."
            )
