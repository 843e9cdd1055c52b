"""The audit trail as arithmetic: what an event is, its hash, and whether a chain is whole.

Each event carries the hash of the one before it, so a changed, missing, added or moved event
breaks the chain at a place that `verify` names.  The hash covers a JSON array in ASCII, so a
stranger can compute it again with any JSON library and SHA-256 (see `event_hash`).

The limit: whoever can rewrite the whole table can compute a new chain that is whole, and the
last events can be cut off without a trace in what remains.  Both are seen only against a
sequence number and hash noted earlier and held elsewhere; give that to `verify`.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

JSON: TypeAlias = "str | int | float | bool | Sequence[JSON] | Mapping[str, JSON] | None"

TAG = "counterfoil audit event v1"
GENESIS = "0" * 64
"""What the first event carries as the hash of the one before it."""


class Kind(StrEnum):
    """The operations that section 62 of the Data Protection Act 2018 wants logged, and ours."""

    COLLECTION = "collection"
    ALTERATION = "alteration"
    CONSULTATION = "consultation"
    DISCLOSURE = "disclosure"
    COMBINATION = "combination"
    ERASURE = "erasure"
    ADMINISTRATIVE = "administrative"


class Action(StrEnum):
    """What was done, as the trail says it. A word once used is never given another meaning."""

    DELIVERY_TAKEN = "delivery taken"
    DELIVERY_REFUSED = "delivery refused"
    PAIRING_MADE = "pairing made"
    PAIRING_ENDED = "pairing ended"
    DECISION_NOTICED = "decision overtaken by evidence"
    DECISION_ENDED = "decision ended"
    EXEMPTION_NOTICED = "exemption overtaken by evidence"
    PAIRING_CONFIRMED = "pairing confirmed"
    PAIRING_REJECTED = "pairing rejected"
    FLAG_OPENED = "flag opened"
    FLAG_CHANGED = "flag changed"
    FLAG_SETTLED = "flag settled"
    FLAG_REOPENED = "flag reopened"
    FLAGS_HELD = "flags held"
    EXEMPTION_ASKED = "exemption asked"
    EXEMPTION_APPROVED = "exemption approved"
    EXEMPTION_ENDED = "exemption ended"
    REFERRAL_READ = "referral read"
    LIST_READ = "list read"
    TRAIL_READ = "audit trail read"
    REPORT_EXPORTED = "report exported"
    NOTICE_SENT = "notice sent"
    RECORDS_ERASED = "records erased"
    NIGHT_STARTED = "night started"
    NIGHT_FINISHED = "night finished"
    NIGHT_FAILED = "night failed"
    PAIRED_ANEW = "paired anew"
    CONTRADICTION_RAISED = "contradiction raised"
    CONTRADICTION_CLOSED = "contradiction closed"
    POLICY_ADOPTED = "policy adopted"
    SAMPLE_PLANNED = "sample planned"
    FRAME_FROZEN = "sampling frame frozen"
    FRAME_EXPORTED = "sampling frame exported"
    SEED_ENTERED = "seed entered"
    SAMPLE_DRAWN = "sample drawn"
    WORKSHEET_EXPORTED = "worksheet exported"
    FINDINGS_RECORDED = "findings recorded"
    ITEMS_REPLACED = "sampled items replaced"
    SAMPLE_EXTENDED = "sample extended"
    SAMPLE_EVALUATED = "sample evaluated"
    PACK_EXPORTED = "working paper exported"


KINDS: Mapping[Action, Kind] = {
    Action.DELIVERY_TAKEN: Kind.COLLECTION,
    Action.DELIVERY_REFUSED: Kind.COLLECTION,
    Action.PAIRING_MADE: Kind.COMBINATION,
    Action.PAIRING_ENDED: Kind.COMBINATION,
    Action.DECISION_NOTICED: Kind.ALTERATION,
    Action.DECISION_ENDED: Kind.ALTERATION,
    Action.EXEMPTION_NOTICED: Kind.ALTERATION,
    Action.PAIRING_CONFIRMED: Kind.COMBINATION,
    Action.PAIRING_REJECTED: Kind.COMBINATION,
    Action.FLAG_OPENED: Kind.ALTERATION,
    Action.FLAG_CHANGED: Kind.ALTERATION,
    Action.FLAG_SETTLED: Kind.ALTERATION,
    Action.FLAG_REOPENED: Kind.ALTERATION,
    Action.FLAGS_HELD: Kind.ALTERATION,
    Action.EXEMPTION_ASKED: Kind.ALTERATION,
    Action.EXEMPTION_APPROVED: Kind.ALTERATION,
    Action.EXEMPTION_ENDED: Kind.ALTERATION,
    Action.REFERRAL_READ: Kind.CONSULTATION,
    Action.LIST_READ: Kind.CONSULTATION,
    Action.TRAIL_READ: Kind.CONSULTATION,
    Action.REPORT_EXPORTED: Kind.DISCLOSURE,
    Action.NOTICE_SENT: Kind.DISCLOSURE,
    Action.RECORDS_ERASED: Kind.ERASURE,
    Action.NIGHT_STARTED: Kind.ADMINISTRATIVE,
    Action.NIGHT_FINISHED: Kind.ADMINISTRATIVE,
    Action.NIGHT_FAILED: Kind.ADMINISTRATIVE,
    Action.PAIRED_ANEW: Kind.COMBINATION,
    Action.CONTRADICTION_RAISED: Kind.ALTERATION,
    Action.CONTRADICTION_CLOSED: Kind.ALTERATION,
    Action.POLICY_ADOPTED: Kind.ADMINISTRATIVE,
    Action.SAMPLE_PLANNED: Kind.ADMINISTRATIVE,
    Action.FRAME_FROZEN: Kind.CONSULTATION,
    Action.FRAME_EXPORTED: Kind.DISCLOSURE,
    Action.SEED_ENTERED: Kind.ADMINISTRATIVE,
    Action.SAMPLE_DRAWN: Kind.ADMINISTRATIVE,
    Action.WORKSHEET_EXPORTED: Kind.DISCLOSURE,
    Action.FINDINGS_RECORDED: Kind.ADMINISTRATIVE,
    Action.ITEMS_REPLACED: Kind.ADMINISTRATIVE,
    Action.SAMPLE_EXTENDED: Kind.ADMINISTRATIVE,
    Action.SAMPLE_EVALUATED: Kind.ADMINISTRATIVE,
    Action.PACK_EXPORTED: Kind.DISCLOSURE,
}


@dataclass(frozen=True, slots=True)
class NewEvent:
    """Something that was done and is not yet in the trail.

    Args:
        at: When, aware and UTC. A clock that went backwards is recorded as it was.
        actor: Who: a person's sign-in name, or the name of the schedule or command.
        action: What was done.
        subject: To what: a URN, a delivery's number, a force's code; never a person.
        detail: Counts and surrogate ids; never personal data, which could not be erased.
    """

    at: datetime
    actor: str
    action: Action
    subject: str
    detail: Mapping[str, JSON]


@dataclass(frozen=True, slots=True)
class Event:
    """One event as it is stored; the texts are exactly those that were hashed."""

    seq: int
    at: str
    actor: str
    action: str
    subject: str
    body: str
    prev: str
    hash: str


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """An event's number and hash: enough to see later whether the past was rewritten."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Intact:
    """Every event follows from the one before; `head` is the last one, None of none."""

    count: int
    head: Checkpoint | None


