"""Dates and times: the day comes first, and what could mean two things is refused."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.feeds import instants as reasons
from adapters.feeds.instants import Clock, UnreadableError

LONDON = ZoneInfo("Europe/London")
CLOCK = Clock(LONDON)
REASONS = {
    value
    for name, value in vars(reasons).items()
    if name.isupper() and not name.startswith("_") and isinstance(value, str)
}
instants = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the strategy adds UTC
days = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@given(instants)
def test_an_instant_survives_every_way_of_writing_it_with_its_offset(instant: datetime) -> None:
    """What the source knew exactly stays exact."""
    assert instant == CLOCK.instant(instant.isoformat())
    assert instant == CLOCK.instant(instant.astimezone(LONDON).isoformat())
    assert instant == CLOCK.instant(instant.strftime("%d/%m/%Y %H:%M:%S.%f+00:00"))


@given(instants)
def test_a_local_time_is_never_read_as_later_than_it_was(instant: datetime) -> None:
    """Of an hour that came twice the first is taken: at most one hour early, never late."""
    read = CLOCK.instant(instant.astimezone(LONDON).strftime("%d/%m/%Y %H:%M:%S.%f"))

    assert instant - read in (timedelta(0), timedelta(hours=1))


@given(days, st.sampled_from(["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%d %b %Y"]))
def test_the_day_always_comes_before_the_month(day: date, form: str) -> None:
    """03/04/2025 is 3 April."""
    assert day == CLOCK.birthday(day.strftime(form))
    assert day == CLOCK.day(day.strftime(form))


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_with_a_reason(text: str) -> None:
    """No cell brings the night down, and no reason repeats the cell."""
    for read in (CLOCK.instant, CLOCK.day, CLOCK.birthday):
        said = outcome(read, text)

        assert isinstance(said, date) or said in REASONS


def outcome(read: Callable[[str], date], text: str) -> date | str:
    """What is read, or the reason why nothing is."""
    try:
        return read(text)
    except UnreadableError as reason:
        return str(reason)


@pytest.mark.parametrize(
    ("text", "because"),
    [
        pytest.param("31/02/2026 10:00", "does not exist in the calendar", id="31 February"),
        pytest.param("02/13/2026 10:00", "does not exist in the calendar", id="month 13"),
        pytest.param("02/03/26 10:00", "year of two digits", id="short year"),
        pytest.param("02/03/2026", "no time of day", id="no time"),
        pytest.param("2026-03-02", "no time of day", id="no time, ISO"),
        pytest.param("29/03/2026 01:30", "clocks skipped", id="skipped"),
        pytest.param("2026-03-29T01:30:00", "clocks skipped", id="skipped, ISO"),
        pytest.param("02/03/2026 25:00", "time of day that does not exist", id="25:00"),
        pytest.param("02/03/2026 24:01", "time of day that does not exist", id="24:01"),
        pytest.param("02/03/2026 13:00 pm", "time of day that does not exist", id="13 pm"),
        pytest.param("02/03/1726 10:00", "outside the years", id="long ago"),
        pytest.param("yesterday", "is not a date", id="words"),
        pytest.param("20260302", "is not a date", id="digits"),
    ],
)
def test_a_doubtful_time_is_refused_with_its_reason(text: str, because: str) -> None:
    """The force is told which habit of its export to mend."""
    with pytest.raises(UnreadableError, match=because):
        CLOCK.instant(text)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        pytest.param("02/03/2026 24:00", "2026-03-03T00:00:00+00:00", id="24:00"),
        pytest.param("2026-12-31T24:00", "2027-01-01T00:00:00+00:00", id="24:00, ISO"),
        pytest.param("2/3/2026, 2:05 pm", "2026-03-02T14:05:00+00:00", id="afternoon"),
        pytest.param("Mon 02 March 2026 1405hrs", "2026-03-02T14:05:00+00:00", id="in words"),
        pytest.param("2026-07-01 09:30:00 +01:00", "2026-07-01T08:30:00+00:00", id="offset"),
        pytest.param("2026-03-02T14:05:00Z", "2026-03-02T14:05:00+00:00", id="Z"),
    ],
)
def test_a_plain_time_is_read(text: str, utc: str) -> None:
    """Each is a habit seen in exports."""
    assert datetime.fromisoformat(utc) == CLOCK.instant(text)


def test_a_map_may_allow_short_years_of_events_and_never_of_births() -> None:
    """26 is 2026 for a referral; 45 could be a child or a pensioner."""
    clock = Clock(LONDON, two_digit_years=True)

    assert datetime(2026, 3, 2, 10, tzinfo=UTC) == clock.instant("02/03/26 10:00")
    with pytest.raises(UnreadableError, match="either century"):
        clock.birthday("02/03/45")


def test_a_map_decides_about_hours_that_came_twice() -> None:
    """01:30 on 25 October 2026 was at 00:30 and at 01:30 UTC."""
    later = Clock(LONDON, ambiguous_times="later").instant("25/10/2026 01:30")

    assert datetime(2026, 10, 25, 1, 30, tzinfo=UTC) == later
    with pytest.raises(UnreadableError, match="happened twice"):
        Clock(LONDON, ambiguous_times="refuse").instant("25/10/2026 01:30")


def test_a_map_may_give_days_a_time() -> None:
    """A system that records only the day can still take part, by the force's decision."""
    clock = Clock(LONDON, date_only_time="09:00")

    assert datetime(2026, 7, 1, 8, tzinfo=UTC) == clock.instant("01/07/2026")


def test_a_workbook_may_count_from_1904() -> None:
    """1 January 1904 is day 0 there, 1,462 days after Excel's usual first."""
    assert Clock(LONDON).day("46083") == Clock(LONDON, excel_1904=True).day(str(46083 - 1462))
