"""A frame drawn to its last ticket: nothing is left to come in, and nothing is left to infer."""

from sqlalchemy import Engine

from adapters import database, pack_file
from adapters.typeset import typesetter
from domain.working_paper import TicketLine
from domain.working_paper.outcome import Outcome
from domain.working_paper.pack import read
from domain.working_paper.verify import verify
from services.sampling import progress
from tests.builders import a_document, a_night
from tests.integration.sampling.judged import DEVIATION, OUT, evaluate, extend, judge, replace
from tests.integration.sampling.test_packs import packed
from tests.integration.sampling.test_replacements import in_use
from tests.integration.sampling.test_supplements import LATE, OTHER_DICE
from tests.integration.sampling.whole import assert_reproducible, headline
from tests.integration.sampling.world import (
    CODE,
    MINUTE,
    draw,
    drawn,
    freeze,
    referrals,
    refused,
    seed,
)

ITEMS = 10
COME_LATE = 40
"""More than a sample of all of them takes, whatever order chance gives."""


def missing(engine: Engine) -> tuple[str, ...]:
    """What is still to do."""
    with database.reading(engine) as session:
        return progress.of(session, CODE).missing


def used_up(engine: Engine, **more: str) -> tuple[list[TicketLine], dict[str, tuple[str, str]]]:
    """A frame of ten of which too many drawn ones do not belong, judged to the last ticket."""
    _, first = drawn(engine, items=ITEMS, **more)
    rest = ITEMS - len(first)
    out = {line.draw_id: OUT for line in first[: rest + 1]}
    judge(engine, out)
    assert len(replace(engine)) == rest
    judge(engine, out)
    return in_use(engine), out


def test_what_no_ticket_is_left_for_stays_and_the_sample_is_a_census(engine: Engine) -> None:
    """
    Everything that belongs was looked at.
    """
    lines, out = used_up(engine)
    assert len(lines) == ITEMS
    assert replace(engine) == ()
    assert missing(engine) == ("it is not evaluated",)

    found = evaluate(engine)
    assert missing(engine) == ()
    bound = headline(found)
    assert (bound.drawn, bound.found, bound.lower, bound.upper) == (ITEMS, 0, 0, 0)
    assert found.outcome is Outcome.SHOWN
    assert found.conclusion.startswith(f"All {ITEMS} referrals of")
    assert "were looked at: none has no document" in found.conclusion
    assert found.replaced is not None
    assert (found.replaced.out_of_frame, found.replaced.upper) == (len(out), 0)
    assert any("The sample came to the last ticket" in each for each in found.limitations)
    assert_reproducible(engine, found)
    with refused(engine, "Every item .* was drawn and judged"):
        extend(engine, 1)


def test_what_deviates_of_a_frame_used_up_is_counted_exactly(engine: Engine) -> None:
    """
    Extended ticket by ticket with a plan that may stop at any time.
    """
    _, first = drawn(engine, items=ITEMS, tolerable="20%", extension="anytime")
    truth = {line.draw_id: DEVIATION for line in first[:3]}
    judge(engine, truth)
    while len(used := in_use(engine)) < ITEMS:
        extend(engine, 1)
        truth[in_use(engine)[-1].draw_id] = OUT
        judge(engine, truth)
        replace(engine)
        judge(engine, truth)
    assert len(used) == ITEMS
    bound = headline(found := evaluate(engine))

    assert (bound.drawn, bound.found, bound.lower, bound.upper) == (ITEMS, 3, 3, 3)
    assert found.outcome is Outcome.REFUTED
    assert found.replaced is not None
    assert_reproducible(engine, found)


def test_more_than_is_left_is_refused_and_the_next_look_takes_what_is_left(engine: Engine) -> None:
    """
    The refusal says how many there are.
    """
    _, first = drawn(engine, items=ITEMS, tolerable="20%", extension="anytime")
    truth = {line.draw_id: DEVIATION for line in first}
    judge(engine, truth)
    left = ITEMS - len(first)
    with refused(engine, f"{left} (is|are) left to draw"):
        extend(engine, left + 1)
    assert len(extend(engine, left).tickets) == left


def test_a_stratum_used_up_is_counted_whole_and_the_others_are_bounded(engine: Engine) -> None:
    """
    A small district in which hardly anything belongs.
    """
    _, first = drawn(engine, items=30, tolerable="30%", design="proportional", strata="district")
    south = [line for line in first if line.stratum == "district/South"]
    truth = {line.draw_id: OUT for line in south}
    for _ in range(10):
        judge(engine, truth)
        if not (made := replace(engine)):
            break
        truth |= {each.draw_id_in: OUT for each in made}
    assert missing(engine) == ("it is not evaluated",)
    found = evaluate(engine)

    sizes = {each.name: (each.size, each.drawn) for each in found.attributes[0].strata}
    assert sizes["district/South"] == (10, 10)
    assert all(drawn < size for name, (size, drawn) in sizes.items() if "South" not in name)
    assert found.attributes[0].headline.upper >= 1
    assert any("Every item was drawn of district/South" in each for each in found.limitations)
    assert_reproducible(engine, found)


def test_late_records_take_the_places_that_nothing_was_left_for(engine: Engine) -> None:
    """
    With a supplementary frame there is something left again.
    """
    _, out = used_up(engine)
    evaluate(engine)
    answered = [a_document(n) for n in range(ITEMS + 1, ITEMS + COME_LATE + 1)]
    a_night(engine, LATE, referrals=referrals(COME_LATE, ITEMS + 1), documents=answered)
    freeze(engine, LATE + MINUTE, supplement=True)
    seed(engine, OTHER_DICE, LATE + 2 * MINUTE)
    draw(engine, LATE + 3 * MINUTE)
    later = LATE + 4 * MINUTE
    for _ in range(5):
        judge(engine, out)
        if not replace(engine, later):
            break
    found = evaluate(engine, later + MINUTE)

    assert found.population == ITEMS + COME_LATE
    assert headline(found).drawn < COME_LATE
    assert missing(engine) == ()
    assert_reproducible(engine, found)


def test_a_frame_used_up_is_packed_and_verified(engine: Engine) -> None:
    """
    The stranger's check needs no rule of its own.
    """
    used_up(engine)
    evaluate(engine)
    files = pack_file.read(packed(engine))
    assert verify(files, typesetter()).difference is None
    assert read(files).outcome.attributes[0].headline.upper == 0
