"""A referral feed from which nothing comes any more is told of by the night, and heard."""

from sqlalchemy import Engine

from adapters import database
from domain.reasons import when
from services import deliveries, judging, nights, summary
from services.summary import Summary
from tests.builders import DAY, FIRST_NIGHT, FORCE, HOUR, POLICIES, a_night, a_referral

LAST = FIRST_NIGHT + 5 * DAY
ENOUGH = 6
"""Nights with referrals; the default policy wants five before it calls anything unusual."""


def test_the_night_on_which_no_referral_came_says_so_until_some_come(engine: Engine) -> None:
    """
    Every count looks well on a feed that has died: fewer referrals, and none unmatched.
    """
    for number in range(ENOUGH):
        _referrals(engine, number)
    assert [] == _closed(engine, number).alarms

    a_night(engine, LAST + DAY)
    silent = _closed(engine, ENOUGH)
    assert [f"referrals: Nothing has been delivered since {when(LAST)}."] == silent.alarms
    assert silent.needs_a_person

    _referrals(engine, ENOUGH + 1)
    assert [] == _closed(engine, ENOUGH + 1).alarms


def test_a_force_whose_referrals_never_came_is_told_so_on_its_first_night(engine: Engine) -> None:
    """
    The other force's feed is no answer for it.
    """
    a_night(engine, FIRST_NIGHT, referrals=[a_referral()], force="XX")
    a_night(engine, FIRST_NIGHT)

    assert ["referrals: No record has ever been delivered."] == _closed(engine, 0).alarms


def _referrals(engine: Engine, number: int) -> None:
    as_of = FIRST_NIGHT + number * DAY
    said = a_referral(referral_id=f"R{number}", referred_at=as_of - HOUR)
    a_night(engine, as_of, referrals=[said])


def _closed(engine: Engine, number: int) -> Summary:
    """The summary after the night is closed as tasks/overnight.py closes it."""
    as_of = FIRST_NIGHT + number * DAY
    with database.session(engine) as session:
        silent = deliveries.silent(session, FORCE, as_of=as_of, policies=POLICIES)
        trust = judging.feed_trust(session, FORCE, as_of, POLICIES)
        nights.finish(
            session, FORCE, as_of=as_of, trust=trust, work={}, now=as_of + HOUR, silent=silent
        )
    with database.reading(engine) as session:
        return summary.of(session, FORCE)
