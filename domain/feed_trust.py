"""How far the document feed can be trusted tonight.

A flag says that an officer submitted nothing, so it may rest only on a feed that would
have shown the document.  Three things break that: tonight's delivery is missing, it is
abnormally small, or its newest record is old.  Each leaves the feed trusted until some
instant, and flags whose grace period ends after it are held.  Trust once given is not taken
back: an outage leaves the feed trusted at least as far as it was on any night before, so
that what a good night flagged stays flagged whenever it is judged again.

"Small" is by the feed's own recent past: fewer rows than a share of the median of the last
`RECENT` trusted deliveries.  Small deliveries are left out of that median, so a broken
feed never becomes normal by lasting; a person says that it has changed, in the policy.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from statistics import median
from typing import Literal

from domain.policy import DocumentFeedPolicy, Policy
from domain.reasons import when
from domain.working_days import london_day

RECENT = 20
Problem = Literal["missing", "small", "stale"]


@dataclass(frozen=True)
class DeliveryFacts:
    """What one night's delivery of one feed held.

    `rows` are the records stored from it.  `newest_record_at` and `oldest_record_at` are by
    the officer's clock (submitted or referred), of the records not dated after `known_at`;
    None without any.  `future_rows` counts the records that are dated after it.
    """

    known_at: datetime
    rows: int
    newest_record_at: datetime | None
    oldest_record_at: datetime | None = None
    future_rows: int = 0


@dataclass(frozen=True)
class Trust:
    """The instant until which the document feed is trusted; None is not at all."""

    trusted_until: datetime | None
    problem: Problem | None
    sentence: str


def assess(
    deliveries: Iterable[DeliveryFacts],
    *,
    as_of: datetime,
    policy: Policy,
    trusted_before: datetime | None = None,
) -> Trust:
    """How far the document feed is trusted at `as_of`.

    When nothing is wrong it is trusted until `as_of`; otherwise until its newest record
    that came in a trusted delivery, or until `trusted_before` if that is later.  The first
    that applies is named: missing, small, stale.

    Args:
        deliveries: All of one force's document deliveries, in any order; those of one
            `known_at` are one night's.  Later ones than `as_of` are not known yet.
        as_of: The instant to judge by.
        policy: The one in force at `as_of`.
        trusted_before: How far an earlier night trusted it, not after `as_of`.
    """
    rules = policy.document_feed
    nights = [night for night in by_night(deliveries) if night.known_at <= as_of]
    trusted = trusted_nights(nights, rules)
    newest = newest_record(trusted)
    found = _problem(nights, trusted, newest, as_of, rules)
    if found is None:
        return Trust(as_of.astimezone(UTC), None, "The document feed is trusted tonight.")
    problem, what = found
    until = max((each for each in (newest, trusted_before) if each is not None), default=None)
    if until is None:
        return Trust(None, problem, f"{what} No delivery can be trusted, so every flag is held.")
    held = f"Flags are held where the grace period ended after {when(until)}."
    return Trust(until, problem, f"{what} {held}")


def by_night(deliveries: Iterable[DeliveryFacts]) -> list[DeliveryFacts]:
    """One delivery a night, earliest first: rows added, dates widened."""
    in_order = sorted(deliveries, key=lambda delivery: delivery.known_at)
    return [
        _together(list(night))
        for _, night in groupby(in_order, key=lambda delivery: delivery.known_at)
    ]


def trusted_nights(
    nights: Sequence[DeliveryFacts], rules: DocumentFeedPolicy
) -> list[DeliveryFacts]:
    """Those of `nights` (earliest first) that were not small beside the trusted before them."""
    trusted: list[DeliveryFacts] = []
    for night in nights:
        if not is_small(night, trusted, rules):
            trusted.append(night)
    return trusted


def is_small(
    night: DeliveryFacts, trusted: Sequence[DeliveryFacts], rules: DocumentFeedPolicy
) -> bool:
    """Whether `night` has no rows, or too few beside the `trusted` nights before it.

    Fewer than `min_history` of those say nothing yet.
    """
    past = _past(trusted, rules)
    if night.rows == 0 or len(past) < rules.min_history:
        return night.rows == 0
    return night.rows < rules.small_below * median(before.rows for before in past)


def newest_record(nights: Iterable[DeliveryFacts]) -> datetime | None:
    """The newest record of `nights`; none counts as newer than its own delivery."""
    newest = (
        min(night.newest_record_at, night.known_at)
        for night in nights
        if night.newest_record_at is not None
    )
    latest = max(newest, default=None)
    return latest.astimezone(UTC) if latest else None


def _past(trusted: Sequence[DeliveryFacts], rules: DocumentFeedPolicy) -> Sequence[DeliveryFacts]:
    """The recent `trusted` nights that say what is normal now."""
    since = rules.normal_since
    recent = trusted[-RECENT:]
    return [night for night in recent if since is None or london_day(night.known_at) >= since]


def _together(night: Sequence[DeliveryFacts]) -> DeliveryFacts:
    return DeliveryFacts(
        known_at=night[0].known_at,
        rows=sum(part.rows for part in night),
        newest_record_at=newest_record(night),
        oldest_record_at=min(
            (part.oldest_record_at for part in night if part.oldest_record_at is not None),
            default=None,
        ),
        future_rows=sum(part.future_rows for part in night),
    )


def _problem(
    nights: Sequence[DeliveryFacts],
    trusted: Sequence[DeliveryFacts],
    newest: datetime | None,
    as_of: datetime,
    rules: DocumentFeedPolicy,
) -> tuple[Problem, str] | None:
    if not nights:
        return "missing", "No documents have ever been delivered."
    last = nights[-1]
    if as_of - last.known_at > timedelta(hours=rules.max_age_hours):
        return "missing", (
            f"No documents were delivered tonight; the last delivery was taken at"
            f" {when(last.known_at)}."
        )
    if last not in trusted[-1:]:
        return "small", f"Tonight's documents are abnormally few: {_beside(last, trusted, rules)}."
    if newest is None or as_of - newest > timedelta(hours=rules.stale_after_hours):
        dated = f"was submitted at {when(newest)}" if newest else "has no date"
        return "stale", f"The newest document delivered {dated}."
    return None


def _beside(
    last: DeliveryFacts, trusted: Sequence[DeliveryFacts], rules: DocumentFeedPolicy
) -> str:
    past = _past(trusted, rules)
    if not past:
        return f"{last.rows} rows"
    usual = median(night.rows for night in past)
    return f"{last.rows} rows, where the median of the last {len(past)} is {usual:g}"
