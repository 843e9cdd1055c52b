"""Facts that are valid by default, so that a test states only what it is about."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from adapters.holidays import calendar_for
from domain.feed_trust import DeliveryFacts
from domain.obligation import (
    DocumentFacts,
    ExemptionFacts,
    Judgement,
    ReferralFacts,
    judge,
)
from domain.policy import Policy

START = date(2026, 1, 1)
FULL = frozenset({"source_evaluation", "intelligence_assessment", "handling_code"})
REFERRED = datetime(2026, 3, 2, 15, tzinfo=UTC)
GRACE_END = REFERRED + timedelta(hours=72)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NIGHT = datetime(2026, 6, 1, 1, 30, tzinfo=UTC)


def a_policy(**changes: Any) -> Policy:
    """72 hours, any document type, in force since the start of 2026."""
    return Policy(**{"effective_from": START, **changes})


def a_document(**changes: Any) -> DocumentFacts:
    """Complete, submitted a day after the referral."""
    facts: dict[str, Any] = {
        "urn": "DOC-1",
        "submitted_at": REFERRED + DAY,
        "status": "submitted",
        "document_type": "3x5x2",
        "present_fields": FULL,
    }
    return DocumentFacts(**{**facts, **changes})


def an_exemption(**changes: Any) -> ExemptionFacts:
    """Approved a day after the referral, without an end."""
    facts: dict[str, Any] = {
        "approved_at": REFERRED + DAY,
        "expires_at": None,
        "reason": "restricted system",
    }
    return ExemptionFacts(**{**facts, **changes})


def judged(as_of: datetime, documents: Sequence[DocumentFacts] = (), **changes: Any) -> Judgement:
    """A referral of 2 March 2026 judged at `as_of`; paired if it is given documents."""
    policy = changes.pop("policy", a_policy())
    facts: dict[str, Any] = {
        "pairing": "paired" if documents else "unpaired",
        "documents": documents,
        "policy": policy,
        "calendar": calendar_for(policy),
        "trusted_until": as_of,
        "as_of": as_of,
    }
    event_type = changes.pop("event_type", None)
    return judge(ReferralFacts(REFERRED, event_type), **{**facts, **changes})


def a_delivery(**changes: Any) -> DeliveryFacts:
    """One night's 100 documents, the newest three hours old, the oldest a day and a half."""
    known_at = changes.get("known_at", NIGHT)
    facts: dict[str, Any] = {
        "known_at": known_at,
        "rows": 100,
        "newest_record_at": known_at - 3 * HOUR,
        "oldest_record_at": known_at - 36 * HOUR,
    }
    return DeliveryFacts(**{**facts, **changes})


def nights_before(night: datetime, count: int, **changes: Any) -> list[DeliveryFacts]:
    """Ordinary deliveries of the `count` nights before `night`, earliest first."""
    return [a_delivery(known_at=night - DAY * back, **changes) for back in range(count, 0, -1)]
