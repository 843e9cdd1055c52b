"""An exemption excuses one referral for a reason, by two people, until a day that is known.

The grace period of the builders' referral ends on Thursday 5 March 2026 at 10:00, and a
flag that comes back when an exemption is over counts from there.
"""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from adapters import database
from domain.audit_trail import Action
from domain.errors import DecisionRefused
from domain.words import Settlement
from models import AuditEventRow, ExemptionRow
from services import summary
from tests.builders import (
    AFTER_GRACE,
    DAY,
    FIRST_NIGHT,
    FORCE,
    HOUR,
    REFERRED,
    a_document,
    a_night,
    a_referral,
)
from tests.integration.lifecycle.looking import (
    assert_as_if_at_once,
    assert_trail_is_whole,
    dump,
    flag,
    history,
    judgements,
    looked_back,
    the_flag,
)
from tests.integration.nights.acting import approve, ask, end

GRACE_ENDS = REFERRED + 72 * HOUR
ASKED = AFTER_GRACE + 6 * HOUR
UNTIL = AFTER_GRACE + 10 * DAY
"""The instant of a night."""
SECOND = timedelta(seconds=1)


def obligation(engine: Engine) -> str:
    """What the last night said of the duty."""
    with database.reading(engine) as session:
        return str(judgements(session)["R1"]["obligation"])


def exempted(engine: Engine) -> int:
    """R1 flagged, and exempt until `UNTIL` by two people and a night; the exemption's number."""
    a_night(engine, AFTER_GRACE, referrals=[a_referral()])
    number = ask(engine, now=ASKED, until=UNTIL)
    approve(engine, number, now=ASKED + HOUR)
    a_night(engine, AFTER_GRACE + DAY)
    assert "exempt" == obligation(engine)
    return number


def assert_open_on_the_original_clock(session: Session, *changes: str) -> None:
    """R1's flag waits for a person again, and has gained no time."""
    reopened = the_flag(session)
    assert ("open", "unmatched") == (reopened.state, reopened.kind)
    assert (REFERRED, GRACE_ENDS) == (reopened.clock_started_at, reopened.grace_ends_at)
    assert AFTER_GRACE == reopened.opened_at
    assert list(changes) == history(session)


def test_an_approved_exemption_settles_the_flag_and_is_counted_apart(engine: Engine) -> None:
    """
    Not an exception and not a document: its own column, with its reason and its end.
    """
    exempted(engine)

    with database.reading(engine) as session:
        assert Settlement.EXEMPT == the_flag(session).settled_as
        counts = summary.counts(session, FORCE)
        it = judgements(session)["R1"]
    assert {"exempt": 1, "overdue": 0, "unmatched": 0, "flags_open": 0}.items() <= counts.items()
    assert "exempt: held_on_restricted_system, until 02:30 GMT on 16 Mar 2026" == it["reason"]
    assert_as_if_at_once(engine, AFTER_GRACE + DAY)


def test_asking_alone_excuses_nothing(engine: Engine) -> None:
    """
    One person's word is no exemption, however many nights pass.
    """
    a_night(engine, AFTER_GRACE, referrals=[a_referral()])
    ask(engine, now=ASKED, until=UNTIL)
    for number in (1, 2):
        a_night(engine, AFTER_GRACE + number * DAY)
        assert "overdue" == obligation(engine)
        with database.reading(engine) as session:
            assert_open_on_the_original_clock(session, "opened")


def test_nobody_approves_what_they_asked_for(engine: Engine) -> None:
    """
    Four eyes are two people's; the refusal says whom to ask.
    """
    a_night(engine, AFTER_GRACE, referrals=[a_referral()])
    number = ask(engine, now=ASKED, until=UNTIL)
    before = dump(engine)

    with pytest.raises(DecisionRefused, match="Ask a colleague to approve it"):
        approve(engine, number, approver="alice", now=ASKED + HOUR)

    assert before == dump(engine)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        pytest.param({"reason": " "}, "cannot be exempted without a reason in words", id="words"),
        pytest.param({"reason_code": "busy"}, "cannot be exempted for that reason", id="code"),
        pytest.param({"until": ASKED}, "would have expired already", id="over before it began"),
    ],
)
def test_an_exemption_needs_a_reason_of_the_list_words_and_an_end_to_come(
    engine: Engine, told: dict[str, object], why: str
) -> None:
    """
    What an auditor would ask of it is asked at the door.
    """
    a_night(engine, AFTER_GRACE, referrals=[a_referral()])
    before = dump(engine)

    with pytest.raises(DecisionRefused, match=rf"Referral R1 {why}.* Nothing was stored\.|{why}"):
        ask(engine, **{"now": ASKED, "until": UNTIL, **told})  # type: ignore[arg-type]

    assert before == dump(engine)


def test_a_second_exemption_is_refused_while_one_stands(engine: Engine) -> None:
    """
    Two reasons for one referral would leave nobody able to say which applied.
    """
    exempted(engine)

    with pytest.raises(DecisionRefused, match="has an exemption already"):
        ask(engine, now=ASKED + 2 * DAY, until=UNTIL + DAY, asker="carol")


