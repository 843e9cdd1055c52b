"""The weekly full pass: everything paired anew, and where it differs put to a person.

No pairing is made or ended here.  A contradiction is raised once, stays while the full pass
finds it, and is closed by the first that does not.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl
from sqlmodel import Session, col, select

from adapters import logs
from domain.audit_trail import Action, NewEvent
from domain.pairing import Weights
from domain.policy import PolicySet
from domain.words import Band, Contradiction, RunState
from models import ContradictionRow, PairingRow, ReferralRow
from services import audit_trail, nights, parts, turns

log = logs.get()
Pair = tuple[int, int]


@dataclass(frozen=True)
class Compared:
    """What one full pass found; `digest` is the SHA-256 of its pairings, as CSV."""

    parts: int = 0
    pairings: int = 0
    raised: int = 0
    closed: int = 0
    open: int = 0
    digest: str = ""


def begin(
    session: Session,
    force: str,
    folder: Path,
    *,
    policies: PolicySet,
    weights: Weights,
    weights_file: Path | None = None,
) -> int:
    """Export what the last night of a force knew; the number of its periods.

    0 when no night is finished, or the weights or policy have changed since: the next
    night decides by the new ones first, and there would be nothing of one kind to compare.
    """
    last = nights.latest(session, force)
    if (
        last is None
        or last.state != RunState.FINISHED
        or (last.weights_version, last.policy_hash) != (weights.version, policies.hash)
    ):
        return 0
    plan = parts.export(
        session,
        force,
        folder,
        as_of=last.as_of,
        policies=policies,
        weights=weights,
        weights_file=weights_file,
    )
    return len(plan.spans)


def finish(
    session: Session, force: str, folder: Path, *, weights: Weights, at: datetime, actor: str
) -> Compared:
    """Decide on all periods together, and raise and close what differs from what stands.

    Nothing is compared when another night was begun meanwhile: the next pass does it.
    """
    turns.take(session, force)
    plan = parts.read_plan(folder)
    last = nights.latest(session, force)
    if last is None or last.as_of != plan.as_of or last.state != RunState.FINISHED:
        log.warning("full pass overtaken by a night", force=force)
        return Compared(parts=len(plan.spans))
    pairings = parts.decide(folder, weights)
    found = _differing(session, force, pairings)
    raised, closed, still = _bring_up_to_date(session, force, found, weights, at, actor)
    digest = hashlib.sha256(pairings.write_csv().encode()).hexdigest()
    result = Compared(len(plan.spans), pairings.height, raised, closed, still, digest)
    audit_trail.append(
        session,
        at=at,
        actor=actor,
        action=Action.PAIRED_ANEW,
        subject=f"run/{last.id}",
        detail=dict(vars(result)),
    )
    log.info("full pass finished", force=force, raised=raised, closed=closed)
    return result


def _differing(
    session: Session, force: str, pairings: pl.DataFrame
) -> Mapping[Pair, Contradiction | None]:
    """The pairs that differ; with None, the open ones of referrals that wait for a night."""
    settled = set(
        session.exec(
            select(ReferralRow.id).where(
                col(ReferralRow.force) == force,
                col(ReferralRow.settled).is_(True),
                col(ReferralRow.weighed).is_(True),
            )
        )
    )
    standing: set[Pair] = set(
        session.exec(
            select(PairingRow.referral, PairingRow.document).where(
                col(PairingRow.force) == force,
                col(PairingRow.ended_at).is_(None),
                col(PairingRow.band) == Band.AUTO,
            )
        )
    )
    auto = pairings.filter(pl.col("band") == Band.AUTO.value)
    made: set[Pair] = set(auto.select("referral", "document").iter_rows())
    waiting = {
        (row.referral, row.document): None
        for row in _open(session, force)
        if row.referral not in settled
    }
    return {
        **waiting,
        **{pair: Contradiction.NOT_MADE for pair in standing - made if pair[0] in settled},
        **{pair: Contradiction.NOT_STANDING for pair in made - standing if pair[0] in settled},
    }


def _open(session: Session, force: str) -> list[ContradictionRow]:
    return list(
        session.exec(
            select(ContradictionRow)
            .where(col(ContradictionRow.force) == force, col(ContradictionRow.closed_at).is_(None))
            .order_by(col(ContradictionRow.id))
        )
    )


def _bring_up_to_date(
    session: Session,
    force: str,
    found: Mapping[Pair, Contradiction | None],
    weights: Weights,
    at: datetime,
    actor: str,
) -> tuple[int, int, int]:
    """Close what is gone and raise what is new: how many of each, and how many are open."""
    there = {(row.referral, row.document): row for row in _open(session, force)}
    kept = {
        pair for pair, row in there.items() if pair in found and found[pair] in (None, row.kind)
    }
    gone = [row for pair, row in there.items() if pair not in kept]
    for row in gone:
        row.closed_at, row.closed_by = at, actor
    session.add_all(gone)
    session.flush()
    new = [
        ContradictionRow(
            force=force,
            referral=pair[0],
            document=pair[1],
            kind=kind,
            weights_version=weights.version,
            raised_at=at,
            raised_by=actor,
        )
        for pair, kind in sorted(found.items())
        if kind is not None and pair not in kept
    ]
    session.add_all(new)
    session.flush()
    said = ((Action.CONTRADICTION_CLOSED, gone), (Action.CONTRADICTION_RAISED, new))
    audit_trail.append_many(
        session,
        [
            NewEvent(
                at,
                actor,
                action,
                f"referral/{row.referral}",
                {"document": row.document, "kind": row.kind.value},
            )
            for action, rows in said
            for row in rows
        ],
    )
    return len(new), len(gone), len(kept) + len(new)
