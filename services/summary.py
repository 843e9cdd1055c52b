"""What stands, counted and in words: for the sergeant, the artifact and `status`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from domain.words import Feed, FlagState, Obligation, PairingState
from models import DeliveryRow, FlagRow, QuarantinedRow, ReferralRow, RunRow
from services import contradicted, tally
from services.contradicted import OpenContradiction

OLDEST = 5


@dataclass(frozen=True)
class OpenFlag:
    """One open flag, as a reviewer reads it: never a person, never an officer."""

    referral_id: str
    kind: str
    referred_at: datetime
    grace_ends_at: datetime
    reason: str
    nearest: list[dict[str, Any]]


@dataclass(frozen=True)
class Summary:
    """One force as it stands; `counts` as `counts` gives them."""

    force: str
    as_of: datetime | None
    feed_sentence: str
    feed_problem: bool
    counts: Mapping[str, int]
    oldest: list[OpenFlag] = field(default_factory=list)
    ambiguous: list[OpenFlag] = field(default_factory=list)
    incomplete: list[OpenFlag] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)
    contradictions: int = 0
    contradicted: list[OpenContradiction] = field(default_factory=list)

    @property
    def listed(self) -> list[OpenFlag | OpenContradiction]:
        """The flags and contradictions that it shows one by one."""
        return [*self.oldest, *self.ambiguous, *self.incomplete, *self.contradicted]

    @property
    def needs_a_person(self) -> bool:
        """Whether somebody has something to do: flags, alarms, something refused, a bad feed."""
        return bool(
            self.counts["flags_open"]
            or self.feed_problem
            or self.alarms
            or self.counts["held"]
            or self.contradictions
        )


def counts(session: Session, force: str) -> dict[str, int]:
    """How many of the force's referrals stand how.

    `referrals` = `paired` + `ambiguous_pairing` + `unpaired`.  One inside its grace period is
    in `within_grace` and in none of `unmatched`, `ambiguous`, `incomplete`, `held`.
    """
    numbers = tally.read(session, force)
    total = partial(tally.referrals, numbers)
    return {
        "referrals": total(),
        "documents": numbers[tally.DOCUMENTS],
        "paired": total(pairing=PairingState.PAIRED),
        "ambiguous_pairing": total(pairing=PairingState.AMBIGUOUS),
        "unpaired": total(pairing=PairingState.UNPAIRED),
        "satisfied": total(obligation=Obligation.SATISFIED),
        "late": total(obligation=Obligation.SATISFIED_LATE),
        "within_grace": total(obligation=Obligation.EXPECTED),
        "overdue": total(obligation=Obligation.OVERDUE),
        "exempt": total(obligation=Obligation.EXEMPT),
        "unmatched": total(flag="unmatched", held=False),
        "ambiguous": total(flag="ambiguous", held=False),
        "incomplete": total(flag="incomplete", held=False),
        "held": total(held=True),
        "flags_open": _flags_open(session, force),
        "settled_late": numbers[tally.SETTLED_LATE],
        "quarantined": numbers[tally.QUARANTINED],
    }


def of(session: Session, force: str, shown: int | None = OLDEST) -> Summary:
    """The force as the last night left it, with the `shown` oldest flags of each kind or all."""
    run = session.exec(
        select(RunRow).where(col(RunRow.force) == force).order_by(col(RunRow.as_of).desc()).limit(1)
    ).first()
    alarms = [*_silent(run), *_warned(run), *_alarms(session, run), *_refused(run)] if run else []
    return Summary(
        force=force,
        as_of=run.as_of if run else None,
        feed_sentence=run.feed_sentence if run else "No night has been judged yet.",
        feed_problem=bool(run and run.finished_at and run.trusted_until != run.as_of),
        counts=counts(session, force),
        oldest=open_flags(session, force, "unmatched", shown),
        ambiguous=open_flags(session, force, "ambiguous", shown),
        incomplete=open_flags(session, force, "incomplete", shown),
        alarms=alarms,
        contradictions=contradicted.count(session, force),
        contradicted=contradicted.listed(session, force, shown),
    )


def open_flags(
    session: Session, force: str, kind: str | None = None, limit: int | None = None
) -> list[OpenFlag]:
    """Open flags, the one whose grace ended longest ago first."""
    query = (
        select(FlagRow, ReferralRow)
        .join(ReferralRow, col(ReferralRow.id) == col(FlagRow.referral))
        .where(col(FlagRow.force) == force, col(FlagRow.state) == FlagState.OPEN)
        .order_by(col(FlagRow.grace_ends_at), col(ReferralRow.referral_id))
        .limit(limit)
    )
    if kind is not None:
        query = query.where(col(FlagRow.kind) == kind)
    return [
        OpenFlag(
            referral.referral_id,
            flag.kind.value,
            referral.referred_at,
            flag.grace_ends_at,
            referral.reason,
            referral.nearest,
        )
        for flag, referral in session.exec(query)
    ]


def _flags_open(session: Session, force: str) -> int:
    return session.exec(
        select(func.count()).where(
            col(FlagRow.force) == force, col(FlagRow.state) == FlagState.OPEN
        )
    ).one()


def _alarms(session: Session, run: RunRow) -> list[str]:
    """The alarms, and the rows refused, of what was delivered since the night before."""
    before = session.exec(
        select(func.max(RunRow.as_of)).where(
            col(RunRow.force) == run.force, col(RunRow.as_of) < run.as_of
        )
    ).one()
    query = select(DeliveryRow).where(
        col(DeliveryRow.force) == run.force, col(DeliveryRow.known_at) <= run.as_of
    )
    if before is not None:
        query = query.where(col(DeliveryRow.known_at) > before)
    rows = session.exec(query.order_by(col(DeliveryRow.id)))
    return [f"{row.feed.value}: {sentence}" for row in rows for sentence in _sentences(row)]


def _silent(run: RunRow) -> list[str]:
    """What the night said of a feed from which nothing came."""
    return [*run.counts.get("silent", ())]


def _warned(run: RunRow) -> list[str]:
    """What the night said of values that it did not compare by."""
    said = run.counts.get("work", {}).get("pairing", {}).get("warnings")
    return [*said] if isinstance(said, list) else []


def _sentences(delivery: DeliveryRow) -> list[str]:
    said = [str(alarm["sentence"]) for alarm in delivery.alarms]
    if delivery.rows_quarantined:
        said.append(
            f"rows refused: {delivery.rows_quarantined:,} of the"
            f" {delivery.rows_read:,} last delivered (counterfoil quarantine list)."
        )
    return said


def _refused(run: RunRow) -> list[str]:
    """A sentence for each feed of which the night left a file lying."""
    work = run.counts.get("work", {})
    return [
        f"{feed.value}: files refused and left in the drop folder: {files} (counterfoil"
        " receive says why)."
        for feed in Feed
        if (files := work.get(feed.value, {}).get("refused", 0))
    ]


def quarantine_reasons(session: Session, force: str) -> list[dict[str, Any]]:
    """Every reason for every refused row of a force, delivery by delivery, row by row."""
    rows = session.exec(
        select(DeliveryRow, QuarantinedRow)
        .join(QuarantinedRow, col(QuarantinedRow.delivery_id) == col(DeliveryRow.id))
        .where(col(DeliveryRow.force) == force)
        .order_by(col(DeliveryRow.id), col(QuarantinedRow.row), col(QuarantinedRow.id))
    )
    return [
        {
            "delivery": delivery.id,
            "feed": delivery.feed.value,
            "file": delivery.file_name,
            "row": refused.row,
            "pointer": refused.pointer,
            "reason": refused.reason,
        }
        for delivery, refused in rows
    ]
