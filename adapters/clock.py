"""The one place that asks what time it is; doors ask, services are told."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """This instant, aware, UTC."""
    return datetime.now(UTC)


def night_of(as_of: datetime) -> date:
    """The London calendar date that a run judging by `as_of` is keyed by."""
    return as_of.astimezone(LONDON).date()


def on_screen(instant: datetime | None) -> str:
    """London date and time for a person to read; empty for None."""
    return instant.astimezone(LONDON).strftime("%a %d %b %Y %H:%M") if instant else ""


def parse_instant(text: str) -> datetime:
    """An instant from ISO 8601; a time without an offset is London civil time.

    A day without a time is London's midnight at its beginning, and a London time that
    occurs twice is the earlier one.  One that does not exist, and anything that is not
    ISO 8601, raises ValueError with a sentence to show.
    """
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(
            f"{text!r} is not a time. Write it as 2026-03-02T02:30 (London) or with an offset."
        ) from None
    try:
        instant = (parsed if parsed.tzinfo else parsed.replace(tzinfo=LONDON)).astimezone(UTC)
    except OverflowError:
        raise ValueError(
            f"{text} is beyond the calendar. Write a time such as 2026-03-02T02:30."
        ) from None
    if parsed.tzinfo is None and instant.astimezone(LONDON).replace(tzinfo=None) != parsed:
        raise ValueError(f"{text} does not exist in London: the clocks go forward over it.")
    return instant
