"""Everything known of some forces paired and judged at once, in memory, with nothing stored.

The dry run and the look back are both this: the same pairing and the same judging as a
night's, on whole frames.  Tests hold the nightly path to its answers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

import polars as pl

from adapters.holidays import calendar_for
from domain import pairing
from domain.feed_trust import Trust
from domain.obligation import DocumentFacts, ExemptionFacts, Judgement, ReferralFacts, judge
from domain.pairing import PairingResult, Records, Weights
from domain.policy import Policy, PolicySet

REFERRAL_FACTS = {
    "key": pl.Int64(),
    "force": pl.String(),
    "referral_id": pl.String(),
    "referred_at": pl.Datetime("us", "UTC"),
    "event_type": pl.String(),
}
DOCUMENT_FACTS = {
    "key": pl.Int64(),
    "force": pl.String(),
    "urn": pl.String(),
    "submitted_at": pl.Datetime("us", "UTC"),
    "status": pl.String(),
    "document_type": pl.String(),
    "present": pl.UInt32(),
}
DOCUMENT_FIELDS = (
    "source_evaluation",
    "intelligence_assessment",
    "handling_code",
    "nccu_references",
    "incident_number",
    "custody_number",
    "event_date",
    "postcode",
    "vehicle_registrations",
    "people",
    "document_type",
    "status",
    "amended_at",
    "author_officer_id",
)
"""The fields that a policy may require of a document; bit n of `present` is field n."""


@dataclass(frozen=True)
class Side:
    """One feed's records for pairing, and what judging needs to know of each."""

    records: Records
    facts: pl.DataFrame


@dataclass(frozen=True)
class Known:
    """What was known at an instant. Trust and exemptions are by force and by referral key."""

    referrals: Side
    documents: Side
    trust: Mapping[str, Trust]
    decisions: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(schema=pairing.frames.DECISION_SCHEMA)
    )
    exemptions: Mapping[int, ExemptionFacts] = field(default_factory=dict)


@dataclass(frozen=True)
class Judged:
    """One referral's answer, with its nearest document when it is not paired."""

    key: int
    force: str
    referral_id: str
    judgement: Judgement
    nearest: Mapping[str, Any] | None


def present_bits(record: Mapping[str, Any]) -> int:
    """Which of DOCUMENT_FIELDS a clean record holds, as bits."""
    return sum(
        1 << number
        for number, name in enumerate(DOCUMENT_FIELDS)
        if record.get(name) not in (None, "", [])
    )


def pair(known: Known, weights: Weights) -> PairingResult:
    """Pair everything known."""
    return pairing.pair(known.referrals.records, known.documents.records, known.decisions, weights)


def judge_all(
    known: Known,
    paired: PairingResult,
    *,
    as_of: datetime,
    policies: Mapping[str, PolicySet],
    weights: Weights,
) -> Iterator[Judged]:
    """Each referral judged, in the order of its force and the source system's own key."""
    answers = _answers(known, paired)
    nearest = _nearest(known, paired, weights)
    states = dict(paired.outcomes.select("referral", "state").iter_rows())
    for row in known.referrals.facts.sort("force", "referral_id").iter_rows(named=True):
        rules = policies[row["force"]]
        policy = rules.at(row["referred_at"])
        judgement = judge(
            ReferralFacts(row["referred_at"], row["event_type"]),
            pairing=states.get(row["key"], "unpaired"),
            documents=[_facts(answer, policy) for answer in answers.get(row["key"], ())],
            policy=policy,
            calendar=calendar_for(policy),
            exemption=known.exemptions.get(row["key"]),
            trusted_until=known.trust[row["force"]].trusted_until,
            as_of=as_of,
        )
        near = nearest.get(row["key"]) if judgement.pairing != "paired" else None
        yield Judged(row["key"], row["force"], row["referral_id"], judgement, near)


def _answers(known: Known, paired: PairingResult) -> dict[int, list[dict[str, Any]]]:
    rows = (
        paired.pairings.filter(pl.col("band") == "auto")
        .select("referral", "document", "role")
        .join(known.documents.facts, left_on="document", right_on="key", how="inner")
        .sort("referral", "submitted_at", "urn")
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows.iter_rows(named=True):
        found.setdefault(row["referral"], []).append(row)
    return found


def _facts(row: Mapping[str, Any], policy: Policy) -> DocumentFacts:
    return DocumentFacts(
        urn=row["urn"],
        submitted_at=row["submitted_at"],
        status=row["status"],
        document_type=row["document_type"],
        present_fields=_fields(row["present"], policy.required_fields),
        role=row["role"],
    )


@lru_cache(maxsize=4096)
def _fields(present: int, required: tuple[str, ...]) -> frozenset[str]:
    """The required fields that the bits of `present_bits` say are there."""
    return frozenset(
        name
        for number, name in enumerate(DOCUMENT_FIELDS)
        if present >> number & 1 and name in required
    )


def _nearest(known: Known, paired: PairingResult, weights: Weights) -> dict[int, dict[str, Any]]:
    first = pairing.with_obstacles(
        paired.nearest.filter(pl.col("rank") == 1),
        paired.edges,
        known.documents.records,
        known.decisions,
        weights,
    ).join(
        known.documents.facts.select("key", "urn", "status"),
        left_on="document",
        right_on="key",
        how="inner",
    )
    return {
        row["referral"]: {
            "urn": row["urn"],
            "weight": row["weight"],
            "words": pairing.disagreements(row, weights),
            "live": row["live"],
            "status": row["status"],
        }
        for row in first.iter_rows(named=True)
    }
