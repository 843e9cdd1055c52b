"""What many tests begin with, made once in a process and copied into each test's own database."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine, create_engine, func, select, text

from models import METADATA

KEPT: dict[tuple[str, str], str] = {}
"""The file or database that was kept, by the kind of database and what it holds."""
FOLDER = tempfile.TemporaryDirectory(prefix="cf-kept-")


def once(engine: Engine, name: str, make: Callable[[], None]) -> None:
    """Let `engine` hold what `make` makes of a migrated database to which nothing was delivered."""
    kind = engine.dialect.name
    with engine.connect() as connection:
        delivered = connection.scalar(select(func.count()).select_from(METADATA.tables["delivery"]))
    if delivered:
        make()
    elif (kind, name) in KEPT:
        _copy(engine, KEPT[kind, name], _its(engine))
    else:
        make()
        KEPT[kind, name] = kept = _place(kind)
        _copy(engine, _its(engine), kept)


def _its(engine: Engine) -> str:
    assert engine.url.database is not None
    return engine.url.database


def _place(kind: str) -> str:
    name = f"cf_kept_{len(KEPT)}"
    return str(Path(FOLDER.name) / name) if kind == "sqlite" else name


def _copy(engine: Engine, source: str, target: str) -> None:
    """Put a database in the place of another while no connection holds either."""
    engine.dispose()
    if engine.dialect.name == "sqlite":
        assert not Path(f"{source}-wal").exists()
        shutil.copyfile(source, target)
        return
    server = create_engine(engine.url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {target} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {target} TEMPLATE {source}"))
    server.dispose()
