"""The mistakes of comparable systems that belong to services, by their numbers, not made here.

1 to 6 belong to the pairing engine: tests/unit/pairing/test_peers_bugs.py.
"""

from datetime import datetime
from typing import Any, get_args

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from adapters import database
from adapters.feeds import Problem, ReadRow
from domain.alarms import Kind
from domain.audit_trail import Action, Broken
from domain.errors import DecisionRefused
from domain.words import Feed, Verdict
from models import (
    AuditEventRow,
    DeliveryRow,
    DocumentVersionRow,
    FlagRow,
    PairingRow,
    QuarantinedRow,
)
from services import audit_trail, decisions, deliveries, stored_records, summary
from tests.builders import (
    AFTER_GRACE,
    DAY,
    FIRST_NIGHT,
    FORCE,
    HOUR,
    POLICIES,
    REFERRED,
    a_document,
    a_file,
    a_night,
    a_referral,
)
from tests.integration.lifecycle.looking import history, pairings, referral, the_flag


def decide(engine: Engine, verdict: Verdict, now: datetime, number: int = 1) -> int:
    """Alice's decision on R<number> and U<number>."""
    with database.session(engine) as session:
        made = decisions.decide(
            session,
            stored_records.ids(session, Feed.REFERRALS, FORCE, [f"R{number}"])[f"R{number}"],
            stored_records.ids(session, Feed.DOCUMENTS, FORCE, [f"U{number}"])[f"U{number}"],
            verdict,
            reason="seen both",
            reviewer="alice",
            now=now,
        )
        assert made is not None
        assert made.id is not None
        return made.id


def test_7_a_late_document_settles_the_flag_as_late_and_its_history_stays(engine: Engine) -> None:
    """Elsewhere the case is deleted with the chasing that was done, or stays open for ever."""
    a_night(engine, FIRST_NIGHT, referrals=[a_referral()])
    a_night(engine, AFTER_GRACE)
    late = a_document(submitted_at=AFTER_GRACE + HOUR)
    a_night(engine, AFTER_GRACE + DAY, documents=[late])

    with database.reading(engine) as session:
        flag = the_flag(session)
        assert (flag.state, flag.settled_as) == ("settled", "late")
        assert referral(session).obligation == "satisfied_late"
        assert history(session) == ["opened", "settled"]
        assert flag.clock_started_at == REFERRED


def test_8_an_undone_pairing_flags_again_on_the_original_clock_and_frees_the_document(
    engine: Engine,
) -> None:
    """Elsewhere the clock starts again, and the document stays used by the pair that is gone."""
    a_night(engine, FIRST_NIGHT, referrals=[a_referral(), a_referral(2)])
    a_night(engine, AFTER_GRACE)
    with database.reading(engine) as session:
        ends = the_flag(session).grace_ends_at
    a_night(engine, AFTER_GRACE + DAY, documents=[a_document(submitted_at=AFTER_GRACE + HOUR)])
    made = decide(engine, Verdict.REJECTED, AFTER_GRACE + DAY + HOUR)
    a_night(engine, AFTER_GRACE + 2 * DAY)

    with database.reading(engine) as session:
        flag = the_flag(session)
        assert (flag.state, flag.grace_ends_at) == ("open", ends)
        assert flag.clock_started_at == REFERRED
        assert history(session) == ["opened", "settled", "reopened"]
        assert pairings(session) == []
    with database.session(engine) as session:
        decisions.take_back(session, made, reviewer="bob", now=AFTER_GRACE + 2 * DAY + HOUR)
    a_night(engine, AFTER_GRACE + 3 * DAY)
    with database.reading(engine) as session:
        assert len(pairings(session)) == 1, "the document was not available again"


