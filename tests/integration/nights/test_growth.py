"""A night's work is what is new: it is the same after much history as after little.

The work is counted and not timed: the statements, the rows that PostgreSQL gives for them, and
the instructions of SQLite's virtual machine, which are as many whenever the same rows are
looked at.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlmodel import col, select

from adapters import database
from domain.words import Feed
from models import DeliveryRow
from services import deliveries, tally
from tests.builders import (
    DAY,
    FIRST_NIGHT,
    FORCE,
    HOUR,
    POLICIES,
    REFERRED,
    Record,
    a_document,
    a_file,
    a_night,
    a_person,
    a_referral,
)

LITTLE, MUCH, NIGHTS = 8, 80, 3
APART = 130 * DAY
"""Further than records are weighed against each other."""
MARK, CUSTODY, REFERENCE = "AB12CDE", "13KK/01/004567/26", "NCCU/26/9990001"
RECURRING: dict[str, tuple[Record, Record]] = {
    "mark": ({"vehicle_registrations": [MARK]}, {"vehicle_registrations": [MARK]}),
    "custody number": ({"custody_number": CUSTODY}, {"custody_number": CUSTODY}),
    "reference": ({"nccu_reference": REFERENCE}, {"nccu_references": [REFERENCE]}),
}
"""What every referral and every document may have in common."""
SYLLABLES = [first + second for first in "bdfgklmnprstvz" for second in "aeiou"]


@dataclass
class Work:
    """What a database did while it was watched."""

    statements: list[str] = field(default_factory=list)
    rows: int = 0
    instructions: int = 0


def test_a_night_runs_as_many_statements_after_much_history_as_after_little(
    engine: Engine,
) -> None:
    little, much = (_a_night_after(engine, size, f"F{size}") for size in (LITTLE, MUCH))
    assert little.statements
    assert len(much.statements) == len(little.statements)


def test_a_night_makes_the_database_work_no_harder_after_ten_times_the_history(
    tmp_path: Path, sqlite_template: Path
) -> None:
    little, much = _instructions(tmp_path, sqlite_template)
    assert much == little > 10_000


@pytest.mark.parametrize("recurring", RECURRING)
def test_what_recurs_on_old_records_gives_no_more_rows(
    postgresql_engine: Engine, recurring: str
) -> None:
    little, much = (
        _a_night_after(postgresql_engine, size, f"F{size}", recurring) for size in (LITTLE, MUCH)
    )
    assert len(much.statements) == len(little.statements)
    assert much.rows == little.rows > 100


@pytest.mark.parametrize("recurring", RECURRING)
def test_what_recurs_on_old_records_makes_the_database_work_no_harder(
    tmp_path: Path, sqlite_template: Path, recurring: str
) -> None:
    little, much = _instructions(tmp_path, sqlite_template, recurring)
    assert much == little > 10_000


def test_reading_a_whole_table_is_seen_as_harder_work(engine: Engine) -> None:
    """The check above can fail: counting anew, which reads every row, is told from reading."""
    if engine.dialect.name != "sqlite":
        return
    _a_night_after(engine, MUCH, FORCE)
    with database.reading(engine) as session, _watched(engine) as kept:
        tally.read(session, FORCE)
    with database.reading(engine) as session, _watched(engine) as anew:
        tally.recounted(session, FORCE)
    assert anew.instructions > 10 * kept.instructions


def test_sixty_amendments_in_a_file_take_as_many_statements_as_one(engine: Engine) -> None:
    _, documents = _pairs(range(61), timedelta())
    _deliver(engine, documents, FIRST_NIGHT)
    took = []
    for night, rows in enumerate((documents[:1], documents[1:]), start=1):
        changed = [{**row, "status": "withdrawn"} for row in rows]
        with _watched(engine) as work:
            _deliver(engine, changed, FIRST_NIGHT + night * DAY)
        took.append(len(work.statements))
    assert took[0] == took[1]
    with database.reading(engine) as session:
        amended = session.exec(select(DeliveryRow.rows_amended).order_by(col(DeliveryRow.id))).all()
    assert amended == [0, 1, 60]


def test_what_is_kept_counted_is_what_counting_anew_finds(engine: Engine) -> None:
    for night in range(10):
        at = night * DAY
        referrals, documents = _pairs(range(night * 6, night * 6 + 6), at)
        told = a_night(
            engine, FIRST_NIGHT + at, referrals=referrals, documents=documents[: night % 7]
        )
        with database.reading(engine) as session:
            assert tally.read(session, FORCE) == tally.recounted(session, FORCE)
        assert told.counts["referrals"] == 6 * (night + 1)
    assert told.counts["overdue"] > 0


def _instructions(folder: Path, template: Path, recurring: str | None = None) -> list[int]:
    """Those of a night after little history and after much, each in a database of its own."""
    worked = []
    for size in (LITTLE, MUCH):
        file = folder / f"{size}.db"
        shutil.copyfile(template, file)
        engine = database.engine(f"sqlite:///{file}")
        worked.append(_a_night_after(engine, size, FORCE, recurring).instructions)
        engine.dispose()
    return worked


def _a_night_after(engine: Engine, size: int, force: str, recurring: str | None = None) -> Work:
    """The work of a night with the same news, after nights of `size` referrals each.

    It amends three old pairs too.  If something is `recurring`, all records have it, and the
    old pairs, the history and the night lie so far apart that none is weighed with another.
    """
    apart = APART if recurring else timedelta()
    old_referrals, old_documents = _pairs(range(3), timedelta(), recurring)
    a_night(engine, FIRST_NIGHT, referrals=old_referrals, documents=old_documents, force=force)
    for night in range(NIGHTS):
        at = apart + (night + 1) * DAY
        first = 1000 + night * size
        referrals, documents = _pairs(range(first, first + size), at, recurring)
        as_of = FIRST_NIGHT + at
        a_night(engine, as_of, referrals=referrals, documents=documents, force=force)
    if recurring:
        a_night(engine, FIRST_NIGHT + apart + 30 * DAY, force=force)
    at = 2 * apart + (NIGHTS + 1) * DAY
    referrals, documents = _pairs(range(10, 18), at, recurring)
    with _watched(engine) as work:
        a_night(
            engine,
            FIRST_NIGHT + at,
            referrals=[*referrals, *({**row, "district": "South"} for row in old_referrals)],
            documents=[*documents[:6], *({**row, "status": "withdrawn"} for row in old_documents)],
            force=force,
        )
    return work


def _pairs(
    numbers: range, at: timedelta, recurring: str | None = None
) -> tuple[list[Record], list[Record]]:
    """Referrals and their documents; no two of different numbers share anything not recurring."""
    when = REFERRED + at
    of_referral, of_document = RECURRING[recurring] if recurring else ({}, {})
    referrals, documents = [], []
    for number in numbers:
        people = [a_person(number, forename=_name(number), surname=_name(number * 31 + 7))]
        same: Any = {"people": people, "incident_day": when.date()}
        sent = {"submitted_at": when + 5 * HOUR, "event_date": when.date()}
        referrals.append(a_referral(number, referred_at=when, **same, **of_referral))
        documents.append(a_document(number, **sent, **same, **of_document))
    return referrals, documents


def _name(number: int) -> str:
    """A name of four syllables, which two numbers seldom share and never both of two names."""
    return "".join(SYLLABLES[number * step // 7 % 70] for step in (3, 17, 41, 67)).title()


def _deliver(engine: Engine, records: Sequence[Record], known_at: datetime) -> None:
    file, rows = a_file(Feed.DOCUMENTS, records)
    with database.session(engine) as session:
        deliveries.receive(
            session,
            file,
            rows,
            policies=POLICIES,
            known_at=known_at,
            now=known_at,
            actor="system:test",
        )


@contextmanager
def _watched(engine: Engine) -> Iterator[Work]:
    """Count what the engine's connections do, those that are open and those still to come."""
    work = Work()

    def count() -> int:
        work.instructions += 1
        return 0

    def note(connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        work.statements.append(statement)
        if engine.dialect.name == "sqlite":
            connection.connection.driver_connection.set_progress_handler(count, 1)

    def note_rows(_connection: Any, cursor: Any, *_rest: Any) -> None:
        work.rows += max(cursor.rowcount, 0)

    event.listen(engine, "before_cursor_execute", note)
    event.listen(engine, "after_cursor_execute", note_rows)
    try:
        yield work
    finally:
        event.remove(engine, "before_cursor_execute", note)
        event.remove(engine, "after_cursor_execute", note_rows)
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                raw: Any = connection.connection.driver_connection
                raw.set_progress_handler(None, 0)
