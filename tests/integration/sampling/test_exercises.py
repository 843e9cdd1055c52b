"""Whole exercises through the services, from a plan to an evaluation, for each kind of design."""

from sqlalchemy import Engine

from adapters import database
from domain.assurance import bounds
from domain.working_paper import (
    EvaluationDocument,
    document,
    read_document,
)
from domain.working_paper.outcome import Outcome
from services.sampling import evaluations
from tests.integration.lifecycle.looking import dump
from tests.integration.sampling.judged import (
    ADJUDICATION,
    DEVIATION,
    FIRST,
    LATER,
    OUT,
    SECOND,
    UNAVAILABLE,
    bring,
    evaluate,
    fill,
    judge,
    replace,
    sheet,
)
from tests.integration.sampling.whole import assert_reproducible, headline
from tests.integration.sampling.world import (
    CODE,
    MINUTE,
    chosen,
    decide,
    draw,
    drawn,
    freeze,
    judged,
    plan,
    refused,
    seed,
)


def test_a_simple_sample_shows_what_its_bound_shows(engine: Engine) -> None:
    """
    The number is that of the exact bound, computed beside.
    """
    frozen, tickets = drawn(engine, expected="4%")
    judge(engine, {tickets[2].draw_id: DEVIATION})
    found = evaluate(engine)

    upper = bounds.upper(1, len(tickets), 60, frozen.plan.risk)
    assert (headline(found).found, headline(found).upper) == (1, upper)
    assert found.outcome is (Outcome.SHOWN if upper < found.limit else Outcome.NOT_SHOWN)
    assert found.attributes[0].agreement is not None
    assert_reproducible(engine, found)


def test_what_was_not_available_counts_and_is_shown_both_ways(engine: Engine) -> None:
    """
    A peer counted it in the evaluation and not in the plan.
    """
    frozen, tickets = drawn(engine)
    judge(engine, {tickets[0].draw_id: UNAVAILABLE})
    found = evaluate(engine)

    (size,) = (len(tickets),)
    without = found.attributes[0].unavailable_not_counted
    assert found.attributes[0].unavailable == 1
    assert headline(found).upper == bounds.upper(1, size, 60, frozen.plan.risk)
    assert without.upper == bounds.upper(0, size, 60, frozen.plan.risk)
    assert frozen.plan.bounds_ahead[1].most == headline(found).upper
    assert "not available" in found.conclusion


def test_a_proportional_sample_with_a_stratum_taken_whole(engine: Engine) -> None:
    """
    What is counted is added exactly; known deviations need nobody's judgement.
    """
    judged(engine, 70, unmatched=2)
    decide(engine, range(1, 6))
    choices = chosen(design="proportional", strata="district", take_all=["paired-by-person"])
    made = plan(engine, choices)
    freeze(engine)
    seed(engine)
    draw(engine)
    rows = sheet(engine).rows
    whole = next(row.draw_id for row in rows if not row.order)
    judge(engine, {whole: DEVIATION})
    found = evaluate(engine)

    assert (made.counted, made.known, found.population, found.counted) == (7, 2, 63, 7)
    assert (headline(found).found, headline(found).known) == (0, 3)
    assert {each.name for each in found.attributes[0].strata} >= {"district/North"}
    assert_reproducible(engine, found)


def test_a_census_counts_and_infers_nothing(engine: Engine) -> None:
    """
    Every item is looked at.
    """
    _, tickets = drawn(engine, items=12, design="census", tolerable="30%")
    judge(engine, {tickets[0].draw_id: DEVIATION, tickets[1].draw_id: OUT})
    assert replace(engine) == ()
    found = evaluate(engine)

    assert len(tickets) == 12
    assert (headline(found).lower, headline(found).found, headline(found).upper) == (1, 1, 1)
    assert found.outcome is Outcome.SHOWN
    assert_reproducible(engine, found)


def test_replaced_items_do_not_count_and_the_bound_allows_for_them(engine: Engine) -> None:
    """
    The sample is the first so many items that belong.
    """
    frozen, tickets = drawn(engine)
    out = {tickets[4].draw_id: OUT}
    judge(engine, out)
    with refused(engine, "were not replaced"):
        evaluate(engine)
    replace(engine)
    with refused(engine, "judgements are missing"):
        evaluate(engine)
    judge(engine, out)
    found = evaluate(engine)

    assert headline(found).drawn == len(tickets) == frozen.plan.looks[0].drawn
    assert found.replaced is not None
    assert found.replaced.out_of_frame == 1
    assert_reproducible(engine, found)


def test_an_exercise_that_is_not_complete_cannot_be_evaluated(engine: Engine) -> None:
    """
    A peer let the sign-off be forgotten.
    """
    judged(engine, 60)
    for step in (plan, freeze, seed):
        with refused(engine, "no sample" if step is plan else "no frozen frame|not drawn"):
            evaluate(engine)
        step(engine)
    with refused(engine, "not drawn"):
        evaluate(engine)
    tickets = draw(engine)
    with refused(engine, "judgements are missing"):
        evaluate(engine)
    bring(engine, fill(sheet(engine), {tickets[0].draw_id: DEVIATION}))
    bring(engine, fill(sheet(engine, SECOND)), SECOND)
    with refused(engine, "nobody has adjudicated"):
        evaluate(engine)
    judge(engine, {}, ADJUDICATION)

    assert evaluate(engine).outcome is Outcome.SHOWN


def test_a_later_evaluation_stands_beside_the_earlier(engine: Engine) -> None:
    """
    Nobody can make a result go away.
    """
    _, tickets = drawn(engine)
    judge(engine)
    before = evaluate(engine)
    judge(engine, {ticket.draw_id: DEVIATION for ticket in tickets[:2]}, FIRST, SECOND)
    after = evaluate(engine, LATER + MINUTE)

    assert (before.outcome, after.outcome) == (Outcome.SHOWN, Outcome.NOT_SHOWN)
    with database.reading(engine) as session:
        assert evaluations.stored_ones(session, CODE) == (before, after)
    for kept in dump(engine)["sample_evaluation"]:
        assert "counterfoil/evaluation/1" in kept
    written = document(after)
    assert read_document(EvaluationDocument, written, "The evaluation") == after
