"""The installation that a command works on, opened."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from adapters import database, settings
from adapters.settings import Settings
from domain.errors import Refused, SettingsRefused
from services.forces import Force, open_force
from tasks.context import home


@dataclass(frozen=True)
class Installation:
    """Its folder, its settings and its database."""

    home: Path
    settings: Settings
    engine: Engine

    def forces(self, wanted: str | None) -> list[str]:
        """The force asked for, or all of them; refuses a code that is not set up, and none."""
        if wanted is not None:
            self.settings.force(wanted)
            return [wanted]
        if not self.settings.forces:
            raise SettingsRefused(
                "The settings name no force. Add one: counterfoil init CODE. Nothing was done."
            )
        return sorted(self.settings.forces)

    def ready(self, wanted: str | None) -> tuple[list[Force], list[str]]:
        """The forces as they are set up, and for each that is not whole a sentence that says why.

        One force's missing key does not keep the others from their night.
        """
        ready, faults = [], []
        for code in self.forces(wanted):
            try:
                ready.append(open_force(self.settings, code))
            except Refused as why:
                faults.append(f"Force {code}: {why} Nothing was done for {code}.")
        return ready, faults


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
                f"The database {database.shown(engine)} is missing, or has not the tables that"
                " this version needs. If it was moved, correct database_url; else back it up and"
                " run `counterfoil init`, which makes them. Nothing was done."
            )
        yield Installation(home(), found, engine)
    finally:
        engine.dispose()
