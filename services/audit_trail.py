"""Append to the audit trail in the transaction of the change itself, and verify the whole.

Either both the change and its event are committed or neither is.  Writers take turns: on
SQLite because the transaction began as a writer's (`adapters.database`), on PostgreSQL by an
advisory lock that is held until the transaction ends.  Append after the change rather than
before it, so that the lock is held briefly.
"""

from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection, LargeBinary, Text, cast, func, insert, select
from sqlalchemy import Table as SchemaTable
from sqlmodel import Session

from domain import audit_trail
from domain.audit_trail import JSON, Action, Broken, Checkpoint, Event, Intact, NewEvent
from models.audit_event import AuditEventRow

TABLE: SchemaTable = AuditEventRow.metadata.tables[str(AuditEventRow.__tablename__)]
LOCK = 0x41756469_74547261
"""The advisory lock of the trail on PostgreSQL: "AuditTra" in ASCII."""
BATCH = 1_000
TEXTS = ("at", "actor", "action", "subject", "body", "prev", "hash")


def append(
    session: Session,
    *,
    at: datetime,
    actor: str,
    action: Action,
    subject: str,
    detail: Mapping[str, JSON],
) -> Checkpoint:
    """Append one event and return its number and hash; `NewEvent` says what each part is."""
    (last,) = _append(session, [NewEvent(at, actor, action, subject, detail)])
    return last


def append_many(session: Session, events: Iterable[NewEvent]) -> Checkpoint | None:
    """Append `events` in their order, as one stretch of the chain.

    Nobody else's event comes between them.  Returns the last one's number and hash, or None
    when there were none.
    """
    last = None
    for checkpoint in _append(session, events):
        last = checkpoint
    return last


def head(session: Session) -> Checkpoint | None:
    """The last event's number and hash, to be noted and held elsewhere; None of an empty trail."""
    return _head(session.connection())


def verify(session: Session, expected: Checkpoint | None = None) -> Intact | Broken:
    """Read the whole trail once, in constant memory, and say whether the chain is whole.

    Without `expected`, a number and hash held outside the database, a trail that was
    rewritten or cut short as a whole still passes (see `domain.audit_trail`).
    """
    with closing(_events(session.connection())) as events:
        return audit_trail.verify(events, expected)


def _append(session: Session, events: Iterable[NewEvent]) -> Iterator[Checkpoint]:
    """The checkpoint after each batch that was inserted."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
    chained = iter(audit_trail.chain(events, after=_head(connection)))
    while batch := list(islice(chained, BATCH)):
        connection.execute(insert(TABLE), [asdict(event) for event in batch])
        yield Checkpoint(batch[-1].seq, batch[-1].hash)


def _head(connection: Connection) -> Checkpoint | None:
    columns = TABLE.c
    last = connection.execute(
        select(columns.seq, columns.hash).order_by(columns.seq.desc()).limit(1)
    ).one_or_none()
    return Checkpoint(last.seq, last.hash) if last else None


def _events(connection: Connection) -> Generator[Event]:
    """The stored events by seq, each text with its exact bytes.

    SQLite gives a text as bytes, because a damaged file may hold bytes that are not UTF-8;
    such bytes become lone surrogates, whose hash cannot be the recorded one.
    """
    exact = LargeBinary() if connection.dialect.name == "sqlite" else Text()
    texts = [cast(TABLE.c[name], exact) for name in TEXTS]
    with connection.execute(
        select(TABLE.c.seq, *texts).order_by(TABLE.c.seq), execution_options={"yield_per": BATCH}
    ) as rows:
        for seq, *values in rows:
            at, actor, action, subject, body, prev, hashed = map(_text, values)
            yield Event(seq, at, actor, action, subject, body, prev, hashed)


def _text(value: str | bytes | None) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    return value or ""
