"""Looking back: every referral judged by what was known at an instant. Changes nothing.

Records, decisions and exemptions all keep when they became known and when they ceased to
hold, so what stood at any instant can be put together again and judged by the same rules.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import polars as pl
from sqlmodel import Session, col, or_, select

from domain.obligation import ExemptionFacts
from domain.pairing import Weights
from domain.policy import PolicySet
from domain.words import Feed
from models import DecisionRow, ExemptionRow
from services import decisions_in_force, exemptions, full_pass, judging, stored_records
from services.full_pass import DOCUMENT_FACTS, REFERRAL_FACTS, Judged, Known, Side, present_bits
from services.stored_records import Stored

COUNTED = (
    "referrals",
    "paired",
    "ambiguous_pairing",
    "unpaired",
    "satisfied",
    "late",
    "within_grace",
    "overdue",
    "exempt",
    "held",
    "unmatched",
    "ambiguous",
    "incomplete",
)


def known(session: Session, force: str, as_of: datetime, policies: PolicySet) -> Known:
    """What the system knew of one force at `as_of` (aware UTC)."""
    referrals = stored_records.as_known(session, Feed.REFERRALS, force, as_of)
    documents = stored_records.as_known(session, Feed.DOCUMENTS, force, as_of)
    decisions = session.exec(
        select(DecisionRow)
        .where(
            col(DecisionRow.force) == force,
            col(DecisionRow.decided_at) <= as_of,
            or_(col(DecisionRow.ended_at).is_(None), col(DecisionRow.ended_at) > as_of),
        )
        .order_by(col(DecisionRow.id))
    ).all()
    return Known(
        referrals=Side(
            stored_records.frames(Feed.REFERRALS, referrals, policies),
            _facts(REFERRAL_FACTS, referrals),
        ),
        documents=Side(
            stored_records.frames(Feed.DOCUMENTS, documents, policies),
            _facts(DOCUMENT_FACTS, documents),
        ),
        trust={force: judging.feed_trust(session, force, as_of, policies)},
        decisions=decisions_in_force.split(decisions, referrals, documents).frame(),
        exemptions=_exemptions(session, force, as_of, referrals),
    )


def judge_as_of(
    session: Session, force: str, as_of: datetime, policies: PolicySet, weights: Weights
) -> list[Judged]:
    """Each referral known at `as_of`, judged by what was known then."""
    then = known(session, force, as_of, policies)
    paired = full_pass.pair(then, weights)
    return list(
        full_pass.judge_all(then, paired, as_of=as_of, policies={force: policies}, weights=weights)
    )


def counts(judged: list[Judged]) -> dict[str, int]:
    """The counts of a look back, `COUNTED`, by the names that `services.summary.counts` uses."""
    found: Counter[str] = Counter(dict.fromkeys(COUNTED, 0))
    for answer in judged:
        it = answer.judgement
        found["referrals"] += 1
        found["paired"] += it.pairing == "paired"
        found["ambiguous_pairing"] += it.pairing == "ambiguous"
        found["unpaired"] += it.pairing == "unpaired"
        found["satisfied"] += it.obligation == "satisfied"
        found["late"] += it.obligation == "satisfied_late"
        found["within_grace"] += it.obligation == "expected"
        found["overdue"] += it.obligation == "overdue"
        found["exempt"] += it.obligation == "exempt"
        found["held"] += it.held
        for kind in ("unmatched", "ambiguous", "incomplete"):
            found[kind] += it.raised == kind
    return dict(found)


def _facts(schema: Mapping[str, Any], records: Mapping[int, Stored]) -> pl.DataFrame:
    rows = [
        tuple(
            number if name == "key" else present_bits(record) if name == "present" else record[name]
            for name in schema
        )
        for number, record in records.items()
    ]
    return pl.DataFrame(rows, schema=dict(schema), orient="row")


def _exemptions(
    session: Session, force: str, as_of: datetime, referrals: Mapping[int, Stored]
) -> dict[int, ExemptionFacts]:
    rows = session.exec(
        select(ExemptionRow).where(
            col(ExemptionRow.force) == force,
            col(ExemptionRow.approved_at) <= as_of,
            or_(col(ExemptionRow.ended_at).is_(None), col(ExemptionRow.ended_at) > as_of),
        )
    )
    return {
        row.referral: exemptions.facts(row)
        for row in rows
        if row.referral in referrals and row.evidence_hash == referrals[row.referral]["fingerprint"]
    }
