"""Items out of frame where nothing can take their place, and in designs that have no rate."""

from dataclasses import replace
from fractions import Fraction

from domain.sampling.choices import State
from domain.working_paper import Answer, Exercise, Replacement, Use, judge
from domain.working_paper.outcome import EvaluationDocument
from tests.unit.working_paper.builders import (
    EVALUATED,
    JUDGED,
    an_exercise,
    deviating,
    drawn,
    in_use,
    judged,
)

OUT = Answer.OUT_OF_FRAME


def evaluated(exercise: Exercise) -> EvaluationDocument:
    """The evaluation."""
    return judge(exercise, by="eve", at=EVALUATED)


def test_in_a_census_an_item_that_does_not_belong_is_no_deviation_and_the_rate_is_of_the_rest() -> (
    None
):
    """
    Nothing can take its place, and the rate that is told is not made smaller by it.
    """

    def says(_: object, place: int) -> Answer:
        return OUT if place < 2 else Answer.DEVIATION if place == 2 else Answer.COMPLIANT

    made = evaluated(an_exercise({State.AUTO_PAIRED: 60}, says, design="census"))

    assert made.attributes[0].headline.upper == 1
    assert made.replaced is not None
    assert (made.replaced.out_of_frame, made.replaced.upper_rate) == (2, Fraction(1, 58))
    assert any("counts as not deviating" in each for each in made.limitations)


def test_in_a_stratum_taken_whole_an_item_that_does_not_belong_is_no_deviation() -> None:
    """
    The items counted stay as many as the plan says.
    """

    def says(item: object, _: int) -> Answer:
        return OUT if getattr(item, "state", "") == "exempt" else Answer.COMPLIANT

    states = {State.AUTO_PAIRED: 300, State.EXEMPT: 4}
    made = evaluated(an_exercise(states, says, take_all=["exempt"]))

    assert made.attributes[0].headline.known == 0
    assert made.counted == 4
    assert made.replaced is None
    assert any(each.startswith("4 items of strata looked at whole") for each in made.limitations)


def test_a_replacement_in_a_stratum_is_of_that_stratum_and_no_rate_is_given() -> None:
    """
    The number is bounded as it was; how many belong is not known.
    """
    states = {State.AUTO_PAIRED: 200, State.PAIRED_BY_PERSON: 200}
    exercise = an_exercise(states, deviating(1, OUT), design="proportional")
    frame = drawn(exercise.frames[0], 1, Use.REPLACEMENT)
    out = in_use(exercise)[0]
    came = next(
        line
        for line in frame.tickets
        if line.use is Use.REPLACEMENT and line.stratum == out.stratum
    )
    tickets = tuple(
        line
        for line in frame.tickets
        if line.use is not Use.REPLACEMENT or line.draw_id == came.draw_id
    )
    log = (Replacement(out.draw_id, came.draw_id, "Not of Kent.", "ann", JUDGED),)
    made = evaluated(
        judged(replace(exercise, frames=(replace(frame, tickets=tickets),), replacements=log))
    )

    assert made.attributes[0].headline.upper == exercise.plan.bounds_ahead[0].most
    assert made.replaced is not None
    assert (made.replaced.out_of_frame, made.replaced.upper_rate) == (1, None)
    assert any("no bound of the rate" in each for each in made.limitations)
