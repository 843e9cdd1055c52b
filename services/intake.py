"""Taking what lies in a drop folder, a transaction a file.

    look (hash) -> taken before? -> read, check, tokenise, store -> unchanged? -> commit
    -> archive or remove

A crash before the commit leaves the file where it was and nothing stored; one after it
leaves a file that the next run knows by its hash, and only puts away.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from adapters import drop_folder, logs
from adapters.drop_folder import Found
from adapters.feeds import read_feed
from domain.errors import FeedRefused
from domain.words import Feed
from services import deliveries
from services.deliveries import DeliveredFile, Received
from services.forces import Force
from services.policy_dates import under_policy
from services.versions import Counts

log = logs.get()

Transaction = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True)
class Intake:
    """What a run took from one folder. `refused` has a sentence for each file left there."""

    files: int = 0
    again: int = 0
    counts: Counts = field(default_factory=Counts)
    refused: tuple[str, ...] = ()
    alarms: tuple[str, ...] = ()


def take_all(
    transaction: Transaction,
    force: Force,
    feed: Feed,
    *,
    known_at: datetime,
    now: datetime,
    actor: str,
) -> Intake:
    """Take every file that waits in the feed's folder, by name, each whole or not at all.

    Args:
        transaction: Opens a session that commits when its block ends without an exception.
        force: Whose folder, map, key and policy.
        feed: Which of its two feeds.
        known_at: Aware UTC; the instant from which the system knows what the files say.
        now: Aware UTC; the wall clock.
        actor: Who acts, such as ``system:<run>``.
    """
    files, again, counts = 0, 0, Counts()
    refused: list[str] = []
    alarms: list[str] = []
    for path in drop_folder.waiting(force.feeds[feed].folder):
        found = None
        try:
            found = drop_folder.look(path)
            with transaction() as session:
                received = _take(session, force, feed, found, known_at, now, actor)
        except FeedRefused as why:
            refused.append(str(why))
            sha256 = found.sha256 if found else None
            log.warning("delivery refused", force=force.code, feed=feed.value, sha256=sha256)
            continue
        _put_away(found, force, feed)
        files, again = files + 1, again + received.again
        counts += received.counts
        alarms += [f"{path.name}: {alarm.sentence}" for alarm in received.alarms]
    return Intake(files, again, counts, tuple(refused), tuple(alarms))


def _take(
    session: Session,
    force: Force,
    feed: Feed,
    found: Found,
    known_at: datetime,
    now: datetime,
    actor: str,
) -> Received:
    column_map = force.feeds[feed].map
    file = DeliveredFile(
        force.code, feed, found.path.name, found.sha256, found.size, column_map.hash
    )
    if deliveries.taken_before(session, force.code, feed, found.sha256):
        return Received(Counts(), again=True)
    rows = read_feed(found.path, column_map, force=force.code, key=force.key, rules=force.rules)
    rows = map(under_policy(feed, force.policies), rows)
    received = deliveries.receive(
        session, file, rows, policies=force.policies, known_at=known_at, now=now, actor=actor
    )
    drop_folder.check_unchanged(found)
    return received


def _put_away(found: Found, force: Force, feed: Feed) -> None:
    if force.archive is None:
        drop_folder.remove(found)
    else:
        drop_folder.archive(found, force.archive / force.code / feed.value)


def waiting(force: Force, feed: Feed) -> list[Path]:
    """The files that wait in the feed's folder."""
    return drop_folder.waiting(force.feeds[feed].folder)
