"""The record of each night: whether it may be judged, that it was, and what it counted.

Nights of a force go forward.  A run that judges by an earlier instant than one already
judged, or than one from which a delivery is known, changes nothing: it would judge by what
nobody knew then.  Late runs that all start when a worker returns do no harm, and looking
back is `services.replay`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, func, select

from adapters.clock import night_of
from domain.audit_trail import Action
from domain.feed_trust import Trust
from domain.pairing import Weights
from domain.policy import PolicySet
from domain.words import RunState
from models import DeliveryRow, DocumentRow, ReferralRow, RunRow
from services import audit_trail, summary, tally, turns


@dataclass(frozen=True)
class Begun:
    """Whether the night is to be judged; if not, the later instant that stands against it."""

    run: bool
    overtaken_by: datetime | None = None


def begin(
    session: Session,
    force: str,
    *,
    as_of: datetime,
    policies: PolicySet,
    weights: Weights,
    actor: str,
    now: datetime,
) -> Begun:
    """Open the night that `as_of` (aware UTC) falls in, or say what later instant stands.

    When the policy or the weights differ from the last night's, everything they bear on is
    marked to be judged or weighed again.
    """
    turns.take(session, force)
    last = latest(session, force)
    if (later := overtaken_by(session, force, as_of)) is not None:
        return Begun(run=False, overtaken_by=later)
    _mark_what_the_rules_change(session, force, last, policies, weights)
    row = last if last is not None and last.night == night_of(as_of) else None
    if row is None:
        row = RunRow(
            force=force,
            night=night_of(as_of),
            as_of=as_of,
            attempts=0,
            state=RunState.STARTED,
            actor=actor,
            started_at=now,
            policy_hash=policies.hash,
            weights_version=weights.version,
        )
    row.as_of, row.actor, row.started_at = as_of, actor, now
    row.attempts, row.state, row.finished_at = row.attempts + 1, RunState.STARTED, None
    row.policy_hash, row.weights_version = policies.hash, weights.version
    session.add(row)
    session.flush()
    return Begun(run=True)


def finish(
    session: Session,
    force: str,
    *,
    as_of: datetime,
    trust: Trust,
    work: Mapping[str, Mapping[str, Any]],
    now: datetime,
    silent: Sequence[str],
) -> dict[str, Any]:
    """Close the night with its counts, which hold numbers and no names; return them.

    Kept with them are `silent`, the sentences of `services.deliveries.silent`.
    """
    turns.take(session, force)
    row = session.exec(
        select(RunRow).where(col(RunRow.force) == force, col(RunRow.night) == night_of(as_of))
    ).one()
    tally.fold(session, force)
    counts = summary.counts(session, force)
    first = not row.counts
    row.counts = {
        **counts,
        "work": {step: dict(did) for step, did in work.items()},
        "silent": [*silent],
    }
    row.state, row.finished_at = RunState.FINISHED, now
    row.feed_sentence = trust.sentence
    session.add(row)
    session.flush()
    if first:
        audit_trail.append(
            session,
            at=as_of,
            actor=row.actor,
            action=Action.NIGHT_FINISHED,
            subject=f"run/{row.id}",
            detail={"night": row.night.isoformat(), "flags_open": counts["flags_open"]},
        )
    return dict(row.counts)


def latest(session: Session, force: str) -> RunRow | None:
    """The last night that was begun for a force."""
    return session.exec(
        select(RunRow).where(col(RunRow.force) == force).order_by(col(RunRow.as_of).desc()).limit(1)
    ).first()


def overtaken_by(session: Session, force: str, as_of: datetime) -> datetime | None:
    """The latest instant that a night judged by or a delivery is known from, if after `as_of`."""
    instants = [
        session.exec(select(func.max(column)).where(col(table.force) == force)).one()
        for table, column in ((RunRow, RunRow.as_of), (DeliveryRow, DeliveryRow.known_at))
    ]
    return max((each for each in instants if each is not None and each > as_of), default=None)


def trusted_until(session: Session, force: str, as_of: datetime) -> datetime | None:
    """How far the nights up to `as_of` (aware UTC) trusted the document feed."""
    return session.exec(
        select(RunRow.trusted_until)
        .where(
            col(RunRow.force) == force,
            col(RunRow.as_of) <= as_of,
            col(RunRow.trusted_until).is_not(None),
        )
        .order_by(col(RunRow.night).desc())
        .limit(1)
    ).first()


def note_trust(session: Session, force: str, as_of: datetime, trust: Trust) -> None:
    """Keep with the night that judges by `as_of` how far it trusts the document feed.

    Kept with the flags that rest on it, in their transaction.
    """
    session.execute(
        update(RunRow)
        .where(col(RunRow.force) == force, col(RunRow.as_of) == as_of)
        .values(trusted_until=trust.trusted_until)
    )


def _mark_what_the_rules_change(
    session: Session, force: str, last: RunRow | None, policies: PolicySet, weights: Weights
) -> None:
    if last is None:
        return
    if last.weights_version != weights.version:
        for head in (ReferralRow, DocumentRow):
            session.execute(update(head).where(col(head.force) == force).values(weighed=False))
    if last.policy_hash != policies.hash:
        session.execute(
            update(ReferralRow)
            .where(col(ReferralRow.force) == force)
            .values(settled=False, judged=False)
        )
