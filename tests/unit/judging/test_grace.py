"""When the grace period ends, on ordinary days and when the clocks change."""

from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.holidays import calendar_for
from domain.grace import grace_ends_at
from domain.policy import Grace
from domain.working_days import LONDON, is_working_day
from tests.unit.judging.builders import HOUR, a_policy

CALENDAR = calendar_for(a_policy())
instants = st.datetimes(
    datetime(2024, 1, 1),  # noqa: DTZ001 - Hypothesis adds the zone
    datetime(2030, 1, 1),  # noqa: DTZ001 - Hypothesis adds the zone
    timezones=st.just(UTC),
)
graces = st.one_of(
    st.builds(Grace, hours=st.integers(1, 500)),
    st.builds(Grace, working_days=st.integers(1, 15)),
)


def ends(
    referred_at: datetime, grace: Grace, event_type: str | None = None, **changes: Any
) -> datetime:
    policy = a_policy(grace=grace, **changes)
    return grace_ends_at(referred_at, event_type, policy, CALENDAR)


def london(*parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=LONDON, fold=fold)  # type: ignore[misc,arg-type]


@given(referred_at=instants, grace=graces)
def test_an_officer_always_has_some_time(referred_at: datetime, grace: Grace) -> None:
    """
    No referral is overdue the moment it is made.
    """
    assert ends(referred_at, grace) > referred_at


@given(referred_at=instants, grace=graces, later=st.timedeltas(timedelta(0), timedelta(days=9)))
def test_a_later_referral_never_ends_earlier(
    referred_at: datetime, grace: Grace, later: timedelta
) -> None:
    """
    Waiting to report never costs an officer time, nor does reporting early.
    """
    assert ends(referred_at, grace) <= ends(referred_at + later, grace)


@given(referred_at=instants, hours=st.integers(1, 500))
def test_hours_are_elapsed_hours(referred_at: datetime, hours: int) -> None:
    """
    72 hours are 72 hours, whatever the clocks do.
    """
    assert timedelta(hours=hours) == ends(referred_at, Grace(hours=hours)) - referred_at


@given(referred_at=instants, count=st.integers(1, 15))
def test_working_days_end_at_midnight_in_london_after_a_working_day(
    referred_at: datetime, count: int
) -> None:
    """
    A whole last day, to 24:00 on the wall, in summer and in winter.
    """
    end = ends(referred_at, Grace(working_days=count)).astimezone(LONDON)

    assert time(0) == end.time()
    assert is_working_day(end.date() - timedelta(days=1), CALENDAR)


@given(referred_at=instants, grace=graces, zone=st.timezones())
def test_the_zone_a_time_is_written_in_does_not_matter(
    referred_at: datetime, grace: Grace, zone: tzinfo
) -> None:
    """
    The same instant has one deadline, and it is given in UTC.
    """
    end = ends(referred_at.astimezone(zone), grace)

    assert end == ends(referred_at, grace)
    assert UTC is end.tzinfo


@pytest.mark.parametrize(
    ("referred", "grace", "end"),
    [
        pytest.param(
            london(2026, 3, 27, 15), Grace(hours=72), london(2026, 3, 30, 16), id="over March's gap"
        ),
        pytest.param(
            london(2026, 10, 23, 15),
            Grace(hours=72),
            london(2026, 10, 26, 14),
            id="over October's fold",
        ),
        pytest.param(
            london(2026, 10, 25, 1, 30, fold=0),
            Grace(hours=1),
            london(2026, 10, 25, 1, 30, fold=1),
            id="from the first 01:30 to the second",
        ),
        pytest.param(
            london(2026, 3, 6, 15),
            Grace(working_days=1),
            london(2026, 3, 10),
            id="Friday afternoon",
        ),
        pytest.param(
            london(2026, 3, 7, 3), Grace(working_days=1), london(2026, 3, 10), id="Saturday night"
        ),
        pytest.param(
            london(2026, 3, 27, 15), Grace(working_days=1), london(2026, 3, 31), id="March's gap"
        ),
        pytest.param(
            london(2026, 10, 23, 15),
            Grace(working_days=1),
            london(2026, 10, 27),
            id="October's fold",
        ),
        pytest.param(
            london(2026, 6, 30, 23, 30),
            Grace(working_days=1),
            london(2026, 7, 2),
            id="late in June",
        ),
        pytest.param(
            london(2026, 4, 2, 9), Grace(working_days=3), london(2026, 4, 10), id="before Easter"
        ),
        pytest.param(
            london(2026, 12, 24, 9),
            Grace(working_days=3),
            london(2027, 1, 1),
            id="before Christmas",
        ),
    ],
)
def test_the_instant_on_the_wall_clock(referred: datetime, grace: Grace, end: datetime) -> None:
    """
    The examples of docs/policy.md, worked out by hand in London time.
    """
    assert end.astimezone(UTC) == ends(referred, grace)


def test_the_summer_deadline_is_an_hour_earlier_in_utc() -> None:
    """
    24:00 in London in July is 23:00 UTC; judged in UTC an officer would gain an hour.
    """
    end = ends(london(2026, 7, 1, 9), Grace(working_days=1))

    assert datetime(2026, 7, 2, 23, tzinfo=UTC) == end


def test_an_event_type_may_have_its_own_period() -> None:
    """
    A force that wants custody cases sooner says so; case and spaces do not matter.
    """
    own = (("In Custody", Grace(hours=24)),)
    referred = london(2026, 3, 2, 15)

    assert referred + 24 * HOUR == ends(
        referred, Grace(hours=72), " in  custody", grace_by_event_type=own
    )
    assert referred + 72 * HOUR == ends(
        referred, Grace(hours=72), "roadside", grace_by_event_type=own
    )
    assert referred + 72 * HOUR == ends(referred, Grace(hours=72), None, grace_by_event_type=own)
