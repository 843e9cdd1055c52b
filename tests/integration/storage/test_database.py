"""The database opens, upgrades, takes turns and undoes the same way on both."""

import sqlite3
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlmodel import Session, select

from adapters import database
from domain.errors import SettingsRefused
from models.quarantined_row import QuarantinedRow
from models.run import RunRow
from tests.integration.storage.rows import a_row
from tests.integration.storage.trails import NOON


def _add_run(session: Session, **changes: object) -> RunRow:
    row = RunRow(**a_row("run", **changes))
    session.add(row)
    session.flush()
    return row


@pytest.mark.parametrize(
    ("url", "because"),
    [
        pytest.param("not a url", "is not a database URL", id="not a URL"),
        pytest.param("mysql://bob:hunter2@host/name", "mysql", id="another database"),
        pytest.param("postgresql+asyncpg://bob:hunter2@host/name", "asyncpg", id="another driver"),
        pytest.param("postgresql://bob:hunter2@host", "names no database", id="no name"),
        pytest.param("postgresql://bob:hunter2@host:port/name", "is not a database", id="no port"),
        pytest.param("sqlite://", "names no file", id="nothing"),
        pytest.param("sqlite:///:memory:", "names no file", id="in memory"),
        pytest.param("sqlite:////nowhere/at/all.db", "does not exist", id="no folder"),
        pytest.param("sqlite:////", "cannot be written", id="a folder"),
    ],
)
def test_an_unusable_url_is_refused_without_showing_the_password(url: str, because: str) -> None:
    """
    Force ICT reads this on a screen that others see.
    """
    with pytest.raises(SettingsRefused, match=because) as refused:
        database.engine(url)

    assert "hunter2" not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_to_write_a_postgresql_url_is_the_same_database(scheme: str) -> None:
    """
    A URL copied from a hosting service or a libpq manual works; its password is not shown.
    """
    made = database.engine(f"{scheme}://bob:hunter2@host/name?sslmode=require")

    assert database.shown(made) == "postgresql+psycopg://bob:***@host/name?sslmode=require"


def test_sqlite_is_set_up_to_keep_what_it_confirmed(tmp_path: Path) -> None:
    """
    Readers during the night's run, references that hold, and nothing lost with the power.
    """
    made = database.engine(f"sqlite:///{tmp_path / 'kept.db'}")
    with database.session(made) as session:
        pragmas = {
            name: session.connection().exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
        }
    made.dispose()

    assert pragmas == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "synchronous": 2,
        "busy_timeout": database.SECONDS_TO_WAIT * 1000,
    }


def _add_run_and_fail(engine: Engine) -> None:
    with database.session(engine) as session:
        _add_run(session, id=1)
        _ = 1 / 0


def test_a_session_keeps_everything_or_nothing(engine: Engine) -> None:
    """
    A night that fails half way has not half happened.
    """
    with pytest.raises(ZeroDivisionError):
        _add_run_and_fail(engine)
    with database.session(engine) as session:
        _add_run(session, id=2)

    with database.reading(engine) as session:
        assert list(session.exec(select(RunRow.id))) == [2]


def test_a_reference_to_nothing_is_refused(engine: Engine) -> None:
    """
    SQLite checks references only when asked to.
    """
    with pytest.raises(IntegrityError), database.session(engine) as session:
        session.add(QuarantinedRow(delivery_id=404, row=1, pointer="", reason="empty"))


def test_reading_cannot_write(engine: Engine) -> None:
    """
    A page that only shows something cannot change it by mistake, on either database.
    """
    with pytest.raises(DBAPIError, match=r"read-?only"), database.reading(engine) as session:
        _add_run(session)
    with database.session(engine) as session:
        _add_run(session)


def test_reading_sees_one_state_and_waits_for_no_writer(engine: Engine) -> None:
    """
    Reviewers work while the night runs.
    """
    with database.reading(engine) as reader:
        assert list(reader.exec(select(RunRow.id))) == []
        with database.session(engine) as writer:
            _add_run(writer, id=1)
            with database.reading(engine) as another:
                assert list(another.exec(select(RunRow.id))) == []
        assert list(reader.exec(select(RunRow.id))) == []


def test_a_second_writer_waits_for_the_first(sqlite_engine: Engine) -> None:
    """
    Both began by reading: without the writer's turn one would fail with "database is locked".
    """
    first_has_read = threading.Event()

    def second() -> None:
        first_has_read.wait()
        with database.session(sqlite_engine) as session:
            attempts = session.exec(select(RunRow)).one().attempts
            session.exec(select(RunRow)).one().attempts = attempts + 1

    with database.session(sqlite_engine) as session:
        _add_run(session, attempts=1)
    thread = threading.Thread(target=second)
    thread.start()
    with database.session(sqlite_engine) as session:
        row = session.exec(select(RunRow)).one()
        first_has_read.set()
        row.attempts += 1
    thread.join()

    with database.reading(sqlite_engine) as session:
        assert session.exec(select(RunRow)).one().attempts == 3


def test_a_new_file_that_another_writes_is_waited_for(tmp_path: Path) -> None:
    """
    SQLite itself refuses to change such a file's mode, and waits for nobody.
    """
    path = tmp_path / "new.db"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE held (x)")
    other.execute("BEGIN IMMEDIATE")
    other.execute("INSERT INTO held VALUES (1)")
    done = threading.Timer(0.2, other.execute, ("COMMIT",))
    done.start()
    made = database.engine(f"sqlite:///{path}")
    with database.reading(made) as session:
        assert [(1,)] == [
            tuple(row) for row in session.connection().execute(text("SELECT x FROM held"))
        ]
    made.dispose()
    done.join()
    other.close()


def test_a_time_comes_back_in_utc_to_the_microsecond(engine: Engine) -> None:
    """
    A deadline does not move by being stored, nor by the choice of database.
    """
    summer = timezone(timedelta(hours=1))
    with database.session(engine) as session:
        _add_run(session, as_of=datetime(2026, 7, 1, 3, 30, 0, 1, tzinfo=summer))

    with database.reading(engine) as session:
        stored = session.exec(select(RunRow)).one().as_of
    assert datetime(2026, 7, 1, 2, 30, 0, 1, tzinfo=UTC) == stored
    assert stored.utcoffset() == timedelta(0)


def test_a_time_without_a_zone_is_refused(engine: Engine) -> None:
    """
    Twice a year a naive London time is an hour wrong.
    """
    with pytest.raises(StatementError, match="timezone"), database.session(engine) as session:
        _add_run(session, as_of=NOON.replace(tzinfo=None))


def test_equal_json_has_equal_bytes(engine: Engine) -> None:
    """
    The order in which a program filled a dictionary is no difference between two records.
    """
    with database.session(engine) as session:
        _add_run(session, counts={"b": 1, "a": "é"})

    with database.reading(engine) as session:
        stored = session.connection().execute(text("SELECT CAST(counts AS TEXT) FROM run"))
        assert stored.scalar_one() == '{"a":"\\u00e9","b":1}'


def test_a_server_that_is_away_is_a_fault_of_the_moment(tmp_path: Path) -> None:
    """
    Only a refusal is final; this is worth another try.
    """
    away = database.engine(f"postgresql://bob:hunter2@/name?host={tmp_path}")

    with pytest.raises(DBAPIError) as fault, database.session(away) as session:
        session.exec(select(RunRow)).all()
    assert "hunter2" not in str(fault.value)
