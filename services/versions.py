"""What a batch of rows says of its records: new ones, amendments, or nothing new.

A row that says something new of a record becomes a version of it; one that says the same
changes nothing; one that is older than what is known, by its own `amended_at`, goes into
the history and not to the front.  A batch takes the same few statements however many of
its rows amend something.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, null, select, update
from sqlmodel import Session, col

from models import DeliveryRow
from services.feed_tables import TABLES, FeedTables
from services.frames import content_hash, fingerprint

Record = Mapping[str, Any]


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


@dataclass
class _Known:
    """A record as it stands, and what the batch adds to it.

    `last` is the number of its latest version and `current` of the one that counts; `waiting`
    is that one where it has still to be written, and `head` what then changes of the record.
    """

    number: int
    last: int
    current: int
    content_hash: str
    amended_at: datetime | None
    waiting: dict[str, Any] | None = None
    head: dict[str, Any] = field(default_factory=dict)


@dataclass
class _Writing:
    """The versions that a batch adds, and the stored ones that they end."""

    versions: list[dict[str, Any]] = field(default_factory=list)
    ended: list[dict[str, Any]] = field(default_factory=list)


def store(session: Session, delivery: DeliveryRow, records: Sequence[Record]) -> Counts:
    """Keep what the records of one batch of a delivery say, in their order."""
    tables = TABLES[delivery.feed]
    keys = [str(record[tables.key]) for record in records]
    known = _known(session, tables, delivery.force, keys)
    first: dict[str, int] = {}
    for place, key in enumerate(keys):
        if key not in known:
            first.setdefault(key, place)
    known |= _insert_fresh(session, tables, delivery, {key: records[n] for key, n in first.items()})
    writing, counts = _Writing(), Counts(new=len(first))
    for place, (key, record) in enumerate(zip(keys, records, strict=True)):
        if first.get(key) != place:
            counts += _amend(tables, delivery, known[key], record, writing)
    _write(session, tables, writing, known.values())
    return counts


def _known(
    session: Session, tables: FeedTables, force: str, keys: Sequence[str]
) -> dict[str, _Known]:
    """The records already known among `keys`, by key."""
    head, version = tables.head, tables.version
    key: Any = getattr(head, tables.key)
    found = session.execute(
        select(
            key,
            col(head.id),
            col(head.version),
            col(version.version),
            col(version.content_hash),
            getattr(version, "amended_at", null()),
        )
        .join(version, getattr(version, tables.parent) == head.id)
        .where(col(head.force) == force, key.in_(keys), col(version.superseded_at).is_(None))
    )
    return {name: _Known(*values) for name, *values in found}


def _insert_fresh(
    session: Session, tables: FeedTables, delivery: DeliveryRow, fresh: Mapping[str, Record]
) -> dict[str, _Known]:
    """Add records not seen before, by key, each with its first version."""
    if not fresh:
        return {}
    heads = [_head(tables, delivery, record) for record in fresh.values()]
    numbers: Sequence[Any] = session.scalars(
        insert(tables.head).returning(col(tables.head.id), sort_by_parameter_order=True), heads
    ).all()
    versions = [
        _version(tables, delivery, record, number, 1)
        for record, number in zip(fresh.values(), numbers, strict=True)
    ]
    session.execute(insert(tables.version), versions)
    return {
        key: _Known(number, 1, 1, version["content_hash"], record.get("amended_at"))
        for (key, record), number, version in zip(fresh.items(), numbers, versions, strict=True)
    }


def _amend(
    tables: FeedTables, delivery: DeliveryRow, known: _Known, record: Record, writing: _Writing
) -> Counts:
    """Note the version to add when `record` says something new; return what it counted as."""
    if content_hash(record) == known.content_hash:
        return Counts(unchanged=1)
    known.last += 1
    known.head["version"] = known.last
    version = _version(tables, delivery, record, known.number, known.last)
    writing.versions.append(version)
    if _is_older(record, known):
        version["superseded_at"] = delivery.known_at
        return Counts(amended=1)
    if known.waiting is not None:
        known.waiting["superseded_at"] = delivery.known_at
    else:
        writing.ended.append({"of": known.number, "which": known.current, "at": delivery.known_at})
    known.current, known.waiting = known.last, version
    known.content_hash, known.amended_at = version["content_hash"], record.get("amended_at")
    known.head |= {column: record.get(column) for column in tables.copied}
    known.head |= dict.fromkeys(tables.unfinished, False)
    return Counts(amended=1)


def _is_older(record: Record, known: _Known) -> bool:
    mine, theirs = record.get("amended_at"), known.amended_at
    return mine is not None and theirs is not None and mine < theirs


def _write(
    session: Session, tables: FeedTables, writing: _Writing, records: Iterable[_Known]
) -> None:
    version = tables.version
    if writing.ended:
        session.connection().execute(
            update(version)
            .where(
                getattr(version, tables.parent) == bindparam("of"),
                col(version.version) == bindparam("which"),
            )
            .values(superseded_at=bindparam("at")),
            writing.ended,
        )
    if writing.versions:
        session.execute(insert(version), writing.versions)
    heads = [{"id": known.number, **known.head} for known in records if known.head]
    if heads:
        session.execute(update(tables.head), heads)


def _head(tables: FeedTables, delivery: DeliveryRow, record: Record) -> dict[str, Any]:
    return {
        "force": delivery.force,
        tables.key: record[tables.key],
        "version": 1,
        **{column: record.get(column) for column in tables.copied},
        **dict.fromkeys(tables.unfinished, False),
    }


def _version(
    tables: FeedTables, delivery: DeliveryRow, record: Record, head: int, number: int
) -> dict[str, Any]:
    columns = tables.version.model_fields.keys()
    return {
        **{name: value for name, value in record.items() if name in columns},
        tables.parent: head,
        "version": number,
        "delivery_id": delivery.id,
        "known_at": delivery.known_at,
        "superseded_at": None,
        "content_hash": content_hash(record),
        "fingerprint": fingerprint(delivery.feed, record),
        "force": delivery.force,
    }
