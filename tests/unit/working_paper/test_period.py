"""Whose referrals, and of when, as the conclusion says it."""

from dataclasses import replace
from datetime import UTC, datetime

from domain.sampling.choices import State
from domain.working_paper import judge
from domain.working_paper.period import sampled
from tests.unit.working_paper.builders import EVALUATED, an_exercise


def test_the_conclusion_names_the_force_and_the_period() -> None:
    """
    A sentence that is quoted alone says whose referrals, and of when; days are London's.
    """
    exercise = an_exercise({State.AUTO_PAIRED: 500})
    odd = replace(
        exercise.plan,
        items="decisions",
        period_from=datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        period_until=datetime(2026, 10, 25, 1, 30, 15, tzinfo=UTC),
    )

    assert judge(exercise, by="eve", at=EVALUATED).conclusion.startswith(
        "With 95% confidence, fewer than 25 of 500 referrals of force KENT made from 01/07/2026"
        " to before 01/10/2026, the tolerable 5%, have no document: none of "
    )
    assert sampled(odd) == (
        "decisions of force KENT made from 25/10/2026 01:30:00 +01:00 to before 25/10/2026"
        " 01:30:15 +00:00"
    )
