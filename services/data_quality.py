"""How well references and incident numbers are kept: where they are missing, where they disagree.

For the force's own use: small counts are shown as they are.  Counting is the database's work,
so a report takes the memory of its rows and not of the records.  Months are London's, by when
the referral was made; documents are those that answer a referral, by its month and district,
because most documents have no reference to quote.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy
from sqlalchemy import ColumnElement, and_, case, func
from sqlmodel import Session, col

from domain.audit_trail import Action
from domain.words import Band
from models import DocumentVersionRow, PairingRow, ReferralRow, ReferralVersionRow
from services import audit_trail

LONDON = ZoneInfo("Europe/London")
HOW = {"near": "differs by one slip", "other": "another reference"}
COMPARED = ("exact", "bare", *HOW)
"""Levels of the reference evidence at which both records quote one."""


@dataclass(frozen=True)
class Share:
    """How many records of one force, district and month there are, and what they lack.

    `of` is ``referrals``, or ``documents`` for pairings of one with a referral; `month` is
    ``2026-03``; `district` is empty where none is given.
    """

    of: str
    force: str
    district: str
    month: str
    total: int
    without_reference: int
    without_incident: int


@dataclass(frozen=True)
class Disagreement:
    """A pairing whose document quotes another reference than the referral's; `how` is of HOW."""

    force: str
    district: str
    month: str
    referral_id: str
    urn: str
    how: str


@dataclass(frozen=True)
class Report:
    """`compared` is how many pairings of each force have a reference on both sides."""

    compared: dict[str, int]
    disagreeing: list[Disagreement]
    shares: list[Share]


def report(session: Session, forces: Collection[str], *, actor: str, now: datetime) -> Report:
    """The report of some forces, by force, district and month; the trail gets who was shown it.

    Args:
        forces: Their codes.
        actor: Who is shown it, such as ``user:<login>``.
        now: Aware UTC.
    """
    found = Report(
        compared=_compared(session, forces),
        disagreeing=list(_disagreeing(session, forces)),
        shares=[*_referrals(session, forces), *_documents(session, forces)],
    )
    for force in sorted({each.force for each in found.disagreeing}):
        listed = sum(each.force == force for each in found.disagreeing)
        audit_trail.append(
            session,
            at=now,
            actor=actor,
            action=Action.LIST_READ,
            subject=f"force/{force}",
            detail={"list": "references that disagree", "pairings": listed},
        )
    return found


def _compared(session: Session, forces: Collection[str]) -> dict[str, int]:
    rows = session.execute(
        sqlalchemy.select(col(PairingRow.force), func.count())
        .where(_made(forces), _level().in_(COMPARED))
        .group_by(col(PairingRow.force))
    )
    found = {row[0]: row[1] for row in rows}
    return {force: found.get(force, 0) for force in sorted(forces)}


def _disagreeing(session: Session, forces: Collection[str]) -> Iterator[Disagreement]:
    head, document = ReferralRow, DocumentVersionRow
    rows = session.execute(
        sqlalchemy.select(
            col(head.force),
            _district(),
            col(head.referred_at),
            col(head.referral_id),
            col(document.urn),
            _level(),
        )
        .join(PairingRow, col(PairingRow.referral) == col(head.id))
        .join(document, _current(document, PairingRow.document))
        .where(_made(forces), _level().in_(list(HOW)))
        .order_by(col(head.force), col(head.referred_at), col(head.referral_id), col(document.urn))
    )
    for force, district, made, referral_id, urn, level in rows:
        yield Disagreement(force, district, _month(made), referral_id, urn, HOW[level])


def _referrals(session: Session, forces: Collection[str]) -> Iterator[Share]:
    head, version = ReferralRow, ReferralVersionRow
    each: Any = (
        sqlalchemy.select(
            col(head.force).label("force"),
            _district().label("district"),
            _months(session, forces).label("month"),
            _one_if(col(version.reference).is_(None)).label("no_reference"),
            _one_if(col(version.incident).is_(None)).label("no_incident"),
        )
        .join(version, _current(version, head.id))
        .where(col(head.force).in_(forces))
    )
    yield from _shares(session, "referrals", each)


def _documents(session: Session, forces: Collection[str]) -> Iterator[Share]:
    head, version = ReferralRow, DocumentVersionRow
    each: Any = (
        sqlalchemy.select(
            col(head.force).label("force"),
            _district().label("district"),
            _months(session, forces).label("month"),
            _one_if(func.json_array_length(col(version.references)) == 0).label("no_reference"),
            _one_if(col(version.incident).is_(None)).label("no_incident"),
        )
        .join(PairingRow, col(PairingRow.referral) == col(head.id))
        .join(version, _current(version, PairingRow.document))
        .where(_made(forces))
    )
    yield from _shares(session, "documents", each)


def _shares(session: Session, of: str, each: Any) -> Iterator[Share]:
    rows = each.subquery()
    key = (rows.c.force, rows.c.district, rows.c.month)
    counted = session.execute(
        sqlalchemy.select(
            *key, func.count(), func.sum(rows.c.no_reference), func.sum(rows.c.no_incident)
        )
        .group_by(*key)
        .order_by(*key)
    )
    for force, district, month, total, no_reference, no_incident in counted:
        yield Share(of, force, district, month, total, no_reference, no_incident)


def _made(forces: Collection[str]) -> ColumnElement[bool]:
    """Pairings that stand and were made, not those put to a person."""
    return and_(
        col(PairingRow.force).in_(forces),
        col(PairingRow.ended_at).is_(None),
        col(PairingRow.band) == Band.AUTO,
    )


def _current(version: Any, record: Any) -> ColumnElement[bool]:
    """The version of a record that is current."""
    parent = "referral_key" if version is ReferralVersionRow else "document_key"
    return and_(col(getattr(version, parent)) == col(record), col(version.superseded_at).is_(None))


def _level() -> ColumnElement[str]:
    """The level of a pairing's reference evidence: the second item, after the prior."""
    item: Any = col(PairingRow.evidence)[1]
    return case((item["field"].as_string() == "reference", item["level"].as_string()), else_="")


def _district() -> ColumnElement[str]:
    return func.coalesce(col(ReferralRow.district), "")


def _one_if(true: ColumnElement[bool]) -> ColumnElement[int]:
    return case((true, 1), else_=0)


def _months(session: Session, forces: Collection[str]) -> ColumnElement[str]:
    """The London month in which a referral was made.

    Its ends are worked out here and not by the database, because SQLite knows no time zones.
    """
    made = col(ReferralRow.referred_at)
    first, last = session.execute(
        sqlalchemy.select(func.min(made), func.max(made)).where(col(ReferralRow.force).in_(forces))
    ).one()
    if first is None:
        return sqlalchemy.literal("")
    ends = list(_ends(first, last))
    return case(*[(made < end, name) for name, end in ends], else_=ends[-1][0])


def _ends(first: datetime, last: datetime) -> Iterator[tuple[str, datetime]]:
    """Each London month from `first` to `last`, and the instant at which it ends."""
    day = first.astimezone(LONDON)
    year, month = day.year, day.month
    while f"{year:04}-{month:02}" <= _month(last):
        name = f"{year:04}-{month:02}"
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        yield name, datetime(year, month, 1, tzinfo=LONDON).astimezone(UTC)


def _month(instant: datetime) -> str:
    return f"{instant.astimezone(LONDON):%Y-%m}"
