"""Is a delivery unlike its feed's own recent past, and did one come at all?

An alarm is a sentence for the person who looks after the feed.  It changes no judgement:
what holds a flag is domain.feed_trust.  The past is the last `RECENT` nights, whatever day
of the week, so a quiet Sunday is compared with a past that holds quiet Sundays; the single
largest and smallest of them are set aside, so one odd night does not hide the next.

A feed that falls silent delivers nothing to look at: what it left out is `silences`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

from domain.feed_trust import RECENT, DeliveryFacts, by_night
from domain.policy import AlarmPolicy, Policy
from domain.reasons import when
from domain.working_days import LONDON, london_day

Kind = Literal["row_count", "date_range", "gap", "silence"]


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


def silences(
    deliveries: Sequence[DeliveryFacts], *, as_of: datetime, policy: Policy
) -> list[Alarm]:
    """What a feed that delivers nothing any more, or only files without records, says by it.

    The wait for a delivery has lasted as long as the longest such wait lately; or the newest
    record known is older than the newest ever was lately when the next ones came, by more
    than `newest_margin_days`.

    Args:
        deliveries: All of one force and feed, in any order; later ones than `as_of` are not
            known yet.
        as_of: The instant to judge by.
        policy: The one in force at `as_of`.  With fewer than `min_history` nights only a
            feed that never delivered a record raises an alarm.
    """
    nights = [night for night in by_night(deliveries) if night.known_at <= as_of]
    known = [(night.known_at, at) for night in nights if (at := night.newest_record_at)]
    if not known:
        return [Alarm("silence", "No record has ever been delivered.")]
    recent, dated = nights[-RECENT:], known[-RECENT:]
    if min(len(recent), len(dated)) < policy.alarms.min_history:
        return []
    sentences = []
    waits = [_wait(one.known_at, next_one.known_at) for one, next_one in pairwise(recent)]
    last = recent[-1].known_at
    if _wait(last, as_of) >= _longest_but_one(waits):
        sentences.append(f"Nothing has been delivered since {when(last)}.")
    usual = _longest_but_one([came - newest for (_, newest), (came, _) in pairwise(dated)]).days
    age = (as_of - max(newest for _, newest in known)).days
    if dated[-1][0] < as_of and age > usual + policy.alarms.newest_margin_days:
        sentences.append(
            f"The newest record ever delivered is {age} days old; lately a newer one came"
            f" within {usual} days."
        )
    return [Alarm("silence", sentence) for sentence in sentences]


def _longest_but_one(waits: Sequence[timedelta]) -> timedelta:
    """The longest, the single longest set aside; for ever if there is no other."""
    return max(sorted(waits)[:-1], default=timedelta.max)


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


def _wait(since: datetime, until: datetime) -> timedelta:
    """By London's clocks, on which a night is a day after the last one in spring as well."""
    earlier, later = (each.astimezone(LONDON).replace(tzinfo=None) for each in (since, until))
    return later - earlier
