"""Audit trails to test with, and the ways of an intruder who owns the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, text
from sqlmodel import Session

from adapters import database
from domain.audit_trail import Action, Checkpoint, NewEvent
from services import audit_trail

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DROPPED = {
    "sqlite": (
        "DROP TRIGGER audit_event_no_update",
        "DROP TRIGGER audit_event_no_delete",
        "DROP TRIGGER audit_event_seq_is_next",
        "DROP TRIGGER audit_event_prev_is_head",
    ),
    "postgresql": (
        "DROP TRIGGER audit_event_append_only ON audit_event",
        "DROP TRIGGER audit_event_is_next ON audit_event",
    ),
}


def an_event(
    number: int = 1,
    *,
    at: datetime | None = None,
    actor: str = "overnight",
    action: Action = Action.FLAG_OPENED,
    subject: str | None = None,
    detail: dict[str, object] | None = None,
) -> NewEvent:
    """An event that differs by its number; say only what the test is about."""
    return NewEvent(
        at=at or NOON + timedelta(seconds=number),
        actor=actor,
        action=action,
        subject=subject or f"referral {number}",
        detail={"number": number} if detail is None else detail,  # type: ignore[arg-type]
    )


@contextmanager
def as_intruder(engine: Engine) -> Iterator[Session]:
    """A session with the triggers out of the way; everything is undone at its end."""
    with Session(engine) as session:
        for statement in DROPPED[engine.dialect.name]:
            session.connection().execute(text(statement))
        yield session
        session.rollback()


def fill(engine: Engine, count: int = 10) -> Checkpoint:
    """Append `count` events, and return the head that an auditor would note."""
    with database.session(engine) as session:
        last = audit_trail.append_many(session, map(an_event, range(1, count + 1)))
    assert last is not None
    return last
