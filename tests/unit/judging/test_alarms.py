"""Each alarm, fired and not."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.alarms import delivery_alarms
from domain.feed_trust import DeliveryFacts
from domain.policy import AlarmPolicy, Policy
from tests.unit.judging.builders import DAY, HOUR, NIGHT, a_delivery, a_policy, nights_before

POLICY = a_policy()
PAST = nights_before(NIGHT, 10)


def kinds(
    delivery: DeliveryFacts, past: list[DeliveryFacts] = PAST, policy: Policy = POLICY
) -> list[str]:
    return [alarm.kind for alarm in delivery_alarms(delivery, past, policy=policy)]


@given(rows=st.integers(0, 10_000), count=st.integers(5, 30))
def test_a_night_like_the_last_ones_raises_nothing(rows: int, count: int) -> None:
    """
    An alarm that sounds on ordinary nights is soon not heard.
    """
    past = nights_before(NIGHT, count, rows=rows)

    assert [] == kinds(a_delivery(rows=rows), past)


@given(rows=st.integers(0, 10_000), data=st.data())
def test_the_order_of_the_past_does_not_matter(rows: int, data: st.DataObject) -> None:
    """
    A database may return rows in any order.
    """
    past = data.draw(st.permutations(PAST))
    delivery = a_delivery(rows=rows)

    assert delivery_alarms(delivery, PAST, policy=POLICY) == delivery_alarms(
        delivery, past, policy=POLICY
    )


@pytest.mark.parametrize(
    ("rows", "fired"),
    [
        pytest.param(49, ["row_count"], id="under half the least"),
        pytest.param(50, [], id="half the least"),
        pytest.param(200, [], id="twice the most"),
        pytest.param(201, ["row_count"], id="over twice the most"),
    ],
)
def test_a_row_count_far_from_the_usual_is_an_alarm(rows: int, fired: list[str]) -> None:
    """
    Half an export, or one sent twice over, shows here first.
    """
    assert fired == kinds(a_delivery(rows=rows))


def test_the_alarm_gives_both_numbers() -> None:
    """
    The reader can judge whether it matters.
    """
    (alarm,) = delivery_alarms(a_delivery(rows=3), PAST, policy=POLICY)

    assert (
        "3 rows were delivered, far fewer than usual: the last 10 nights had 100 to 100."
        == alarm.sentence
    )
    (alarm,) = delivery_alarms(a_delivery(rows=300), PAST, policy=POLICY)
    assert "far more than usual" in alarm.sentence


def test_a_small_force_is_not_alarmed_by_a_handful() -> None:
    """
    From one referral a night to four, or from nine to one, is chance and not a fault.
    """
    assert [] == kinds(a_delivery(rows=1), nights_before(NIGHT, 10, rows=9))
    assert [] == kinds(a_delivery(rows=4), nights_before(NIGHT, 10, rows=1))


def test_one_odd_night_does_not_hide_the_next() -> None:
    """
    The single most and least are set aside; a quiet day of each week is not.
    """
    odd = [replace(PAST[0], rows=0), *PAST[1:]]
    weekly = [replace(each, rows=20) if day % 5 == 0 else each for day, each in enumerate(PAST)]

    assert ["row_count"] == kinds(a_delivery(rows=10), odd)
    assert [] == kinds(a_delivery(rows=15), weekly)


@pytest.mark.parametrize(
    ("changes", "fired"),
    [
        pytest.param({"oldest_record_at": NIGHT - 31 * DAY}, [], id="a month's reach"),
        pytest.param({"oldest_record_at": NIGHT - 32 * DAY}, ["date_range"], id="reaches far back"),
        pytest.param({"newest_record_at": NIGHT - 3 * DAY}, [], id="three days old"),
        pytest.param({"newest_record_at": NIGHT - 4 * DAY}, ["date_range"], id="nothing recent"),
        pytest.param({"future_rows": 1}, ["date_range"], id="from the future"),
    ],
)
def test_a_date_range_unlike_the_usual_is_an_alarm(
    changes: dict[str, Any], fired: list[str]
) -> None:
    """
    A wrong date column or a default date is seen before it is judged by.
    """
    delivery = a_delivery(**{"oldest_record_at": NIGHT - 4 * DAY, **changes})

    assert fired == kinds(delivery)


@pytest.mark.parametrize(
    ("reach", "fired"),
    [pytest.param(60, [], id="60 days"), pytest.param(59, ["date_range"], id="59 days")],
)
def test_a_feed_that_reaches_less_far_back_than_usual_is_an_alarm(
    reach: int, fired: list[str]
) -> None:
    """
    A full extract cut to one month loses the rest of the quarter.
    """
    past = [replace(each, oldest_record_at=each.known_at - 90 * DAY) for each in PAST]

    assert fired == kinds(a_delivery(oldest_record_at=NIGHT - reach * DAY), past)


@pytest.mark.parametrize(
    ("away", "fired"),
    [pytest.param(2, [], id="one day"), pytest.param(3, ["gap"], id="two days")],
)
def test_days_without_any_record_are_an_alarm(away: int, fired: list[str]) -> None:
    """
    Completeness of a feed shows in its missing days.
    """
    newest = NIGHT - 5 * DAY
    past = [
        replace(each, known_at=newest - DAY * back + HOUR, newest_record_at=newest - DAY * back,
                oldest_record_at=newest - DAY * (back + 1) + HOUR)
        for back, each in enumerate(PAST)
    ]  # fmt: skip
    delivery = a_delivery(oldest_record_at=newest + away * DAY)

    assert fired == kinds(delivery, past)


def test_a_feed_with_usual_gaps_is_compared_with_them() -> None:
    """
    A force with a referral a week has quiet days that mean nothing.
    """
    weekly = [
        a_delivery(
            known_at=NIGHT - 7 * DAY * back,
            rows=1,
            oldest_record_at=NIGHT - 7 * DAY * back - 3 * HOUR,
        )
        for back in range(10, 0, -1)
    ]

    assert [] == kinds(a_delivery(rows=1, oldest_record_at=NIGHT - 3 * HOUR), weekly)


def test_only_earlier_nights_are_the_past() -> None:
    """
    A caller may hand over every delivery; tonight's is not compared with itself or later ones.
    """
    odd = a_delivery(rows=3)
    later = nights_before(NIGHT + 11 * DAY, 10, rows=3)

    assert ["row_count"] == kinds(odd, [*PAST, odd, *later])


def test_with_little_history_only_the_future_is_an_alarm() -> None:
    """
    The first nights have nothing to be compared with.
    """
    odd = a_delivery(rows=9000, oldest_record_at=NIGHT - 900 * DAY)

    assert [] == kinds(odd, PAST[:4])
    assert ["date_range"] == kinds(replace(odd, future_rows=2), PAST[:4])


def test_an_empty_delivery_has_no_dates_to_be_odd() -> None:
    """
    Its row count says it all.
    """
    empty = a_delivery(rows=0, newest_record_at=None, oldest_record_at=None)

    assert ["row_count"] == kinds(empty)


def test_each_limit_is_the_policys() -> None:
    """
    A noisy feed can be given more room.
    """
    roomy = a_policy(alarms=AlarmPolicy(rows_above=50, range_margin_days=1000, gap_margin_days=90))
    odd = a_delivery(rows=4000, oldest_record_at=NIGHT - 900 * DAY)

    assert ["row_count", "date_range"] == kinds(odd)
    assert [] == kinds(odd, policy=roomy)
