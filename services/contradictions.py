"""The weekly full pass: everything paired anew, and where it differs put to a person.

No pairing is made or ended here.  A contradiction is raised once, stays while the full pass
finds it, and is closed by the first that does not.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import polars as pl
from sqlmodel import Session, col, select

from adapters import logs
from domain.audit_trail import Action, NewEvent
from domain.pairing import Weights
from domain.policy import PolicySet
from domain.words import Band, Contradiction, RunState
from models import ContradictionRow, PairingRow, ReferralRow, RunRow
from services import audit_trail, nights, parts, turns

log = logs.get()
Pair = tuple[int, int]


class NotCompared(StrEnum):
    """Why a full pass compares nothing of a force, and what to do, as the end of a sentence."""

    NO_NIGHT = "no night is finished yet; run one, then the full pass again"
    UNFINISHED = "its last night is not finished; run it again, then the full pass"
    WEIGHTS = "its weights changed since the last night; run a night, then the full pass again"
    POLICY = "its policy changed since the last night; run a night, then the full pass again"
    OVERTAKEN = "overtaken by a night; run the full pass again when that is finished"


@dataclass(frozen=True)
class Compared:
    """What one full pass found; `digest` is the SHA-256 of its pairings, as CSV.

    `warnings` says of values that it did not compare by, each sentence once.
    """

    parts: int = 0
    pairings: int = 0
    raised: int = 0
    closed: int = 0
    open: int = 0
    digest: str = ""
    warnings: tuple[str, ...] = ()


def begin(
    session: Session,
    force: str,
    folder: Path,
    *,
    policies: PolicySet,
    weights: Weights,
    weights_file: Path | None = None,
) -> int | NotCompared:
    """Export what the last night of a force knew; the number of its periods, or why not.

    When the weights or the policy have changed since, the next night decides by the new ones
    first: there would be nothing of one kind to compare.
    """
    last = nights.latest(session, force)
    if last is None:
        return _not_compared(force, NotCompared.NO_NIGHT)
    if (why := _why_not(last, policies, weights)) is not None:
        return _not_compared(force, why)
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


def _why_not(last: RunRow, policies: PolicySet, weights: Weights) -> NotCompared | None:
    if last.state != RunState.FINISHED:
        return NotCompared.UNFINISHED
    if last.weights_version != weights.version:
        return NotCompared.WEIGHTS
    return NotCompared.POLICY if last.policy_hash != policies.hash else None


def _not_compared(force: str, why: NotCompared) -> NotCompared:
    log.warning("full pass compared nothing", force=force, why=why.value)
    return why


def finish(
    session: Session,
    force: str,
    folder: Path,
    *,
    weights: Weights,
    at: datetime,
    actor: str,
    warnings: Iterable[str] = (),
) -> Compared | NotCompared:
    """Decide on all periods together, and raise and close what differs from what stands.

    Nothing is compared when another night was begun meanwhile: the next pass does it.
    `warnings` are those of the periods, which may say the same.
    """
    turns.take(session, force)
    plan = parts.read_plan(folder)
    last = nights.latest(session, force)
    if last is None or last.as_of != plan.as_of or last.state != RunState.FINISHED:
        return _not_compared(force, NotCompared.OVERTAKEN)
    pairings = parts.decide(folder, weights)
    found = _differing(session, force, pairings)
    raised, closed, still = _bring_up_to_date(session, force, found, weights, at, actor)
    digest = hashlib.sha256(pairings.write_csv().encode()).hexdigest()
    once = tuple(dict.fromkeys(warnings))
    result = Compared(len(plan.spans), pairings.height, raised, closed, still, digest, once)
    audit_trail.append(
        session,
        at=at,
        actor=actor,
        action=Action.PAIRED_ANEW,
        subject=f"run/{last.id}",
        detail=dict(vars(result)),
    )
    for warning in once:
        log.warning("full pass warned", force=force, warning=warning)
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
