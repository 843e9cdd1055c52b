"""The duty of every referral that may have changed, judged; flags opened and settled.

A referral is judged again when something of it changed, when its clock says so
(`recheck_at`), or when the policy did.  So a night's work grows with what is new and due.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from adapters import logs
from adapters.holidays import calendar_for
from domain.feed_trust import Trust, assess
from domain.obligation import DocumentFacts, Judgement, ReferralFacts, judge
from domain.policy import PolicySet
from domain.words import Band, Feed, PairingState
from models import PairingRow, ReferralRow
from services import exemptions, flags, nights, stored_records, tally, turns
from services.deliveries import facts_of_deliveries
from services.neighbourhood import chunks
from services.stored_records import Stored

log = logs.get()

PARTS = (
    "obligation",
    "completeness",
    "missing",
    "flag",
    "held",
    "reason",
    "grace_ends_at",
    "recheck_at",
)


@dataclass(frozen=True)
class JudgingCounts:
    """What one night's judging did."""

    judged: int = 0
    opened: int = 0
    settled: int = 0
    reopened: int = 0
    held: int = 0


def judge_force(
    session: Session, force: str, *, as_of: datetime, policies: PolicySet, actor: str
) -> tuple[JudgingCounts, Trust]:
    """Judge what may have changed by `as_of` (aware UTC); open and settle flags.

    The session's commit is the door's.
    """
    turns.take(session, force)
    trust = feed_trust(session, force, as_of, policies)
    nights.note_trust(session, force, as_of, trust)
    due = _due(session, force, as_of)
    outcomes = flags.Outcomes()
    for some in chunks(due):
        with tally.following(session, force, some):
            outcomes += _judge_some(session, force, some, trust, as_of, policies, actor)
    held = tally.referrals(tally.read(session, force), held=True)
    counts = JudgingCounts(len(due), outcomes.opened, outcomes.settled, outcomes.reopened, held)
    log.info("judging finished", force=force, judged=counts.judged, opened=counts.opened)
    return counts, trust


def feed_trust(session: Session, force: str, as_of: datetime, policies: PolicySet) -> Trust:
    """How far the force's document feed can be trusted at `as_of`."""
    known = [
        delivery
        for delivery in facts_of_deliveries(session, force, Feed.DOCUMENTS)
        if delivery.known_at <= as_of
    ]
    return assess(
        known,
        as_of=as_of,
        policy=policies.at(as_of),
        trusted_before=nights.trusted_until(session, force, as_of),
    )


def judge_one(
    record: Stored,
    state: PairingState,
    documents: Sequence[DocumentFacts],
    *,
    exemption: Any,
    trust: Trust,
    as_of: datetime,
    policies: PolicySet,
) -> Judgement:
    """The judgement of one referral by the policy of the day on which it was made."""
    policy = policies.at(record["referred_at"])
    return judge(
        ReferralFacts(record["referred_at"], record["event_type"]),
        pairing=state.value,
        documents=documents,
        policy=policy,
        calendar=calendar_for(policy),
        exemption=exemption,
        trusted_until=trust.trusted_until,
        as_of=as_of,
    )


def _due(session: Session, force: str, as_of: datetime) -> set[int]:
    of_force = select(ReferralRow.id).where(col(ReferralRow.force) == force)
    changed = session.exec(of_force.where(col(ReferralRow.judged).is_(False)))
    by_clock = session.exec(of_force.where(col(ReferralRow.recheck_at) <= as_of))
    return {number for number in (*changed, *by_clock) if number is not None}


def _judge_some(
    session: Session,
    force: str,
    some: Iterable[int],
    trust: Trust,
    as_of: datetime,
    policies: PolicySet,
    actor: str,
) -> flags.Outcomes:
    records = stored_records.current(session, Feed.REFERRALS, some)
    heads = {
        row.id: row
        for row in session.exec(select(ReferralRow).where(col(ReferralRow.id).in_(list(records))))
        if row.id is not None
    }
    documents = _paired_documents(session, records, policies)
    excused = exemptions.in_force(session, records, at=as_of, actor=actor)
    judged: list[tuple[int, Judgement]] = []
    changes: list[dict[str, Any]] = []
    for number, record in records.items():
        state = heads[number].pairing or PairingState.UNPAIRED
        judgement = judge_one(
            record,
            state,
            documents.get(number, ()),
            exemption=excused.get(number),
            trust=trust,
            as_of=as_of,
            policies=policies,
        )
        judged.append((number, judgement))
        fresh = columns(judgement) | {
            "policy_hash": policies.at(record["referred_at"]).hash,
            "judged": True,
        }
        if any(getattr(heads[number], name) != value for name, value in fresh.items()):
            changes.append({"id": number, **fresh})
    if changes:
        session.execute(update(ReferralRow), changes)
    outcomes = flags.apply(session, force, judged, records, at=as_of, actor=actor)
    session.expire_all()
    return outcomes


def columns(judgement: Judgement) -> dict[str, Any]:
    """A judgement as the columns of `referral`."""
    values: dict[str, Any] = {name: getattr(judgement, name) for name in PARTS}
    return values | {"missing": list(judgement.missing)}


def _paired_documents(
    session: Session, records: Mapping[int, Stored], policies: PolicySet
) -> dict[int, list[DocumentFacts]]:
    rows = session.exec(
        select(PairingRow)
        .where(
            col(PairingRow.referral).in_(list(records)),
            col(PairingRow.ended_at).is_(None),
            col(PairingRow.band) == Band.AUTO,
        )
        .order_by(col(PairingRow.id))
    ).all()
    stored = stored_records.current(session, Feed.DOCUMENTS, {row.document for row in rows})
    found: dict[int, list[DocumentFacts]] = {}
    for row in rows:
        policy = policies.at(records[row.referral]["referred_at"])
        found.setdefault(row.referral, []).append(
            stored_records.document_facts(stored[row.document], policy, row.role)
        )
    return found
