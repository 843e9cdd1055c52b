"""Flags: opened, changed, settled by themselves and reopened; never deleted.

A referral has one flag for good.  A reopened flag keeps the referral's original clock, so
nobody gains time by a pairing that was undone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from domain.audit_trail import Action, NewEvent
from domain.obligation import Judgement
from domain.words import FlagChange, FlagKind, FlagState, Settlement
from models import FlagEventRow, FlagRow
from services import audit_trail
from services.stored_records import Stored

ACTIONS = {
    FlagChange.OPENED: Action.FLAG_OPENED,
    FlagChange.CHANGED: Action.FLAG_CHANGED,
    FlagChange.SETTLED: Action.FLAG_SETTLED,
    FlagChange.REOPENED: Action.FLAG_REOPENED,
}
SETTLEMENTS = {
    "exempt": Settlement.EXEMPT,
    "satisfied_late": Settlement.LATE,
    "satisfied": Settlement.PAIRED,
    "expected": Settlement.WITHIN_GRACE,
}


@dataclass(frozen=True)
class Outcomes:
    """How many flags were opened, settled and reopened."""

    opened: int = 0
    settled: int = 0
    reopened: int = 0

    def __add__(self, other: "Outcomes") -> "Outcomes":
        return Outcomes(
            self.opened + other.opened,
            self.settled + other.settled,
            self.reopened + other.reopened,
        )


def apply(
    session: Session,
    force: str,
    judged: Iterable[tuple[int, Judgement]],
    records: Mapping[int, Stored],
    *,
    at: datetime,
    actor: str,
) -> Outcomes:
    """Bring the flags of some referrals to what their judgements say.

    A held judgement neither opens nor settles a flag.
    """
    standing = {
        row.referral: row
        for row in session.exec(select(FlagRow).where(col(FlagRow.referral).in_(list(records))))
    }
    changed: list[tuple[FlagRow, FlagChange, str]] = []
    for referral, judgement in judged:
        flag = standing.get(referral)
        if flag is None and judgement.raised is not None:
            flag = _new(force, referral, judgement, records[referral], at)
            changed.append((flag, FlagChange.OPENED, judgement.reason))
        elif flag is not None and (change := _change(flag, judgement, at)):
            changed.append((flag, change, judgement.reason))
    _write(session, changed, at, actor)
    kinds = [change for _, change, _ in changed]
    return Outcomes(*(kinds.count(kind) for kind in _COUNTED))


_COUNTED = (FlagChange.OPENED, FlagChange.SETTLED, FlagChange.REOPENED)


def notice(session: Session, referral: int, reason: str, *, at: datetime, actor: str) -> None:
    """Leave a sentence with the referral's flag, if it has one; its state is not changed."""
    flag = session.exec(select(FlagRow).where(col(FlagRow.referral) == referral)).first()
    if flag is None:
        return
    session.add(
        FlagEventRow(
            flag=flag.id or 0,
            at=at,
            actor=actor,
            change=FlagChange.NOTICED,
            kind=flag.kind,
            reason=reason,
        )
    )


def _new(force: str, referral: int, judgement: Judgement, record: Stored, at: datetime) -> FlagRow:
    return FlagRow(
        force=force,
        referral=referral,
        kind=FlagKind(judgement.raised or ""),
        state=FlagState.OPEN,
        clock_started_at=record["referred_at"],
        grace_ends_at=judgement.grace_ends_at,
        opened_at=at,
    )


def _change(flag: FlagRow, judgement: Judgement, at: datetime) -> FlagChange | None:
    if judgement.raised is not None:
        was_open, same = flag.state == FlagState.OPEN, flag.kind == judgement.raised
        flag.kind = FlagKind(judgement.raised)
        flag.state, flag.settled_at, flag.settled_as = FlagState.OPEN, None, None
        if was_open:
            return None if same else FlagChange.CHANGED
        return FlagChange.REOPENED
    if judgement.held or flag.state == FlagState.SETTLED:
        return None
    flag.state, flag.settled_at = FlagState.SETTLED, at
    flag.settled_as = _settlement(flag, judgement)
    return FlagChange.SETTLED


def _settlement(flag: FlagRow, judgement: Judgement) -> Settlement:
    if judgement.obligation == "satisfied" and flag.kind == FlagKind.INCOMPLETE:
        return Settlement.COMPLETED
    return SETTLEMENTS[judgement.obligation]


def _write(
    session: Session,
    changed: Iterable[tuple[FlagRow, FlagChange, str]],
    at: datetime,
    actor: str,
) -> None:
    listed = list(changed)
    session.add_all([flag for flag, _, _ in listed])
    session.flush()
    session.add_all(
        [
            FlagEventRow(
                flag=flag.id or 0, at=at, actor=actor, change=change, kind=flag.kind, reason=why
            )
            for flag, change, why in listed
        ]
    )
    audit_trail.append_many(
        session,
        [
            NewEvent(at, actor, ACTIONS[change], f"flag/{flag.id}", {"kind": flag.kind.value})
            for flag, change, _ in listed
        ],
    )
    session.flush()
