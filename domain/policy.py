"""What a force asks of its officers: which documents count, how complete, how soon.

None of this is settled by Recommendation 2, so each force writes it down, with the date
from which it applies.  A referral is judged by the policy in force on the London date it
was made, for ever: a later policy never makes an old referral late.

A policy's hash is of what it means.  Comments, the order of a list and the case of a
document type do not change it; anything that could change a judgement does.
"""

import hashlib
import json
import unicodedata
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Literal

from domain.errors import PolicyRefused
from domain.working_days import london_day

Region = Literal["england-and-wales", "scotland", "northern-ireland"]
REGIONS: tuple[Region, ...] = ("england-and-wales", "scotland", "northern-ireland")
SATISFYING_STATUSES = frozenset({"submitted", "accepted"})
DOCUMENT_FIELDS = (
    "author_officer_id", "custody_number", "document_type", "event_date", "handling_code",
    "incident_number", "intelligence_assessment", "nccu_references", "people", "postcode",
    "source_evaluation", "status", "vehicle_registrations",
)  # fmt: skip


@lru_cache(maxsize=4096)
def normal(text: str) -> str:
    """`text` as it is compared: one case, single spaces, and x for a multiplication sign."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(folded.replace("\N{MULTIPLICATION SIGN}", "x").split())


@dataclass(frozen=True)
class Grace:
    """How long an officer has: elapsed hours or whole working days, exactly one of them."""

    hours: int | None = None
    working_days: int | None = None

    def __post_init__(self) -> None:
        if (self.hours is None) == (self.working_days is None):
            raise ValueError("A grace period is in hours or in working days, one of the two.")

    def __str__(self) -> str:
        if self.hours is not None:
            return f"{self.hours} hour{'' if self.hours == 1 else 's'}"
        return f"{self.working_days} working day{'' if self.working_days == 1 else 's'}"


@dataclass(frozen=True)
class DocumentFeedPolicy:
    """When the document feed is trusted; see domain.feed_trust for how each is used.

    `small_below` is a share of the median; deliveries before `normal_since` are not
    part of that median.
    """

    max_age_hours: int = 20
    stale_after_hours: int = 72
    small_below: float = 0.3
    min_history: int = 5
    normal_since: date | None = None


@dataclass(frozen=True)
class AlarmPolicy:
    """How far a delivery may be from its feed's own past; see domain.alarms."""

    rows_below: float = 0.5
    rows_above: float = 2.0
    rows_margin: int = 10
    range_margin_days: int = 30
    newest_margin_days: int = 3
    gap_margin_days: int = 1
    min_history: int = 5


@dataclass(frozen=True)
class Policy:
    """One force's policy from `effective_from`, a date in London.

    An empty `document_types` accepts every type, and an empty `event_types_under_duty`
    puts every referral under the duty.
    """

    effective_from: date
    grace: Grace = Grace(hours=72)
    grace_by_event_type: tuple[tuple[str, Grace], ...] = ()
    event_types_under_duty: tuple[str, ...] = ()
    document_types: tuple[str, ...] = ()
    required_fields: tuple[str, ...] = (
        "source_evaluation", "intelligence_assessment", "handling_code",
    )  # fmt: skip
    bank_holidays: Region = "england-and-wales"
    extra_bank_holidays: tuple[date, ...] = ()
    document_feed: DocumentFeedPolicy = field(default_factory=DocumentFeedPolicy)
    alarms: AlarmPolicy = field(default_factory=AlarmPolicy)

    def grace_for(self, event_type: str | None) -> Grace:
        """The period for `event_type`, or the general one where it has none of its own."""
        return self._grace_by_normal_type.get(normal(event_type or ""), self.grace)

    def is_under_duty(self, event_type: str | None) -> bool:
        """Whether the duty covers `event_type`.

        A referral whose event type is not given is covered: nothing is excused
        because a feed left a column empty.
        """
        if not self.event_types_under_duty or not (event_type or "").strip():
            return True
        return normal(event_type or "") in self._normal_duty_types

    def accepts_type(self, document_type: str | None) -> bool:
        """Whether a document of this type counts; one without a type counts only if all do."""
        if not self.document_types:
            return True
        return document_type is not None and normal(document_type) in self._normal_document_types

    def canonical(self) -> dict[str, object]:
        """What the policy means, as JSON values with every default filled in."""
        meaning = asdict(self)
        meaning["grace_by_event_type"] = {
            normal(name): asdict(grace) for name, grace in self.grace_by_event_type
        }
        for name in ("document_types", "event_types_under_duty"):
            meaning[name] = sorted({normal(word) for word in meaning[name]})
        for name in ("required_fields", "extra_bank_holidays"):
            meaning[name] = sorted({str(item) for item in meaning[name]})
        meaning["effective_from"] = self.effective_from.isoformat()
        since = self.document_feed.normal_since
        meaning["document_feed"]["normal_since"] = since.isoformat() if since else None
        return meaning

    @cached_property
    def hash(self) -> str:
        """SHA-256, in hex, of the canonical JSON (sorted keys, no spaces, ASCII)."""
        return _sha256(self.canonical())

    @cached_property
    def _grace_by_normal_type(self) -> dict[str, Grace]:
        return {normal(name): grace for name, grace in self.grace_by_event_type}

    @cached_property
    def _normal_duty_types(self) -> frozenset[str]:
        return frozenset(map(normal, self.event_types_under_duty))

    @cached_property
    def _normal_document_types(self) -> frozenset[str]:
        return frozenset(map(normal, self.document_types))


@dataclass(frozen=True)
class PolicySet:
    """One force's policies; each applies from its date until the next one's."""

    policies: tuple[Policy, ...]

    def __post_init__(self) -> None:
        starts = [policy.effective_from for policy in self.policies]
        if not starts or len(set(starts)) < len(starts):
            raise ValueError("A policy set needs one policy or more, each from its own date.")
        by_date = sorted(self.policies, key=lambda policy: policy.effective_from)
        object.__setattr__(self, "policies", tuple(by_date))

    def at(self, instant: datetime) -> Policy:
        """The policy in force on the London date of `instant`.

        Raises:
            PolicyRefused: `instant` is before the first policy.
        """
        day = london_day(instant)
        in_force = [policy for policy in self.policies if policy.effective_from <= day]
        if not in_force:
            first = self.policies[0].effective_from
            raise PolicyRefused(
                f"No policy was in force on {day}: the first applies from {first}. Give the first"
                " [[policy]] the earlier effective_from that it had. Nothing was judged."
            )
        return in_force[-1]

    def counting(self, instant: datetime) -> Policy:
        """The policy that says which documents count on the London date of `instant`.

        It is the one in force; a document from before the first policy counts by that one.
        """
        first = self.policies[0]
        return first if london_day(instant) < first.effective_from else self.at(instant)

    @cached_property
    def hash(self) -> str:
        """SHA-256, in hex, of the canonical JSON of all the policies, earliest first."""
        return _sha256([policy.canonical() for policy in self.policies])


def _sha256(value: object) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
