"""How far the document feed is trusted."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.feed_trust import DeliveryFacts, assess
from domain.policy import DocumentFeedPolicy
from tests.unit.judging.builders import DAY, HOUR, NIGHT, a_delivery, a_policy, nights_before

POLICY = a_policy()
PAST = nights_before(NIGHT, 10)
NEWEST = PAST[-1].newest_record_at


@st.composite
def a_feed(draw: st.DrawFn) -> list[DeliveryFacts]:
    """Up to 40 nights, some absent, small, empty, old or delivered in parts."""
    deliveries = []
    for back in draw(st.lists(st.integers(0, 40), max_size=40)):
        known_at = NIGHT - DAY * back
        rows = draw(st.sampled_from([0, 1, 20, 30, 80, 100, 120]))
        age = draw(st.integers(-5, 100))
        newest = known_at - HOUR * age if rows else None
        deliveries.append(DeliveryFacts(known_at, rows, newest, newest))
    return deliveries


@given(feed=a_feed(), data=st.data())
def test_the_order_of_deliveries_does_not_matter(
    feed: list[DeliveryFacts], data: st.DataObject
) -> None:
    """
    Trust is a function of what came, not of how a database returned it.
    """
    shuffled = data.draw(st.permutations(feed))

    assert assess(feed, as_of=NIGHT, policy=POLICY) == assess(shuffled, as_of=NIGHT, policy=POLICY)


@given(feed=a_feed(), later=a_feed())
def test_what_came_afterwards_is_not_known(
    feed: list[DeliveryFacts], later: list[DeliveryFacts]
) -> None:
    """
    Replaying a night gives the answer that night gave.
    """
    after = [replace(each, known_at=each.known_at + 41 * DAY) for each in later]

    assert assess(feed, as_of=NIGHT, policy=POLICY) == assess(
        feed + after, as_of=NIGHT, policy=POLICY
    )


@given(feed=a_feed())
def test_trust_never_reaches_past_tonight(feed: list[DeliveryFacts]) -> None:
    """
    A mistyped year cannot make the feed trusted for decades; no problem is full trust.
    """
    trust = assess(feed, as_of=NIGHT, policy=POLICY)

    assert trust.trusted_until is None or trust.trusted_until <= NIGHT
    assert trust.problem is not None or NIGHT == trust.trusted_until


@given(feed=a_feed(), hours=st.integers(0, 200))
def test_waiting_does_not_make_a_feed_better(feed: list[DeliveryFacts], hours: int) -> None:
    """
    A feed in trouble at night is in trouble until something is delivered.
    """
    tonight = assess(feed, as_of=NIGHT, policy=POLICY)
    later = assess(feed, as_of=NIGHT + hours * HOUR, policy=POLICY)

    assert tonight.problem is None or later.problem is not None
    assert tonight.problem is None or tonight.trusted_until == later.trusted_until


@given(feed=a_feed(), hours=st.integers(0, 2_000))
def test_trust_once_given_is_not_taken_back(feed: list[DeliveryFacts], hours: int) -> None:
    """
    What a good night flagged stays flagged: an outage holds later grace periods only.
    """
    before = NIGHT - HOUR * hours
    without = assess(feed, as_of=NIGHT, policy=POLICY)
    found = assess(feed, as_of=NIGHT, policy=POLICY, trusted_before=before)

    assert found.problem == without.problem
    assert found.trusted_until == max(before, without.trusted_until or before)


def test_an_ordinary_night_is_trusted_to_the_night() -> None:
    """
    A document submitted before tonight would have been seen.
    """
    trust = assess([*PAST, a_delivery()], as_of=NIGHT, policy=POLICY)

    assert (NIGHT, None) == (trust.trusted_until, trust.problem)
    assert "The document feed is trusted tonight." == trust.sentence


def test_a_missing_delivery_leaves_trust_at_the_newest_record() -> None:
    """
    Last night's feed says nothing about today's documents.
    """
    trust = assess(PAST, as_of=NIGHT, policy=POLICY)

    assert (NEWEST, "missing") == (trust.trusted_until, trust.problem)
    assert (
        "No documents were delivered tonight; the last delivery was taken at 02:30 BST on"
        " 31 May 2026. Flags are held where the grace period ended after 23:30 BST on 30 May 2026."
    ) == trust.sentence


@pytest.mark.parametrize(
    ("age", "problem"),
    [pytest.param(20 * HOUR, None, id="20 hours"), pytest.param(21 * HOUR, "missing", id="21")],
)
def test_a_delivery_is_tonights_for_max_age_hours(age: timedelta, problem: str | None) -> None:
    """
    A run in the evening still stands on the morning's delivery.
    """
    assert problem == assess([*PAST, a_delivery()], as_of=NIGHT + age, policy=POLICY).problem


def test_a_feed_that_never_came_is_not_trusted_at_all() -> None:
    """
    Every flag waits for the first delivery, however empty.
    """
    for deliveries in ([], [a_delivery(rows=0, newest_record_at=None, oldest_record_at=None)]):
        trust = assess(deliveries, as_of=NIGHT, policy=POLICY)

        assert trust.trusted_until is None
        assert trust.problem is not None
        assert "every flag is held" in trust.sentence


@pytest.mark.parametrize(
    ("history", "rows", "problem"),
    [
        pytest.param(5, 30, None, id="three tenths of the median"),
        pytest.param(5, 29, "small", id="fewer than three tenths"),
        pytest.param(4, 29, None, id="too little history to say"),
        pytest.param(1, 0, "small", id="nothing is small at once"),
    ],
)
def test_small_is_by_the_feeds_own_past(history: int, rows: int, problem: str | None) -> None:
    """
    A broken export often delivers a few rows rather than none.
    """
    deliveries = [*nights_before(NIGHT, history), a_delivery(rows=rows)]
    trust = assess(deliveries, as_of=NIGHT, policy=POLICY)

    assert problem == trust.problem
    assert (NIGHT if problem is None else NIGHT - DAY - 3 * HOUR) == trust.trusted_until


def test_small_says_what_is_usual() -> None:
    """
    The person who looks after the feed sees the two numbers.
    """
    trust = assess([*PAST, a_delivery(rows=7)], as_of=NIGHT, policy=POLICY)

    assert "7 rows, where the median of the last 10 is 100" in trust.sentence


def test_a_broken_feed_does_not_become_normal_by_lasting() -> None:
    """
    Thirty small nights are still small, until the policy says from when they are normal.
    """
    small = [replace(each, rows=10) for each in nights_before(NIGHT + DAY, 30)]
    feed = [*nights_before(NIGHT - 29 * DAY, 10), *small]
    normal_now = a_policy(document_feed=DocumentFeedPolicy(normal_since=date(2026, 5, 10)))

    assert "small" == assess(feed, as_of=NIGHT, policy=POLICY).problem
    assert NIGHT - 30 * DAY - 3 * HOUR == assess(feed, as_of=NIGHT, policy=POLICY).trusted_until
    assert assess(feed, as_of=NIGHT, policy=normal_now).problem is None


def test_files_of_one_night_are_one_delivery() -> None:
    """
    A force that sends its feed in ten parts is not ten times too small.
    """
    parts = [a_delivery(rows=10) for _ in range(10)]

    assert assess([*PAST, *parts], as_of=NIGHT, policy=POLICY).problem is None


@pytest.mark.parametrize(
    ("age", "problem"),
    [pytest.param(72 * HOUR, None, id="72 hours"), pytest.param(73 * HOUR, "stale", id="73 hours")],
)
def test_stale_is_by_the_newest_record(age: timedelta, problem: str | None) -> None:
    """
    Last week's file sent again has the usual rows and none of this week's documents.
    """
    newest = NIGHT - age
    feed = [
        replace(each, newest_record_at=min(each.known_at - 3 * HOUR, newest))
        for each in [*PAST, a_delivery()]
    ]
    trust = assess(feed, as_of=NIGHT, policy=POLICY)

    assert problem == trust.problem
    assert (newest if problem else NIGHT) == trust.trusted_until


def test_a_record_from_the_future_is_no_newer_than_its_delivery() -> None:
    """
    A mistyped year must not make a stale feed look fresh for ever.
    """
    mistyped = replace(PAST[0], newest_record_at=NIGHT + 900 * DAY)
    trust = assess([mistyped], as_of=NIGHT, policy=POLICY)

    assert mistyped.known_at == trust.trusted_until


def test_each_limit_is_the_policys() -> None:
    """
    A force with a weekly feed, or a quiet one, says so.
    """
    weekly = DocumentFeedPolicy(max_age_hours=170, stale_after_hours=400, small_below=0.05)
    feed = [*PAST, a_delivery(rows=6)]

    assert assess(
        feed, as_of=NIGHT + timedelta(hours=160), policy=a_policy(document_feed=weekly)
    ).problem is None  # fmt: skip


def test_an_empty_delivery_is_small_whatever_the_policy() -> None:
    """
    A share of nothing is nothing, and an empty feed still shows no document.
    """
    never = a_policy(document_feed=DocumentFeedPolicy(small_below=0))
    feed = [*PAST, a_delivery(rows=0, newest_record_at=None, oldest_record_at=None)]

    assert "small" == assess(feed, as_of=NIGHT, policy=never).problem
