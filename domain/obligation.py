"""Where one referral stands: pairing, clock, exemption and feed trust in; one judgement out.

Timeliness is by when the officer submitted, never by when the feed delivered.  Nothing is
flagged inside its grace period.  A flag that the document feed cannot yet support is held:
worked out and shown, but neither opened nor settled.

A judgement says nothing about how long ago anything was, so it is the same every night
until something changes; `recheck_at` is the instant at which time alone will change it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from domain import reasons
from domain.grace import grace_ends_at
from domain.policy import SATISFYING_STATUSES, Policy, normal
from domain.words import Completeness, FlagKind, Obligation, PairingState, Role
from domain.working_days import Calendar

NOT_UNDER_THE_DUTY = "event type not under the duty"


@dataclass(frozen=True)
class ReferralFacts:
    """What judging needs of a referral."""

    referred_at: datetime
    event_type: str | None = None


@dataclass(frozen=True)
class DocumentFacts:
    """What judging needs of a document paired to the referral; its latest version."""

    urn: str
    submitted_at: datetime
    status: str | None
    document_type: str | None
    present_fields: frozenset[str]
    role: str = Role.PRIMARY


@dataclass(frozen=True)
class ExemptionFacts:
    """An approved exemption, in force from `approved_at` until just before `expires_at`.

    `reason` is one of a fixed list, never a person's own words: it is repeated in the
    judgement.  A revoked exemption expires when it was revoked.
    """

    approved_at: datetime
    expires_at: datetime | None
    reason: str


@dataclass(frozen=True)
class Judgement:
    """Where a referral stands, on axes that do not depend on each other.

    `flag` is what needs a person.  While `held` it only would: use `raised`.
    `completeness` is None, and `missing` empty, unless a document that counts is paired.
    `late_by` is given for satisfied_late alone.  `recheck_at` is `as_of` itself while held,
    and None once time alone can change nothing.
    """

    pairing: PairingState
    obligation: Obligation
    completeness: Completeness | None
    missing: tuple[str, ...]
    flag: FlagKind | None
    held: bool
    reason: str
    grace_ends_at: datetime
    late_by: timedelta | None = None
    recheck_at: datetime | None = None

    @property
    def raised(self) -> FlagKind | None:
        """The flag to open tonight, or None: a held flag is not opened."""
        return None if self.held else self.flag


@dataclass(frozen=True)
class _Case:
    """Everything about a referral but the clock."""

    referral: ReferralFacts
    pairing: PairingState
    documents: tuple[DocumentFacts, ...]
    policy: Policy
    exemption: ExemptionFacts | None
    trusted_until: datetime | None
    grace_end: datetime


def fields_present(record: Mapping[str, object], fields: Iterable[str]) -> frozenset[str]:
    """Which of `fields` a clean record holds; None, blank text and empty lists are missing."""
    return frozenset(name for name in fields if not _is_blank(record.get(name)))


def satisfies(document: DocumentFacts, policy: Policy) -> bool:
    """Whether a document of this status and type counts; a missing status is submitted."""
    status = normal(document.status or "") or "submitted"
    return status in SATISFYING_STATUSES and policy.accepts_type(document.document_type)


def judge(
    referral: ReferralFacts,
    *,
    pairing: str,
    documents: Sequence[DocumentFacts] = (),
    policy: Policy,
    calendar: Calendar,
    exemption: ExemptionFacts | None = None,
    trusted_until: datetime | None,
    as_of: datetime,
) -> Judgement:
    """Judge one referral at `as_of`.

    Args:
        referral: Its facts.
        pairing: A PairingState.
        documents: Those paired to it, in any order; ignored unless it is paired.  One
            submitted after `as_of` is not there yet.
        policy: The one in force when the referral was made.
        calendar: Of the policy's bank-holiday region.
        exemption: The latest approved one.
        trusted_until: How far domain.feed_trust trusts the document feed; None is not at all.
        as_of: The instant to judge by.
    """
    state = PairingState(pairing)
    case = _Case(
        referral=referral,
        pairing=state,
        documents=tuple(documents) if state is PairingState.PAIRED else (),
        policy=policy,
        exemption=exemption,
        trusted_until=trusted_until,
        grace_end=grace_ends_at(referral.referred_at, referral.event_type, policy, calendar),
    )
    judgement = _judge_at(case, as_of)
    recheck_at = _recheck_at(case, judgement, as_of)
    return replace(judgement, recheck_at=recheck_at) if recheck_at else judgement


def _judge_at(case: _Case, as_of: datetime) -> Judgement:
    known = sorted(
        (document for document in case.documents if document.submitted_at <= as_of),
        key=lambda document: (document.submitted_at, document.urn),
    )
    counting = [document for document in known if satisfies(document, case.policy)]
    ended = as_of >= case.grace_end
    exempt = _exempt_reason(case, as_of)
    obligation, late_by = _obligation(case, counting, ended=ended)
    best = min(counting, key=lambda document: len(_missing(document, case.policy)), default=None)
    missing = _missing(best, case.policy) if best else ()
    flag = _flag(case.pairing, bool(counting), bool(missing)) if ended and not exempt else None
    held = flag is not None and (case.trusted_until is None or case.grace_end > case.trusted_until)
    reason = exempt or _reason(case, known, counting, flag, late_by, missing, best)
    return Judgement(
        pairing=case.pairing,
        obligation=Obligation.EXEMPT if exempt else obligation,
        completeness=_completeness(best, missing),
        missing=missing,
        flag=flag,
        held=held,
        reason=reasons.held(reason, case.grace_end, case.trusted_until) if held else reason,
        grace_ends_at=case.grace_end,
        late_by=None if exempt else late_by,
    )


def _recheck_at(case: _Case, judgement: Judgement, as_of: datetime) -> datetime | None:
    """Try each instant at which a rule looks at the clock, and keep the first that matters."""
    if judgement.held:
        return as_of.astimezone(UTC)
    moments = {case.grace_end, *(document.submitted_at for document in case.documents)}
    if case.exemption:
        moments |= {case.exemption.approved_at, case.exemption.expires_at or as_of}
    changes = (
        moment
        for moment in sorted(moments)
        if moment > as_of and _judge_at(case, moment) != judgement
    )
    change = next(changes, None)
    return change.astimezone(UTC) if change else None


def _exempt_reason(case: _Case, as_of: datetime) -> str | None:
    if not case.policy.is_under_duty(case.referral.event_type):
        return reasons.exempt(NOT_UNDER_THE_DUTY, None)
    given = case.exemption
    if given is None or as_of < given.approved_at:
        return None
    if given.expires_at is not None and as_of >= given.expires_at:
        return None
    return reasons.exempt(given.reason, given.expires_at)


def _obligation(
    case: _Case, counting: Sequence[DocumentFacts], *, ended: bool
) -> tuple[Obligation, timedelta | None]:
    """By the earliest submission that counts, else by the clock; and how late it was."""
    if not counting:
        return (Obligation.OVERDUE if ended else Obligation.EXPECTED), None
    late_by = counting[0].submitted_at - case.grace_end
    if late_by > timedelta(0):
        return Obligation.SATISFIED_LATE, late_by
    return Obligation.SATISFIED, None


def _flag(pairing: PairingState, answered: bool, incomplete: bool) -> FlagKind | None:
    if answered:
        return FlagKind.INCOMPLETE if incomplete else None
    return FlagKind.AMBIGUOUS if pairing is PairingState.AMBIGUOUS else FlagKind.UNMATCHED


def _missing(document: DocumentFacts, policy: Policy) -> tuple[str, ...]:
    return tuple(name for name in policy.required_fields if name not in document.present_fields)


def _completeness(best: DocumentFacts | None, missing: Sequence[str]) -> Completeness | None:
    if best is None:
        return None
    return Completeness.INCOMPLETE if missing else Completeness.COMPLETE


def _reason(
    case: _Case,
    known: Sequence[DocumentFacts],
    counting: Sequence[DocumentFacts],
    flag: FlagKind | None,
    late_by: timedelta | None,
    missing: Sequence[str],
    best: DocumentFacts | None,
) -> str:
    if best is None:
        if case.pairing is PairingState.AMBIGUOUS:
            return reasons.not_told_apart(flag or Obligation.EXPECTED, case.grace_end)
        discounted = [
            reasons.why_not(
                document.urn,
                normal(document.status or ""),
                type_accepted=case.policy.accepts_type(document.document_type),
            )
            for document in known
        ]
        return reasons.no_document(flag or Obligation.EXPECTED, case.grace_end, discounted)
    if flag is FlagKind.INCOMPLETE:
        return f"incomplete: document {best.urn} lacks {reasons.lacking(missing)}"
    first = counting[0]
    words = reasons.answered(
        Obligation.SATISFIED_LATE if late_by else Obligation.SATISFIED,
        first.urn, first.submitted_at, late_by, shared=first.role == Role.COVER,
    )  # fmt: skip
    return f"{words}; it lacks {reasons.lacking(missing)}" if missing else words


def _is_blank(value: object) -> bool:
    if isinstance(value, str):
        return not value.strip()
    return value is None or (isinstance(value, (list, tuple, dict)) and not value)
