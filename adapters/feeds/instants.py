"""Read dates and times as British exports write them, and refuse what could be two things.

The day always comes before the month; a year that comes first is ISO 8601.  A time
without an offset is read on the map's clock and comes back in UTC.  What a clock cannot
show is refused with its reason:

* a local time that the clocks skipped in spring did not happen;
* a local time that happened twice in autumn is read as the earlier of the two, unless the
  map says ``ambiguous_times = "later"`` or ``"refuse"``: the earlier is never after the
  truth, and at most one hour before it;
* 24:00 is 00:00 of the next day;
* a year of two digits is refused, unless the map says ``two_digit_years = true``, and then
  it means 2000 to 2099; for a date of birth it is always refused.

A bare number of five digits is a day as Excel counts them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

UNREADABLE = "is not a date in a form that can be read; write 2026-03-02 or 02/03/2026"
NO_SUCH_DAY = "is a day that does not exist in the calendar"
NO_SUCH_TIME = "is a time of day that does not exist"
NO_TIME = "has a day but no time of day; write 2026-03-02T14:05:00Z or 02/03/2026 14:05"
SKIPPED = "is a local time that the clocks skipped"
TWICE = "is a local time that happened twice when the clocks went back"
SHORT_YEAR = "has a year of two digits; write four, or allow it in the map"
SHORT_BIRTH_YEAR = "has a year of two digits, which could be either century; write four"
TOO_FAR = "is outside the years 1900 to 2100"

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_TIME = (
    r"(?:(?:\s*,\s*|\s+|T)(?P<hour>[0-9]{1,2})(?::|\.)?(?P<minute>[0-9]{2})"
    r"(?::?(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?"
    r"\s*(?:(?P<half>[ap])\.?m\.?|h(?:ou)?rs?)?"
    r"\s*(?P<offset>Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_DAY_FIRST = re.compile(
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?"
    r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?(?P<gap>[/.-]|\s+)"
    r"(?P<month>[0-9]{1,2}|[a-z]{3,9})(?P=gap),?(?P<year>[0-9]{4}|[0-9]{2})" + _TIME,
    re.ASCII | re.IGNORECASE,
)
_YEAR_FIRST = re.compile(
    r"(?P<year>[0-9]{4})(?P<gap>[-/.])(?P<month>[0-9]{1,2})(?P=gap)(?P<day>[0-9]{1,2})" + _TIME,
    re.ASCII | re.IGNORECASE,
)
_SERIAL = re.compile(r"[1-9][0-9]{4}(?:\.[0-9]{1,15})?", re.ASCII)
_EXCEL_1900 = datetime(1899, 12, 30)  # noqa: DTZ001 - a wall clock, given its zone below
_EXCEL_1904 = datetime(1904, 1, 1)  # noqa: DTZ001 - likewise

_MIDNIGHT_OR_LATER = timedelta(hours=24)


class UnreadableError(ValueError):
    """The text is no date or time; its message is the reason, without the value."""


@dataclass(frozen=True)
class Clock:
    """How one map reads times: its zone and what it does with the doubtful ones.

    `date_only_time` is the time of day ("00:00") of an instant that is only a day; None
    refuses those. `excel_1904` says the workbook counts days from 1904.
    """

    zone: ZoneInfo
    two_digit_years: bool = False
    ambiguous_times: str = "earlier"
    date_only_time: str | None = None
    excel_1904: bool = False

    def instant(self, text: str) -> datetime:
        """The instant in UTC; UnreadableError with the reason."""
        if len(text) >= 16 and text[4] == "-" and text[7] == "-":
            try:
                return self._in_utc(datetime.fromisoformat(text))
            except UnreadableError:
                raise
            except (ValueError, OverflowError):
                pass
        wall, has_time = self._wall(text, self.two_digit_years, SHORT_YEAR)
        if not has_time:
            if self.date_only_time is None:
                raise UnreadableError(NO_TIME)
            hour, minute = self.date_only_time.split(":")
            wall = wall.replace(hour=int(hour), minute=int(minute))
        return self._in_utc(wall)

    @cached_property
    def day(self) -> Callable[[str], date]:
        """The day of an event; a time of day is dropped, an instant's offset respected."""
        return lru_cache(maxsize=65536)(self._day)

    @cached_property
    def birthday(self) -> Callable[[str], date]:
        """A date of birth; a time of day is dropped, a year of two digits never guessed."""
        return lru_cache(maxsize=65536)(self._birthday)

    def _day(self, text: str) -> date:
        if len(text) == 10 and text[4] == "-":
            try:
                return date.fromisoformat(text)
            except ValueError:
                pass
        wall, _ = self._wall(text, self.two_digit_years, SHORT_YEAR)
        if wall.tzinfo is not None:
            wall = wall.astimezone(self.zone)
        return wall.date()

    def _birthday(self, text: str) -> date:
        if len(text) == 10 and text[4] == "-":
            try:
                return _near(date.fromisoformat(text))
            except UnreadableError:
                raise
            except ValueError:
                pass
        wall, _ = self._wall(text, False, SHORT_BIRTH_YEAR)
        return _near(wall.date())

    def _in_utc(self, wall: datetime) -> datetime:
        """The instant of a wall clock time; its own offset wins over the map's zone."""
        if not 1900 <= wall.year <= 2100:
            raise UnreadableError(TOO_FAR)
        if wall.tzinfo is not None:
            return wall.astimezone(UTC)
        first = wall.replace(tzinfo=self.zone)
        second = first.replace(fold=1)
        before, after = first.utcoffset(), second.utcoffset()
        if before == after or before is None or after is None:
            return first.astimezone(UTC)
        if before < after:
            raise UnreadableError(SKIPPED)
        if self.ambiguous_times == "refuse":
            raise UnreadableError(TWICE)
        return (second if self.ambiguous_times == "later" else first).astimezone(UTC)

    def _wall(self, text: str, short_years: bool, short: str) -> tuple[datetime, bool]:
        """The time on the wall clock, and whether a time of day was written."""
        if _SERIAL.fullmatch(text):
            return self._from_excel(text)
        found = _YEAR_FIRST.fullmatch(text) or _DAY_FIRST.fullmatch(text)
        if found is None:
            raise UnreadableError(UNREADABLE)
        year, name = found["year"], found["month"]
        if len(year) == 2:
            if not short_years:
                raise UnreadableError(short)
            year = "20" + year
        month = int(name) if name.isdigit() else _MONTHS.get(name[:3].lower(), 0)
        if month == 0 and not name.isdigit():
            raise UnreadableError(UNREADABLE)
        try:
            day = datetime(int(year), month, int(found["day"]))  # noqa: DTZ001 - zone follows
        except ValueError:
            raise UnreadableError(NO_SUCH_DAY) from None
        if found["hour"] is None:
            return day, False
        return _at(day, found.group), True

    def _from_excel(self, text: str) -> tuple[datetime, bool]:
        """A serial number: days since the workbook's epoch, to the nearest second."""
        start = _EXCEL_1904 if self.excel_1904 else _EXCEL_1900
        whole, _, part = text.partition(".")
        seconds = round(float("0." + (part or "0")) * 86400)
        return start + timedelta(days=int(whole), seconds=seconds), bool(part)


def _at(day: datetime, group: Callable[[str], str | None]) -> datetime:
    """The day with the time of day of the match's groups, and its offset if written."""
    hour, minute, second = (int(group(part) or 0) for part in ("hour", "minute", "second"))
    half = group("half")
    if half is not None:
        if not 1 <= hour <= 12:
            raise UnreadableError(NO_SUCH_TIME)
        hour = hour % 12 + (12 if half.lower() == "p" else 0)
    fraction = int((group("fraction") or "0").ljust(6, "0")[:6])
    past = timedelta(hours=hour, minutes=minute, seconds=second, microseconds=fraction)
    if minute > 59 or second > 59 or past > _MIDNIGHT_OR_LATER:
        raise UnreadableError(NO_SUCH_TIME)
    try:
        moment = day + past
    except OverflowError:
        raise UnreadableError(TOO_FAR) from None
    offset = group("offset")
    if offset is None:
        return moment
    try:
        zone = datetime.strptime(offset.upper(), "%z").tzinfo
        return moment.replace(tzinfo=zone)
    except ValueError:
        raise UnreadableError(UNREADABLE) from None


def _near(day: date) -> date:
    if not 1900 <= day.year <= 2100:
        raise UnreadableError(TOO_FAR)
    return day
