"""One force's pairings brought up to what is known, and everything that explains them kept.

Only what is new, and what it touches, is decided: the neighbourhoods of new, amended and
decided-on records (services.neighbourhood).  The result is that of pairing everything at
once, whichever night a record arrived on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
from sqlalchemy import insert, update
from sqlmodel import Session, col, select

from adapters import logs
from domain import pairing
from domain.audit_trail import Action, NewEvent
from domain.pairing import Decided, Weights
from domain.policy import PolicySet
from models import PairingRow, ReferralRow
from services import audit_trail, candidates, compared, decisions_in_force, tally, turns
from services.decisions_in_force import InForce
from services.frames import evidence_hash
from services.neighbourhood import around, chunks
from services.stored_records import Stored

log = logs.get()

DECIDED_AGAIN = "decided again on what is now known"
SAME = ("role", "band", "rule", "weight", "margin", "weights_version", "evidence_hash")


@dataclass(frozen=True)
class PairingCounts:
    """What one night's pairing did."""

    weighed: int = 0
    decided: int = 0
    made: int = 0
    ended: int = 0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Neighbourhood:
    referrals: dict[int, Stored]
    documents: dict[int, Stored]
    edges: pl.DataFrame
    decided: Decided
    nearest: pl.DataFrame
    in_force: InForce


def pair_force(
    session: Session,
    force: str,
    *,
    as_of: datetime,
    policies: PolicySet,
    weights: Weights,
    actor: str,
) -> PairingCounts:
    """Weigh what is new, decide what it touches, and store what changed.

    Args:
        session: Commits are the door's.
        force: The force's code.
        as_of: Aware UTC; the instant that the pairings are made at.
        policies: For which documents can satisfy a referral at all.
        weights: The weights and bands, whose version each pairing keeps.
        actor: Who acts, such as ``system:<run>``.
    """
    turns.take(session, force)
    weighed, warnings = candidates.weigh_what_is_new(session, force, policies, weights)
    unsettled = _unsettled(session, force)
    if not unsettled:
        return PairingCounts(weighed=weighed, warnings=warnings)
    referrals, documents = around(session, force, unsettled, set(), weights.floor)
    there = _decide(session, referrals, documents, policies, weights)
    decisions_in_force.notice(session, there.in_force, at=as_of, actor=actor)
    made, ended = _store(session, force, there, weights, as_of, actor)
    _settle(session, force, there, weights)
    counts = PairingCounts(weighed, len(referrals), made, ended, warnings)
    log.info("pairing finished", force=force, decided=counts.decided, made=made, ended=ended)
    for warning in warnings:
        log.warning("pairing warned", force=force, warning=warning)
    return counts


def _unsettled(session: Session, force: str) -> set[int]:
    found = session.exec(
        select(ReferralRow.id).where(
            col(ReferralRow.force) == force, col(ReferralRow.settled).is_(False)
        )
    )
    return {number for number in found if number is not None}


def _decide(
    session: Session,
    referral_ids: set[int],
    document_ids: set[int],
    policies: PolicySet,
    weights: Weights,
) -> _Neighbourhood:
    there = compared.again(session, referral_ids, document_ids, policies, weights)
    decisions = there.in_force.frame()
    decided = pairing.decide(there.edges, there.left, there.right, decisions, weights)
    nearest = pairing.with_obstacles(
        pairing.nearest(there.edges, there.left, there.right),
        there.edges,
        there.right,
        decisions,
        weights,
    )
    return _Neighbourhood(
        there.referrals, there.documents, there.edges, decided, nearest, there.in_force
    )


def _store(
    session: Session,
    force: str,
    there: _Neighbourhood,
    weights: Weights,
    as_of: datetime,
    actor: str,
) -> tuple[int, int]:
    """Make the pairings that are new or changed and end those that no longer hold."""
    evidence = _evidence(there, weights)
    wanted = {
        (row["referral"], row["document"]): _pairing(row, force, there, evidence, weights)
        for row in there.decided.pairings.iter_rows(named=True)
    }
    standing = _standing(session, set(there.referrals))
    kept = {
        pair for pair, row in standing.items() if pair in wanted and _is_same(row, wanted[pair])
    }
    ending = [row for pair, row in sorted(standing.items()) if pair not in kept]
    making = [row for pair, row in sorted(wanted.items()) if pair not in kept]
    for row in ending:
        row.ended_at, row.ended_by, row.ended_why = as_of, actor, DECIDED_AGAIN
        session.add(row)
    session.flush()
    if making:
        made_by = {(row.referral, row.document): row.decided_by for row in there.in_force.applied}
        session.execute(
            insert(PairingRow),
            [
                {
                    **row,
                    "made_at": as_of,
                    "made_by": made_by.get((row["referral"], row["document"]), actor),
                }
                for row in making
            ],
        )
    audit_trail.append_many(session, _events(ending, making, as_of, actor))
    return len(making), len(ending)


