"""Taking one delivered file: whole or not at all, once, with every refused row accounted for.

The file's SHA-256 makes the same file twice a no-op.  A row that says something new of a
record becomes a version of it; one that says the same changes nothing; one that is older
than what is known, by its own `amended_at`, goes into the history and not to the front.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import insert, update
from sqlmodel import Session, col, select

from adapters import logs
from adapters.feeds import ReadRow
from domain.alarms import Alarm, delivery_alarms
from domain.audit_trail import Action
from domain.feed_trust import DeliveryFacts
from domain.policy import PolicySet
from domain.words import Feed
from models import DeliveryRow, QuarantinedRow
from services import audit_trail
from services.feed_tables import TABLES, FeedTables
from services.frames import content_hash, fingerprint

log = logs.get()

BATCH = 1000


@dataclass(frozen=True)
class DeliveredFile:
    """One file as it lies in the drop folder; `sha256` is lowercase hex, `size` in bytes."""

    force: str
    feed: Feed
    name: str
    sha256: str
    size: int
    map_hash: str


@dataclass(frozen=True)
class Counts:
    """What became of the rows of a delivery."""

    new: int = 0
    amended: int = 0
    unchanged: int = 0
    quarantined: int = 0

    @property
    def read(self) -> int:
        """Every row of the file."""
        return self.new + self.amended + self.unchanged + self.quarantined

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.new + other.new,
            self.amended + other.amended,
            self.unchanged + other.unchanged,
            self.quarantined + other.quarantined,
        )


@dataclass(frozen=True)
class Received:
    """The answer to one file; `again` when the same bytes had been taken before."""

    counts: Counts
    again: bool = False
    delivery_id: int | None = None
    alarms: Sequence[Alarm] = ()


@dataclass
class Times:
    """The records' own times: `oldest` and `newest` up to `known_at`, later ones counted."""

    known_at: datetime
    count: int = 0
    oldest: datetime | None = None
    newest: datetime | None = None
    future: int = 0

    def add(self, at: datetime) -> None:
        """Take one record's time into account."""
        self.count += 1
        if at > self.known_at:
            self.future += 1
            return
        self.oldest = min(self.oldest or at, at)
        self.newest = max(self.newest or at, at)


@dataclass
class _Batch:
    """What a thousand rows add, gathered before it is written."""

    heads: list[dict[str, Any]] = field(default_factory=list)
    first: list[dict[str, Any]] = field(default_factory=list)
    reasons: list[dict[str, Any]] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)


def taken_before(session: Session, force: str, feed: Feed, sha256: str) -> bool:
    """Whether the same bytes were taken for this feed before."""
    taken = session.exec(
        select(DeliveryRow.id).where(
            col(DeliveryRow.force) == force,
            col(DeliveryRow.feed) == feed,
            col(DeliveryRow.sha256) == sha256,
        )
    )
    return taken.first() is not None


def receive(
    session: Session,
    file: DeliveredFile,
    rows: Iterable[ReadRow],
    *,
    policies: PolicySet,
    known_at: datetime,
    now: datetime,
    actor: str,
) -> Received:
    """Store what the rows of one file say, and say so in the audit trail.

    Args:
        session: Commits are the door's; if `rows` raises, nothing may be committed.
        file: What was found in the drop folder.
        rows: The rows as the door read them (adapters.feeds.read_feed).
        policies: For the alarms, by `known_at`.
        known_at: Aware UTC; the instant from which the system knows what the file says.
            Never before that of the feed's last delivery: a night that runs late does not
            know its files before those that came ahead of it.
        now: Aware UTC; the wall clock.
        actor: Who acts, such as ``system:<run>``.
    """
    if taken_before(session, file.force, file.feed, file.sha256):
        return Received(Counts(), again=True)
    past = facts_of_deliveries(session, file.force, file.feed)
    known_at = max([known_at, *(each.known_at for each in past[-1:])])
    delivery = _open_delivery(session, file, known_at, now)
    times = Times(known_at)
    source, counts = iter(rows), Counts()
    while chunk := list(islice(source, BATCH)):
        counts += _store(session, delivery, chunk, times)
    for name, count in (
        ("rows_read", counts.read),
        ("rows_new", counts.new),
        ("rows_amended", counts.amended),
        ("rows_unchanged", counts.unchanged),
        ("rows_quarantined", counts.quarantined),
        ("oldest_record_at", times.oldest),
        ("newest_record_at", times.newest),
        ("future_rows", times.future),
    ):
        setattr(delivery, name, count)
    alarms = delivery_alarms(facts_of(delivery), past, policy=policies.at(known_at))
    delivery.alarms = [{"kind": alarm.kind, "sentence": alarm.sentence} for alarm in alarms]
    session.add(delivery)
    session.flush()
    _say(session, delivery, actor)
    return Received(counts, delivery_id=delivery.id, alarms=alarms)