@dataclass(frozen=True, slots=True)
class Broken:
    """The first event at which the chain breaks, and a sentence that says how."""

    seq: int
    why: str


def instant(at: datetime) -> str:
    """`at` in the only form the trail knows: ``2026-03-02T02:30:00.000000+00:00``.

    Texts of this form sort as the instants do.

    Raises:
        ValueError: `at` is naive or not UTC.
    """
    if at.utcoffset() != timedelta(0):
        raise ValueError("The audit trail records times in UTC only.")
    return at.replace(tzinfo=None).isoformat(timespec="microseconds") + "+00:00"


def canonical(value: JSON) -> str:
    """`value` as JSON with sorted keys, no spaces and only ASCII: equal values, equal bytes.

    Raises:
        ValueError: a number is not finite.
        TypeError: a key is not text, or a value is none of JSON's kinds.
    """
    return json.dumps(
        _plain(value), allow_nan=False, ensure_ascii=True, separators=(",", ":"), sort_keys=True
    )


def _plain(value: JSON) -> JSON:
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise TypeError("Every key of a JSON object is text.")
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def event_hash(
    *, seq: int, at: str, actor: str, action: str, subject: str, prev: str, body: str
) -> str:
    """SHA-256, in lower-case hex, of the event and of the hash before it.

    What is hashed is the JSON array ``[TAG, seq, at, actor, action, subject, prev, body]``
    as `canonical` writes it; body is itself JSON, here a text.  An array keeps fields apart
    that a plain joining of texts would let run into each other.
    """
    return hashlib.sha256(
        canonical([TAG, seq, at, actor, action, subject, prev, body]).encode("ascii")
    ).hexdigest()


