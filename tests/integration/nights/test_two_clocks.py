"""Late is by when the officer submitted, never by when the feed brought it.

The grace period of the builders' referral ends on Thursday 5 March 2026 at 10:00.
"""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from adapters import database
from domain.words import Settlement
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
    flag,
    history,
    judgements,
    the_flag,
)

GRACE_ENDS = REFERRED + 72 * HOUR
TICK = timedelta(microseconds=1)
A_WEEK_LATER = AFTER_GRACE + 7 * DAY
COUNTS_NOT = ("draft", "rejected", "withdrawn")


def obligation(engine: Engine) -> str:
    """What the last night said of the duty."""
    with database.reading(engine) as session:
        return str(judgements(session)["R1"]["obligation"])


def counts(engine: Engine) -> dict[str, int]:
    """What the last night counted."""
    with database.reading(engine) as session:
        return summary.counts(session, FORCE)


def test_submitted_in_time_and_delivered_a_week_later_is_never_late(engine: Engine) -> None:
    """
    The officer did what was asked; the flag that the slow feed caused is settled as paired.
    """
    a_night(engine, FIRST_NIGHT, referrals=[a_referral()])
    a_night(engine, AFTER_GRACE)
    assert 1 == counts(engine)["unmatched"]
    a_night(engine, A_WEEK_LATER, documents=[a_document(submitted_at=GRACE_ENDS - HOUR)])

    assert "satisfied" == obligation(engine)
    assert (0, 0, 0) == tuple(counts(engine)[name] for name in ("late", "settled_late", "overdue"))
    with database.reading(engine) as session:
        settled = the_flag(session)
        assert (Settlement.PAIRED, A_WEEK_LATER) == (settled.settled_as, settled.settled_at)
    assert_as_if_at_once(engine, A_WEEK_LATER)


def test_submitted_late_is_satisfied_late_and_the_flag_says_so(engine: Engine) -> None:
    """
    The document counts and its lateness stays on record, flag and history included.
    """
    a_night(engine, FIRST_NIGHT, referrals=[a_referral()])
    a_night(engine, AFTER_GRACE)
    a_night(engine, A_WEEK_LATER, documents=[a_document(submitted_at=GRACE_ENDS + 2 * DAY)])

    assert "satisfied_late" == obligation(engine)
    assert (1, 1, 0) == tuple(counts(engine)[name] for name in ("late", "settled_late", "overdue"))
    with database.reading(engine) as session:
        assert Settlement.LATE == the_flag(session).settled_as
        assert ["opened", "settled"] == history(session)
    assert_as_if_at_once(engine, A_WEEK_LATER)


@pytest.mark.parametrize(
    ("submitted_at", "expected"),
    [
        pytest.param(GRACE_ENDS - TICK, "satisfied", id="just before"),
        pytest.param(GRACE_ENDS, "satisfied", id="at the instant"),
        pytest.param(GRACE_ENDS + TICK, "satisfied_late", id="just after"),
    ],
)
def test_the_instant_that_grace_ends_divides_in_time_from_late(
    engine: Engine, submitted_at: datetime, expected: str
) -> None:
    """
    To the microsecond, on both databases, after a trip through their columns.
    """
    a_night(engine, AFTER_GRACE, referrals=[a_referral()])
    a_night(engine, A_WEEK_LATER, documents=[a_document(submitted_at=submitted_at)])

    assert expected == obligation(engine)


def test_of_two_documents_the_first_submitted_decides_whichever_came_first(engine: Engine) -> None:
    """
    A feed that brings the supplement before the report makes nobody late.
    """
    late = a_document(1, urn="U1B", submitted_at=GRACE_ENDS + DAY, amended_at=None)
    a_night(engine, FIRST_NIGHT, referrals=[a_referral()])
    a_night(engine, AFTER_GRACE + DAY, documents=[late])
    assert "satisfied_late" == obligation(engine)
    a_night(engine, A_WEEK_LATER, documents=[a_document(1)])

    assert "satisfied" == obligation(engine)
    assert 0 == counts(engine)["late"]
    assert_as_if_at_once(engine, A_WEEK_LATER)