def test_the_flag_reopens_at_the_instant_that_the_exemption_expires(engine: Engine) -> None:
    """
    Excused until an instant: a second before it still is, and at it no longer.
    """
    exempted(engine)
    a_night(engine, UNTIL - SECOND)
    assert "exempt" == obligation(engine)
    a_night(engine, UNTIL)

    assert "overdue" == obligation(engine)
    with database.reading(engine) as session:
        assert_open_on_the_original_clock(session, "opened", "settled", "reopened")
    assert_as_if_at_once(engine, UNTIL)


def test_the_flag_reopens_when_the_exemption_is_ended(engine: Engine) -> None:
    """
    A supervisor takes it back early; ending it twice is refused.
    """
    number = exempted(engine)
    end(engine, number, now=AFTER_GRACE + DAY + HOUR)
    a_night(engine, AFTER_GRACE + 2 * DAY)

    assert "overdue" == obligation(engine)
    with database.reading(engine) as session:
        assert_open_on_the_original_clock(session, "opened", "settled", "reopened")
    with pytest.raises(DecisionRefused, match="ended already"):
        end(engine, number, now=AFTER_GRACE + 3 * DAY)
    assert_as_if_at_once(engine, AFTER_GRACE + 2 * DAY)


def test_the_flag_reopens_when_the_referral_turns_out_to_be_another_case(engine: Engine) -> None:
    """
    What was excused is not what the record says now; flag and trail say so, once.
    """
    exempted(engine)
    for number in (2, 3, 4):
        a_night(engine, AFTER_GRACE + number * DAY, referrals=[a_referral(incident_number="9")])

    assert "overdue" == obligation(engine)
    with database.reading(engine) as session:
        assert_open_on_the_original_clock(session, "opened", "settled", "noticed", "reopened")
        (row,) = session.exec(select(ExemptionRow))
        assert AFTER_GRACE + 2 * DAY == row.noticed_at
        noticed = session.exec(
            select(AuditEventRow).where(
                col(AuditEventRow.action) == Action.EXEMPTION_NOTICED,
            )
        ).all()
        assert 1 == len(noticed)
    assert_as_if_at_once(engine, AFTER_GRACE + 4 * DAY)


def test_an_exemption_asked_for_before_the_referral_changed_cannot_be_approved(
    engine: Engine,
) -> None:
    """
    The approver would approve something that nobody asked for.
    """
    a_night(engine, AFTER_GRACE, referrals=[a_referral()])
    number = ask(engine, now=ASKED, until=UNTIL)
    a_night(engine, AFTER_GRACE + DAY, referrals=[a_referral(incident_number="9")])

    with pytest.raises(DecisionRefused, match="has changed since this exemption was asked for"):
        approve(engine, number, now=AFTER_GRACE + DAY + HOUR)


def test_an_exemption_within_grace_never_lets_a_flag_be_opened(engine: Engine) -> None:
    """
    Excused on the first day: nothing to reopen until it is over, then on the referral's clock.
    """
    a_night(engine, FIRST_NIGHT, referrals=[a_referral()])
    number = ask(engine, now=FIRST_NIGHT + HOUR, until=UNTIL)
    approve(engine, number, now=FIRST_NIGHT + 2 * HOUR)
    for as_of in (FIRST_NIGHT + DAY, AFTER_GRACE, UNTIL - DAY):
        a_night(engine, as_of)
        with database.reading(engine) as session:
            assert flag(session) is None
    a_night(engine, UNTIL)

    with database.reading(engine) as session:
        opened = the_flag(session)
        assert (UNTIL, GRACE_ENDS) == (opened.opened_at, opened.grace_ends_at)


def test_a_document_that_comes_while_exempt_counts_when_the_exemption_is_over(
    engine: Engine,
) -> None:
    """
    Late is late: being excused for a while does not make the document in time.
    """
    exempted(engine)
    late = a_document(submitted_at=AFTER_GRACE + DAY)
    a_night(engine, AFTER_GRACE + 3 * DAY, documents=[late])
    assert "exempt" == obligation(engine)
    a_night(engine, UNTIL)

    assert "satisfied_late" == obligation(engine)
    with database.reading(engine) as session:
        assert ["opened", "settled"] == history(session)
    assert_as_if_at_once(engine, UNTIL)


def test_looking_back_an_exemption_holds_for_its_own_nights(engine: Engine) -> None:
    """
    Before the approval overdue, then exempt, after the end overdue: whatever came later.
    """
    number = exempted(engine)
    end(engine, number, now=AFTER_GRACE + 2 * DAY + HOUR)
    a_night(engine, AFTER_GRACE + 3 * DAY)
    said: dict[datetime, str] = {
        AFTER_GRACE: "overdue",
        AFTER_GRACE + DAY: "exempt",
        AFTER_GRACE + 2 * DAY: "exempt",
        AFTER_GRACE + 3 * DAY: "overdue",
    }

    with database.reading(engine) as session:
        for as_of, obliged in said.items():
            assert obliged == looked_back(session, as_of)["R1"]["obligation"]
    assert_trail_is_whole(engine)
