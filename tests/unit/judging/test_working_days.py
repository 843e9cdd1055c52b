"""Working days, and the bank holidays they leave out."""

import json
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.holidays import calendar_for
from domain.policy import Region
from domain.working_days import (
    Calendar,
    add_working_days,
    is_working_day,
    london_day,
    working_days_between,
)
from tests.unit.judging.builders import DAY, a_policy

ENGLAND = calendar_for(a_policy())
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@given(day=days, count=st.integers(1, 40))
def test_adding_and_counting_agree(day: date, count: int) -> None:
    """
    The page that says how many days are left and the rule that ends them cannot differ.
    """
    last = add_working_days(day, count, ENGLAND)

    assert count == working_days_between(day, last, ENGLAND)
    assert count - 1 == working_days_between(day, last - DAY, ENGLAND)
    assert is_working_day(last, ENGLAND)


@given(day=days, later=st.integers(0, 10), count=st.integers(1, 20))
def test_a_later_referral_never_has_an_earlier_last_day(day: date, later: int, count: int) -> None:
    """
    An officer who reports first is never given longer than one who reports after.
    """
    first = add_working_days(day, count, ENGLAND)

    assert first <= add_working_days(day + later * DAY, count, ENGLAND)


def govuk_holidays(region: str, years: range) -> set[date]:
    """Weekday bank holidays by GOV.UK's own list, as govuk-bank-holidays carries it."""
    text = files("govuk_bank_holidays").joinpath("bank-holidays.json").read_text()
    listed = {date.fromisoformat(event["date"]) for event in json.loads(text)[region]["events"]}
    return {day for day in listed if day.year in years}


def not_worked(calendar: Calendar, years: range) -> set[date]:
    """Mondays to Fridays of `years` that the calendar does not count."""
    start, end = date(years.start, 1, 1), date(years.stop, 1, 1)
    every = (start + DAY * number for number in range((end - start).days))
    return {day for day in every if day.weekday() < 5 and not is_working_day(day, calendar)}


@pytest.mark.parametrize(
    ("region", "proclaimed_since"),
    [
        pytest.param("england-and-wales", set(), id="England and Wales"),
        pytest.param("northern-ireland", set(), id="Northern Ireland"),
        pytest.param("scotland", {date(2026, 6, 15)}, id="Scotland"),
    ],
)
def test_bank_holidays_are_those_gov_uk_lists(region: Region, proclaimed_since: set[date]) -> None:
    """
    The expected days are GOV.UK's, not this program's. Scotland's 15 June 2026 was
    proclaimed after the list that govuk-bank-holidays carries was made.
    """
    years = range(2024, 2028)
    calendar = calendar_for(a_policy(bank_holidays=region))

    assert govuk_holidays(region, years) | proclaimed_since == not_worked(calendar, years)


@pytest.mark.parametrize(
    ("day", "count", "last"),
    [
        pytest.param(date(2026, 3, 6), 1, date(2026, 3, 9), id="Friday to Monday"),
        pytest.param(date(2026, 3, 7), 1, date(2026, 3, 9), id="Saturday to Monday"),
        pytest.param(date(2026, 3, 8), 1, date(2026, 3, 9), id="Sunday to Monday"),
        pytest.param(date(2026, 4, 2), 1, date(2026, 4, 7), id="over Easter 2026"),
        pytest.param(date(2026, 4, 3), 3, date(2026, 4, 9), id="made on Good Friday"),
        pytest.param(date(2026, 12, 24), 3, date(2026, 12, 31), id="over Christmas 2026"),
        pytest.param(date(2026, 12, 31), 1, date(2027, 1, 4), id="over New Year 2027"),
    ],
)
def test_working_days_on_the_calendar_on_the_wall(day: date, count: int, last: date) -> None:
    """
    Counted by hand on a printed calendar, as a sergeant would.
    """
    assert last == add_working_days(day, count, ENGLAND)


def test_regions_differ_where_their_holidays_do() -> None:
    """
    Easter Monday is a working day in Scotland, and 12 July's holiday is Northern Ireland's.
    """
    scotland = calendar_for(a_policy(bank_holidays="scotland"))
    northern_ireland = calendar_for(a_policy(bank_holidays="northern-ireland"))

    assert is_working_day(date(2026, 4, 6), scotland)
    assert not is_working_day(date(2026, 4, 6), ENGLAND)
    assert not is_working_day(date(2026, 7, 13), northern_ireland)
    assert is_working_day(date(2026, 7, 13), ENGLAND)


def test_a_holiday_proclaimed_late_is_added_by_the_policy() -> None:
    """
    A force need not wait for a new release to keep a royal occasion.
    """
    day = date(2026, 9, 14)
    calendar = calendar_for(a_policy(extra_bank_holidays=(day,)))

    assert is_working_day(day, ENGLAND)
    assert not is_working_day(day, calendar)


def test_a_day_the_calendar_does_not_know_is_a_fault() -> None:
    """
    Better no deadline than one counted without its holidays.
    """
    with pytest.raises(ValueError, match="outside"):
        is_working_day(ENGLAND.last + DAY, ENGLAND)


def test_the_day_is_londons() -> None:
    """
    An hour before midnight UTC in July is already tomorrow for the officer.
    """
    assert date(2026, 7, 2) == london_day(datetime(2026, 7, 1, 23, tzinfo=UTC))
    assert date(2026, 1, 1) == london_day(datetime(2026, 1, 1, 23, tzinfo=UTC))


def test_an_instant_without_a_zone_is_a_fault() -> None:
    """
    A naive time would be judged by the server's clock.
    """
    with pytest.raises(ValueError, match="time zone"):
        london_day(datetime(2026, 1, 1))  # noqa: DTZ001 - the point of the test


def test_at_least_one_day_is_counted() -> None:
    """
    No period ends before it begins.
    """
    with pytest.raises(ValueError, match="at least one"):
        add_working_days(date(2026, 1, 5), 0, ENGLAND)


def test_counting_backwards_is_nothing() -> None:
    """
    A period that has ended has no days left, not a negative number.
    """
    assert 0 == working_days_between(
        date(2026, 1, 9), date(2026, 1, 9) - timedelta(days=4), ENGLAND
    )
