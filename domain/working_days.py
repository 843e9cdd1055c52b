"""Working days in London civil time.

A working day is Monday to Friday and not a bank holiday of the calendar's region.  The
calendar is a value: it says which days it knows, and a question about a day it does not
know is a fault, never a guess that the day is a working one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
ONE_DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True)
class Calendar:
    """The bank holidays of one region, for the days `first` to `last` inclusive."""

    region: str
    first: date
    last: date
    bank_holidays: frozenset[date]


def london_day(instant: datetime) -> date:
    """The date on London's calendars at an aware `instant`."""
    if instant.tzinfo is None:
        raise ValueError("An instant needs a time zone.")
    return instant.astimezone(LONDON).date()


def is_working_day(day: date, calendar: Calendar) -> bool:
    """Whether `day` is Monday to Friday and no bank holiday.

    Raises:
        ValueError: `day` is outside the years the calendar knows.
    """
    if not calendar.first <= day <= calendar.last:
        raise ValueError(
            f"The {calendar.region} calendar runs from {calendar.first} to {calendar.last};"
            f" {day} is outside it."
        )
    return day.weekday() < SATURDAY and day not in calendar.bank_holidays


def working_days_after(day: date, calendar: Calendar) -> Iterator[date]:
    """Every working day later than `day`, soonest first."""
    while True:
        day += ONE_DAY
        if is_working_day(day, calendar):
            yield day


def add_working_days(day: date, count: int, calendar: Calendar) -> date:
    """The `count`-th working day after `day`; `day` itself is never counted.

    So a Friday, a Saturday and a Sunday all have the Monday as their first.
    """
    if count < 1:
        raise ValueError("Count at least one working day.")
    days = working_days_after(day, calendar)
    return next(found for number, found in enumerate(days, start=1) if number == count)


def working_days_between(after: date, until: date, calendar: Calendar) -> int:
    """How many working days are later than `after` and not later than `until`."""
    span = (until - after).days
    days = (after + timedelta(days=number) for number in range(1, span + 1))
    return sum(is_working_day(day, calendar) for day in days)
