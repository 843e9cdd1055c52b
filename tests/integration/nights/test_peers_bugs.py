"""The mistakes of comparable systems that belong to services, by their numbers, not made here.

========  =====================================================================================
1 to 6    the engine's: tests/unit/pairing/test_peers_bugs.py; what services add to 1, 4 and 5
          (two at once, rivals, notice): test_decisions.py and test_two_at_once.py
7         test_7_a_late_document_settles_the_flag_as_late_and_its_history_stays
8         test_8_an_undone_confirmation_flags_again_and_frees_the_document,
          test_8_an_undone_pairing_flags_again_on_the_original_clock_and_frees_the_document
9         the two below, and every edge of the calendar: test_within_grace.py
10        test_10_an_amended_row_in_a_file_sent_again_is_exactly_one_new_version
11        test_11_sixty_bad_rows_in_a_thousand_leave_940_and_sixty_reasons
12        test_12_a_backlog_of_more_than_five_thousand_unmatched_still_runs
13        test_13_what_a_night_changes_is_in_the_audit_trail_as_the_runs_doing; that the run is
          Prefect's flow run: tests/orchestration/test_served_nights.py
14        test_14_a_flipped_character_is_found_and_named; every byte:
          tests/integration/storage/test_flipped_bytes.py; the exit code:
          tests/cli/test_exit_codes.py
15        test_15_every_kind_of_alarm_is_raised_by_a_night_and_stands_in_the_summary; what holds
          flags: test_feed_outages.py
16 to 18  of assurance samples, which no night draws
19        of the published benchmark, which no night runs
20        of returning a case under review, which no service does yet
========  =====================================================================================
"""

from pathlib import Path
from typing import get_args

from sqlalchemy import Engine
from sqlmodel import col, func, select

from adapters import database
from domain.alarms import Kind
from domain.audit_trail import Action, Broken
from domain.words import Feed
from models import (
    AuditEventRow,
    DeliveryRow,
    DocumentVersionRow,
    FlagRow,
    QuarantinedRow,
)
from services import audit_trail, deliveries, summary
from tests.builders import (
    AFTER_GRACE,
    DAY,
    FIRST_NIGHT,
    FORCE,
    HOUR,
    REFERRED,
    a_document,
    a_file,
    a_night,
    a_referral,
)
from tests.cli.calling import call
from tests.integration.lifecycle.looking import history, pairings, referral, the_flag
from tests.integration.nights.acting import confirm, reject, take_back
from tests.orchestration.installations import deliver, install


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
        assert (flag.clock_started_at, flag.opened_at) == (REFERRED, AFTER_GRACE)
        assert session.exec(select(func.count()).select_from(FlagRow)).one() == 1


def test_8_an_undone_pairing_flags_again_on_the_original_clock_and_frees_the_document(
    engine: Engine,
) -> None:
    """Elsewhere the clock starts again, and the document stays used by the pair that is gone."""
    a_night(engine, FIRST_NIGHT, referrals=[a_referral(), a_referral(2)])
    a_night(engine, AFTER_GRACE)
    with database.reading(engine) as session:
        ends = the_flag(session).grace_ends_at
    a_night(engine, AFTER_GRACE + DAY, documents=[a_document(submitted_at=AFTER_GRACE + HOUR)])
    made = reject(engine, "R1", "U1", now=AFTER_GRACE + DAY + HOUR)
    a_night(engine, AFTER_GRACE + 2 * DAY)

    with database.reading(engine) as session:
        flag = the_flag(session)
        assert (flag.state, flag.grace_ends_at) == ("open", ends)
        assert flag.clock_started_at == REFERRED
        assert history(session) == ["opened", "settled", "reopened"]
        assert pairings(session) == []
    take_back(engine, made, now=AFTER_GRACE + 2 * DAY + HOUR)
    a_night(engine, AFTER_GRACE + 3 * DAY)
    with database.reading(engine) as session:
        assert len(pairings(session)) == 1, "the document was not available again"


def test_8_an_undone_confirmation_flags_again_and_frees_the_document(engine: Engine) -> None:
    """Confirmed for the wrong referral: taken back, the document may answer the right one."""
    unlike = a_document(7, submitted_at=AFTER_GRACE + HOUR)
    a_night(engine, FIRST_NIGHT, referrals=[a_referral(), a_referral(2)])
    a_night(engine, AFTER_GRACE, documents=[unlike])
    wrong = confirm(engine, "R1", "U7", now=AFTER_GRACE + HOUR)
    a_night(engine, AFTER_GRACE + DAY)
    with database.reading(engine) as session:
        assert (the_flag(session).state, the_flag(session, "R2").state) == ("settled", "open")

    take_back(engine, wrong, now=AFTER_GRACE + DAY + HOUR)
    confirm(engine, "R2", "U7", now=AFTER_GRACE + DAY + 2 * HOUR)
    a_night(engine, AFTER_GRACE + 2 * DAY)

    with database.reading(engine) as session:
        flag = the_flag(session)
        assert (flag.state, flag.clock_started_at) == ("open", REFERRED)
        assert flag.grace_ends_at == REFERRED + 72 * HOUR
        assert history(session) == ["opened", "settled", "reopened"]
        assert the_flag(session, "R2").settled_as == "late"
        assert referral(session, "R2").obligation == "satisfied_late"


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


def test_11_sixty_bad_rows_in_a_thousand_leave_940_and_sixty_reasons(
    engine: Engine, tmp_path: Path
) -> None:
    """Elsewhere fifty reasons are kept, or nothing is loaded."""
    home = install(
        tmp_path / "home", FORCE, database_url=engine.url.render_as_string(hide_password=False)
    )
    rows = [a_row(number) for number in range(1000)]
    bad = {16 * number: "31/02/2026 10:00" for number in range(60)}
    deliver(
        home,
        "d.csv",
        [{**row, "submitted_at": bad.get(n, row["submitted_at"])} for n, row in enumerate(rows)],
        FORCE,
    )

    assert call("receive", home=home).code == 1
    listed = call("quarantine", "list", "--json", home=home).json

    assert [(each["row"], each["pointer"]) for each in listed] == [
        (number + 2, "/submitted_at") for number in bad
    ]
    with database.reading(engine) as session:
        assert session.exec(select(func.count()).select_from(DocumentVersionRow)).one() == 940
        assert summary.counts(session, FORCE)["quarantined"] == 60
        assert len(session.exec(select(QuarantinedRow)).all()) == 60


def a_row(number: int) -> dict[str, str]:
    """A row of a document export, as text."""
    return {
        "force": FORCE,
        "urn": f"U{number}",
        "submitted_at": "02/03/2026 15:00",
        "author_officer_id": f"PC{number % 50}",
        "incident_number": str(number),
    }


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
    assert {alarm["kind"] for alarm in raised} == set(get_args(Kind)) - {"silence"}
    assert "referrals: No record has ever been delivered." in said.alarms
    assert any("oldest record" in each for each in said.alarms)
    assert said.needs_a_person
