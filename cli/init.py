"""`counterfoil init`: an installation made, a force added, or the tables brought up to date."""

import os
import secrets
from pathlib import Path
from typing import Annotated

import typer

from adapters import database, settings
from adapters.policies import DEFAULT_POLICY
from adapters.settings import FILE_NAME, FORCE_CODE
from cli.output import refuse
from tasks.context import home

SETTINGS = """\
# Counterfoil's settings. Paths are relative to this file.
# Each can be overridden: COUNTERFOIL_DATABASE_URL, COUNTERFOIL_AFTER_TAKING, ...

# SQLite by default; for service: postgresql://counterfoil@localhost/counterfoil
database_url = "sqlite:///counterfoil.db"

# What becomes of a file once it is taken: "archive" keeps it, "remove" deletes it.
after_taking = "archive"
archive = "archive"
"""
FORCE = """
[forces.{code}]
name = {name}
key_file = "keys/{code}.key"
policy = "policies/{code}.toml"

[forces.{code}.referrals]
folder = "drop/{code}/referrals"
# map = "maps/{code}-referrals.toml"      # from: counterfoil map suggest FILE --feed referrals

[forces.{code}.documents]
folder = "drop/{code}/documents"
# map = "maps/{code}-documents.toml"
"""


def init(
    force: Annotated[str, typer.Argument(help="The force's code, as its feeds write it.")] = "",
    name: Annotated[str, typer.Option(help="The force's name, for screens.")] = "",
) -> None:
    """Make an installation in this folder (or --home), or add a force to one.

    Run it again after an upgrade: it changes no setting and brings the tables up to date.

    Example: counterfoil --home /srv/counterfoil init WY --name "West Yorkshire"
    """
    made, folders = make(home(), force, name)
    typer.echo(f"{'Made' if made else 'Brought up to date'}: {home() / FILE_NAME}")
    for folder in folders:
        typer.echo(f"  drop folder: {folder}")
    typer.echo("Next: put one export of each feed into its drop folder, then `counterfoil run`.")


def make(folder: Path, force: str, name: str) -> tuple[bool, list[Path]]:
    """The installation in `folder`, made if need be, with its tables and drop folders.

    Returns whether it was made now, and the drop folders.
    """
    if force and not FORCE_CODE.fullmatch(force):
        refuse("A force's code is 1 to 20 letters, digits, - or _. Nothing was changed.")
    file = folder / FILE_NAME
    made = not file.exists()
    if made:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(SETTINGS, "utf-8")
        force = force or "LOCAL"
    if force:
        _add_force(file, force, name)
    found = settings.load(folder)
    engine = database.engine(found.database)
    database.upgrade(engine)
    engine.dispose()
    folders = [
        found.path(feed.folder)
        for _, each in sorted(found.forces.items())
        for feed in (each.referrals, each.documents)
    ]
    for each_folder in folders:
        each_folder.mkdir(parents=True, exist_ok=True)
    return made, folders


def _add_force(file: Path, code: str, name: str) -> None:
    if code in settings.load(file.parent).forces:
        return
    key = file.parent / "keys" / f"{code}.key"
    key.parent.mkdir(exist_ok=True, mode=0o700)
    if not key.exists():
        descriptor = os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(secrets.token_hex(32))
    policy = file.parent / "policies" / f"{code}.toml"
    policy.parent.mkdir(exist_ok=True)
    if not policy.exists():
        policy.write_text(DEFAULT_POLICY.read_text("utf-8"), "utf-8")
    with file.open("a", encoding="utf-8") as stream:
        stream.write(FORCE.format(code=code, name=_toml(name or code)))


def _toml(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{"".join(letter for letter in escaped if letter.isprintable())}"'
