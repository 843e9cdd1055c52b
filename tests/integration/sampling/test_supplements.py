"""Referrals that became known late: a frame, a commitment and a seed of their own, merged in."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine

from adapters import database
from domain.assurance import tickets as published
from domain.working_paper import TicketLine, Use
from domain.working_paper.exercise import Exercise
from domain.working_paper.outcome import Outcome
from services.sampling import papers
from services.sampling.frames import Frozen
from tests.builders import DAY, REFERRED, Record, a_document, a_night, a_referral
from tests.integration.lifecycle.looking import assert_trail_is_whole
from tests.integration.sampling.judged import DEVIATION, OUT, evaluate, judge, replace, sheet
from tests.integration.sampling.world import (
    CODE,
    DICE,
    MINUTE,
    NOW,
    chosen,
    draw,
    drawn,
    freeze,
    judged,
    plan,
    referrals,
    refused,
    seed,
    states,
)

LATE = NOW + DAY
OTHER_DICE = "62643383279502884197"


def known_late(engine: Engine, first: int, count: int, unmatched: int = 0) -> None:
    """Referrals of the period, delivered a day after the main frame was frozen."""
    answered = [a_document(n) for n in range(first, first + count - unmatched)]
    a_night(engine, LATE, referrals=referrals(count, first), documents=answered)


def supplemented(engine: Engine, dice: str = OTHER_DICE) -> tuple[Frozen, list[TicketLine]]:
    """The supplementary frame frozen, exported, seeded and drawn."""
    frozen = freeze(engine, LATE + MINUTE, supplement=True)
    seed(engine, dice, LATE + 2 * MINUTE)
    return frozen, draw(engine, LATE + 3 * MINUTE)


def exercise(engine: Engine) -> Exercise:
    """All papers."""
    with database.reading(engine) as session:
        return papers.exercise(session, CODE)


def merged(frames: Sequence[Any], size: int) -> list[str]:
    """The first draw ids of all frames' tickets in one order, computed from the papers alone."""
    draws = [
        published.draw(frame.seed.seed, [each.draw_id for each in frame.records], size)
        for frame in frames
    ]
    return [ticket.draw_id for ticket in published.merge(draws)][:size]


def test_late_records_come_in_without_reshuffling(engine: Engine) -> None:
    """
    What was drawn stays drawn, and the sample is the first tickets of both frames.
    """
    first, before = drawn(engine, items=60)
    known_late(engine, 61, 40)
    frozen, added = supplemented(engine)
    made = exercise(engine)

    main, late = made.frames
    assert (frozen.header.supplement, frozen.header.items) == (1, 40)
    assert frozen.plan.population == 100
    assert (main.plan, main.header) == (first.plan, first.header)
    assert list(main.tickets[: len(before)]) == before
    assert list(main.tickets[len(before) :]) == [t for t in added if t.use is Use.EXTENSION]
    assert list(late.tickets) == [t for t in added if t.use is Use.SAMPLE]
    used = {line.draw_id for frame in made.frames for line in frame.tickets}
    assert set(merged(made.frames, frozen.plan.looks[0].drawn)) <= used
    assert main.seed.seed == f"assure/1|{CODE}|dice:{DICE}"
    assert late.seed.seed == f"assure/1|{CODE}+1|dice:{OTHER_DICE}"
    assert main.commitment.exported_at < main.seed.entered_at < late.commitment.exported_at
    assert_trail_is_whole(engine)


def test_the_sample_of_both_frames_is_evaluated_as_one(engine: Engine) -> None:
    """
    Over everything, late records included.
    """
    drawn(engine, items=60)
    judge(engine)
    assert evaluate(engine).population == 60
    known_late(engine, 61, 40)
    frozen, _ = supplemented(engine)
    judge(engine)
    found = evaluate(engine, LATE + 9 * MINUTE)

    assert (found.population, found.outcome) == (100, Outcome.SHOWN)
    assert found.attributes[0].headline.drawn == frozen.plan.looks[0].drawn


def test_what_is_out_of_frame_is_replaced_across_both_frames(engine: Engine) -> None:
    """
    By the next ticket of the one order.
    """
    drawn(engine, items=60)
    known_late(engine, 61, 40)
    frozen, _ = supplemented(engine)
    out = merged(exercise(engine).frames, frozen.plan.looks[0].drawn)[2]
    judge(engine, {out: OUT})
    (made,) = replace(engine, LATE + 5 * MINUTE)
    judge(engine, {out: OUT, made.draw_id_in: DEVIATION})

    frames = exercise(engine).frames
    used = {line.draw_id for frame in frames for line in frame.tickets}
    assert merged(frames, len(used)).index(made.draw_id_in) <= len(used)
    assert evaluate(engine, LATE + 9 * MINUTE).replaced is not None