def _evidence(there: _Neighbourhood, weights: Weights) -> dict[tuple[int, int], Any]:
    pairs = there.decided.pairings.select("referral", "document")
    rows = there.edges.join(pairs, on=["referral", "document"], how="semi")
    return {
        (row["referral"], row["document"]): [
            {"field": item.field, "level": item.level, "bits": item.bits, "words": item.words}
            for item in pairing.explain(row, weights)
        ]
        for row in rows.iter_rows(named=True)
    }


def _pairing(
    row: Mapping[str, Any],
    force: str,
    there: _Neighbourhood,
    evidence: Mapping[tuple[int, int], Any],
    weights: Weights,
) -> dict[str, Any]:
    referral, document = row["referral"], row["document"]
    return {
        "force": force,
        "referral": referral,
        "document": document,
        **{name: row[name] for name in ("role", "band", "rule", "margin")},
        "weight": row["weight"] if row["weight"] is not None else 0.0,
        "weights_version": weights.version,
        "evidence": evidence.get((referral, document), []),
        "evidence_hash": evidence_hash(
            there.referrals[referral]["fingerprint"], there.documents[document]["fingerprint"]
        ),
    }


def _standing(session: Session, referrals: set[int]) -> dict[tuple[int, int], PairingRow]:
    found: dict[tuple[int, int], PairingRow] = {}
    for some in chunks(referrals):
        rows = session.exec(
            select(PairingRow).where(
                col(PairingRow.referral).in_(some), col(PairingRow.ended_at).is_(None)
            )
        )
        found |= {(row.referral, row.document): row for row in rows}
    return found


def _is_same(row: PairingRow, wanted: Mapping[str, Any]) -> bool:
    return all(getattr(row, name) == wanted[name] for name in SAME)


def _events(
    ended: Sequence[PairingRow], made: Sequence[Mapping[str, Any]], at: datetime, actor: str
) -> list[NewEvent]:
    return [
        NewEvent(
            at,
            actor,
            Action.PAIRING_ENDED,
            f"referral/{row.referral}",
            {"document": row.document, "rule": row.rule},
        )
        for row in ended
    ] + [
        NewEvent(
            at,
            actor,
            Action.PAIRING_MADE,
            f"referral/{row['referral']}",
            {name: row[name] for name in ("document", "role", "band", "rule", "weights_version")},
        )
        for row in made
    ]


def _settle(session: Session, force: str, there: _Neighbourhood, weights: Weights) -> None:
    """Write each referral's pairing state and, where it is not paired, what came nearest."""
    nearest: dict[int, list[dict[str, Any]]] = {}
    for row in there.nearest.iter_rows(named=True):
        nearest.setdefault(row["referral"], []).append(_near(row, there, weights))
    outcomes = [
        {
            "id": row["referral"],
            "pairing": row["state"],
            "pairing_rule": row["reason"],
            "nearest": nearest.get(row["referral"], []) if row["state"] != "paired" else [],
            "settled": True,
            "judged": False,
        }
        for row in there.decided.outcomes.sort("referral").iter_rows(named=True)
    ]
    session.flush()
    with tally.following(session, force, there.referrals):
        session.execute(update(ReferralRow), outcomes)
    session.expire_all()


def _near(row: Mapping[str, Any], there: _Neighbourhood, weights: Weights) -> dict[str, Any]:
    document = there.documents[row["document"]]
    return {
        "urn": document["urn"],
        "weight": row["weight"],
        "words": pairing.disagreements({**row, "status": document["status"]}, weights),
        "live": row["live"],
        "status": document["status"],
    }
