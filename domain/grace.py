"""When a referral's grace period ends.

Hours are elapsed hours: 72 hours are 72 hours, whatever the clocks do in between, so a
period that spans the March change ends an hour later by the clock on the wall and one
that spans October's an hour earlier.

Working days are whole days in London: the day of the referral is not counted, each
working day after it is, and the period ends at 24:00 on the last one.  London's clocks
change at 01:00 UTC, so that midnight happens once and always exists.
"""

from datetime import UTC, datetime, time, timedelta

from domain.policy import Policy
from domain.working_days import LONDON, ONE_DAY, Calendar, add_working_days, london_day


def grace_ends_at(
    referred_at: datetime, event_type: str | None, policy: Policy, calendar: Calendar
) -> datetime:
    """The instant, in UTC, at which the officer's time is up.

    A document submitted at that very instant is in time; a referral judged at it
    without one is overdue.

    Args:
        referred_at: When the officer made the referral; any aware instant.
        event_type: As the feed gives it; chooses between the policy's periods.
        policy: The one in force on the London date of `referred_at`.
        calendar: Of the policy's bank-holiday region.
    """
    day = london_day(referred_at)
    grace = policy.grace_for(event_type)
    if grace.working_days is None:
        return referred_at.astimezone(UTC) + timedelta(hours=grace.hours or 0)
    last = add_working_days(day, grace.working_days, calendar)
    return datetime.combine(last + ONE_DAY, time.min, tzinfo=LONDON).astimezone(UTC)
