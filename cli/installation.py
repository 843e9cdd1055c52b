"""The installation that a command works on, opened."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from adapters import database, settings
from adapters.settings import Settings
from domain.errors import Refused, SettingsRefused
from services import named
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

    def force_of(self, referral_id: str, wanted: str | None) -> str:
        """The force that has a referral; Refused if several have one of that id, or none has."""
        codes = self.forces(wanted)
        if len(codes) == 1:
            return codes[0]
        with database.reading(self.engine) as session:
            having = named.forces_with(session, referral_id, codes)
        if len(having) != 1:
            which = f"Forces {', '.join(having)} have" if having else "No force has"
            raise Refused(
                f"{which} a referral {referral_id}. Write the id as the feed does, and name the"
                " force with --force. Nothing was changed."
            )
        return having[0]

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