def facts_of_deliveries(session: Session, force: str, feed: Feed) -> list[DeliveryFacts]:
    """Every delivery of one feed, oldest first, as the alarms and the trust rule need them.

    All of them, not the recent ones: a feed that stays small must not become normal by it.
    """
    rows = session.exec(
        select(DeliveryRow)
        .where(col(DeliveryRow.force) == force, col(DeliveryRow.feed) == feed)
        .order_by(col(DeliveryRow.known_at), col(DeliveryRow.id))
    )
    return [facts_of(row) for row in rows]


def facts_of(delivery: DeliveryRow) -> DeliveryFacts:
    """A delivery as the domain sees it; its rows are those that were not refused."""
    return DeliveryFacts(
        known_at=delivery.known_at,
        rows=delivery.rows_read - delivery.rows_quarantined,
        newest_record_at=delivery.newest_record_at,
        oldest_record_at=delivery.oldest_record_at,
        future_rows=delivery.future_rows,
    )


def _open_delivery(
    session: Session, file: DeliveredFile, known_at: datetime, now: datetime
) -> DeliveryRow:
    delivery = DeliveryRow(
        force=file.force,
        feed=file.feed,
        sha256=file.sha256,
        file_name=file.name,
        size=file.size,
        map_hash=file.map_hash,
        known_at=known_at,
        received_at=now,
        rows_read=0,
        rows_new=0,
        rows_amended=0,
        rows_unchanged=0,
        rows_quarantined=0,
    )
    session.add(delivery)
    session.flush()
    return delivery


def _store(
    session: Session, delivery: DeliveryRow, chunk: Sequence[ReadRow], times: Times
) -> Counts:
    tables = TABLES[delivery.feed]
    batch = _Batch()
    records = [row.record for row in chunk if row.record is not None]
    known = _known(session, tables, delivery.force, [str(r[tables.key]) for r in records])
    fresh: dict[str, list[Mapping[str, Any]]] = {}
    for record in records:
        times.add(record[tables.time])
        key = str(record[tables.key])
        if key in known:
            batch.counts += _amend(session, delivery, known[key], record)
        else:
            fresh.setdefault(key, []).append(record)
    _insert_fresh(session, delivery, batch, fresh)
    for row in chunk:
        batch.reasons += [
            {
                "delivery_id": delivery.id,
                "row": row.number,
                "pointer": problem.pointer,
                "reason": problem.reason,
            }
            for problem in row.problems
        ]
    if batch.reasons:
        session.execute(insert(QuarantinedRow), batch.reasons)
    return batch.counts + Counts(quarantined=len(chunk) - len(records))


