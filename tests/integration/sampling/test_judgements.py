"""Worksheets: what they show, what is taken of a filled one and what is refused, row by row."""

from dataclasses import replace as changed
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from adapters.clock import LONDON
from domain.sampling.worksheet import FindingGiven, FindingsRefused
from services.sampling.findings import Recorded
from tests.builders import DAY, HOUR, REFERRED, a_night, a_referral
from tests.integration.lifecycle.looking import assert_trail_is_whole, dump
from tests.integration.sampling.judged import (
    ADJUDICATION,
    ANNE,
    BEN,
    CLARE,
    COMPLIANT,
    DEVIATION,
    LATER,
    SECOND,
    UNAVAILABLE,
    bring,
    fill,
    history,
    judge,
    sheet,
)
from tests.integration.sampling.world import (
    MINUTE,
    NOW,
    chosen,
    decide,
    draw,
    drawn,
    freeze,
    judged,
    plan,
    referrals,
    refused,
    seed,
)

ATTRIBUTES = 4


def test_a_row_says_what_to_look_up_and_where(engine: Engine) -> None:
    """
    Who judges has to find the referral and what the engine says answers it.
    """
    _, tickets = drawn(engine)
    rows = sheet(engine).rows

    assert [ticket.draw_id for ticket in tickets] == [row.draw_id for row in rows]
    assert list(range(1, len(rows) + 1)) == [row.order for row in rows]
    for row in rows:
        number = int(row.look_up.referral_id.removeprefix("R"))
        record = a_referral(number)
        assert row.look_up.nccu_reference == record["nccu_reference"]
        assert row.look_up.incident_number == record["incident_number"]
        assert row.look_up.officer_id == record["officer_id"]
        assert row.look_up.document == f"U{number}"
        assert row.look_up.referred_at == REFERRED
        assert row.look_up.grace_ends_at == REFERRED + timedelta(hours=72)
        assert row.look_up.referred_at.tzinfo is LONDON
        assert not row.look_up.amended
        assert row.stratum == "auto-paired"


def test_a_later_amendment_is_told_beside_what_was_frozen(engine: Engine) -> None:
    """
    Frozen means frozen, grace as well; whoever judges is told that there is something newer.
    """
    drawn(engine)
    before = {row.look_up.referral_id: row for row in sheet(engine).rows}
    later = {"district": "West", "referred_at": REFERRED + HOUR}
    a_night(engine, NOW + DAY, referrals=[{**r, **later} for r in referrals(30)])
    after = {row.look_up.referral_id: row for row in sheet(engine).rows}

    numbers = {name: int(name.removeprefix("R")) for name in after}
    assert {row.look_up.amended for name, row in after.items() if numbers[name] <= 30} == {True}
    assert {row.look_up.amended for name, row in after.items() if numbers[name] > 30} == {False}
    for name, row in after.items():
        assert changed(row.look_up, amended=False) == before[name].look_up


def test_strata_taken_whole_are_judged_and_known_ones_are_not(engine: Engine) -> None:
    """
    Every item of such a stratum is on the sheet, without a ticket.
    """
    judged(engine, 60, unmatched=2)
    decide(engine, range(1, 6))
    plan(engine, chosen(take_all=["paired-by-person"]))
    freeze(engine)
    seed(engine)
    tickets = draw(engine)
    rows = sheet(engine).rows

    assert [ticket.draw_id for ticket in tickets] == [row.draw_id for row in rows if row.order]
    whole = [row for row in rows if not row.order]
    assert {row.look_up.referral_id for row in whole} == {f"R{n}" for n in range(1, 6)}
    assert {row.stratum for row in whole} == {"paired-by-person"}


def test_a_sheet_brought_back_is_kept_once(engine: Engine) -> None:
    """
    The same sheet again changes nothing, not even the trail.
    """
    drawn(engine)
    given = fill(sheet(engine))

    assert bring(engine, given) == Recorded(len(given), 0, 0)
    before = dump(engine)
    assert bring(engine, given) == Recorded(0, 0, len(given))
    assert before == dump(engine)
    assert_trail_is_whole(engine)


def test_an_answer_that_was_changed_leaves_the_old_one_on_record(engine: Engine) -> None:
    """
    A peer dropped the earlier finding when one was opened again.
    """
    _, (ticket, *_) = drawn(engine)
    bring(engine, fill(sheet(engine), {ticket.draw_id: DEVIATION}))

    assert bring(engine, fill(sheet(engine)), by=CLARE, now=LATER + MINUTE).changed == 1
    versions = [
        (each.version, each.answer, each.reason, each.by)
        for each in history(engine)
        if (each.draw_id, each.attribute) == (ticket.draw_id, "document")
    ]
    assert versions == [(1, *DEVIATION, ANNE), (2, *COMPLIANT, CLARE)]


def test_a_sheet_may_come_back_half_filled_and_cannot_be_emptied(engine: Engine) -> None:
    """
    Judging takes days; what was judged does not go away.
    """
    drawn(engine)
    given = fill(sheet(engine))
    half = [*given[:8], *(changed(cell, answer="") for cell in given[8:])]

    assert bring(engine, half) == Recorded(8, 0, 0)
    with refused(engine, "empty and was given before"):
        bring(engine, [changed(cell, answer="") for cell in given])
    assert bring(engine, given) == Recorded(len(given) - 8, 0, 8)


def test_a_judge_sees_own_answers_only(engine: Engine) -> None:
    """
    Two judgements are two only if the second was made without the first.
    """
    _, (ticket, *_) = drawn(engine)
    bring(engine, fill(sheet(engine), {ticket.draw_id: DEVIATION}))

    assert {cell.answer for row in sheet(engine, SECOND).rows for cell in row.judgements} == {""}
    own = next(row for row in sheet(engine).rows if row.draw_id == ticket.draw_id)
    assert (own.judgements[0].answer, own.judgements[0].reason) == DEVIATION


