"""The engine's own pairings and the reviewers' decisions, sampled: a share wrong with its bound."""

from typing import Any

import pytest
from sqlalchemy import Engine

from domain.assurance import bounds
from domain.words import Verdict
from domain.working_paper.outcome import Outcome
from tests.integration.sampling.judged import (
    ADJUDICATION,
    DEVIATION,
    SECOND,
    bring,
    evaluate,
    fill,
    history,
    judge,
    sheet,
)
from tests.integration.sampling.world import (
    MINUTE,
    NOW,
    PERIOD,
    chosen,
    decide,
    draw,
    freeze,
    judged,
    plan,
    refused,
    seed,
    states,
)

SAME = ("compliant", "one person on one day")
UNTIL_NOW = (PERIOD[0], NOW)


def checked(engine: Engine, subject: str, **more: Any) -> Any:
    """A sample of the subject, drawn; the frame as it was frozen."""
    plan(engine, chosen(subject=subject, period=UNTIL_NOW, **more))
    frozen = freeze(engine)
    seed(engine)
    draw(engine)
    return frozen


def numbers(engine: Engine) -> dict[str, int]:
    """The number of the referral of each item on the sheet."""
    rows = sheet(engine).rows
    return {row.draw_id: int(row.look_up.referral_id.removeprefix("R")) for row in rows}


def test_the_share_of_wrong_pairings_comes_with_its_bound(engine: Engine) -> None:
    """
    An estimate with an interval and not a claim.
    """
    judged(engine, 60, unmatched=4)
    frozen = checked(engine, "auto-pairings", expected="4%")
    rows = sheet(engine).rows
    assert states(frozen.header.strata) == {"auto-paired": 56}
    for row in rows:
        assert row.look_up.document == row.look_up.referral_id.replace("R", "U")
        assert row.stratum == ""
    judge(engine, {rows[0].draw_id: DEVIATION})
    found = evaluate(engine)

    (only,) = found.attributes
    assert only.code == "wrong"
    assert only.headline.found == 1
    assert only.headline.upper == bounds.upper(1, len(rows), 56, frozen.plan.risk)
    assert only.headline.lower == bounds.lower(1, len(rows), 56, frozen.plan.risk)
    assert "pairings of referrals of force KEN made from" in found.conclusion


def test_decisions_are_judged_without_being_told(engine: Engine) -> None:
    """
    Whoever knows the verdict would tend to agree with it.
    """
    judged(engine, 60)
    decide(engine, range(1, 31))
    decide(engine, range(31, 46), Verdict.REJECTED)
    frozen = checked(engine, "decisions", tolerable="30%", design="proportional")
    assert states(frozen.header.strata) == {"confirmed": 30, "rejected": 15}
    paper = sheet(engine)
    assert [each.deviation for each in paper.attributes] == [
        "The document does not answer the referral."
    ]
    assert {row.stratum for row in paper.rows} == {""}
    assert "rejected" not in repr(paper)
    assert "confirmed" not in repr(paper)

    of = numbers(engine)
    sound = {draw_id: DEVIATION if number > 30 else SAME for draw_id, number in of.items()}
    wrong = dict(sound)
    mistaken = next(draw_id for draw_id, number in of.items() if number > 30)
    wrong[mistaken] = SAME
    judge(engine, sound)
    assert evaluate(engine).attributes[0].headline.found == 0
    answers = {row.draw_id: row.judgements[0].answer for row in sheet(engine).rows}
    assert answers == {draw_id: sound[draw_id][0] for draw_id in of}
    judge(engine, wrong)
    found = evaluate(engine, NOW + 20 * MINUTE)

    assert found.attributes[0].headline.found == 1
    assert found.outcome in (Outcome.SHOWN, Outcome.NOT_SHOWN)
    turned = [each for each in history(engine) if each.draw_id == mistaken and each.version == 2]
    assert {each.answer for each in turned} == {"deviation"}


def test_every_answer_about_a_decision_needs_a_reason(engine: Engine) -> None:
    """
    Were one needed for some answers only, it would tell which pairs were rejected.
    """
    judged(engine, 40)
    decide(engine, range(1, 41))
    checked(engine, "decisions", tolerable="40%")
    given = fill(sheet(engine))
    with refused(engine, "row 2, column wrong: reason: the answer compliant needs a reason"):
        bring(engine, given)


def test_what_two_judged_of_a_rejected_pair_is_adjudicated_blind_too(engine: Engine) -> None:
    """
    The answers are shown as they were given.
    """
    judged(engine, 40)
    decide(engine, range(1, 41), Verdict.REJECTED)
    checked(engine, "decisions", tolerable="40%")
    every = dict.fromkeys(numbers(engine), DEVIATION)
    one = next(iter(every))
    bring(engine, fill(sheet(engine), every))
    bring(engine, fill(sheet(engine, SECOND), {**every, one: SAME}), SECOND)
    (row,) = sheet(engine, ADJUDICATION).rows
    (dispute,) = row.disputed

    assert (row.draw_id, dispute.first, dispute.second) == (one, "deviation", "compliant")
    judge(engine, {one: DEVIATION}, ADJUDICATION)
    assert evaluate(engine).attributes[0].headline.found == 0


@pytest.mark.parametrize("subject", ["auto-pairings", "decisions"])
def test_pairs_of_which_there_are_none_are_refused(engine: Engine, subject: str) -> None:
    """
    A share of nothing is no share.
    """
    judged(engine, 3, unmatched=3)
    with refused(engine, "population of 0"):
        plan(engine, chosen(subject=subject, period=UNTIL_NOW))


def test_only_referrals_become_known_late(engine: Engine) -> None:
    """
    A later pairing or decision is of a later sample.
    """
    judged(engine, 60)
    checked(engine, "auto-pairings")
    with refused(engine, "not of referrals"):
        freeze(engine, NOW + 9 * MINUTE, supplement=True)
