"""What cannot be judged is refused, and what one person judged is told."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from domain.errors import SampleRefused
from domain.sampling.choices import State
from domain.working_paper import Answer, Exercise, Replacement, judge
from domain.working_paper.outcome import EvaluationDocument
from tests.unit.working_paper.builders import (
    EVALUATED,
    JUDGED,
    an_exercise,
)

OUT, GONE = Answer.OUT_OF_FRAME, Answer.UNAVAILABLE
FIVE = Fraction(1, 20)


def evaluated(exercise: Exercise) -> EvaluationDocument:
    """The evaluation, by nobody in particular."""
    return judge(exercise, by="eve", at=EVALUATED)


def _without(exercise: Exercise, place: int) -> Exercise:
    kept = (*exercise.findings[:place], *exercise.findings[place + 1 :])
    return replace(exercise, findings=kept)


def _with(exercise: Exercise, place: int, **changed: object) -> Exercise:
    changed_one = replace(exercise.findings[place], **changed)  # type: ignore[arg-type]
    return replace(
        exercise,
        findings=(*exercise.findings[:place], changed_one, *exercise.findings[place + 1 :]),
    )


@pytest.mark.parametrize(
    ("spoil", "because"),
    [
        pytest.param(lambda e: replace(e, findings=e.findings[2:]), "missing", id="one missing"),
        pytest.param(lambda e: _with(e, 0, draw_id="0" * 32), "not in use", id="a stranger"),
        pytest.param(lambda e: _with(e, 0, attribute="size"), "not in the plan", id="attribute"),
        pytest.param(lambda e: _with(e, 0, version=2), "version of a finding", id="version lost"),
        pytest.param(lambda e: _with(e, 0, by="bob"), "by one person", id="judged by one twice"),
        pytest.param(
            lambda e: replace(e, frames=(replace(e.frames[0], tickets=e.frames[0].tickets[1:]),)),
            "not the first",
            id="a ticket removed",
        ),
        pytest.param(
            lambda e: replace(e, frames=(replace(e.frames[0], tickets=e.frames[0].tickets[:-1]),)),
            "not in use",
            id="judged but not drawn",
        ),
        pytest.param(
            lambda e: replace(e, replacements=(Replacement("a", "b", "Because.", "ann", JUDGED),)),
            "log of replacements",
            id="a replacement of nothing",
        ),
    ],
)
def test_what_cannot_be_is_refused(spoil: Callable[[Exercise], Exercise], because: str) -> None:
    """
    The judge counts nothing that the draw or the judges did not give.
    """
    with pytest.raises(SampleRefused, match=because):
        evaluated(spoil(an_exercise({State.AUTO_PAIRED: 200})))


def test_a_judgement_by_one_person_is_enough_and_is_told() -> None:
    """
    The second one is measured where there is one.
    """
    exercise = an_exercise({State.AUTO_PAIRED: 200})
    made = evaluated(_without(exercise, 1))

    assert made.attributes[0].agreement is not None
    assert made.attributes[0].agreement.once == 1
    assert any("Not every item was judged by two" in each for each in made.limitations)