def test_9_a_referral_within_grace_is_in_no_count_and_no_list_of_exceptions(
    engine: Engine,
) -> None:
    """An officer is chased for nothing if one screen of several forgets the grace period."""
    night = a_night(engine, FIRST_NIGHT, referrals=[a_referral()])

    with database.reading(engine) as session:
        said = summary.of(session, FORCE)
        assert session.exec(select(func.count()).select_from(FlagRow)).one() == 0
    assert said.listed == []
    assert not said.needs_a_person
    exceptions = ("unmatched", "ambiguous", "incomplete", "held", "overdue", "flags_open", "late")
    for counts in (said.counts, night.counts):
        assert {name: counts[name] for name in exceptions} == dict.fromkeys(exceptions, 0)
    assert said.counts["within_grace"] == 1


def test_9_grace_ends_at_its_instant_and_not_a_second_before(engine: Engine) -> None:
    """72 hours are 72 hours: flagged at the end, not with it in sight."""
    grace_ends = REFERRED + 72 * HOUR
    a_night(engine, FIRST_NIGHT, referrals=[a_referral()])
    a_night(engine, grace_ends.replace(hour=9, minute=59, second=59))
    with database.reading(engine) as session:
        assert referral(session).obligation == "expected"
    a_night(engine, grace_ends)
    with database.reading(engine) as session:
        assert referral(session).obligation == "overdue"
        assert the_flag(session).state == "open"


def test_10_an_amended_row_in_a_file_sent_again_is_exactly_one_new_version(engine: Engine) -> None:
    """Elsewhere the second file is skipped, or every row of it becomes a version."""
    whole = [a_document(number) for number in range(1, 6)]
    amended = [a_document(1, handling_code="C"), *whole[1:]]
    first = a_night(engine, FIRST_NIGHT, documents=whole, ordinary=0)
    with database.reading(engine) as session:
        file, _ = a_file(Feed.DOCUMENTS, whole)
        assert deliveries.taken_before(session, FORCE, Feed.DOCUMENTS, file.sha256)
    again = a_night(engine, FIRST_NIGHT + DAY, documents=amended, ordinary=0)

    assert (first.received[0].new, again.received[0].amended) == (5, 1)
    assert (again.received[0].new, again.received[0].unchanged) == (0, 4)
    with database.reading(engine) as session:
        versions = session.exec(select(func.count()).select_from(DocumentVersionRow)).one()
    assert versions == 6


def test_11_sixty_bad_rows_in_a_thousand_leave_940_and_sixty_reasons(engine: Engine) -> None:
    """Elsewhere fifty reasons are kept, or nothing is loaded."""
    records = [a_document(number) for number in range(1, 1001)]
    file, rows = a_file(Feed.DOCUMENTS, records)
    reason = Problem(pointer="/submitted_at", reason="The time cannot be read.")
    spoilt = [
        ReadRow(row.number, None, (reason,)) if place % 16 == 0 and place < 960 else row
        for place, row in enumerate(rows)
    ]
    with database.session(engine) as session:
        taken = deliveries.receive(
            session,
            file,
            spoilt,
            policies=POLICIES,
            known_at=FIRST_NIGHT,
            now=FIRST_NIGHT,
            actor="system:test",
        )

    assert (taken.counts.new, taken.counts.quarantined) == (940, 60)
    with database.reading(engine) as session:
        kept = session.exec(select(QuarantinedRow)).all()
        assert len(kept) == 60
        assert {row.pointer for row in kept} == {"/submitted_at"}


def test_12_a_backlog_of_more_than_five_thousand_unmatched_still_runs(engine: Engine) -> None:
    """Elsewhere a limit on what is fetched stops the night once the backlog has passed it."""
    backlog = [a_referral(number, people=[]) for number in range(1, 5002)]
    a_night(engine, FIRST_NIGHT, referrals=backlog)
    night = a_night(engine, AFTER_GRACE)

    assert night.counts["unmatched"] == 5001
    assert night.judging.opened == 5001
    with database.reading(engine) as session:
        assert len(summary.open_flags(session, FORCE)) == 5001


