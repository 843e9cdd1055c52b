"""Each CHECK of each table, broken on purpose: a tie that nothing tests may not be tied."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import CheckConstraint, Engine, Enum, insert
from sqlalchemy.exc import IntegrityError

from models import METADATA
from tests.integration.storage.rows import a_row, insert_rows
from tests.integration.storage.trails import NOON, as_intruder

BEFORE, AFTER = NOON - timedelta(days=1), NOON + timedelta(days=1)
ENDED = {"ended_at": AFTER, "ended_by": "alice"}
EXPORTED = {"frozen_at": NOON, "exported_at": NOON}
SEEDED = {**EXPORTED, "seed": "{}", "seeded_at": AFTER}

BROKEN: list[tuple[str, str, dict[str, Any]]] = [
    ("audit_event", "seq_counts_from_one", {"seq": 0}),
    ("audit_event", "at_is_a_whole_instant", {"at": "2026-03-02"}),
    ("audit_event", "actor_is_named", {"actor": ""}),
    ("audit_event", "action_is_named", {"action": ""}),
    ("audit_event", "subject_is_named", {"subject": ""}),
    ("audit_event", "hashes_are_whole", {"prev": "0"}),
    ("audit_event", "hashes_are_whole", {"hash": "0"}),
    ("contradiction", "closed_at_and_by", {"closed_at": AFTER}),
    ("contradiction", "closed_at_and_by", {"closed_by": "alice"}),
    ("contradiction", "closed_after_raised", {"closed_at": BEFORE, "closed_by": "alice"}),
    ("decision", "ended_at_and_by_together", {"ended_at": AFTER}),
    ("decision", "ended_at_and_by_together", {"ended_by": "alice"}),
    ("delivery", "every_row_is_accounted_for", {"rows_read": 5}),
    ("delivery", "oldest_and_newest_together", {"oldest_record_at": NOON}),
    ("delivery", "oldest_and_newest_together", {"newest_record_at": NOON}),
    ("document_version", "superseded_after_known", {"superseded_at": BEFORE}),
    ("exemption", "approved_at_and_by_together", {"approved_at": NOON}),
    ("exemption", "approved_at_and_by_together", {"approved_by": "bob"}),
    (
        "exemption",
        "approved_by_a_second_person",
        {"approved_at": NOON, "approved_by": "alice", "requested_by": "alice"},
    ),
    ("exemption", "expires_after_requested", {"expires_at": NOON}),
    ("exemption", "ended_at_and_by_together", {"ended_at": AFTER}),
    ("exemption", "ended_at_and_by_together", {"ended_by": "alice"}),
    ("flag", "settled_at_and_as_together", {"settled_at": AFTER, "settled_as": "late"}),
    ("flag", "settled_at_and_as_together", {"state": "settled"}),
    ("flag", "settled_at_and_as_together", {"state": "settled", "settled_at": AFTER}),
    ("flag", "settled_at_and_as_together", {"settled_as": "late"}),
    ("flag", "opened_after_grace_ended", {"grace_ends_at": AFTER}),
    ("pairing", "ended_at_by_and_why_together", ENDED),
    ("pairing", "ended_at_by_and_why_together", {"ended_why": "r"}),
    ("pairing", "ended_after_made", {**ENDED, "ended_why": "r", "ended_at": BEFORE}),
    ("referral", "obligation_policy_and_grace_together", {"obligation": "expected"}),
    ("referral", "obligation_policy_and_grace_together", {"policy_hash": "p"}),
    ("referral", "obligation_policy_and_grace_together", {"grace_ends_at": AFTER}),
    ("referral", "completeness_is_of_a_document", {"completeness": "complete"}),
    (
        "referral",
        "completeness_is_of_a_document",
        {
            "completeness": "complete",
            "obligation": "overdue",
            "policy_hash": "p",
            "grace_ends_at": AFTER,
        },
    ),
    ("referral_version", "superseded_after_known", {"superseded_at": BEFORE}),
    ("run", "finished_has_a_time", {"state": "finished"}),
    ("run", "finished_has_a_time", {"finished_at": AFTER}),
    ("sample", "code_is_given", {"code": ""}),
    ("sample_frame", "supplement_counts_from_nought", {"supplement": -1}),
    ("sample_frame", "hashes_and_key_are_whole", {"plan_sha256": "a"}),
    ("sample_frame", "hashes_and_key_are_whole", {"header_sha256": "a"}),
    ("sample_frame", "hashes_and_key_are_whole", {"frame_key": "a"}),
    ("sample_frame", "exported_after_frozen", {"exported_at": NOON}),
    ("sample_frame", "exported_after_frozen", {"exported_at": BEFORE, "frozen_at": NOON}),
    ("sample_frame", "receipt_of_what_was_exported", {"receipt": "{}"}),
    ("sample_frame", "seed_and_seeded_at_together", {"seed": "{}"}),
    ("sample_frame", "seeded_after_exported", {"seed": "{}", "seeded_at": NOON}),
    ("sample_frame", "seeded_after_exported", {**EXPORTED, "seed": "{}", "seeded_at": NOON}),
    ("sample_frame", "drawn_after_seeded", {"drawn_at": NOON}),
    ("sample_frame", "drawn_after_seeded", {**SEEDED, "drawn_at": NOON}),
    ("sample_frame", "superseded_before_seeded", {**SEEDED, "superseded_at": AFTER}),
    ("sample_item", "draw_id_is_whole", {"draw_id": "d"}),
    ("sample_evaluation", "hash_is_whole", {"document_sha256": "a"}),
    ("sample_finding", "versions_count_from_one", {"version": 0}),
    ("sample_finding", "reason_for_what_is_not_compliant", {"answer": "deviation"}),
    ("sample_finding", "given_by_somebody", {"given_by": ""}),
    ("sample_replacement", "replaced_by_another", {"draw_id_in": "d" * 32}),
    ("sample_replacement", "reason_is_given", {"reason": ""}),
    ("sample_ticket", "place_and_look_count_from_one", {"place": 0}),
    ("sample_ticket", "place_and_look_count_from_one", {"look": 0}),
    ("sample_ticket", "a_reserve_is_not_drawn", {"use": "reserve"}),
]

BESIDE: dict[tuple[str, str], dict[str, Any]] = {
    ("sample_finding", "answer"): {"reason": "r"},
    ("referral", "obligation"): {"policy_hash": "p", "grace_ends_at": AFTER},
    ("referral", "completeness"): {
        "obligation": "satisfied",
        "policy_hash": "p",
        "grace_ends_at": AFTER,
    },
    ("flag", "settled_as"): {"state": "settled", "settled_at": AFTER},
}
"""What a word needs beside it, where another CHECK would speak up first."""

WORDS = [
    (table.name, column.name)
    for table in METADATA.sorted_tables
    for column in table.columns
    if isinstance(column.type, Enum)
]


def _insert(engine: Engine, table: str, row: dict[str, Any]) -> None:
    """Insert `row` with what it refers to and with no trigger in its way; nothing stays."""
    with as_intruder(engine) as session:
        insert_rows(session.connection(), up_to=table)
        session.connection().execute(insert(METADATA.tables[table]), [row])


def test_the_rows_that_the_tests_spoil_are_valid(engine: Engine) -> None:
    """
    Otherwise a row could be refused for a reason that no test is about.
    """
    with as_intruder(engine) as session:
        insert_rows(session.connection())


@pytest.mark.parametrize(
    ("table", "check", "changes"),
    [pytest.param(*case, id="-".join([*case[:2], *case[2]])) for case in BROKEN],
)
def test_what_belongs_together_cannot_be_stored_apart(
    engine: Engine, table: str, check: str, changes: dict[str, Any]
) -> None:
    """
    A fault in the program becomes a failed run, not a record that nobody can explain.
    """
    with pytest.raises(IntegrityError, match=rf"\bck_{table}_{check}\b"):
        _insert(engine, table, a_row(table, **changes))


@pytest.mark.parametrize(("table", "column"), WORDS)
def test_only_known_words_can_be_stored(engine: Engine, table: str, column: str) -> None:
    """
    A report that counts by these words counts everything.
    """
    spoilt = BESIDE.get((table, column), {}) | {column: "no such word"}

    with pytest.raises(IntegrityError, match=rf"\bck_{table}_{column}_is_known\b"):
        _insert(engine, table, a_row(table, **spoilt))


def test_a_refused_row_is_not_quoted_in_the_error(engine: Engine) -> None:
    """
    Errors go to logs, and PostgreSQL's own words would carry the whole row there.
    """
    with pytest.raises(IntegrityError) as refused:
        _insert(
            engine,
            "referral_version",
            a_row("referral_version", postcode="ZZ9 9ZZ", superseded_at=BEFORE),
        )

    assert "superseded_after_known" in str(refused.value)
    assert "ZZ9 9ZZ" not in str(refused.value)
    assert "ZZ9 9ZZ" not in str(refused.value.orig)


def test_every_check_is_broken_by_a_test() -> None:
    """
    A new CHECK without its broken row is seen here.
    """
    named = {
        str(check.name)
        for table in METADATA.sorted_tables
        for check in table.constraints
        if isinstance(check, CheckConstraint)
    }
    broken = {f"ck_{table}_{check}" for table, check, _ in BROKEN}
    broken |= {f"ck_{table}_{column}_is_known" for table, column in WORDS}

    assert named == broken
