"""The installation that a command works on, opened."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from adapters import database, settings
from adapters.settings import Settings
from domain.errors import SettingsRefused
from tasks.context import home


@dataclass(frozen=True)
class Installation:
    """Its folder, its settings and its database."""

    home: Path
    settings: Settings
    engine: Engine

    def forces(self, wanted: str | None) -> list[str]:
        """The force asked for, or all of them; refuses a code that is not set up."""
        if wanted is not None:
            self.settings.force(wanted)
            return [wanted]
        return sorted(self.settings.forces)


@contextmanager
def opened() -> Iterator[Installation]:
    """The installation with its database at the tables that this version needs.

    Raises:
        SettingsRefused: no settings, an unusable database, or tables of another version.
    """
    found = settings.load(home())
    engine = database.engine(found.database)
    try:
        if not database.is_current(engine):
            raise SettingsRefused(
                "The database has not the tables that this version needs."
                " Back it up, then run `counterfoil init`, which brings them up to date."
            )
        yield Installation(home(), found, engine)
    finally:
        engine.dispose()
