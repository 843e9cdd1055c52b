"""A referral feed from which nothing comes any more is told of by the night, and heard."""

from sqlalchemy import Engine

from adapters import database
from domain.reasons import when
from services import summary
from services.summary import Summary
from tests.builders import DAY, FIRST_NIGHT, FORCE, HOUR, a_night, a_referral

LAST = FIRST_NIGHT + 5 * DAY
ENOUGH = 6
"""Nights with referrals; the default policy wants five before it calls anything unusual."""


def test_the_night_on_which_no_referral_came_says_so_until_some_come(engine: Engine) -> None:
    """
    Every count looks well on a feed that has died: fewer referrals, and none unmatched.
    """
    for number in range(ENOUGH):
        _referrals(engine, number)
    assert [] == _summary(engine).alarms

    a_night(engine, LAST + DAY)
    silent = _summary(engine)
    assert [f"referrals: Nothing has been delivered since {when(LAST)}."] == silent.alarms
    assert silent.needs_a_person

    _referrals(engine, ENOUGH + 1)
    assert [] == _summary(engine).alarms


def test_a_force_whose_referrals_never_came_is_told_so_on_its_first_night(engine: Engine) -> None:
    """
    The other force's feed is no answer for it.
    """
    a_night(engine, FIRST_NIGHT, referrals=[a_referral()], force="XX")
    a_night(engine, FIRST_NIGHT)

    assert ["referrals: No record has ever been delivered."] == _summary(engine).alarms


def _referrals(engine: Engine, number: int) -> None:
    as_of = FIRST_NIGHT + number * DAY
    said = a_referral(referral_id=f"R{number}", referred_at=as_of - HOUR)
    a_night(engine, as_of, referrals=[said])


def _summary(engine: Engine) -> Summary:
    with database.reading(engine) as session:
        return summary.of(session, FORCE)
