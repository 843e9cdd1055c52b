"""Who was shown which records is in the audit trail before anything is shown."""

import json
import os
import pwd
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from adapters import database, settings
from models import AuditEventRow, ReferralRow
from tests.cli.calling import call, no_file_longer_than, stored

ME = f"user:{pwd.getpwuid(os.getuid()).pw_name}"


def events(home: Path, action: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Actor, subject and body of each event of a kind, first first."""
    engine = database.engine(settings.load(home).database)
    with database.reading(engine) as session:
        rows = session.exec(
            select(AuditEventRow)
            .where(col(AuditEventRow.action) == action)
            .order_by(col(AuditEventRow.seq))
        ).all()
        found = [(row.actor, row.subject, json.loads(row.body)) for row in rows]
    engine.dispose()
    return found


def numbers(home: Path, referral_ids: set[str]) -> list[int | None]:
    """Our own numbers of referrals."""
    engine = database.engine(settings.load(home).database)
    with database.reading(engine) as session:
        rows = session.exec(select(ReferralRow)).all()
        found = sorted(row.id or 0 for row in rows if row.referral_id in referral_ids)
    engine.dispose()
    return [*found]


def test_a_list_of_flags_that_was_shown_is_in_the_trail(judged_on_either: Path) -> None:
    """
    The login of the operating system, and our numbers of the referrals shown; no more.
    """
    shown = call("status", "--json", home=judged_on_either, USER="somebody", LOGNAME="else").json[0]
    lists = (shown["oldest"], shown["ambiguous"], shown["incomplete"])
    ids = {flag["referral_id"] for flags in lists for flag in flags}

    assert ids
    assert [
        (ME, "force/EX", {"list": "open flags", "referrals": numbers(judged_on_either, ids)})
    ] == events(judged_on_either, "list read")
    assert 0 == call("audit", "verify", home=judged_on_either).code


def test_a_list_of_refused_rows_that_was_shown_is_in_the_trail(judged_on_either: Path) -> None:
    """
    Which deliveries and how many reasons, as the list has them.
    """
    rows = call("quarantine", "list", "--json", home=judged_on_either).json
    deliveries = sorted({row["delivery"] for row in rows})

    assert rows
    assert [
        (ME, "force/EX", {"list": "quarantine", "deliveries": deliveries, "rows": len(rows)})
    ] == events(judged_on_either, "list read")


def test_an_export_is_a_disclosure(judged_on_either: Path, tmp_path: Path) -> None:
    """
    Who took it out, how many rows, of which force; the file replaces one of that name.
    """
    out = tmp_path / "x.csv"
    out.write_text("yesterday's", "utf-8")

    assert 0 == call("quarantine", "export", out, "--force", "EX", home=judged_on_either).code

    listed = call("quarantine", "list", "--json", home=judged_on_either).json
    body = {"format": "csv", "rows": len(listed), "force": "EX"}
    assert [(ME, "quarantine", body)] == events(judged_on_either, "report exported")
    lines = out.read_text("utf-8-sig").splitlines()
    assert "force,delivery,feed,file,row,pointer,reason" == lines[0]
    assert len(listed) == len(lines) - 1
    assert [] == [path.name for path in tmp_path.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize(
    "words",
    [
        ["status", "--as-of", "2026-02-03T02:30Z"],
        ["audit", "verify"],
        ["doctor"],
        ["run", "--no-prefect", "--as-of", "2026-01-21T02:30Z"],
    ],
    ids=" ".join,
)
def test_what_shows_counts_only_changes_nothing(words: list[str], judged: Path) -> None:
    """
    A count tells of nobody.
    """
    before = stored(judged)

    call(*words, home=judged)

    assert before == stored(judged)


def test_a_scheduled_status_is_silent_in_the_trail_while_there_is_nothing_to_list(
    home: Path,
) -> None:
    """
    Every five minutes for a year would else be a hundred thousand events.
    """
    before = stored(home)

    for _ in range(3):
        assert 0 == call("status", home=home).code
        assert 0 == call("quarantine", "list", home=home).code

    assert before == stored(home)


def test_status_changes_nothing_but_the_trail(judged: Path) -> None:
    """
    It may be asked at any time, before a night or in the middle of one.
    """
    before = stored(judged)

    said = [call("status", home=judged).out for _ in range(2)]

    after = stored(judged)
    assert said[0] == said[1]
    events_before, events_after = (set(each.pop("audit_event")) for each in (before, after))
    assert events_before < events_after
    assert 2 == len(events_after) - len(events_before)
    assert before == after


@pytest.mark.parametrize(
    "words",
    [["status"], ["status", "--json"], ["quarantine", "list"], ["quarantine", "export", "x.csv"]],
    ids=" ".join,
)
def test_what_cannot_be_logged_is_not_shown(
    words: list[str], judged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    On a full disk the command ends with 2, and not one row is on the screen or in a file.
    """
    monkeypatch.chdir(tmp_path)
    connection = sqlite3.connect(judged / "counterfoil.db")
    connection.execute("SELECT count(*) FROM referral").fetchone()
    with no_file_longer_than(2000):
        answer = call(*words, home=judged)
    connection.close()

    assert (2, "") == (answer.code, answer.out)
    assert "EX-R-" not in answer.err
    assert "The database could not be used (" in answer.err
    assert not (tmp_path / "x.csv").exists()
    assert [] == events(judged, "list read") + events(judged, "report exported")


def test_events_of_the_trail_cannot_be_taken_back(judged: Path) -> None:
    """
    Who looked cannot undo that they did.
    """
    call("status", home=judged)
    connection = sqlite3.connect(judged / "counterfoil.db")

    with pytest.raises(sqlite3.IntegrityError):
        connection.execute("DELETE FROM audit_event WHERE action = 'list read'")
    connection.close()
