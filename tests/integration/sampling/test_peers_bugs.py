"""The mistakes of comparable systems, by their numbers in the comparison, not made with samples."""

from sqlalchemy import Engine

from adapters import database
from domain.working_paper import lines, sha256_hex
from domain.working_paper.findings import final
from services.sampling import papers
from tests.builders import DAY, a_document, a_night
from tests.integration.sampling.judged import (
    ANNE,
    CLARE,
    COMPLIANT,
    DEVIATION,
    FIRST,
    LATER,
    SECOND,
    UNAVAILABLE,
    bring,
    evaluate,
    fill,
    judge,
    sheet,
)
from tests.integration.sampling.world import (
    CODE,
    DICE,
    MINUTE,
    NOW,
    draw,
    drawn,
    freeze,
    judged,
    plan,
    referrals,
    refused,
    seed,
)


def test_16_an_opened_finding_keeps_the_old_one_in_the_papers(engine: Engine) -> None:
    """
    And the evaluation is bound to all of them by their hash.
    """
    _, (ticket, *_) = drawn(engine)
    judge(engine, {ticket.draw_id: DEVIATION})
    first = evaluate(engine)
    for place, by in ((FIRST, CLARE), (SECOND, "user:dora")):
        bring(engine, fill(sheet(engine, place)), place, by=by)
    second = evaluate(engine, LATER + MINUTE)

    with database.reading(engine) as session:
        found = papers.exercise(session, CODE).findings
    said = [
        (each.version, each.answer, each.by)
        for each in found
        if (each.draw_id, each.attribute, each.judge) == (ticket.draw_id, "document", FIRST)
    ]
    assert said == [(1, DEVIATION[0], ANNE), (2, COMPLIANT[0], CLARE)]
    assert final(found)[ticket.draw_id, "document"] == COMPLIANT[0]
    assert second.findings_sha256 == sha256_hex(lines(found)) != first.findings_sha256


def test_16_what_is_not_available_fails_where_it_was_planned_and_where_it_is_judged(
    engine: Engine,
) -> None:
    """
    The bound is the one that the plan told beforehand for as many deviations.
    """
    frozen, (one, two, *_) = drawn(engine)
    judge(engine, {one.draw_id: UNAVAILABLE, two.draw_id: DEVIATION})
    found = evaluate(engine).attributes[0]

    ahead = {each.found: each.most for each in frozen.plan.bounds_ahead}
    assert (found.headline.found, found.headline.upper) == (2, ahead[2])
    assert found.unavailable_not_counted.upper == ahead[1]


def test_17_no_seed_before_the_hash_is_out_and_none_is_used_again(engine: Engine) -> None:
    """
    Neither for the frame of before nor for the records that became known late.
    """
    judged(engine, 60)
    plan(engine)
    freeze(engine, export=False)
    with refused(engine, "not exported"):
        seed(engine)
    freeze(engine)
    with refused(engine, "not exported"):
        seed(engine, now=NOW + MINUTE)
    seed(engine)
    with refused(engine, "no second one"):
        seed(engine, dice=DICE[::-1])
    draw(engine)
    late = [a_document(n) for n in range(61, 91)]
    a_night(engine, NOW + DAY, referrals=referrals(30, 61), documents=late)
    freeze(engine, NOW + DAY + MINUTE, supplement=True)
    with refused(engine, "another frame's seed"):
        seed(engine, now=NOW + DAY + 2 * MINUTE)
    with refused(engine, "no seed yet"):
        draw(engine, NOW + DAY + 2 * MINUTE)


def test_18_an_exercise_is_not_evaluated_before_everybody_has_judged(engine: Engine) -> None:
    """
    One item without an answer is enough.
    """
    drawn(engine)
    given = fill(sheet(engine))
    bring(engine, [*given[:-1], type(given[-1])(**{**vars(given[-1]), "answer": ""})])
    with refused(engine, "1 judgements are missing"):
        evaluate(engine)