def chain(events: Iterable[NewEvent], *, after: Checkpoint | None) -> Iterable[Event]:
    """`events` in their order, numbered and hashed on from `after` (None: an empty trail).

    Raises:
        ValueError: a time is not UTC, or an actor, action or subject is empty or holds a
            control character.
    """
    seq, prev = (after.seq, after.hash) if after else (0, GENESIS)
    for event in events:
        seq += 1
        at, body = instant(event.at), canonical(event.detail)
        actor, action, subject = (_name(x) for x in (event.actor, event.action, event.subject))
        this = event_hash(
            seq=seq, at=at, actor=actor, action=action, subject=subject, prev=prev, body=body
        )
        yield Event(seq, at, actor, action, subject, body, prev, this)
        prev = this


def _name(text: str) -> str:
    """`text`, if every database can store it and every log line can show it."""
    text.encode("utf-8")
    if not text or any(ord(character) < 32 or ord(character) == 127 for character in text):
        raise ValueError("An actor, action or subject is empty or holds a control character.")
    return str(text)


def verify(events: Iterable[Event], expected: Checkpoint | None = None) -> Intact | Broken:
    """Follow the chain from its first event, holding one event at a time.

    Args:
        events: The whole trail, by ascending seq.
        expected: A number and hash noted earlier and held elsewhere. Without it, a trail
            that was rewritten or cut short as a whole still passes.
    """
    seq, prev = 0, GENESIS
    for event in events:
        broken = _break(event, seq + 1, prev)
        if broken is None and expected is not None and event.seq == expected.seq:
            broken = _mismatch(event, expected)
        if broken is not None:
            return broken
        seq, prev = event.seq, event.hash
    if expected is not None and seq < expected.seq:
        return Broken(
            seq + 1,
            f"The trail ends at event {seq}, but event {expected.seq} was noted earlier:"
            " events were removed from its end.",
        )
    return Intact(seq, Checkpoint(seq, prev) if seq else None)


def _break(event: Event, seq: int, prev: str) -> Broken | None:
    if event.seq != seq:
        return Broken(seq, f"Event {seq} is missing; event {event.seq} stands in its place.")
    if event.prev != prev:
        return Broken(seq, f"Event {seq} does not carry the hash of the event before it.")
    computed = event_hash(
        seq=event.seq,
        at=event.at,
        actor=event.actor,
        action=event.action,
        subject=event.subject,
        prev=event.prev,
        body=event.body,
    )
    if event.hash != computed:
        return Broken(seq, f"Event {seq} does not have the hash of its contents.")
    return None


def _mismatch(event: Event, expected: Checkpoint) -> Broken | None:
    if event.hash == expected.hash:
        return None
    return Broken(
        event.seq,
        f"Event {event.seq} has another hash than was noted earlier: the trail was rewritten.",
    )
