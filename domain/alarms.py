"""Is a delivery unlike its feed's own recent past?

An alarm is a sentence for the person who looks after the feed.  It changes no judgement:
what holds a flag is domain.feed_trust.  The past is the last `RECENT` nights, whatever day
of the week, so a quiet Sunday is compared with a past that holds quiet Sundays; the single
largest and smallest of them are set aside, so one odd night does not hide the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Literal

from domain.feed_trust import RECENT, DeliveryFacts, by_night
from domain.policy import AlarmPolicy, Policy
from domain.working_days import london_day

Kind = Literal["row_count", "date_range", "gap"]


@dataclass(frozen=True)
class Alarm:
    """One way in which a delivery is unusual, in a sentence that names nobody."""

    kind: Kind
    sentence: str


def delivery_alarms(
    delivery: DeliveryFacts, past: Sequence[DeliveryFacts], *, policy: Policy
) -> list[Alarm]:
    """Every alarm that `delivery` raises.

    Args:
        delivery: One night's, of either feed.
        past: Earlier deliveries of the same force and feed, in any order.  With fewer than
            `min_history` nights of them, only records from the future can raise one.
        policy: The one in force when `delivery` was taken.
    """
    rules = policy.alarms
    earlier = [night for night in by_night(past) if night.known_at < delivery.known_at]
    recent = earlier[-RECENT:]
    alarms = _from_the_future(delivery)
    if len(recent) >= rules.min_history:
        alarms += _row_count(delivery, recent, rules)
        alarms += _date_range(delivery, recent, rules)
        alarms += _gap(delivery, recent, rules)
    return alarms


def _from_the_future(delivery: DeliveryFacts) -> list[Alarm]:
    if not delivery.future_rows:
        return []
    count = delivery.future_rows
    return [Alarm("date_range", f"{count} of the records delivered are dated in the future.")]


def _row_count(
    delivery: DeliveryFacts, recent: Sequence[DeliveryFacts], rules: AlarmPolicy
) -> list[Alarm]:
    """Below a share of the usual least or above a multiple of the usual most, by a margin."""
    counts = sorted(night.rows for night in recent)[1:-1]
    least, most = counts[0], counts[-1]
    low = delivery.rows < rules.rows_below * least and least - delivery.rows >= rules.rows_margin
    high = delivery.rows > rules.rows_above * most and delivery.rows - most >= rules.rows_margin
    if not low and not high:
        return []
    return [
        Alarm(
            "row_count",
            f"{delivery.rows} rows were delivered, far {'fewer' if low else 'more'} than usual:"
            f" the last {len(recent)} nights had {least} to {most}.",
        )
    ]


def _date_range(
    delivery: DeliveryFacts, recent: Sequence[DeliveryFacts], rules: AlarmPolicy
) -> list[Alarm]:
    """Oldest record far older or newer than usual, or newest record older than usual."""
    alarms = []
    reach = _days_before(delivery, delivery.oldest_record_at)
    usual = [
        days
        for night in recent
        if (days := _days_before(night, night.oldest_record_at)) is not None
    ]
    margin = rules.range_margin_days
    if reach is not None and usual and not min(usual) - margin <= reach <= max(usual) + margin:
        alarms.append(
            Alarm(
                "date_range",
                f"The oldest record is {reach} days old; on the last {len(recent)} nights the"
                f" oldest was {min(usual)} to {max(usual)} days old.",
            )
        )
    age = _days_before(delivery, delivery.newest_record_at)
    ages = [
        days
        for night in recent
        if (days := _days_before(night, night.newest_record_at)) is not None
    ]
    if age is not None and ages and age > max(ages) + rules.newest_margin_days:
        alarms.append(
            Alarm(
                "date_range",
                f"The newest record is {age} days old; on the last {len(recent)} nights the"
                f" newest was at most {max(ages)} days old.",
            )
        )
    return alarms


def _gap(
    delivery: DeliveryFacts, recent: Sequence[DeliveryFacts], rules: AlarmPolicy
) -> list[Alarm]:
    """Days without any record between the night before's newest and this one's oldest."""
    with_dates = [night for night in recent if night.oldest_record_at is not None]
    if delivery.oldest_record_at is None or not with_dates:
        return []
    usual = max((_days_between(*pair) for pair in pairwise(with_dates)), default=0)
    gap = _days_between(with_dates[-1], delivery)
    if gap <= usual + rules.gap_margin_days:
        return []
    return [
        Alarm(
            "gap",
            f"No record is dated in the {gap} days between the last delivery and this one;"
            f" the longest such gap of the last {len(recent)} nights was {usual} days.",
        )
    ]


def _days_before(night: DeliveryFacts, record_at: datetime | None) -> int | None:
    return (night.known_at - record_at).days if record_at is not None else None


def _days_between(before: DeliveryFacts, after: DeliveryFacts) -> int:
    """Whole London days after the newest of `before` and ahead of the oldest of `after`."""
    if before.newest_record_at is None or after.oldest_record_at is None:
        return 0
    days = (london_day(after.oldest_record_at) - london_day(before.newest_record_at)).days
    return max(days - 1, 0)
