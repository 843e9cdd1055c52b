"""Judgements of one referral, each with the words a reviewer reads."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.obligation import DocumentFacts, fields_present, satisfies
from domain.policy import Grace
from tests.unit.judging.builders import (
    DAY,
    FULL,
    GRACE_END,
    HOUR,
    REFERRED,
    a_document,
    a_policy,
    an_exemption,
    judged,
)

SECOND = timedelta(seconds=1)
NEXT_WEEK = REFERRED + 7 * DAY


def test_no_document_yet_is_expected_until_the_period_ends() -> None:
    """
    The officer still has time, and the night comes back when it is up.
    """
    judgement = judged(GRACE_END - SECOND)

    assert "expected" == judgement.obligation
    assert GRACE_END == judgement.recheck_at
    assert (
        "expected: no document that counts is paired, and the grace period ends at"
        " 15:00 GMT on 5 Mar 2026"
    ) == judgement.reason


def test_no_document_at_the_end_of_the_period_is_overdue_and_unmatched() -> None:
    """
    At the instant itself the time is up.
    """
    judgement = judged(GRACE_END)

    assert ("overdue", "unmatched") == (judgement.obligation, judgement.raised)
    assert judgement.recheck_at is None
    assert judgement.reason.startswith("unmatched: no document that counts is paired")


@pytest.mark.parametrize(
    ("submitted_at", "obligation", "late_by"),
    [
        pytest.param(REFERRED - DAY, "satisfied", None, id="before the referral"),
        pytest.param(GRACE_END, "satisfied", None, id="at the last instant"),
        pytest.param(GRACE_END + SECOND, "satisfied_late", SECOND, id="a second late"),
    ],
)
def test_timeliness_is_by_submission(
    submitted_at: datetime, obligation: str, late_by: timedelta | None
) -> None:
    """
    The last instant counts; the next second does not.
    """
    judgement = judged(NEXT_WEEK, [a_document(submitted_at=submitted_at)])

    assert (obligation, late_by) == (judgement.obligation, judgement.late_by)
    assert judgement.flag is None
    assert judgement.reason.startswith(f"{obligation}: document DOC-1 was submitted at")


def test_the_earliest_of_several_documents_decides() -> None:
    """
    A second, later document does not make an answer late.
    """
    late = a_document(urn="DOC-2", submitted_at=GRACE_END + DAY)

    assert "satisfied" == judged(NEXT_WEEK, [late, a_document()]).obligation


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"status": "draft"}, "document DOC-1 is a draft", id="draft"),
        pytest.param({"status": "Withdrawn"}, "document DOC-1 was withdrawn", id="withdrawn"),
        pytest.param({"status": "rejected"}, "document DOC-1 was rejected", id="rejected"),
        pytest.param({"status": "lost"}, "a status that does not count", id="unknown status"),
        pytest.param({"document_type": "tasking"}, "not of a type", id="other type"),
        pytest.param({"document_type": None}, "not of a type", id="no type"),
    ],
)
def test_a_document_that_does_not_count_leaves_the_referral_unmatched(
    changes: dict[str, Any], words: str
) -> None:
    """
    The reviewer reads why the paired document was not enough.
    """
    policy = a_policy(document_types=("3x5x2",))
    judgement = judged(NEXT_WEEK, [a_document(**changes)], policy=policy)

    assert ("paired", "overdue", "unmatched", None) == (
        judgement.pairing, judgement.obligation, judgement.flag, judgement.completeness,
    )  # fmt: skip
    assert words in judgement.reason


def test_a_missing_status_counts_as_submitted() -> None:
    """
    Systems that hold only submitted documents have no status column.
    """
    assert satisfies(a_document(status=None), a_policy())
    assert satisfies(a_document(status=" "), a_policy())


def test_an_incomplete_document_is_not_unmatched() -> None:
    """
    Pairing and completeness are separate axes.
    """
    lacking = a_document(present_fields=FULL - {"source_evaluation", "handling_code"})
    judgement = judged(NEXT_WEEK, [lacking])

    assert ("satisfied", "incomplete", "incomplete") == (
        judgement.obligation, judgement.completeness, judgement.raised,
    )  # fmt: skip
    assert ("source_evaluation", "handling_code") == judgement.missing
    assert (
        "incomplete: document DOC-1 lacks source evaluation and handling code" == judgement.reason
    )


def test_an_incomplete_document_inside_the_period_is_looked_at_when_it_ends() -> None:
    """
    The officer may still complete it.
    """
    judgement = judged(REFERRED + 2 * DAY, [a_document(present_fields=frozenset())])

    assert ("incomplete", None) == (judgement.completeness, judgement.flag)
    assert GRACE_END == judgement.recheck_at
    assert "; it lacks source evaluation, intelligence assessment and" in judgement.reason


def test_one_complete_document_is_enough() -> None:
    """
    A short first report followed by a full one is complete, and in time by the first.
    """
    short = a_document(present_fields=frozenset())
    full = a_document(urn="DOC-2", submitted_at=GRACE_END + DAY)
    judgement = judged(NEXT_WEEK, [short, full])

    assert ("satisfied", "complete", ()) == (
        judgement.obligation, judgement.completeness, judgement.missing,
    )  # fmt: skip


def test_rivals_are_ambiguous_once_the_period_has_ended() -> None:
    """
    Too close to choose is its own reason to ask a person.
    """
    assert "expected" == judged(GRACE_END - HOUR, pairing="ambiguous").obligation
    assert judged(GRACE_END - HOUR, pairing="ambiguous").flag is None

    judgement = judged(GRACE_END, pairing="ambiguous")

    assert ("overdue", "ambiguous") == (judgement.obligation, judgement.raised)
    assert judgement.reason.startswith("ambiguous: the records do not tell two")


def test_a_document_submitted_after_as_of_is_not_there_yet() -> None:
    """
    Replaying a night in the past judges by what was known then.
    """
    document = a_document(submitted_at=GRACE_END + 2 * HOUR)
    judgement = judged(GRACE_END + HOUR, [document])

    assert "overdue" == judgement.obligation
    assert GRACE_END + 2 * HOUR == judgement.recheck_at


def test_a_shared_document_is_said_to_be_shared() -> None:
    """
    One document may answer several referrals of the same incident.
    """
    judgement = judged(NEXT_WEEK, [a_document(role="cover")])

    assert "which also answers another referral" in judgement.reason


@pytest.mark.parametrize(
    ("trusted_until", "held"),
    [
        pytest.param(None, True, id="nothing can be trusted"),
        pytest.param(GRACE_END - SECOND, True, id="trusted to just before the end"),
        pytest.param(GRACE_END, False, id="trusted to the end"),
    ],
)
@pytest.mark.parametrize("documents", [[], [a_document(present_fields=frozenset())]])
def test_a_flag_is_held_unless_the_feed_covers_the_period(
    trusted_until: datetime | None, held: bool, documents: list[DocumentFacts]
) -> None:
    """
    The document, or its completion, may be in the delivery that did not come.
    """
    judgement = judged(NEXT_WEEK, documents, trusted_until=trusted_until)

    assert judgement.flag is not None
    assert held == judgement.held
    assert (NEXT_WEEK if held else None) == judgement.recheck_at


def test_a_held_flag_says_what_it_waits_for() -> None:
    """
    The reviewer sees that the feed is at fault and not the officer.
    """
    judgement = judged(NEXT_WEEK, trusted_until=REFERRED)

    assert (
        "held: the document feed is trusted only until 15:00 GMT on 2 Mar 2026, which does not"
        " cover the grace period to 15:00 GMT on 5 Mar 2026; would be flagged unmatched: no"
        " document that counts is paired, and the grace period ended at 15:00 GMT on 5 Mar 2026"
    ) == judgement.reason
    assert "no delivery of documents can be trusted" in judged(NEXT_WEEK, trusted_until=None).reason


def test_an_exemption_is_in_force_from_its_approval_until_it_expires() -> None:
    """
    Afterwards the referral is judged by its original clock, not a new one.
    """
    until = GRACE_END + DAY
    exemption = an_exemption(expires_at=until)
    before = judged(REFERRED + HOUR, exemption=exemption)
    during = judged(GRACE_END, exemption=exemption)
    after = judged(until, exemption=exemption)

    assert ("expected", REFERRED + DAY) == (before.obligation, before.recheck_at)
    assert ("exempt", None, until) == (during.obligation, during.flag, during.recheck_at)
    assert "exempt: restricted system, until 15:00 GMT on 6 Mar 2026" == during.reason
    assert ("overdue", "unmatched") == (after.obligation, after.raised)
    assert GRACE_END == after.grace_ends_at


def test_an_exemption_without_an_end_settles_the_referral() -> None:
    """
    Nothing brings it back but a person.
    """
    assert judged(NEXT_WEEK, exemption=an_exemption()).recheck_at is None


def test_an_event_type_outside_the_duty_is_exempt() -> None:
    """
    Each force says which of its event types fall under the duty; a blank one does.
    """
    policy = a_policy(event_types_under_duty=("Arrest",))

    assert "overdue" == judged(NEXT_WEEK, policy=policy, event_type="ARREST").obligation
    assert "overdue" == judged(NEXT_WEEK, policy=policy, event_type=" ").obligation
    assert (
        "exempt: event type not under the duty"
        == judged(NEXT_WEEK, policy=policy, event_type="status check").reason
    )


def test_midnight_is_written_as_the_end_of_its_day() -> None:
    """
    "00:00 on Friday" has made people a day late; "24:00 on Thursday" does not.
    """
    judgement = judged(REFERRED, policy=a_policy(grace=Grace(working_days=3)))

    assert "ends at 24:00 GMT on 5 Mar 2026" in judgement.reason


def test_fields_present_ignores_what_is_blank() -> None:
    """
    A column of spaces is not an assessment; a zero or a false is an answer.
    """
    record = {"a": None, "b": " ", "c": [], "d": "P", "e": ["x"], "f": 0, "g": False}

    assert frozenset("defg") == fields_present(record, "abcdefgh")


def test_a_time_without_a_zone_is_a_fault() -> None:
    """
    A naive instant is refused rather than compared with the server's clock.
    """
    with pytest.raises(TypeError):
        judged(datetime(2026, 3, 9), trusted_until=None)  # noqa: DTZ001 - the point
