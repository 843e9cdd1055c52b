"""Why a referral is paired with a document, or with none, from what is stored.

A pairing is explained by the evidence that was stored when it was made.  A pair that was not
made is weighed again, from the current versions of its two records and by the weights in use,
because only the sentence about it is stored.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
from sqlmodel import Session, col, select

from domain import pairing
from domain.audit_trail import Action
from domain.errors import Refused
from domain.pairing import Evidence, Weights
from domain.policy import PolicySet
from domain.words import Band, Feed, PairingState
from models import PairingRow, ReferralRow
from services import audit_trail, compared, named, stored_records
from services.neighbourhood import around

WHY: Mapping[str, str] = {
    "confirmed_by_person": "a person confirmed it",
    "reference_corroborated": "the quoted reference agrees, and something else with it",
    "event_and_person": "the event and the people agree",
    "person_of_incident": "the people agree, and the document answers another referral of the"
    " incident",
    "override_conflict": "its document fits two referrals that a person told apart",
    "ambiguous": "it is too close to another possible pairing",
    "needs_review": "it is not sure enough without a person",
    "below_review": "no candidate is strong enough to be put to a person",
    "document_not_live": "the documents that fit do not count, by status or type",
    "rejected_by_person": "a person rejected what fits",
    "no_candidate": "no document shares enough with it to be a candidate",
}
"""The rule of a pairing, or the reason why there is none, in words."""
DOUBLED = (
    "another document tells of the same event, and the reference does not tell which answers it"
)
"""The words for an ambiguous pairing that stands out by the margin all the same (ADR 15)."""
UNDER_THE_FLOOR = "no candidate weighs enough to be considered"
"""The words for a referral without a candidate of at least the floor, which yet has some."""


@dataclass(frozen=True)
class Pair:
    """A referral and one document: what stands between them, and the evidence in bits.

    `role`, `band`, `rule`, `why`, `margin` and `made_at` are of a pairing that stands; `words`
    are of a pair that was not made.  The bits of `evidence` add up exactly to `weight`.
    """

    urn: str
    status: str | None
    weight: float
    weights_version: str
    evidence: tuple[Evidence, ...]
    role: str | None = None
    band: str | None = None
    rule: str | None = None
    why: str = ""
    margin: float | None = None
    made_at: datetime | None = None
    words: str = ""


@dataclass(frozen=True)
class Explained:
    """How one referral stands, and the pairs that explain it, the most telling first."""

    force: str
    referral_id: str
    state: PairingState
    why: str
    pairs: tuple[Pair, ...]


def explain(
    session: Session,
    force: str,
    referral_id: str,
    urn: str | None = None,
    *,
    policies: PolicySet,
    weights: Weights,
    actor: str,
    now: datetime,
) -> Explained:
    """Explain one referral, or its pair with one document; the trail gets who was shown it.

    Without `urn`: its pairings, those under review among them; and if none was made, its
    nearest documents.

    Raises:
        Refused: there is no such referral or document, or no night has paired it yet.
    """
    head = _paired(named.referral(session, force, referral_id))
    standing = _standing(session, head, weights)
    if urn is not None:
        asked = [named.document(session, force, urn)]
        pairs = [pair for pair in standing if pair.urn == urn]
        pairs = pairs or _weighed(session, head, asked, policies, weights)
    else:
        others = [] if head.pairing == PairingState.PAIRED else _near(session, head)
        known = {pair.urn for pair in standing}
        pairs = standing + [
            pair
            for pair in _weighed(session, head, others, policies, weights)
            if pair.urn not in known
        ]
    audit_trail.append(
        session,
        at=now,
        actor=actor,
        action=Action.REFERRAL_READ,
        subject=f"referral/{head.id}",
        detail={"shown": "evidence", "pairs": len(pairs)},
    )
    state = head.pairing or PairingState.UNPAIRED
    return Explained(force, referral_id, state, _why(head, standing), tuple(pairs))


def _why(head: ReferralRow, standing: Iterable[Pair]) -> str:
    """Why the referral is as it is."""
    if head.pairing_rule == "ambiguous" and any(pair.why == DOUBLED for pair in standing):
        return DOUBLED
    if head.pairing_rule == "no_candidate" and head.nearest:
        return UNDER_THE_FLOOR
    return WHY[head.pairing_rule or ""]


def _paired(head: ReferralRow) -> ReferralRow:
    """A referral that a night has looked at; else there is nothing to explain."""
    if head.pairing_rule is None:
        raise Refused(
            f"Referral {head.referral_id} has not been paired yet. Run a night first:"
            " counterfoil run. Nothing was changed."
        )
    return head


def _near(session: Session, head: ReferralRow) -> list[int]:
    """The nearest documents that the last night noted, the nearest first."""
    urns = [near["urn"] for near in head.nearest]
    found = stored_records.ids(session, Feed.DOCUMENTS, head.force, urns)
    return [found[urn] for urn in urns]


def _standing(session: Session, head: ReferralRow, weights: Weights) -> list[Pair]:
    """The pairings that stand: made before under review, primary before cover and second."""
    rows = session.exec(
        select(PairingRow).where(
            col(PairingRow.referral) == head.id, col(PairingRow.ended_at).is_(None)
        )
    ).all()
    documents = stored_records.current(session, Feed.DOCUMENTS, [row.document for row in rows])
    order = {Band.AUTO: 0, Band.REVIEW: 1}
    doubled = any(
        row.rule == "ambiguous" and (row.margin or 0.0) >= weights.bands.margin for row in rows
    )
    pairs = [
        Pair(
            urn=documents[row.document]["urn"],
            status=documents[row.document]["status"],
            weight=row.weight,
            weights_version=row.weights_version,
            evidence=tuple(Evidence(**item) for item in row.evidence),
            role=row.role.value,
            band=row.band.value,
            rule=row.rule,
            why=DOUBLED if row.rule == "ambiguous" and doubled else WHY[row.rule],
            margin=row.margin,
            made_at=row.made_at,
        )
        for row in sorted(rows, key=lambda row: (order[row.band], -row.weight, row.document))
    ]
    return pairs


def _weighed(
    session: Session,
    head: ReferralRow,
    documents: Iterable[int],
    policies: PolicySet,
    weights: Weights,
) -> list[Pair]:
    """Pairs that were not made, weighed now, in the order of `documents`."""
    numbers = list(documents)
    if not numbers or head.id is None:
        return []
    around_it = around(session, head.force, {head.id}, set(numbers), weights.floor)
    there = compared.again(session, *around_it, policies, weights)
    asked = pl.DataFrame({"referral": [head.id] * len(numbers), "document": numbers})
    edges = pairing.with_obstacles(
        pairing.weigh(asked, there.left, there.right, weights),
        there.edges,
        there.right,
        there.in_force.frame(),
        weights,
    )
    return [
        _not_made(row, there.documents[row["document"]], weights)
        for row in edges.iter_rows(named=True)
    ]


def _not_made(row: Mapping[str, Any], document: Mapping[str, Any], weights: Weights) -> Pair:
    return Pair(
        urn=document["urn"],
        status=document["status"],
        weight=row["weight"],
        weights_version=weights.version,
        evidence=tuple(pairing.explain(row, weights)),
        words=pairing.disagreements({**row, "status": document["status"]}, weights),
    )
