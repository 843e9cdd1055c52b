"""One force's feeds, cut into nights: what came in since the night before, by its own times.

The rate stays the same, so a longer history is more months and not a busier force: what a
night works on is alike at every length of history, and any growth of its cost is the
history's.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

import numpy as np
import polars as pl

from bench.installation import FORCE
from synthetic.generate import generate_days
from synthetic.world import Integers

DOCUMENTS_PER_REFERRAL: Final = 5
START: Final = date(2024, 1, 1)
NIGHT_AT: Final = timedelta(hours=2, minutes=30)
AMENDED_DOCUMENTS: Final = 0.02
"""Of the documents of one earlier day, the share that comes again with another postcode."""
WITHDRAWN: Final = 0.005
AMENDED_REFERRALS: Final = 0.02
DAYS_BACK: Final = 4
"""How long before its amendment a record first came."""


@dataclass(frozen=True)
class Delivery:
    """What both feeds bring for one night, and the instant (UTC) that the night judges by."""

    referrals: pl.DataFrame
    documents: pl.DataFrame
    as_of: datetime


class History:
    """Feeds of one force over so many days, handed out by day from 0."""

    def __init__(self, days: int, referrals_a_night: int, seed: int) -> None:
        """Make them; equal arguments make equal feeds."""
        referrals = days * referrals_a_night
        self.days = days
        self._feeds = generate_days(
            referrals,
            referrals * DOCUMENTS_PER_REFERRAL,
            seed,
            setting="realistic",
            days=days,
            forces=(FORCE,),
            start=START,
        )

    def night(self, day: int) -> Delivery:
        """What was made in the 24 hours up to 02:30 of the next day, and what was amended."""
        referrals, documents = self._made(day)
        if day < DAYS_BACK:
            return Delivery(referrals, documents, as_of(day))
        old_referrals, old_documents = self._made(day - DAYS_BACK)
        return Delivery(
            pl.concat([referrals, _moved(old_referrals, AMENDED_REFERRALS)]),
            pl.concat([documents, *_amended(old_documents, as_of(day) - timedelta(hours=3))]),
            as_of(day),
        )

    def new_documents(self, day: int) -> pl.DataFrame:
        """The documents submitted on the day, and none that is only amended."""
        return self._made(day)[1]

    def _made(self, day: int) -> tuple[pl.DataFrame, pl.DataFrame]:
        feeds = self._feeds
        return (
            feeds.referral_slice(*_rows(feeds.world.referrals.at, day)),
            feeds.document_slice(*_rows(feeds.written.facts.submitted, day)),
        )


def as_of(day: int) -> datetime:
    """The instant of the night that ends day `day` of the history."""
    start = datetime(START.year, START.month, START.day, tzinfo=UTC)
    return start + timedelta(days=day + 1) + NIGHT_AT


def _rows(times: Integers, day: int) -> tuple[int, int]:
    """The rows of one day, in order of `times`; those before the first day are of it."""
    ends = [as_of(each).timestamp() for each in (day - 1, day)]
    first, last = np.searchsorted(times, ends)
    return int(first) if day else 0, int(last)


def _moved(frame: pl.DataFrame, share: float) -> pl.DataFrame:
    """The first rows, as many as the share says, at another postcode."""
    return frame.head(round(frame.height * share)).with_columns(postcode=pl.lit("ZZ9 9ZZ"))


def _amended(documents: pl.DataFrame, at: datetime) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Documents amended and withdrawn at the instant; no document is both."""
    moved = _moved(documents, AMENDED_DOCUMENTS)
    withdrawn = documents.tail(round(documents.height * WITHDRAWN)).with_columns(
        status=pl.lit("withdrawn")
    )
    when = pl.lit(at).cast(pl.Datetime("us", "UTC")).alias("amended_at")
    return moved.with_columns(when), withdrawn.with_columns(when)