def test_13_what_a_night_changes_is_in_the_audit_trail_as_the_runs_doing(engine: Engine) -> None:
    """Elsewhere a scheduled change has no actor, or none is recorded at all."""
    a_night(engine, FIRST_NIGHT, referrals=[a_referral()])
    a_night(engine, AFTER_GRACE, documents=[a_document(2)])

    with database.reading(engine) as session:
        events = session.exec(select(AuditEventRow).order_by(col(AuditEventRow.seq))).all()
    assert {Action.DELIVERY_TAKEN, Action.FLAG_OPENED} <= {event.action for event in events}
    assert {event.actor for event in events} <= {
        f"system:{as_of:%Y%m%d}" for as_of in (FIRST_NIGHT, AFTER_GRACE)
    }


def test_14_a_flipped_character_is_found_and_named(sqlite_engine: Engine) -> None:
    """Elsewhere a chain is written and nothing checks it; every byte: test_flipped_bytes.py."""
    a_night(sqlite_engine, FIRST_NIGHT, referrals=[a_referral()])
    with sqlite_engine.begin() as connection:
        triggers = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_event'"
        )
        for (name,) in triggers.fetchall():
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        connection.exec_driver_sql(
            "UPDATE audit_event SET actor = replace(actor, 'system', 'systen') WHERE seq = 2"
        )

    with database.reading(sqlite_engine) as session:
        answer = audit_trail.verify(session)
    assert isinstance(answer, Broken)
    assert answer.seq == 2


def test_15_every_kind_of_alarm_is_raised_by_a_night_and_stands_in_the_summary(
    engine: Engine,
) -> None:
    """Elsewhere a rule was written, tested by itself, and never called."""
    usual = [FIRST_NIGHT + day * DAY for day in range(8)]
    for as_of in usual:
        a_night(engine, as_of, ordinary=40)
    away = usual[-1] + 6 * DAY
    old = a_document(submitted_at=away - 3 * HOUR)
    a_night(engine, away, documents=[old], ordinary=0)
    older = a_document(2, submitted_at=away - 60 * DAY, event_date=None)
    a_night(engine, away + DAY, documents=[older], ordinary=0)

    with database.reading(engine) as session:
        raised = [alarm for row in session.exec(select(DeliveryRow)) for alarm in row.alarms]
        said = summary.of(session, FORCE)
    assert {alarm["kind"] for alarm in raised} == set(get_args(Kind))
    assert any("oldest record" in each for each in said.alarms)
    assert said.needs_a_person


def test_a_decision_is_remembered_and_reopens_with_notice_when_its_evidence_changes(
    engine: Engine,
) -> None:
    """Rejected stays rejected, until what was rejected says something else."""
    a_night(engine, FIRST_NIGHT, referrals=[a_referral()], documents=[a_document()])
    decide(engine, Verdict.REJECTED, FIRST_NIGHT + HOUR)
    for night in range(1, 4):
        a_night(engine, FIRST_NIGHT + night * DAY)
        with database.reading(engine) as session:
            assert pairings(session) == []
    a_night(engine, AFTER_GRACE + DAY, documents=[a_document(postcode="ZA1 4AP")])

    with database.reading(engine) as session:
        assert len(pairings(session)) == 1
        assert "noticed" in history(session)


def test_two_reviewers_who_disagree_are_told_so(engine: Engine) -> None:
    """The second to speak is refused while the first decision stands, and nothing is stored."""
    a_night(engine, FIRST_NIGHT, referrals=[a_referral()], documents=[a_document()])
    decide(engine, Verdict.CONFIRMED, FIRST_NIGHT + HOUR)

    with pytest.raises(DecisionRefused, match="confirmed already"):
        decide(engine, Verdict.REJECTED, FIRST_NIGHT + 2 * HOUR)
    a_night(engine, FIRST_NIGHT + DAY)
    with database.reading(engine) as session:
        rules = _rules(session)
    assert rules == ["confirmed_by_person"]


def _rules(session: Session) -> list[Any]:
    rows = session.exec(select(PairingRow).where(col(PairingRow.ended_at).is_(None)))
    return [row.rule for row in rows]