def test_late_known_deviations_use_up_what_may_be_tolerated(engine: Engine) -> None:
    """
    They are counted, not drawn, and the main frame gives the more tickets.
    """
    first, before = drawn(engine, items=60)
    known_late(engine, 61, 4, unmatched=4)
    frozen, added = supplemented(engine)

    assert states(frozen.header.strata) == {"unmatched": 4}
    assert (frozen.plan.population, frozen.plan.known) == (60, 4)
    assert {line.use for line in added} == {Use.EXTENSION}
    assert len(before) + len(added) == frozen.plan.looks[0].drawn > first.plan.looks[0].drawn


def test_strata_of_late_records_join_those_of_the_frame(engine: Engine) -> None:
    """
    A district that only late records have becomes a stratum.
    """
    drawn(engine, items=60, design="proportional", strata="district")
    late: list[Record] = [a_referral(n, district="West") for n in range(61, 71)]
    a_night(engine, LATE, referrals=late, documents=[a_document(n) for n in range(61, 71)])
    frozen, added = supplemented(engine)
    judge(engine)

    assert states(frozen.plan.parts)["district/West"] == 10
    assert "district/West" in {line.stratum for line in added}
    assert evaluate(engine, LATE + 9 * MINUTE).population == 70


def test_only_what_became_known_late_is_in_a_supplement(engine: Engine) -> None:
    """
    Neither an amendment nor what was left out before.
    """
    judged(engine, 60, unmatched=3)
    plan(engine, chosen(leave_out=["unmatched"]))
    freeze(engine)
    seed(engine)
    draw(engine)
    with refused(engine, "nothing to supplement"):
        freeze(engine, LATE, supplement=True)
    moved = [{**record, "district": "West"} for record in referrals(5)]
    found = [a_document(n) for n in (58, 59)]
    late = [a_referral(61, referred_at=REFERRED + MINUTE)]
    a_night(engine, LATE, referrals=[*moved, *late], documents=[*found, a_document(61)])
    frozen = freeze(engine, LATE + MINUTE, supplement=True)

    assert states(frozen.header.strata) == {"auto-paired": 1}
    assert states(frozen.header.exclusions) == {
        "known when an earlier frame was frozen": 2,
        "unmatched": 1,
    }
    assert {row.look_up.amended for row in sheet(engine).rows} <= {True, False}


def test_a_supplement_needs_a_seed_of_its_own(engine: Engine) -> None:
    """
    Dice that were known when it was frozen could have been played with.
    """
    judged(engine, 60)
    plan(engine)
    freeze(engine)
    with refused(engine, "not drawn"):
        freeze(engine, LATE, supplement=True)
    seed(engine)
    draw(engine)
    known_late(engine, 61, 40)
    freeze(engine, LATE + MINUTE, supplement=True, export=False)
    with refused(engine, "not exported"):
        seed(engine, OTHER_DICE, LATE + 2 * MINUTE)
    freeze(engine, LATE + MINUTE, supplement=True)
    with refused(engine, "another frame's seed"):
        seed(engine, DICE, LATE + 2 * MINUTE)
    seed(engine, OTHER_DICE, LATE + 2 * MINUTE)
    with refused(engine, "no second one"):
        seed(engine, "9" + OTHER_DICE, LATE + 3 * MINUTE)
    with refused(engine, "Supplementary frame 1 .* was not drawn"):
        freeze(engine, LATE + 4 * MINUTE, supplement=True)


def test_a_supplement_that_was_not_drawn_keeps_the_sample_open(engine: Engine) -> None:
    """
    Nobody evaluates as if there were no late records.
    """
    drawn(engine, items=60)
    judge(engine)
    known_late(engine, 61, 40)
    freeze(engine, LATE + MINUTE, supplement=True)
    with refused(engine, "Supplementary frame 1 .* was not drawn"):
        evaluate(engine, LATE + 2 * MINUTE)
    with refused(engine, "Supplementary frame 1 .* was not drawn"):
        replace(engine, LATE + 2 * MINUTE)
