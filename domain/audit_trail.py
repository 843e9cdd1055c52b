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
from typing import TypeAlias

from domain.audit_actions import KINDS as KINDS
from domain.audit_actions import Action as Action
from domain.audit_actions import Kind as Kind

JSON: TypeAlias = "str | int | float | bool | Sequence[JSON] | Mapping[str, JSON] | None"

TAG = "counterfoil audit event v1"
GENESIS = "0" * 64
"""What the first event carries as the hash of the one before it."""


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