@pytest.mark.parametrize("late", [False, True], ids=["in time", "late"])
@pytest.mark.parametrize("status", COUNTS_NOT)
def test_a_document_that_stops_counting_reopens_on_the_original_clock(
    engine: Engine, status: str, late: bool
) -> None:
    """
    Withdrawing a document three weeks on gives no new three days.
    """
    submitted = a_document(submitted_at=REFERRED + (100 if late else 5) * HOUR)
    a_night(engine, FIRST_NIGHT, referrals=[a_referral()])
    if late:
        a_night(engine, AFTER_GRACE)
    a_night(engine, AFTER_GRACE + DAY, documents=[submitted])
    with database.reading(engine) as session:
        assert (flag(session) is not None) == late
    withdrawn_at = AFTER_GRACE + 21 * DAY
    gone = {**submitted, "status": status, "amended_at": withdrawn_at - 6 * HOUR}
    a_night(engine, withdrawn_at, documents=[gone])

    assert "overdue" == obligation(engine)
    with database.reading(engine) as session:
        reopened = the_flag(session)
        assert ("open", "unmatched") == (reopened.state, reopened.kind)
        assert (REFERRED, GRACE_ENDS) == (reopened.clock_started_at, reopened.grace_ends_at)
        assert reopened.opened_at == (AFTER_GRACE if late else withdrawn_at)
        assert (["opened", "settled", "reopened"] if late else ["opened"]) == history(session)
    assert_as_if_at_once(engine, withdrawn_at)


def test_a_document_submitted_again_settles_the_reopened_flag(engine: Engine) -> None:
    """
    Rejected by the bureau, put right and accepted: the first submission is what counts.
    """
    a_night(engine, FIRST_NIGHT, referrals=[a_referral()], documents=[a_document()])
    for number, status in enumerate(["rejected", "accepted"]):
        as_of = AFTER_GRACE + number * DAY
        amended: dict[str, Any] = {"status": status, "amended_at": as_of - HOUR}
        a_night(engine, as_of, documents=[a_document(**amended)])

    assert "satisfied" == obligation(engine)
    with database.reading(engine) as session:
        assert ["opened", "settled"] == history(session)


@pytest.mark.parametrize("status", COUNTS_NOT)
def test_a_document_that_does_not_count_never_satisfies(engine: Engine, status: str) -> None:
    """
    It is named as what came nearest, and the referral stays unmatched.
    """
    a_night(engine, FIRST_NIGHT, referrals=[a_referral()], documents=[a_document(status=status)])
    assert "expected" == obligation(engine)
    for number in range(3):
        a_night(engine, AFTER_GRACE + number * DAY)
        assert "overdue" == obligation(engine)

    with database.reading(engine) as session:
        (listed,) = summary.open_flags(session, FORCE)
    assert ("R1", "unmatched") == (listed.referral_id, listed.kind)
    assert ["U1"] == [near["urn"] for near in listed.nearest]
    assert (False, status) == (listed.nearest[0]["live"], listed.nearest[0]["status"])


def test_a_document_dated_after_the_night_is_not_there_yet(engine: Engine) -> None:
    """
    A clock that runs fast in the intelligence system must not answer for the officer; when
    the time has come the document counts, and it was late.
    """
    ahead = a_document(submitted_at=AFTER_GRACE + 3 * HOUR)
    a_night(engine, AFTER_GRACE, referrals=[a_referral()], documents=[ahead])
    assert "overdue" == obligation(engine)
    a_night(engine, AFTER_GRACE + DAY)

    assert "satisfied_late" == obligation(engine)
    assert_as_if_at_once(engine, AFTER_GRACE + DAY)
