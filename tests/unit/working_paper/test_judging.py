"""From the papers of an exercise to what it shows, design by design."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assurance import bounds, sequential
from domain.errors import SampleRefused
from domain.sampling.choices import State
from domain.working_paper import Answer, Exercise, Finding, Judge, Replacement, Use, final, judge
from domain.working_paper.outcome import EvaluationDocument, Outcome
from domain.working_paper.planned import plan_of
from tests.unit.assurance.strategies import steady
from tests.unit.working_paper.builders import (
    EVALUATED,
    JUDGED,
    TWO,
    an_exercise,
    chosen,
    deviating,
    drawn,
    in_use,
    judged,
    ordered,
    papers,
    some_records,
)

OUT, GONE = Answer.OUT_OF_FRAME, Answer.UNAVAILABLE
FIVE = Fraction(1, 20)


def evaluated(exercise: Exercise) -> EvaluationDocument:
    """The evaluation, by nobody in particular."""
    return judge(exercise, by="eve", at=EVALUATED)


@steady
@given(found=st.integers(0, 4), items=st.integers(60, 300))
def test_a_simple_sample_is_judged_by_the_exact_bound_of_what_was_found(
    found: int, items: int
) -> None:
    """
    The bound is of the whole population, one by one, and the claim is shown when it is below
    the limit.
    """
    exercise = an_exercise({State.AUTO_PAIRED: items}, deviating(found))
    headline = evaluated(exercise).attributes[0].headline

    drawn_ = exercise.plan.looks[0].drawn
    assert headline.upper == bounds.upper(found, drawn_, items, FIVE)
    assert headline.lower == bounds.lower(found, drawn_, items, FIVE)
    assert (headline.found, headline.drawn, headline.items) == (found, drawn_, items)


def test_what_is_not_available_counts_as_a_deviation_and_is_shown_without_too() -> None:
    """
    An auditor sees what the missing papers cost.
    """
    exercise = an_exercise({State.AUTO_PAIRED: 1000}, deviating(2, GONE))
    result = evaluated(exercise).attributes[0]

    drawn_ = exercise.plan.looks[0].drawn
    assert (result.unavailable, result.headline.found) == (2, 2)
    assert result.headline.upper == bounds.upper(2, drawn_, 1000, FIVE)
    assert result.unavailable_not_counted.upper == bounds.upper(0, drawn_, 1000, FIVE)
    assert evaluated(exercise).outcome is Outcome.NOT_SHOWN


def test_known_deviations_are_added_one_by_one_and_strata_taken_whole_as_judged() -> None:
    """
    Of the counted items nothing is inferred.
    """
    states = {State.AUTO_PAIRED: 800, State.EXEMPT: 20, State.UNMATCHED: 3}

    def says(item: object, _: int) -> Answer:
        return Answer.DEVIATION if getattr(item, "state", "") == "exempt" else Answer.COMPLIANT

    exercise = an_exercise(states, says, attributes=TWO, take_all=["exempt"])
    primary, late = evaluated(exercise).attributes

    upper = bounds.upper(0, exercise.plan.looks[0].drawn, 800, FIVE)
    assert (primary.headline.known, primary.headline.upper) == (23, upper + 23)
    assert (late.headline.known, late.headline.upper) == (20, upper + 20)
    assert (primary.headline.items, late.headline.items) == (823, 820)


def test_a_census_counts_and_infers_nothing() -> None:
    """
    Both bounds are the number found.
    """
    exercise = an_exercise({State.AUTO_PAIRED: 60}, deviating(2), design="census")
    headline = evaluated(exercise).attributes[0].headline

    assert (headline.lower, headline.upper) == (2, 2)
    assert evaluated(exercise).outcome is Outcome.SHOWN
    beyond = an_exercise({State.AUTO_PAIRED: 60}, deviating(3), design="census")
    assert evaluated(beyond).outcome is Outcome.REFUTED


def test_a_proportional_sample_has_its_strata_and_the_stratified_bound() -> None:
    """
    One item of each stratum's share is judged where it was drawn.
    """
    states = {State.AUTO_PAIRED: 400, State.PAIRED_BY_PERSON: 300, State.EXEMPT: 300}
    exercise = an_exercise(states, design="proportional")
    result = evaluated(exercise).attributes[0]

    assert sum(stratum.drawn for stratum in result.strata) == exercise.plan.looks[0].drawn
    assert result.headline.upper == exercise.plan.bounds_ahead[0].most
    assert result.headline.fisher is not None
    assert result.headline.upper < result.headline.fisher


def test_a_two_stage_plan_goes_on_only_with_the_second_sample() -> None:
    """
    Until it is drawn there is no answer; then the joint bound is.
    """
    first = an_exercise({State.AUTO_PAIRED: 500}, deviating(1), extension="two-stage")
    with pytest.raises(SampleRefused, match="second"):
        evaluated(first)

    plan = first.plan
    more = plan.looks[1].drawn - plan.looks[0].drawn
    extended = drawn(first.frames[0], more, Use.EXTENSION, 2)
    headline = evaluated(judged(replace(first, frames=(extended,)))).attributes[0].headline

    assert headline.drawn == plan.looks[1].drawn
    assert headline.upper == sequential.two_stage_upper(plan_of(plan), 1, 1)
    assert headline.lower is None


def test_other_attributes_of_a_two_stage_plan_are_bounded_by_the_first_sample() -> None:
    """
    The second was drawn for what was found of the primary one, so its size is not chance.
    """
    exercise = an_exercise(
        {State.AUTO_PAIRED: 500}, deviating(9), attributes=TWO, extension="two-stage"
    )
    first = exercise.plan.looks[0].drawn
    late = evaluated(exercise).attributes[1].headline

    assert (late.drawn, late.upper) == (first, bounds.upper(9, first, 500, FIVE))


def test_an_anytime_plan_is_judged_up_to_the_first_item_that_nobody_looked_at() -> None:
    """
    And an item judged after one that was left out is refused.
    """
    exercise = an_exercise({State.AUTO_PAIRED: 500}, extension="anytime")
    order = [line.draw_id for line in in_use(exercise)]
    part = replace(
        exercise, findings=tuple(f for f in exercise.findings if f.draw_id in order[:-5])
    )
    assert evaluated(part).attributes[0].headline.drawn == len(order) - 5
    assert evaluated(part).outcome is Outcome.NOT_SHOWN
    assert evaluated(exercise).outcome is Outcome.SHOWN

    gap = tuple(f for f in exercise.findings if f.draw_id != order[3])
    with pytest.raises(SampleRefused, match="out of ticket order"):
        evaluated(replace(exercise, findings=gap))


def replaced(exercise: Exercise) -> Exercise:
    """The same with the next ticket for each item out of frame."""
    answers = final(exercise.findings)
    out = [line.draw_id for line in in_use(exercise) if answers[line.draw_id, "document"] is OUT]
    frame = drawn(exercise.frames[0], len(out), Use.REPLACEMENT)
    came = [line.draw_id for line in frame.tickets if line.use is Use.REPLACEMENT]
    log = tuple(
        Replacement(a, b, "Not of Kent.", "ann", JUDGED) for a, b in zip(out, came, strict=True)
    )
    return judged(replace(exercise, frames=(frame,), replacements=log))


def test_an_item_out_of_frame_is_replaced_by_the_next_ticket() -> None:
    """
    The sample is the first items, in ticket order, that belong; the bounds allow for it.
    """
    exercise = an_exercise({State.AUTO_PAIRED: 500}, deviating(2, OUT))
    with pytest.raises(SampleRefused, match="2 items are out of frame and were not replaced"):
        evaluated(exercise)
    made = evaluated(replaced(exercise))

    size = exercise.plan.looks[0].drawn
    assert made.attributes[0].headline.drawn == size
    assert made.attributes[0].headline.upper == bounds.upper(0, size, 500, FIVE)
    upper, rate = bounds.upper_after_replacement(0, size, 500, 2, FIVE)
    assert made.replaced is not None
    assert (made.replaced.upper, made.replaced.upper_rate) == (upper, rate)


def test_an_item_leaves_the_sample_by_nobodys_word_alone() -> None:
    """
    Out of frame needs two people, or an adjudication.
    """
    exercise = replaced(an_exercise({State.AUTO_PAIRED: 500}, deviating(1, OUT)))
    alone = tuple(f for f in exercise.findings if f.answer is not OUT or f.judge is Judge.FIRST)
    with pytest.raises(SampleRefused, match="by one person alone"):
        evaluated(replace(exercise, findings=alone))


def test_an_extension_that_nobody_planned_leaves_the_headline_and_prints_its_error() -> None:
    """
    Looking again is not free, and the chance of a wrong answer is told.
    """
    exercise = an_exercise({State.AUTO_PAIRED: 1000}, deviating(1))
    before = evaluated(exercise)
    more = judged(replace(exercise, frames=(drawn(exercise.frames[0], 40, Use.EXTENSION, 2),)))
    after = evaluated(more)

    size = exercise.plan.looks[0].drawn + 40
    assert after.attributes[0].headline == before.attributes[0].headline
    assert after.conclusion == before.conclusion
    assert after.unplanned is not None
    assert after.unplanned.drawn == size
    assert after.unplanned.upper == bounds.upper(1, size, 1000, FIVE)
    assert after.unplanned.error > FIVE
    assert after.unplanned.warning in after.limitations


def test_items_beyond_the_plan_are_told_whatever_their_ticket_says_they_are_for() -> None:
    """
    An extension nobody planned cannot be passed off as part of the sample.
    """
    exercise = an_exercise({State.AUTO_PAIRED: 1000})
    more = judged(replace(exercise, frames=(drawn(exercise.frames[0], 40, Use.SAMPLE, 1),)))
    made = evaluated(more)

    assert made.attributes[0].headline == evaluated(exercise).attributes[0].headline
    assert made.unplanned is None
    assert any(each.startswith("40 more items were drawn") for each in made.limitations)


def test_a_supplementary_frame_merges_by_ticket_without_reshuffling() -> None:
    """
    The sample is the first tickets of both frames; what was drawn before and comes later in
    that order is judged and not counted.
    """
    choices = chosen()
    main = drawn(papers(choices, some_records(choices, {State.AUTO_PAIRED: 200})))
    late = some_records(choices, {State.AUTO_PAIRED: 100}, supplement=1)
    second = papers(choices, late, (main,))
    few, enough = (
        judged(Exercise((main, drawn(second, more, Use.EXTENSION)), (), ())) for more in (5, 40)
    )
    with pytest.raises(SampleRefused, match="more items have to be drawn"):
        evaluated(few)
    made = evaluated(enough)
    headline = made.attributes[0].headline

    assert headline.drawn == second.plan.looks[0].drawn
    assert headline.upper == bounds.upper(0, headline.drawn, 300, FIVE)
    assert any("supplementary frame" in each for each in made.limitations)


def test_two_who_differ_need_an_adjudication_and_it_is_the_answer() -> None:
    """
    Nothing is settled by whoever came last.
    """
    exercise = an_exercise({State.AUTO_PAIRED: 300})
    first = exercise.findings[0]
    changed = replace(first, version=2, answer=Answer.DEVIATION, reason="None is there.")
    differ = ordered((*exercise.findings, changed))
    with pytest.raises(SampleRefused, match="nobody has adjudicated"):
        evaluated(replace(exercise, findings=differ))

    ruled = Finding(
        first.draw_id, "document", Judge.ADJUDICATION, 1, Answer.DEVIATION, "None.", "sue", JUDGED
    )
    made = evaluated(replace(exercise, findings=ordered((*differ, ruled))))
    result = made.attributes[0]
    assert result.headline.found == 1
    assert result.agreement is not None
    assert result.agreement.agreed == result.agreement.items - 1


def test_districts_are_told_as_they_may_be() -> None:
    """
    A small number is not told, and with few of them one district more is silent.
    """
    exercise = an_exercise({State.AUTO_PAIRED: 900}, deviating(6))
    told = evaluated(exercise).districts

    assert [each.name for each in told] == ["District 1", "District 2", "District 3"]
    assert all(each.found is None or each.found >= 5 for each in told)
