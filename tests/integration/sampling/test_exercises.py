"""Whole exercises through the services, from a plan to an evaluation, for each kind of design."""

import pytest
from sqlalchemy import Engine

from adapters import database
from domain.assurance import bounds, sequential
from domain.working_paper import (
    EvaluationDocument,
    FrameRecord,
    TicketLine,
    document,
    lines,
    read_document,
    read_lines,
    sha256_hex,
)
from domain.working_paper.judging import judge as judge_papers
from domain.working_paper.outcome import Bound, Outcome
from domain.working_paper.planned import plan_of
from services.sampling import evaluations, papers
from tests.integration.lifecycle.looking import assert_trail_is_whole, dump
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
    extend,
    fill,
    judge,
    replace,
    sheet,
)
from tests.integration.sampling.world import (
    AUDITOR,
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


def headline(found: EvaluationDocument) -> Bound:
    """The primary attribute's bound."""
    return found.attributes[0].headline


def assert_reproducible(engine: Engine, found: EvaluationDocument) -> None:
    """The stored papers give the evaluation again, byte by byte, and it was kept as it is."""
    with database.reading(engine) as session:
        one, two = papers.exercise(session, CODE), papers.exercise(session, CODE)
        assert one == two
        kept = evaluations.stored_ones(session, CODE)
    again = judge_papers(one, by=AUDITOR, at=found.evaluated_at)
    assert document(again) == document(found) == document(kept[-1])
    for frame in one.frames:
        assert frame.header.plan_sha256 == sha256_hex(document(frame.plan))
        assert frame.header.frame_sha256 == sha256_hex(lines(frame.records))
        assert frame.records == read_lines(FrameRecord, lines(frame.records), "frame.jsonl")
        assert frame.tickets == read_lines(TicketLine, lines(frame.tickets), "tickets.jsonl")
    assert_trail_is_whole(engine)


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


def test_a_two_stage_sample_goes_on_when_its_first_look_says_so(engine: Engine) -> None:
    """
    Exactly as planned, and the bound is that of both stages.
    """
    frozen, tickets = drawn(engine, items=90, extension="two-stage")
    first, second = frozen.plan.looks
    judge(engine, {tickets[0].draw_id: DEVIATION})
    with refused(engine, "second"):
        evaluate(engine)
    made = extend(engine)
    judge(engine, {tickets[0].draw_id: DEVIATION})
    found = evaluate(engine, LATER + MINUTE)

    assert [(first.drawn, 1), (second.drawn - first.drawn, 2)] == [
        (len(tickets), tickets[0].look),
        (len(made.tickets), made.look),
    ]
    assert not made.warning
    upper = sequential.two_stage_upper(plan_of(frozen.plan), 1, 1)
    assert (headline(found).drawn, headline(found).upper) == (second.drawn, upper)
    assert found.outcome is Outcome.SHOWN
    assert_reproducible(engine, found)
    with refused(engine, "shows the claim"):
        extend(engine)


@pytest.mark.parametrize(("deviating", "saying"), [(0, "shows the claim"), (9, "draws no more")])
def test_a_two_stage_sample_stops_when_its_first_look_says_so(
    engine: Engine, deviating: int, saying: str
) -> None:
    """
    Few end it, and many too.
    """
    _, tickets = drawn(engine, items=90, extension="two-stage")
    judge(engine, {ticket.draw_id: DEVIATION for ticket in tickets[:deviating]})
    with refused(engine, saying):
        extend(engine)


def test_an_anytime_sample_is_read_after_every_item(engine: Engine) -> None:
    """
    In ticket order: what waits is not counted, and nothing is left out in between.
    """
    frozen, tickets = drawn(engine, items=90, extension="anytime")
    deviating = {tickets[0].draw_id: DEVIATION}
    cells = fill(sheet(engine), deviating)
    half = [
        cell if cell.row <= 11 else type(cell)(cell.draw_id, cell.attribute, "", "", cell.row)
        for cell in cells
    ]
    bring(engine, half)
    assert (headline(early := evaluate(engine)).drawn, headline(early).found) == (10, 1)
    with refused(engine, "wait to be judged"):
        extend(engine)
    judge(engine, deviating)
    made = extend(engine)
    judge(engine, deviating)
    found = evaluate(engine, LATER + MINUTE)

    sizes = [look.drawn for look in frozen.plan.looks[:2]]
    assert [len(tickets), len(tickets) + len(made.tickets)] == sizes
    assert (made.look, made.warning) == (2, "")
    assert (headline(found).drawn, found.outcome) == (sizes[1], Outcome.SHOWN)
    assert_reproducible(engine, found)
    with database.reading(engine) as session:
        assert evaluations.stored_ones(session, CODE) == (early, found)


def test_an_extension_that_nobody_planned_is_told_with_its_true_error(engine: Engine) -> None:
    """
    The headline stays that of the sample that was planned.
    """
    frozen, tickets = drawn(engine, items=90)
    deviating = {tickets[0].draw_id: DEVIATION}
    judge(engine, deviating)
    with refused(engine, "draws no more"):
        extend(engine)
    made = extend(engine, more=8)
    judge(engine, deviating)
    found = evaluate(engine)

    size = len(tickets)
    true = sequential.unplanned(plan_of(frozen.plan), size + 8)
    assert [(line.order, line.look) for line in made.tickets] == [
        (place, 2) for place in range(size + 1, size + 9)
    ]
    assert found.unplanned is not None
    assert (found.unplanned.drawn, found.unplanned.error) == (size + 8, true.error)
    assert made.warning == found.unplanned.warning
    assert true.error > frozen.plan.risk
    assert (headline(found).drawn, found.outcome) == (size, Outcome.NOT_SHOWN)
    assert_reproducible(engine, found)
    again = extend(engine, more=4)
    assert (again.look, len(again.tickets)) == (3, 4)


@pytest.mark.parametrize("design", ["proportional", "census"])
def test_nothing_is_drawn_on_where_the_error_could_not_be_told(engine: Engine, design: str) -> None:
    """
    Better no extension than one that nobody can answer for.
    """
    drawn(engine, items=30, tolerable="40%", design=design)
    judge(engine)
    with refused(engine, "nothing is drawn after"):
        extend(engine, more=1)


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
