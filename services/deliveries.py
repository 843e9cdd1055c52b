"""Taking one delivered file: whole or not at all, once, with every refused row accounted for.

The file's SHA-256 makes the same file twice a no-op; what its rows say of their records is
kept by `services.versions`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import insert, select
from sqlmodel import Session, col

from adapters import logs
from adapters.feeds import ReadRow
from domain.alarms import Alarm, delivery_alarms, silences
from domain.audit_trail import Action
from domain.feed_trust import DeliveryFacts
from domain.policy import PolicySet
from domain.words import Feed
from models import DeliveryRow, QuarantinedRow
from services import audit_trail, tally, turns, versions
from services.feed_tables import TABLES
from services.versions import Counts

log = logs.get()

BATCH = 1000
FACTS: Sequence[Any] = (
    col(DeliveryRow.known_at),
    col(DeliveryRow.rows_read),
    col(DeliveryRow.rows_quarantined),
    col(DeliveryRow.newest_record_at),
    col(DeliveryRow.oldest_record_at),
    col(DeliveryRow.future_rows),
)
"""The columns that `_facts` takes, in its order."""


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


def taken_before(session: Session, force: str, feed: Feed, sha256: str) -> bool:
    """Whether the same bytes were taken for this feed before."""
    taken = session.execute(
        select(col(DeliveryRow.id)).where(
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
    turns.take(session, file.force)
    if taken_before(session, file.force, file.feed, file.sha256):
        return Received(Counts(), again=True)
    past = facts_of_deliveries(session, file.force, file.feed)
    known_at = max([known_at, *(each.known_at for each in past[-1:])])
    delivery = _open_delivery(session, file, known_at, now)
    times = Times(known_at)
    source, counts = iter(rows), Counts()
    while chunk := list(islice(source, BATCH)):
        counts += _take(session, delivery, chunk, times)
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
    tally.add(session, file.force, _tallied(file.feed, counts))
    _say(session, delivery, actor)
    return Received(counts, delivery_id=delivery.id, alarms=alarms)


def facts_of_deliveries(session: Session, force: str, feed: Feed) -> list[DeliveryFacts]:
    """Every delivery of one feed, oldest first, as the alarms and the trust rule need them.

    All of them, not the recent ones: a feed that stays small must not become normal by it.
    """
    rows = session.connection().execute(
        select(*FACTS)
        .where(col(DeliveryRow.force) == force, col(DeliveryRow.feed) == feed)
        .order_by(col(DeliveryRow.known_at), col(DeliveryRow.id))
    )
    return [_facts(*row) for row in rows]


def silent(session: Session, force: str, *, as_of: datetime, policies: PolicySet) -> list[str]:
    """Sentences about referrals that did not come by `as_of` (aware UTC); they name nobody.

    Of documents the trust rule speaks (domain.feed_trust); no rule holds anything because of
    a silent referral feed, so without these nobody would see that the denominator is short.
    """
    facts = facts_of_deliveries(session, force, Feed.REFERRALS)
    found = silences(facts, as_of=as_of, policy=policies.at(as_of))
    return [f"{Feed.REFERRALS.value}: {alarm.sentence}" for alarm in found]


def facts_of(delivery: DeliveryRow) -> DeliveryFacts:
    """A delivery as the domain sees it; its rows are those that were not refused."""
    return _facts(*(getattr(delivery, column.key) for column in FACTS))


def _facts(
    known_at: datetime,
    read: int,
    quarantined: int,
    newest: datetime | None,
    oldest: datetime | None,
    future: int,
) -> DeliveryFacts:
    return DeliveryFacts(
        known_at=known_at,
        rows=read - quarantined,
        newest_record_at=newest,
        oldest_record_at=oldest,
        future_rows=future,
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


def _take(
    session: Session, delivery: DeliveryRow, chunk: Sequence[ReadRow], times: Times
) -> Counts:
    records = [row.record for row in chunk if row.record is not None]
    for record in records:
        times.add(record[TABLES[delivery.feed].time])
    reasons = [
        {
            "delivery_id": delivery.id,
            "row": row.number,
            "pointer": problem.pointer,
            "reason": problem.reason,
        }
        for row in chunk
        for problem in row.problems
    ]
    if reasons:
        session.execute(insert(QuarantinedRow), reasons)
    return versions.store(session, delivery, records) + Counts(
        quarantined=len(chunk) - len(records)
    )


def _tallied(feed: Feed, counts: Counts) -> dict[str, int]:
    what = tally.NEW_REFERRAL if feed == Feed.REFERRALS else tally.DOCUMENTS
    return {what: counts.new, tally.QUARANTINED: counts.quarantined}


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
