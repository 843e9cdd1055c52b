"""An installation opened for one step: its settings, its force, its database."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import structlog
from sqlalchemy import Engine

from adapters import database, logs, settings
from services.forces import Force, open_force
from services.intake import Transaction

HOME = "COUNTERFOIL_HOME"


@dataclass(frozen=True)
class Step:
    """What a step needs: the force as it is set up, and a way to open a transaction."""

    force: Force
    engine: Engine
    transaction: Transaction


def home() -> Path:
    """The installation's folder: COUNTERFOIL_HOME, or the folder that one stands in."""
    return Path(os.environ.get(HOME) or ".").resolve()


@contextmanager
def step(force: str, actor: str) -> Iterator[Step]:
    """Open the installation for one step of one force, with the force on every log line."""
    logs.configure()
    found = settings.load(home())
    engine = database.engine(found.database)
    try:
        with structlog.contextvars.bound_contextvars(force=force, run=actor):
            yield Step(open_force(found, force), engine, partial(database.session, engine))
    finally:
        engine.dispose()
