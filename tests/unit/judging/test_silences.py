"""A feed that falls silent is heard, and one that comes as it does is not."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.alarms import silences
from domain.feed_trust import DeliveryFacts
from domain.working_days import LONDON
from tests.unit.judging.builders import DAY, HOUR, NIGHT, a_delivery, a_policy, nights_before

POLICY = a_policy()
EMPTY = {"rows": 0, "newest_record_at": None, "oldest_record_at": None}


@given(count=st.integers(5, 30), rows=st.integers(1, 10_000))
def test_a_feed_that_comes_as_it_does_is_not_silent(count: int, rows: int) -> None:
    """
    On the night itself, and at any hour before the next night is due.
    """
    past = nights_before(NIGHT + DAY, count, rows=rows)

    assert [] == silences(past, as_of=NIGHT, policy=POLICY)
    assert [] == silences(past, as_of=NIGHT + DAY - HOUR, policy=POLICY)


@pytest.mark.parametrize(
    "waits",
    [
        pytest.param([1, 1, 1, 1, 1, 1], id="nightly"),
        pytest.param([1, 1, 1, 1, 3, 1, 1, 1, 1, 3], id="working days"),
        pytest.param([7, 7, 7, 7, 7], id="weekly"),
        pytest.param([1, 1, 9, 1, 1, 1], id="one outage before"),
    ],
)
def test_the_first_delivery_that_does_not_come_is_an_alarm(waits: list[int]) -> None:
    """
    Nothing is held because of a silent referral feed, so only this alarm tells of it.
    """
    past = [a_delivery(known_at=NIGHT - DAY * sum(waits[at:])) for at in range(len(waits) + 1)]
    due = sorted(waits)[-2]

    assert [] == silences(past, as_of=NIGHT + DAY * due - HOUR, policy=POLICY)
    (alarm,) = silences(past, as_of=NIGHT + DAY * due, policy=POLICY)
    assert ("silence", "Nothing has been delivered since 02:30 BST on 1 Jun 2026.") == (
        alarm.kind,
        alarm.sentence,
    )


@pytest.mark.parametrize("change", [date(2026, 3, 29), date(2026, 10, 25)])
def test_the_clocks_do_not_make_a_feed_late_nor_hide_that_it_is(change: date) -> None:
    """
    A night in spring is 23 hours after the last one, and 25 in autumn.
    """
    nights = [
        datetime.combine(change + DAY * at, time(2, 30), LONDON).astimezone(UTC)
        for at in range(-8, 3)
    ]
    for at in range(6, len(nights)):
        past = [a_delivery(known_at=night) for night in nights[:at]]

        (alarm,) = silences(past, as_of=nights[at], policy=POLICY)
        assert "silence" == alarm.kind
        assert [] == silences(past, as_of=nights[at] - HOUR, policy=POLICY)


def test_files_without_records_do_not_become_normal_by_lasting() -> None:
    """
    A broken extract may send its headings every night for a month.
    """
    past, said = nights_before(NIGHT, 10), []
    for night in range(30):
        as_of = NIGHT + DAY * night
        past.append(a_delivery(known_at=as_of, **EMPTY))
        said.append([each.sentence for each in silences(past, as_of=as_of, policy=POLICY)])

    assert [[]] * 4 == said[:4]
    assert all(said[4:])
    assert (
        "The newest record ever delivered is 5 days old; lately a newer one came within 1 days."
    ) == said[4][0]


@pytest.mark.parametrize(
    "past",
    [
        pytest.param([], id="no file"),
        pytest.param(
            [a_delivery(rows=0, newest_record_at=None, oldest_record_at=None)], id="empty"
        ),
        pytest.param([a_delivery(known_at=NIGHT + HOUR)], id="not known yet"),
    ],
)
def test_a_feed_that_never_delivered_is_an_alarm_without_a_past(past: list[DeliveryFacts]) -> None:
    """
    A drop folder that nobody fills is found on the first night.
    """
    (alarm,) = silences(past, as_of=NIGHT, policy=POLICY)

    assert ("silence", "No record has ever been delivered.") == (alarm.kind, alarm.sentence)


def test_fewer_nights_than_the_policy_wants_say_nothing_of_silence() -> None:
    """
    Two deliveries are no habit.
    """
    assert [] == silences(nights_before(NIGHT, 4), as_of=NIGHT + 30 * DAY, policy=POLICY)
