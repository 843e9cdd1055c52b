"""The audit trail as stored: appended in turn, never changed, the same on both databases."""

import multiprocessing
import os
import threading
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from adapters import database
from domain.audit_trail import Checkpoint, Intact, NewEvent
from models.quarantined_row import QuarantinedRow
from services import audit_trail
from services.audit_trail import TABLE
from tests.integration.storage.rows import a_row
from tests.integration.storage.trails import NOON, an_event, fill

STRANGE = [
    an_event(1, subject="référral 1 ß 漢字 🧾", detail={"ü": "e\u0301", "é": "\x00\x1f"}),
    an_event(2, detail={"z": 1, "a": {"y": [1.5, 1e300, -0.0], "b": None}, "B": True}),
    an_event(3, at=NOON.replace(microsecond=1), detail={}),
    an_event(4, at=NOON - timedelta(days=400), detail={"ids": list(range(50))}),
]


def _append(session: Session, event: NewEvent) -> Checkpoint:
    return audit_trail.append(
        session,
        at=event.at,
        actor=event.actor,
        action=event.action,
        subject=event.subject,
        detail=event.detail,
    )


def _stored(engine: Engine) -> list[tuple[Any, ...]]:
    with database.reading(engine) as session:
        return [tuple(row) for row in session.connection().execute(select(TABLE))]


def test_a_long_trail_is_intact(engine: Engine) -> None:
    """
    Batches longer than one statement, single events and a mixture chain on in their order.
    """
    with database.session(engine) as session:
        assert audit_trail.head(session) is None
        assert Intact(0, None) == audit_trail.verify(session)
        assert audit_trail.append_many(session, []) is None
        first = _append(session, an_event(1))
        many = audit_trail.append_many(session, map(an_event, range(2, 2_502)))
        last = _append(session, an_event(2_502))

    assert many is not None
    assert first.seq + 2_500 == many.seq == last.seq - 1
    with database.reading(engine) as session:
        assert last == audit_trail.head(session)
        assert Intact(2_502, last) == audit_trail.verify(session)
        for checkpoint in (first, many, last):
            assert Intact(2_502, last) == audit_trail.verify(session, checkpoint)


def test_both_databases_store_the_same_bytes(
    sqlite_engine: Engine, postgresql_engine: Engine
) -> None:
    """
    A force that moves to PostgreSQL keeps its evidence; clocks and alphabets do not matter.
    """
    for each in (sqlite_engine, postgresql_engine):
        with database.session(each) as session:
            audit_trail.append_many(session, STRANGE)

    assert _stored(sqlite_engine) == _stored(postgresql_engine)
    with database.reading(postgresql_engine) as session:
        assert isinstance(audit_trail.verify(session), Intact)


def test_a_copied_trail_verifies_identically(
    sqlite_engine: Engine, postgresql_engine: Engine
) -> None:
    """
    The copy is row by row, through the triggers that guard the new database.
    """
    with database.session(sqlite_engine) as session:
        last = audit_trail.append_many(session, STRANGE)
    with database.reading(sqlite_engine) as old, database.session(postgresql_engine) as new:
        for row in old.connection().execute(select(TABLE)).mappings():
            new.connection().execute(insert(TABLE), [dict(row)])

    for each in (sqlite_engine, postgresql_engine):
        with database.reading(each) as session:
            assert Intact(4, last) == audit_trail.verify(session, last)


def test_a_clock_that_goes_backwards_is_recorded_as_it_was(engine: Engine) -> None:
    """
    The order of events is their number; a corrected clock stops no night.
    """
    with database.session(engine) as session:
        _append(session, an_event(1, at=NOON))
        _append(session, an_event(2, at=NOON - timedelta(hours=1)))

    stored = [row[1] for row in _stored(engine)]
    assert stored == ["2026-03-02T12:00:00.000000+00:00", "2026-03-02T11:00:00.000000+00:00"]
    with database.reading(engine) as session:
        assert isinstance(audit_trail.verify(session), Intact)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET actor = 'nobody' WHERE seq = 2",
        "UPDATE audit_event SET hash = hash",
        "DELETE FROM audit_event WHERE seq = 10",
        "DELETE FROM audit_event",
        "INSERT INTO audit_event SELECT 12, at, actor, action, subject, body, hash, prev"
        " FROM audit_event WHERE seq = 10",
        "INSERT INTO audit_event SELECT 11, at, actor, action, subject, body, prev, hash"
        " FROM audit_event WHERE seq = 10",
        "INSERT INTO audit_event SELECT 0, at, actor, action, subject, body, hash, prev"
        " FROM audit_event WHERE seq = 10",
        "INSERT INTO audit_event SELECT * FROM audit_event WHERE seq = 10",
        "INSERT INTO audit_event SELECT * FROM audit_event WHERE seq = 10"
        " ON CONFLICT (seq) DO UPDATE SET actor = 'nobody'",
    ],
)
def test_the_database_refuses_to_change_the_past(engine: Engine, statement: str) -> None:
    """
    A slip in a program or at a prompt is stopped; a determined administrator is detected.
    """
    fill(engine)
    before = _stored(engine)

    with pytest.raises(DBAPIError, match="append-only"), database.session(engine) as session:
        session.connection().execute(text(statement))

    assert before == _stored(engine)


