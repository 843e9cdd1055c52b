"""Populations and choices of which no sample can be made: refused, and nothing stored."""

import pytest
from sqlalchemy import Engine, text

from tests.builders import AFTER_GRACE, FIRST_NIGHT, a_night
from tests.integration.sampling.world import (
    MINUTE,
    NOW,
    PERIOD,
    chosen,
    judged,
    plan,
    referrals,
    refused,
)


@pytest.mark.parametrize("items", [0, 1])
def test_a_population_of_none_or_one_is_refused(engine: Engine, items: int) -> None:
    """
    There is nothing to draw from.
    """
    if items:
        judged(engine, items)
    with refused(engine, f"population of {items} cannot be sampled"):
        plan(engine)


def test_known_deviations_that_settle_it_are_refused(engine: Engine) -> None:
    """
    No sample can show fewer than are known.
    """
    judged(engine, 30, unmatched=10)
    with refused(engine, "10 known deviations alone"):
        plan(engine)


def test_a_period_that_is_not_over_is_refused(engine: Engine) -> None:
    """
    Its referrals are not all there.
    """
    judged(engine, 30)
    with refused(engine, "not over"):
        plan(engine, chosen(period=(PERIOD[0], NOW + MINUTE)))


def test_referrals_that_wait_for_a_night_are_refused(engine: Engine) -> None:
    """
    What is claimed of them is out of date.
    """
    judged(engine, 30)
    with engine.begin() as connection:
        connection.execute(text("UPDATE referral SET judged = false WHERE referral_id = 'R3'"))
    with refused(engine, "1 referrals of the period wait"):
        plan(engine)


def test_a_code_belongs_to_one_force(engine: Engine) -> None:
    """
    The code is part of the seed, so it must name one sample.
    """
    judged(engine, 60)
    a_night(engine, FIRST_NIGHT, referrals=referrals(30), force="WYP")
    a_night(engine, AFTER_GRACE, force="WYP")
    plan(engine)
    other = chosen(leave_out=["unmatched"])
    with refused(engine, "another force's"):
        plan(engine, type(other)(**{**vars(other), "force": "WYP"}))


@pytest.mark.parametrize(
    ("more", "saying"),
    [
        ({"tolerable": "0"}, "tolerable rate"),
        ({"tolerable": "101%"}, "tolerable rate"),
        ({"expected": "30%"}, "expected rate"),
        ({"risk": "95%"}, "risk"),
        ({"design": "proportional", "extension": "anytime"}, "one look only"),
        ({"design": "quota"}, "no such design"),
        ({"take_all": ["exempt"], "leave_out": ["exempt"]}, "taken whole and left out"),
        ({"take_all": ["lost"]}, "no such state"),
    ],
)
def test_choices_that_make_no_sample_are_refused(
    engine: Engine, more: dict[str, str], saying: str
) -> None:
    """
    A plan that means nothing is worse than none.
    """
    judged(engine, 30)
    with refused(engine, saying):
        plan(engine, chosen(**more))
