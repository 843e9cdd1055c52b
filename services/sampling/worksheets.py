"""The worksheet of one place to judge from: what to look up of each item, and what is judged.

It holds source keys, so who took it out is in the audit trail.  A check of pairings or of
decisions shows the pair to look at, and nothing of what was made of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlmodel import Session

from adapters.clock import LONDON
from domain.audit_trail import Action
from domain.errors import SampleRefused
from domain.sampling.choices import Choices, Subject
from domain.sampling.worksheet import (
    Dispute,
    Judgement,
    LookUp,
    Worksheet,
    WorksheetRow,
    asked,
    turned,
)
from domain.words import Band
from domain.working_paper import Attribute, Finding, Judge
from models import METADATA, SampleRow
from services.sampling import findings, items, stored
from services.sampling.items import Item, Last

VERSIONS, HEADS, PAPERS, PAIRS, MADE = (
    METADATA.tables[name]
    for name in ("referral_version", "referral", "document", "pairing", "decision")
)
BATCH = 500


def export(session: Session, code: str, judge: Judge, *, by: str, now: datetime) -> Worksheet:
    """The worksheet, with what was answered in this place so far, and its event.

    Raises:
        SampleRefused: The sample was not drawn, or there is nothing to adjudicate. Nothing was
            stored.
    """
    sample = stored.to_change(session, code)
    sheet = read(session, sample, judge)
    if not sheet.rows:
        why = "nobody judged an item differently" if judge is Judge.ADJUDICATION else "no draw"
        raise SampleRefused(
            f"There is nothing to judge of sample {code}: {why} yet. See how far it is with"
            " counterfoil sample show. Nothing was stored."
        )
    stored.say(
        session,
        sample,
        Action.WORKSHEET_EXPORTED,
        by=by,
        now=now,
        judge=judge,
        items=len(sheet.rows),
    )
    return sheet


def read(session: Session, sample: SampleRow, judge: Judge) -> Worksheet:
    """The worksheet as it stands."""
    choices, found = stored.choices(sample), items.to_judge(session, sample)
    latest = items.last(items.findings(session, sample))
    expected = findings.expected_of(choices, judge, found, latest)
    kept = [item for item in found if item.draw_id in expected]
    facts, documents = _facts(session, kept), _documents(session, sample, kept)
    order = {item.draw_id: place for place, item in enumerate(found, 1) if item.number}
    blind = choices.subject is not Subject.REFERRALS
    rows = tuple(
        WorksheetRow(
            draw_id=item.draw_id,
            supplement=item.supplement,
            order=order.get(item.draw_id, 0),
            stratum="" if blind else item.stratum,
            look_up=_look_up(
                facts[item.referral, item.version], item, documents.get(item.draw_id, ())
            ),
            judgements=_judgements(choices, item, judge, latest),
            disputed=_disputed(choices, item, judge, latest, expected[item.draw_id]),
        )
        for item in kept
    )
    attributes = asked(choices.subject, choices.attributes)
    return Worksheet(choices.sample, choices.force, judge, attributes, rows)


def _look_up(facts: LookUp, item: Item, documents: Iterable[str]) -> LookUp:
    grace = item.grace_ends_at and item.grace_ends_at.astimezone(LONDON)
    return replace(facts, grace_ends_at=grace, document=", ".join(sorted(documents)))


def _judgements(choices: Choices, item: Item, judge: Judge, latest: Last) -> tuple[Judgement, ...]:
    made = []
    for attribute in choices.attributes:
        answer, reason = _told(choices, item, attribute, latest, judge)
        made.append(Judgement(attribute.code, answer, reason))
    return tuple(made)


def _disputed(
    choices: Choices, item: Item, judge: Judge, latest: Last, codes: Iterable[str]
) -> tuple[Dispute, ...]:
    if judge is not Judge.ADJUDICATION:
        return ()
    return tuple(
        Dispute(
            attribute.code,
            *_told(choices, item, attribute, latest, Judge.FIRST),
            *_told(choices, item, attribute, latest, Judge.SECOND),
        )
        for attribute in choices.attributes
        if attribute.code in codes
    )


def _told(
    choices: Choices, item: Item, attribute: Attribute, latest: Last, judge: Judge
) -> tuple[str, str]:
    """Answer and reason as the judge gave them, empty where none was given."""
    found: Finding | None = latest.get((item.draw_id, attribute.code, judge))
    if found is None:
        return "", ""
    return turned(choices.subject, item.state, attribute, found.answer).value, found.reason


def _facts(session: Session, found: Sequence[Item]) -> dict[tuple[int, int], LookUp]:
    """What the frozen version of each referral says, by referral and version."""
    version, head = VERSIONS.c, HEADS.c
    made: dict[tuple[int, int], LookUp] = {}
    for at in range(0, len(found), BATCH):
        wanted = {item.referral for item in found[at : at + BATCH]}
        query = (
            select(VERSIONS, head.version.label("latest"))
            .join(HEADS, head.id == version.referral_key)
            .where(version.referral_key.in_(wanted))
        )
        for row in session.connection().execute(query):
            made[row.referral_key, row.version] = LookUp(
                row.referral_id,
                row.nccu_reference or "",
                row.incident_number or "",
                row.referred_at.astimezone(LONDON),
                None,
                row.officer_id,
                row.district or "",
                "",
                row.latest != row.version,
            )
    return made


def _documents(session: Session, sample: SampleRow, found: Sequence[Item]) -> dict[str, list[str]]:
    """The URNs of the documents to look at, by draw id."""
    made: dict[str, list[str]] = {}
    for row in stored.frames(session, sample):
        its = [item for item in found if item.frame == row.id]
        for at in range(0, len(its), BATCH):
            some = its[at : at + BATCH]
            urns = _urns(session, sample.subject, some, row.frozen_at)
            made |= {item.draw_id: urns.get(_key(sample.subject, item), []) for item in some}
    return made


def _key(subject: Subject, item: Item) -> int:
    return item.referral if subject is Subject.REFERRALS else item.record


def _urns(
    session: Session, subject: Subject, some: Sequence[Item], at: datetime | None
) -> dict[int, list[str]]:
    """By referral, those paired with it when it was frozen; else by pairing or decision."""
    pair, paper = PAIRS.c, PAPERS.c
    if subject is Subject.REFERRALS:
        key, joined = pair.referral, and_(paper.id == pair.document, pair.band == Band.AUTO)
        stood = and_(pair.made_at <= at, or_(pair.ended_at.is_(None), pair.ended_at > at))
        query = select(key, paper.urn).join(PAPERS, joined).where(stood)
    else:
        table = PAIRS if subject is Subject.AUTO_PAIRINGS else MADE
        key = table.c.id
        query = select(key, paper.urn).join(PAPERS, paper.id == table.c.document)
    wanted = [_key(subject, item) for item in some]
    urns: dict[int, list[str]] = {}
    for found, urn in session.connection().execute(query.where(key.in_(wanted))):
        urns.setdefault(found, []).append(urn)
    return urns
