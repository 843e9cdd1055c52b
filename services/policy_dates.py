"""Rows from before a force's first policy: no policy says what is owed for such a referral."""

from collections.abc import Callable

from adapters.feeds.door import ReadRow
from domain.policy import PolicySet
from domain.words import Feed
from domain.working_days import london_day
from schemas.validation import Problem


def under_policy(feed: Feed, policies: PolicySet) -> Callable[[ReadRow], ReadRow]:
    """Keep a referral out that no policy was in force for; one such row stops no night."""
    if feed == Feed.DOCUMENTS:
        return lambda row: row
    first = policies.policies[0].effective_from
    reason = (
        f"is before {first:%d/%m/%Y}, from when on the force has a policy: correct it where it was"
        " written, or give the first policy an earlier effective_from before the next export"
    )

    def check(row: ReadRow) -> ReadRow:
        if row.record is None or london_day(row.record["referred_at"]) >= first:
            return row
        return ReadRow(row.number, None, (Problem("/referred_at", reason),))

    return check
