"""The items that people judge: those drawn, and those of a stratum that is taken whole."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlmodel import Session

from domain.assurance.claim import Design
from domain.sampling.choices import KNOWN_DEVIATIONS, Choices, State
from domain.working_paper import Answer, Finding, Judge
from domain.working_paper.drawing import WHOLE
from models import METADATA, SampleRow
from services.sampling import stored

ITEMS, TICKETS, FINDINGS = (
    METADATA.tables[name] for name in ("sample_item", "sample_ticket", "sample_finding")
)
DRAWN = and_(TICKETS.c.frame == ITEMS.c.frame, TICKETS.c.draw_id == ITEMS.c.draw_id)


@dataclass(frozen=True)
class Item:
    """One item to judge; `number` is its ticket's, empty for one of a stratum taken whole."""

    frame: int
    supplement: int
    draw_id: str
    record: int
    referral: int
    version: int
    stratum: str
    district: str
    state: State
    number: str
    grace_ends_at: datetime | None


def to_judge(session: Session, sample: SampleRow) -> list[Item]:
    """In the order of the tickets of all frames that were drawn, then those taken whole."""
    item, ticket = ITEMS.c, TICKETS.c
    frames = {row.id: row for row in stored.frames(session, sample) if row.drawn_at is not None}
    chosen = stored.choices(sample)
    whole = [state for state in chosen.take_all if state is not KNOWN_DEVIATIONS]
    query = (
        select(
            item.frame, item.draw_id, item.record, item.referral, item.version, item.stratum,
            item.district, item.state, item.grace_ends_at, ticket.number,
        )
        .select_from(ITEMS.outerjoin(TICKETS, DRAWN))
        .where(item.frame.in_(frames), or_(ticket.number.is_not(None), item.state.in_(whole)))
    )  # fmt: skip
    found = [
        Item(
            row.frame,
            frames[row.frame].supplement,
            row.draw_id,
            row.record,
            row.referral,
            row.version,
            row.stratum,
            row.district,
            row.state,
            row.number or "",
            row.grace_ends_at,
        )
        for row in session.connection().execute(query)
    ]
    return sorted(found, key=lambda each: (not each.number, each.number, each.draw_id))


def draws_from(choices: Choices, stratum: str) -> str:
    """What an item of the stratum is drawn from: the stratum itself, or the whole frame."""
    return stratum if choices.design is Design.PROPORTIONAL else WHOLE


def undrawn(session: Session, sample: SampleRow) -> Counter[str]:
    """How many tickets are left of the frames that were drawn, by what they are drawn from."""
    item, chosen = ITEMS.c, stored.choices(sample)
    frames = [row.id for row in stored.frames(session, sample) if row.drawn_at is not None]
    query = (
        select(item.stratum, func.count())
        .select_from(ITEMS.outerjoin(TICKETS, DRAWN))
        .where(
            item.frame.in_(frames),
            TICKETS.c.number.is_(None),
            item.state.not_in({*chosen.take_all, KNOWN_DEVIATIONS}),
        )
        .group_by(item.stratum)
    )
    left: Counter[str] = Counter()
    for stratum, number in session.connection().execute(query):
        left[draws_from(chosen, stratum)] += number
    return left


def findings(session: Session, sample: SampleRow) -> tuple[Finding, ...]:
    """Every version of every judgement, by draw id, attribute, judge and version."""
    row = FINDINGS.c
    frames = [frame.id for frame in stored.frames(session, sample)]
    query = select(FINDINGS).where(row.frame.in_(frames))
    found = [
        Finding(
            each.draw_id,
            each.attribute,
            each.judge,
            each.version,
            each.answer,
            each.reason,
            each.given_by,
            each.given_at,
        )
        for each in session.connection().execute(query)
    ]
    return tuple(
        sorted(
            found, key=lambda each: (each.draw_id, each.attribute, each.judge.value, each.version)
        )
    )


Last = dict[tuple[str, str, Judge], Finding]


def last(found: Iterable[Finding]) -> Last:
    """The last version of each judgement, by draw id, attribute and judge."""
    latest: Last = {}
    for each in found:
        key = (each.draw_id, each.attribute, each.judge)
        if key not in latest or latest[key].version < each.version:
            latest[key] = each
    return latest


def differ(latest: Last, draw_id: str, attribute: str) -> bool:
    """Whether first and second judge answered differently, or that was adjudicated before."""
    one, two, third = (latest.get((draw_id, attribute, judge)) for judge in Judge)
    if third is not None:
        return True
    return one is not None and two is not None and one.answer != two.answer


def out_of_frame(latest: Last, draw_id: str, attribute: str) -> Finding | None:
    """The judgement by which two people say that the item is out of frame, if they do."""
    one, two, third = (latest.get((draw_id, attribute, judge)) for judge in Judge)
    if third is not None:
        return third if third.answer is Answer.OUT_OF_FRAME else None
    if one is None or two is None or {one.answer, two.answer} != {Answer.OUT_OF_FRAME}:
        return None
    return two
