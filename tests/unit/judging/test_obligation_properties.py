"""What is true of every judgement, whatever the referral."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from adapters.holidays import calendar_for
from domain.grace import grace_ends_at
from domain.obligation import (
    DocumentFacts,
    ExemptionFacts,
    Judgement,
    ReferralFacts,
    judge,
    satisfies,
)
from domain.policy import Grace
from tests.unit.judging.builders import DAY, FULL, HOUR, REFERRED, a_policy

Case = dict[str, Any]
POLICIES = [
    a_policy(document_types=("3x5x2",)),
    a_policy(document_types=("3x5x2",), grace=Grace(working_days=2)),
    a_policy(required_fields=(), event_types_under_duty=("arrest",)),
]
# Whole hours close to the referral, so that instants coincide and edges are hit.
instants = st.integers(-30, 24 * 8).map(lambda hours: REFERRED + hours * HOUR)
documents = st.builds(
    DocumentFacts,
    urn=st.sampled_from(["DOC-1", "DOC-2", "DOC-3"]),
    submitted_at=instants,
    status=st.sampled_from([None, "submitted", "Accepted", "draft", "rejected", "withdrawn"]),
    document_type=st.sampled_from([None, "3x5x2", "other"]),
    present_fields=st.frozensets(st.sampled_from(sorted(FULL))),
    role=st.sampled_from(["primary", "cover", "second"]),
)
exemptions = st.builds(
    ExemptionFacts,
    approved_at=instants,
    expires_at=st.none() | instants,
    reason=st.just("restricted system"),
)
cases = st.fixed_dictionaries(
    {
        "referral": st.builds(
            ReferralFacts, st.just(REFERRED), st.sampled_from([None, "arrest", "roadside"])
        ),
        "pairing": st.sampled_from(["paired", "ambiguous", "unpaired"]),
        "documents": st.lists(documents, max_size=3),
        "policy": st.sampled_from(POLICIES),
        "exemption": st.none() | exemptions,
        "trusted_until": st.none() | instants,
    }
)


def judge_case(case: Case, as_of: datetime, **changes: Any) -> Judgement:
    case = {**case, **changes}
    return judge(**case, calendar=calendar_for(case["policy"]), as_of=as_of)


def grace_end(case: Case) -> datetime:
    policy, referral = case["policy"], case["referral"]
    return grace_ends_at(referral.referred_at, referral.event_type, policy, calendar_for(policy))


@given(case=cases, as_of=instants)
def test_nothing_is_flagged_inside_its_grace_period(case: Case, as_of: datetime) -> None:
    """
    "Not yet due" appears in no exception count, list, export or alarm.
    """
    judgement = judge_case(case, as_of)

    assert as_of >= judgement.grace_ends_at or not (judgement.flag or judgement.held)
    assert grace_end(case) == judgement.grace_ends_at


@given(case=cases, as_of=instants, later=st.integers(0, 200))
def test_an_overdue_referral_is_never_expected_again(
    case: Case, as_of: datetime, later: int
) -> None:
    """
    With nothing else changed, time does not give an officer a second grace period.
    """
    before, after = judge_case(case, as_of), judge_case(case, as_of + later * HOUR)

    assert "overdue" != before.obligation or "expected" != after.obligation


@given(case=cases, as_of=instants, later=st.integers(0, 200))
def test_an_answer_in_time_stays_in_time(case: Case, as_of: datetime, later: int) -> None:
    """
    Documents that follow cannot make the first one late.
    """
    case = {**case, "exemption": None}
    before, after = judge_case(case, as_of), judge_case(case, as_of + later * HOUR)

    assert "satisfied" != before.obligation or "satisfied" == after.obligation


@given(case=cases, as_of=instants, seen=st.integers(0, 200), trusted=st.none() | instants)
def test_when_the_feed_delivered_never_changes_whether_it_was_in_time(
    case: Case, as_of: datetime, seen: int, trusted: datetime | None
) -> None:
    """
    Nobody is late because a feed was late: judged at any night after the documents were
    submitted, on whatever trust, an answered referral has the same timeliness.
    """
    case = {**case, "exemption": None}
    settled = max([as_of, *(document.submitted_at for document in case["documents"])])
    first = judge_case(case, settled)
    later = judge_case(case, settled + seen * HOUR, trusted_until=trusted)

    if first.obligation in {"satisfied", "satisfied_late"}:
        assert first.obligation == later.obligation
        assert first.late_by == later.late_by


@given(case=cases, as_of=instants, trusted=st.none() | instants)
def test_trust_changes_only_what_is_held_and_said(
    case: Case, as_of: datetime, trusted: datetime | None
) -> None:
    """
    A feed that cannot be trusted hides no fact; it only keeps flags from opening.
    """
    one, other = judge_case(case, as_of), judge_case(case, as_of, trusted_until=trusted)
    same: dict[str, Any] = {"held": False, "reason": "", "recheck_at": None}

    assert replace(one, **same) == replace(other, **same)


@given(case=cases, as_of=instants)
def test_a_held_flag_is_not_raised_and_a_raised_one_is_covered(case: Case, as_of: datetime) -> None:
    """
    A flag rests only on a feed that reaches to the end of the grace period.
    """
    judgement = judge_case(case, as_of)
    trusted = case["trusted_until"]
    covered = trusted is not None and trusted >= judgement.grace_ends_at

    assert judgement.held == (judgement.flag is not None and not covered)
    assert (judgement.flag if covered else None) == judgement.raised
    assert judgement.held == judgement.reason.startswith("held: ")


@given(case=cases, as_of=instants, data=st.data())
def test_a_judgement_holds_until_its_recheck_and_changes_at_it(
    case: Case, as_of: datetime, data: st.DataObject
) -> None:
    """
    A night need only look at what is due to be looked at.
    """
    judgement = judge_case(case, as_of)
    due = judgement.recheck_at
    if judgement.held:
        assert as_of == due
        return
    until = due or as_of + 400 * DAY
    last = until - as_of - timedelta(microseconds=1)
    between = judge_case(case, as_of + data.draw(st.timedeltas(timedelta(0), last) | st.just(last)))

    assert replace(judgement, recheck_at=None) == replace(between, recheck_at=None)
    if due:
        at_due = judge_case(case, due)
        assert due > as_of
        assert replace(judgement, recheck_at=None) != replace(at_due, recheck_at=None)


@given(case=cases, as_of=instants, data=st.data())
def test_the_order_of_documents_does_not_matter(
    case: Case, as_of: datetime, data: st.DataObject
) -> None:
    """
    A database may return rows in any order.
    """
    distinct = list({document.urn: document for document in case["documents"]}.values())
    shuffled = data.draw(st.permutations(distinct))

    assert judge_case(case, as_of, documents=distinct) == judge_case(
        case, as_of, documents=shuffled
    )


@given(case=cases, as_of=instants)
def test_only_a_document_that_counts_answers(case: Case, as_of: datetime) -> None:
    """
    A draft, a rejected, a withdrawn or an unaccepted document is as good as none.
    """
    case = {**case, "exemption": None}
    counting = [each for each in case["documents"] if satisfies(each, case["policy"])]
    judgement = judge_case(case, as_of)
    alone = judge_case(case, as_of, documents=counting)

    assert replace(judgement, reason="", recheck_at=None) == replace(
        alone, reason="", recheck_at=None
    )


@given(case=cases, as_of=instants)
def test_completeness_and_missing_fields_agree(case: Case, as_of: datetime) -> None:
    """
    The axes never contradict each other on a page.
    """
    judgement = judge_case(case, as_of)

    assert ("incomplete" == judgement.completeness) == bool(judgement.missing)
    assert set(judgement.missing) <= set(case["policy"].required_fields)
    assert "incomplete" != judgement.flag or judgement.missing
    assert (judgement.late_by is not None) == ("satisfied_late" == judgement.obligation)
    assert judgement.late_by is None or judgement.late_by > timedelta(0)


@given(case=cases, as_of=instants)
def test_the_exempt_are_never_flagged(case: Case, as_of: datetime) -> None:
    """
    What was approved by a person is not put to a person again.
    """
    judgement = judge_case(case, as_of)

    assert "exempt" != judgement.obligation or judgement.flag is None