@pytest.mark.parametrize("word", ["REPLACE", "IGNORE", "FAIL", "ROLLBACK"])
@pytest.mark.parametrize("seq", [2, 10])
def test_sqlite_cannot_replace_an_event(sqlite_engine: Engine, word: str, seq: int) -> None:
    """
    SQLite's INSERT OR REPLACE deletes the old row without firing a delete trigger.
    """
    fill(sqlite_engine)
    before = _stored(sqlite_engine)

    with (
        pytest.raises(DBAPIError, match="append-only"),
        database.session(sqlite_engine) as session,
    ):
        session.connection().execute(
            text(
                f"INSERT OR {word} INTO audit_event SELECT {seq}, at, 'nobody', action, subject,"
                " body, prev, hash FROM audit_event WHERE seq = :seq"
            ),
            {"seq": seq},
        )

    assert before == _stored(sqlite_engine)


@pytest.mark.parametrize("as_replica", [False, True], ids=["as usual", "as a replica"])
@pytest.mark.parametrize("statement", ["TRUNCATE audit_event", "DELETE FROM audit_event"])
def test_postgresql_has_no_way_round(
    postgresql_engine: Engine, statement: str, as_replica: bool
) -> None:
    """
    TRUNCATE fires no row trigger, and a session that plays a replica fires no ordinary one.
    """
    fill(postgresql_engine)

    with database.session(postgresql_engine) as session:
        connection = session.connection()
        if as_replica:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        with pytest.raises(DBAPIError, match="append-only"), connection.begin_nested():
            connection.execute(text(statement))

    assert len(_stored(postgresql_engine)) == 10


def test_two_writers_leave_neither_gap_nor_fork(engine: Engine) -> None:
    """
    Two reviewers and the night may act in the same second.
    """
    url = engine.url.render_as_string(hide_password=False)
    together = threading.Barrier(2)
    faults: list[BaseException] = []

    def write(actor: str) -> None:
        own = database.engine(url)
        together.wait()
        try:
            for number in range(25):
                with database.session(own) as session:
                    _append(session, an_event(number, actor=actor))
        except Exception as fault:  # noqa: BLE001 - whatever it is, the test shows it
            faults.append(fault)
        finally:
            own.dispose()

    threads = [threading.Thread(target=write, args=(actor,)) for actor in ("alice", "bob")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    with database.reading(engine) as session:
        verdict = audit_trail.verify(session)
    assert isinstance(verdict, Intact)
    assert verdict.count == 50
    assert Counter(alice=25, bob=25) == Counter(row[2] for row in _stored(engine))


def test_a_change_that_fails_leaves_no_event(engine: Engine) -> None:
    """
    The trail never says that something was done which was not.
    """
    with pytest.raises(DBAPIError):
        _append_and_fail(engine)

    assert _stored(engine) == []


def _append_and_fail(engine: Engine) -> None:
    with database.session(engine) as session:
        _append(session, an_event())
        session.add(QuarantinedRow(delivery_id=404, row=1, pointer="", reason="empty"))


@pytest.mark.parametrize("after_event", [False, True], ids=["before event", "after event"])
def test_a_crash_between_change_and_event_leaves_neither(engine: Engine, after_event: bool) -> None:
    """
    The process is ended without a word, as by a power cut, and what it held is let go.
    """
    url = engine.url.render_as_string(hide_password=False)
    process = multiprocessing.get_context("spawn").Process(target=_crash, args=(url, after_event))
    process.start()
    process.join()

    assert process.exitcode == 9
    fill(engine, 1)
    with database.reading(engine) as session:
        assert session.connection().execute(text("SELECT count(*) FROM run")).scalar_one() == 0
        verdict = audit_trail.verify(session)
    assert isinstance(verdict, Intact)
    assert verdict.count == 1


def _crash(url: str, after_event: bool) -> None:
    from models.run import RunRow

    with database.session(database.engine(url)) as session:
        session.add(RunRow(**a_row("run")))
        session.flush()
        if after_event:
            _append(session, an_event())
        os._exit(9)
