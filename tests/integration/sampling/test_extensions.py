"""Samples that go on after a look: as planned, at any time, and as nobody planned."""

import pytest
from sqlalchemy import Engine

from adapters import database
from domain.assurance import sequential
from domain.working_paper.outcome import Outcome
from domain.working_paper.planned import plan_of
from services.sampling import evaluations
from tests.integration.sampling.judged import (
    DEVIATION,
    LATER,
    bring,
    evaluate,
    extend,
    fill,
    judge,
    sheet,
)
from tests.integration.sampling.whole import assert_reproducible, headline
from tests.integration.sampling.world import (
    CODE,
    MINUTE,
    drawn,
    refused,
)


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