def test_one_person_is_not_both_judges_of_an_item(engine: Engine) -> None:
    """
    Not under an earlier version either, nor in capitals.
    """
    drawn(engine)
    given = fill(sheet(engine))
    bring(engine, given)
    with refused(engine, "same person"):
        bring(engine, given, SECOND, by=ANNE)
    with refused(engine, "same person"):
        bring(engine, given, SECOND, by=ANNE.upper())
    bring(engine, given, SECOND)
    with refused(engine, "same person"):
        bring(engine, given, by=BEN)


def test_only_what_is_in_dispute_is_adjudicated(engine: Engine) -> None:
    """
    With both answers and reasons beside it.
    """
    _, (one, two, *_) = drawn(engine)
    bring(engine, fill(sheet(engine), {one.draw_id: DEVIATION, two.draw_id: DEVIATION}))
    with refused(engine, "nothing to judge"):
        sheet(engine, ADJUDICATION)
    bring(engine, fill(sheet(engine, SECOND), {two.draw_id: DEVIATION}), SECOND)

    (row,) = sheet(engine, ADJUDICATION).rows
    (dispute,) = row.disputed
    assert (row.draw_id, dispute.attribute) == (one.draw_id, "document")
    assert (dispute.first, dispute.first_reason) == DEVIATION
    assert (dispute.second, dispute.second_reason) == COMPLIANT
    judge(engine, {one.draw_id: UNAVAILABLE}, ADJUDICATION)
    (settled,) = [each for each in history(engine) if each.judge is ADJUDICATION]
    assert (settled.answer, settled.reason, settled.by) == (*UNAVAILABLE, CLARE)
    wrong = [
        FindingGiven(row.draw_id, each.code, "compliant", "", 2)
        for each in sheet(engine, ADJUDICATION).attributes
    ]
    with refused(engine, "nothing to adjudicate"):
        bring(engine, wrong, ADJUDICATION)


def _without_a_row(given: list[FindingGiven]) -> list[FindingGiven]:
    return given[ATTRIBUTES:]


def _with_a_stranger(given: list[FindingGiven]) -> list[FindingGiven]:
    return [*given, changed(given[0], draw_id="f" * 32, row=99)]


def _with_a_row_twice(given: list[FindingGiven]) -> list[FindingGiven]:
    return [*given, *(changed(cell, row=99) for cell in given[:ATTRIBUTES])]


def _first_as(**changes: Any) -> Any:
    return lambda given: [changed(given[0], **changes), *given[1:]]


@pytest.mark.parametrize(
    ("spoil", "saying"),
    [
        (_without_a_row, r"the worksheet: the row of item [0-9a-f]{32} is missing"),
        (_with_a_stranger, "row 99: the item is not one of this worksheet's"),
        (_with_a_row_twice, "row 99: the item stands already in row 2"),
        (lambda given: given[1:], "row 2, column document: answer: the column is missing"),
        (_first_as(answer="fine"), "row 2, column document: answer: the answer is none of"),
        (_first_as(attribute="tidy"), "row 2, column tidy: answer: the plan has no such"),
        (
            _first_as(answer="deviation", reason=" \u200b"),
            "row 2, column document: reason: the answer deviation needs a reason",
        ),
        (_first_as(answer="unavailable"), "the answer unavailable needs a reason"),
        (_first_as(answer="out of frame"), "the answer out_of_frame needs a reason"),
        (_first_as(answer="", reason="because"), "a reason stands without an answer"),
        (_first_as(reason="x" * 2001), "longer than 2,000 characters"),
        (
            lambda given: [given[0], changed(given[1], answer="out_of_frame", reason="x")],
            "answered in the column document only",
        ),
    ],
)
def test_a_worksheet_that_was_spoilt_is_refused_whole(
    engine: Engine, spoil: Any, saying: str
) -> None:
    """
    By row and column, and never by what the cell holds.
    """
    drawn(engine, items=30, tolerable="40%")
    given = spoil(fill(sheet(engine)))
    with refused(engine, saying):
        bring(engine, given)


def test_all_that_is_wrong_is_told_at_once(engine: Engine) -> None:
    """
    Nobody likes to mend one row an import.
    """
    drawn(engine, items=30, tolerable="40%")
    given = fill(sheet(engine))
    spoilt = [
        *_first_as(answer="Mr Smith says no")(given)[:ATTRIBUTES],
        *(changed(cell, answer="deviation") for cell in given[ATTRIBUTES : 2 * ATTRIBUTES]),
        *given[3 * ATTRIBUTES :],
    ]
    with pytest.raises(FindingsRefused) as why:
        bring(engine, spoilt)

    assert [2, 3, 3, 3, 3, 0] == [
        each.row for each in sorted(why.value.problems, key=lambda each: each.row or 99)
    ]
    assert "Smith" not in str(why.value)


def test_nothing_is_judged_before_the_draw(engine: Engine) -> None:
    """
    There is no preview of the sample.
    """
    judged(engine, 60)
    plan(engine)
    freeze(engine)
    seed(engine)
    with refused(engine, "nothing to judge"):
        sheet(engine)
    with refused(engine, "not drawn yet"):
        bring(engine, [])
    draw(engine)
    with refused(engine, "is missing"):
        bring(engine, [])
    given = fill(sheet(engine))
    with refused(engine, "somebody's"):
        bring(engine, given, by=" ")
