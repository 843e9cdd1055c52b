"""`counterfoil doctor`: what is wrong with the installation, and what to do about it."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from adapters import clock, database, settings
from adapters.settings import FILE_NAME, Settings
from cli import output
from cli.times import Json
from domain.audit_trail import Broken
from domain.errors import Refused
from domain.words import Feed, RunState
from services import audit_trail, intake, nights
from services.forces import Force, open_force
from tasks.context import home

LEAST_FREE = 1 << 30
TOO_OLD_DAYS = 2


class Finding(NamedTuple):
    """One thing looked at: `level` is fine, warning or wrong."""

    level: str
    about: str
    says: str


def doctor(json: Json = False) -> None:
    """Look at everything a night needs, change nothing, and say what is wrong.

    Ends with 0 fine, 1 warnings, 2 a night could not run.

    Example: counterfoil doctor
    """
    findings = list(_examine(home()))
    if json:
        output.as_json([finding._asdict() for finding in findings])
    else:
        output.table("Doctor", ("", "what", "finding"), findings)
    levels = {finding.level for finding in findings}
    if "wrong" in levels:
        output.refuse("A night could not run. Put right what is marked wrong above.")
    output.end(needs_a_person="warning" in levels)


def _examine(folder: Path) -> Iterator[Finding]:
    yield Finding("fine", "Python", sys.version.split()[0])
    free = shutil.disk_usage(folder if folder.exists() else Path.cwd()).free
    level = "fine" if free >= LEAST_FREE else "warning"
    yield Finding(level, "disk", f"{free >> 20:,} MB free in {folder}")
    try:
        found = settings.load(folder)
    except Refused as why:
        yield Finding("wrong", "settings", str(why))
        return
    yield Finding("fine", "settings", str(folder / FILE_NAME))
    if not found.forces:
        yield Finding("wrong", "forces", "None is set up. Add one: counterfoil init CODE")
    engine = database.engine(found.database)
    try:
        yield from _database(engine)
        for code in sorted(found.forces):
            yield from _force(found, engine, code)
    finally:
        engine.dispose()


def _database(engine: Engine) -> Iterator[Finding]:
    where = f"database {database.shown(engine)}"
    try:
        if not database.is_current(engine):
            says = "It is missing, or its tables are of another version: counterfoil init"
            yield Finding("wrong", where, says)
            return
        with database.reading(engine) as session:
            answer = audit_trail.verify(session)
    except SQLAlchemyError as why:
        said = output.first_line(why.orig if isinstance(why, DBAPIError) else why)
        says = f"It cannot be used ({said}). Check database_url, and that the server runs."
        yield Finding("wrong", where, says)
        return
    yield Finding("fine", where, "reached; its tables are of this version")
    if isinstance(answer, Broken):
        yield Finding("wrong", "audit trail", f"broken at event {answer.seq}: {answer.why}")
    else:
        yield Finding("fine", "audit trail", f"intact, {answer.count:,} events")


def _force(found: Settings, engine: Engine, code: str) -> Iterator[Finding]:
    try:
        force = open_force(found, code)
    except Refused as why:
        yield Finding("wrong", f"force {code}", str(why))
        return
    key_file = found.path(found.force(code).key_file)
    if os.name == "posix" and key_file.stat().st_mode & 0o077:
        yield Finding("warning", f"{code} key", f"Others can read {key_file}: chmod 600 {key_file}")
    for feed in Feed:
        yield _folder(force, feed)
    yield _last_night(engine, code)


def _folder(force: Force, feed: Feed) -> Finding:
    folder, about = force.feeds[feed].folder, f"{force.code} {feed.value}"
    if not folder.is_dir():
        return Finding("warning", about, f"There is no drop folder {folder}; make it.")
    if not os.access(folder, os.R_OK | os.W_OK):
        return Finding("wrong", about, f"The drop folder {folder} cannot be read and emptied.")
    return Finding("fine", about, f"{len(intake.waiting(force, feed))} files wait in {folder}")


def _last_night(engine: Engine, code: str) -> Finding:
    about = f"{code} last night"
    try:
        if not database.is_current(engine):
            return Finding(
                "warning", about, "unknown: the database is missing or of another version"
            )
        with database.reading(engine) as session:
            row = nights.latest(session, code)
    except SQLAlchemyError:
        return Finding("warning", about, "unknown: the database cannot be read")
    if row is None:
        return Finding("warning", about, "No night has been judged yet: counterfoil run")
    if row.state != RunState.FINISHED:
        return Finding("warning", about, f"{row.night} was begun and not finished: run it again")
    if (clock.now() - row.as_of).days >= TOO_OLD_DAYS:
        return Finding("warning", about, f"{row.night}: is the schedule running?")
    return Finding("fine", about, f"{row.night}. {row.feed_sentence}")
