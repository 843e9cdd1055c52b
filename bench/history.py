"""One force's feeds over years, cut into deliveries: stretches of history and ordinary nights.

The rate stays the same, so a longer history is more years and not a busier force: what a
night works on is alike at every size, and any growth of its cost is the history's.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

import polars as pl

from bench.installation import FORCE
from synthetic import generate
from synthetic.feeds import Feeds

REFERRALS_A_NIGHT: Final = 20
DOCUMENTS_PER_REFERRAL: Final = 5
START: Final = date(2012, 1, 1)
A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Delivery:
    """What both feeds bring for one night, and the instant that the night judges by."""

    referrals: pl.DataFrame
    documents: pl.DataFrame
    as_of: datetime


class History:
    """Feeds of one force at twenty referrals a day, handed out in order of time."""

    def __init__(self, referrals: int, seed: int) -> None:
        """Make feeds of at least so many referrals."""
        months = -(-referrals // (REFERRALS_A_NIGHT * 30))
        self._feeds: Feeds = generate(
            months * REFERRALS_A_NIGHT * 30,
            seed,
            months=months,
            forces=[FORCE],
            documents_per_referral=DOCUMENTS_PER_REFERRAL,
            start=START,
        )
        self._referrals = self._documents = 0
        self._as_of = datetime(START.year, 1, 1, tzinfo=UTC)

    def stretch(self, referrals: int) -> Delivery:
        """The next so many referrals, with five times as many documents."""
        low, self._referrals = self._referrals, self._referrals + referrals
        first = self._documents
        self._documents += referrals * DOCUMENTS_PER_REFERRAL
        made = self._feeds.referral_slice(low, self._referrals)
        written = self._feeds.document_slice(first, self._documents)
        latest = max(made["referred_at"].max(), written["submitted_at"].max())  # type: ignore[type-var]
        assert isinstance(latest, datetime)
        self._as_of = max(latest + timedelta(hours=1), self._as_of + A_DAY)
        return Delivery(made, written, self._as_of)

    def night(self) -> Delivery:
        """An ordinary night: 20 new referrals, 100 new documents, 1 amended, 1 withdrawn."""
        earlier = self._referrals - 5 * REFERRALS_A_NIGHT
        amended = self._feeds.referral_slice(earlier, earlier + 1)
        first = self._documents - 5 * REFERRALS_A_NIGHT * DOCUMENTS_PER_REFERRAL
        withdrawn = self._feeds.document_slice(first, first + 1)
        new = self.stretch(REFERRALS_A_NIGHT)
        return Delivery(
            pl.concat([new.referrals, amended.with_columns(postcode=pl.lit("EX1 9ZZ"))]),
            pl.concat(
                [
                    new.documents,
                    withdrawn.with_columns(
                        status=pl.lit("withdrawn"),
                        amended_at=pl.lit(new.as_of - timedelta(hours=2)),
                    ),
                ]
            ),
            new.as_of,
        )
