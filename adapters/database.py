"""The database: SQLite in one file, or PostgreSQL; what is true on one is true on the other.

SQLite lets one writer in at a time.  A transaction that begins by reading and then writes
fails at once when another wrote in between, so every transaction begins as a writer's and
waits its turn, except those of `reading`, which cannot write.
"""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import psycopg
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, func, select
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError
from sqlmodel import Session

from domain.audit_trail import canonical
from domain.errors import SettingsRefused

POSTGRESQL = "postgresql+psycopg"
SQLITE = "sqlite+pysqlite"
SECONDS_TO_WAIT = 60
UPGRADE_LOCK = 0x55706772_6164655F
"""The advisory lock of an upgrade on PostgreSQL: "Upgrade_" in ASCII."""


def engine(url: str) -> Engine:
    """An engine for `url`, ``sqlite:///path`` or ``postgresql://user:password@host/name``.

    Nothing is connected to yet; a server that cannot be reached is a fault of the moment
    (sqlalchemy.exc.OperationalError), not of the setting.

    Raises:
        SettingsRefused: the URL cannot be used; the message never shows a password.
    """
    parsed = _parse(url)
    return _sqlite(parsed) if parsed.drivername == SQLITE else _postgresql(parsed)


def shown(engine: Engine) -> str:
    """Where the engine connects to, without the password."""
    return engine.url.render_as_string(hide_password=True)


@contextmanager
def session(engine: Engine) -> Iterator[Session]:
    """A session in one transaction: committed when the block ends, else rolled back."""
    with Session(engine) as opened, opened.begin():
        yield opened


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that sees one state of the database, cannot write and waits for no writer."""
    options: dict[str, Any] = {"read_only": True}
    if engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with Session(engine.execution_options(**options)) as opened:
        yield opened


def upgrade(engine: Engine) -> None:
    """Bring the tables up to this version of the program; does nothing when they are.

    All or nothing, in one transaction.  Callers at the same time take turns.

    Raises:
        SettingsRefused: a newer version of the program made the tables.
    """
    with _config() as config, engine.execution_options(migrating=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(UPGRADE_LOCK)))
        _check_not_newer(connection, ScriptDirectory.from_config(config))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if connection.dialect.name == "sqlite":
            _check_references(connection)


def is_current(engine: Engine) -> bool:
    """Whether the tables are those of this version of the program; opens no new file."""
    if engine.dialect.name == "sqlite":
        file = Path(str(engine.url.database))
        if not file.exists() or file.stat().st_size == 0:
            return False
    with _config() as config, engine.connect() as connection:
        latest = set(ScriptDirectory.from_config(config).get_heads())
        return latest == set(MigrationContext.configure(connection).get_current_heads())


@contextmanager
def _config() -> Iterator[Config]:
    with as_file(files("migrations")) as folder:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        yield config


def _parse(url: str) -> URL:
    """`url` with the driver this program uses."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise SettingsRefused(
            "database_url is not a database URL. Write sqlite:///counterfoil.db or"
            " postgresql://user:password@host/name; a password's special characters are"
            " percent-encoded. Nothing was opened."
        ) from None
    match parsed.drivername:
        case "sqlite" | "sqlite+pysqlite":
            return _checked_file(parsed.set(drivername=SQLITE))
        case "postgres" | "postgresql" | "postgresql+psycopg":
            return _checked_server(parsed.set(drivername=POSTGRESQL))
        case other:
            raise SettingsRefused(
                f"database_url asks for {other}, and Counterfoil keeps its records in SQLite or"
                " PostgreSQL only. Write sqlite:///counterfoil.db or"
                " postgresql://user:password@host/name. Nothing was opened."
            )


def _checked_file(url: URL) -> URL:
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        raise SettingsRefused(
            "database_url names no file, and a database in memory would keep nothing."
            " Write sqlite:/// and a path. Nothing was opened."
        )
    file = Path(url.database)
    if not file.parent.is_dir():
        raise SettingsRefused(
            f"The folder of the database {file} does not exist. Create it, or correct"
            " database_url. Nothing was opened."
        )
    if file.is_dir() or not os.access(file if file.exists() else file.parent, os.W_OK):
        raise SettingsRefused(
            f"The database {file} cannot be written by this account. Correct its owner, or"
            " database_url. Nothing was opened."
        )
    return url


def _checked_server(url: URL) -> URL:
    if not url.database:
        raise SettingsRefused(
            f"database_url {url.render_as_string(hide_password=True)} names no database. Put the"
            " database's name after the host: postgresql://user:password@host/name."
            " Nothing was opened."
        )
    return url


def _sqlite(url: URL) -> Engine:
    """SQLite with SQLAlchemy, not the driver, deciding when a transaction begins."""
    made = create_engine(
        url,
        json_serializer=canonical,
        hide_parameters=True,
        connect_args={"timeout": SECONDS_TO_WAIT},
    )

    @event.listens_for(made, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        _write_ahead(cursor)
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.close()

    @event.listens_for(made, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        read_only = bool(options.get("read_only"))
        # A later migration may rebuild a table by dropping it, which must cascade to no other.
        foreign_keys = not options.get("migrating")
        connection.exec_driver_sql(f"PRAGMA foreign_keys = {int(foreign_keys)}")
        connection.exec_driver_sql(f"PRAGMA query_only = {int(read_only)}")
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return made


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Switch to the write-ahead log, for which SQLite does not wait its turn by itself.

    It refuses at once where several open a new file; the mode stays with the file after that.
    """
    until = time.monotonic() + SECONDS_TO_WAIT
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as fault:
            if fault.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _postgresql(url: URL) -> Engine:
    """PostgreSQL, with the values of a refused row kept out of the error."""
    made = create_engine(url, json_serializer=canonical, hide_parameters=True, pool_pre_ping=True)

    @event.listens_for(made, "handle_error")
    def _keep_values_out(context: ExceptionContext) -> None:
        original = context.original_exception
        if isinstance(original, psycopg.Error) and original.diag.message_primary:
            text = original.diag.message_primary
            original.args = (text,)
            if context.sqlalchemy_exception is not None:
                context.sqlalchemy_exception.args = (f"({type(original).__name__}) {text}",)

    return made


def _check_not_newer(connection: Connection, scripts: ScriptDirectory) -> None:
    known = {script.revision for script in scripts.walk_revisions()}
    if not known.issuperset(MigrationContext.configure(connection).get_current_heads()):
        raise SettingsRefused(
            f"The database {shown(connection.engine)} was upgraded by a newer version of"
            " Counterfoil, and there is no way back. Install that version again, or restore the"
            " backup made before it. Nothing was changed."
        )


def _check_references(connection: Connection) -> None:
    """Raise RuntimeError, and so roll back, if a migration left a reference to nothing."""
    lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if lost:
        raise RuntimeError(f"The migration left {len(lost)} references to missing rows.")