def _insert_fresh(
    session: Session,
    delivery: DeliveryRow,
    batch: _Batch,
    fresh: Mapping[str, Sequence[Mapping[str, Any]]],
) -> None:
    """Records not seen before; a second row of one of them in the same file amends it."""
    if not fresh:
        return
    tables = TABLES[delivery.feed]
    heads = [_head(tables, delivery, records[0]) for records in fresh.values()]
    added: Sequence[Any] = session.scalars(
        insert(tables.head).returning(tables.head, sort_by_parameter_order=True), heads
    ).all()
    session.execute(
        insert(tables.version),
        [
            _version(tables, delivery, records[0], head.id, 1)
            for head, records in zip(added, fresh.values(), strict=True)
        ],
    )
    batch.counts += Counts(new=len(added))
    for head, records in zip(added, fresh.values(), strict=True):
        for record in records[1:]:
            batch.counts += _amend(session, delivery, head, record)


def _known(session: Session, tables: FeedTables, force: str, keys: Sequence[str]) -> dict[str, Any]:
    """The records already known among `keys`, by key."""
    head = tables.head
    found = session.exec(
        select(head).where(col(head.force) == force, getattr(head, tables.key).in_(keys))
    )
    return {getattr(row, tables.key): row for row in found}


def _current(session: Session, tables: FeedTables, head: Any) -> Any:
    version = tables.version
    return session.exec(
        select(version).where(
            getattr(version, tables.parent) == head.id, col(version.superseded_at).is_(None)
        )
    ).one()


def _amend(session: Session, delivery: DeliveryRow, head: Any, record: Mapping[str, Any]) -> Counts:
    """Add a version when `record` says something new; return what it counted as."""
    tables = TABLES[delivery.feed]
    current = _current(session, tables, head)
    if content_hash(record) == current.content_hash:
        return Counts(unchanged=1)
    number = head.version + 1
    fresh = _version(tables, delivery, record, head.id, number)
    head.version = number
    if _is_older(record, current):
        session.execute(insert(tables.version), [fresh | {"superseded_at": delivery.known_at}])
        return Counts(amended=1)
    session.execute(
        update(tables.version)
        .where(col(tables.version.id) == current.id)
        .values(superseded_at=delivery.known_at)
    )
    session.expire(current)
    session.execute(insert(tables.version), [fresh])
    for column in tables.copied:
        setattr(head, column, record.get(column))
    for step in tables.unfinished:
        setattr(head, step, False)
    session.add(head)
    session.flush()
    return Counts(amended=1)


def _is_older(record: Mapping[str, Any], current: Any) -> bool:
    mine, theirs = record.get("amended_at"), getattr(current, "amended_at", None)
    return mine is not None and theirs is not None and mine < theirs


def _head(tables: FeedTables, delivery: DeliveryRow, record: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "force": delivery.force,
        tables.key: record[tables.key],
        "version": 1,
        **{column: record.get(column) for column in tables.copied},
        **dict.fromkeys(tables.unfinished, False),
    }


def _version(
    tables: FeedTables,
    delivery: DeliveryRow,
    record: Mapping[str, Any],
    head_id: int | None,
    number: int,
) -> dict[str, Any]:
    columns = tables.version.model_fields.keys()
    return {
        **{name: value for name, value in record.items() if name in columns},
        tables.parent: head_id,
        "version": number,
        "delivery_id": delivery.id,
        "known_at": delivery.known_at,
        "superseded_at": None,
        "content_hash": content_hash(record),
        "fingerprint": fingerprint(delivery.feed, record),
        "force": delivery.force,
    }


def _say(session: Session, delivery: DeliveryRow, actor: str) -> None:
    counts = {
        name: getattr(delivery, name)
        for name in ("rows_new", "rows_amended", "rows_unchanged", "rows_quarantined")
    }
    audit_trail.append(
        session,
        at=delivery.known_at,
        actor=actor,
        action=Action.DELIVERY_TAKEN,
        subject=f"delivery/{delivery.id}",
        detail={"feed": delivery.feed.value, "sha256": delivery.sha256, **counts},
    )
    log.info(
        "delivery received",
        force=delivery.force,
        feed=delivery.feed.value,
        delivery=delivery.id,
        alarms=len(delivery.alarms),
        **counts,
    )
