"""One valid row of each table, for tests to insert as it is or to spoil in one place."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, insert

from domain.audit_trail import GENESIS
from models import METADATA
from tests.integration.storage.trails import NOON

LATER = NOON + timedelta(days=1)

_RECORD = {
    "id": 1,
    "version": 1,
    "delivery_id": 1,
    "known_at": NOON,
    "content_hash": "c",
    "fingerprint": "f",
    "force": "13",
    "officer": "4321",
    "vehicle_registrations": [],
    "vehicles": [],
    "people": [],
}

_ROWS: dict[str, dict[str, Any]] = {
    "audit_event": {
        "seq": 1,
        "at": "2026-03-02T12:00:00.000000+00:00",
        "actor": "overnight",
        "action": "flag opened",
        "subject": "referral 1",
        "body": "{}",
        "prev": GENESIS,
        "hash": "a" * 64,
    },
    "blocking_key": {"feed": "referrals", "record": 1, "key": 1, "force": "13", "at": 0},
    "candidate": {"referral": 1, "document": 1, "weight": 9.5},
    "decision": {
        "id": 1,
        "force": "13",
        "referral": 1,
        "document": 1,
        "verdict": "confirmed",
        "reason": "r",
        "decided_by": "alice",
        "decided_at": NOON,
        "evidence_hash": "e",
    },
    "delivery": {
        "id": 1,
        "force": "13",
        "feed": "referrals",
        "sha256": "s",
        "file_name": "referrals.csv",
        "size": 1,
        "map_hash": "m",
        "known_at": NOON,
        "received_at": NOON,
        "rows_read": 4,
        "rows_new": 1,
        "rows_amended": 1,
        "rows_unchanged": 1,
        "rows_quarantined": 1,
        "future_rows": 0,
        "alarms": [],
    },
    "document": {
        "id": 1,
        "force": "13",
        "urn": "U1",
        "version": 1,
        "submitted_at": NOON,
        "weighed": False,
    },
    "document_version": {
        **_RECORD,
        "document_key": 1,
        "urn": "U1",
        "submitted_at": NOON,
        "author_officer_id": "PC4321",
        "nccu_references": [],
        "references": [],
    },
    "exemption": {
        "id": 1,
        "force": "13",
        "referral": 1,
        "reason_code": "restricted",
        "reason": "r",
        "requested_by": "alice",
        "requested_at": NOON,
        "expires_at": LATER,
        "evidence_hash": "e",
    },
    "flag": {
        "id": 1,
        "force": "13",
        "referral": 1,
        "kind": "unmatched",
        "state": "open",
        "clock_started_at": NOON,
        "grace_ends_at": NOON,
        "opened_at": NOON,
    },
    "flag_event": {
        "id": 1,
        "flag": 1,
        "at": NOON,
        "actor": "overnight",
        "change": "opened",
        "kind": "unmatched",
        "reason": "r",
    },
    "pairing": {
        "id": 1,
        "force": "13",
        "referral": 1,
        "document": 1,
        "role": "primary",
        "band": "auto",
        "rule": "reference",
        "weight": 9.5,
        "weights_version": "1",
        "evidence": [],
        "evidence_hash": "e",
        "made_at": NOON,
        "made_by": "overnight",
    },
    "quarantined_row": {"id": 1, "delivery_id": 1, "row": 1, "pointer": "", "reason": "empty"},
    "referral": {
        "id": 1,
        "force": "13",
        "referral_id": "R1",
        "version": 1,
        "referred_at": NOON,
        "weighed": False,
        "settled": False,
        "judged": False,
        "nearest": [],
        "missing": [],
        "held": False,
        "reason": "",
    },
    "referral_version": {
        **_RECORD,
        "referral_key": 1,
        "referral_id": "R1",
        "referred_at": NOON,
        "officer_id": "PC4321",
    },
    "run": {
        "id": 1,
        "force": "13",
        "night": NOON.date(),
        "as_of": NOON,
        "attempts": 1,
        "state": "started",
        "actor": "overnight",
        "started_at": NOON,
        "policy_hash": "p",
        "weights_version": "1",
        "feed_sentence": "",
        "counts": {},
    },
    "sample": {
        "id": 1,
        "force": "13",
        "code": "2026-Q1",
        "subject": "referrals",
        "choices": "{}",
        "planned_by": "alice",
        "planned_at": NOON,
    },
    "sample_frame": {
        "id": 1,
        "sample": 1,
        "supplement": 0,
        "plan": "{}",
        "plan_sha256": "a" * 64,
        "header": "{}",
        "header_sha256": "b" * 64,
        "frame_key": "c" * 64,
        "frozen_by": "alice",
    },
    "sample_item": {
        "frame": 1,
        "draw_id": "d" * 32,
        "record": 1,
        "referral": 1,
        "version": 1,
        "stratum": "auto-paired",
        "district": "North",
        "state": "auto-paired",
        "month": "2026-03",
    },
    "sample_ticket": {
        "frame": 1,
        "draw_id": "d" * 32,
        "draws_from": "",
        "place": 1,
        "number": "0.5",
        "use": "sample",
        "look": 1,
        "drawn_at": NOON,
    },
    "sample_finding": {
        "frame": 1,
        "draw_id": "d" * 32,
        "attribute": "document",
        "judge": "first",
        "version": 1,
        "answer": "compliant",
        "reason": "",
        "given_by": "alice",
        "given_at": NOON,
    },
    "sample_replacement": {
        "id": 1,
        "sample": 1,
        "frame_out": 1,
        "draw_id_out": "d" * 32,
        "frame_in": 1,
        "draw_id_in": "e" * 32,
        "reason": "r",
        "made_by": "alice",
        "made_at": NOON,
    },
    "sample_evaluation": {
        "id": 1,
        "sample": 1,
        "document": "{}",
        "document_sha256": "a" * 64,
        "evaluated_by": "alice",
        "evaluated_at": NOON,
    },
    "contradiction": {
        "id": 1,
        "force": "13",
        "referral": 1,
        "document": 1,
        "kind": "not_made",
        "weights_version": "w",
        "raised_at": NOON,
        "raised_by": "system:run",
    },
    "tally": {"id": 1, "force": "13", "what": "documents", "number": 1},
}

_SECOND: dict[str, dict[str, Any]] = {"sample_item": {"draw_id": "e" * 32}}
"""A second row of a table, where another table refers to two."""


def a_row(table: str, **changes: Any) -> dict[str, Any]:
    """The valid row of `table`, changed where the test says so."""
    return {**_ROWS[table], **changes}


def insert_rows(connection: Connection, up_to: str | None = None) -> None:
    """Insert the valid row of each table before `up_to`, or of all, in the order of references."""
    for table in METADATA.sorted_tables:
        if table.name == up_to:
            return
        connection.execute(insert(table), [a_row(table.name)])
        if second := _SECOND.get(table.name):
            connection.execute(insert(table), [a_row(table.name, **second)])
