"""Draw a sample by its frame's seed: what anybody who has frame and seed would draw."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import islice

from sqlalchemy import insert
from sqlmodel import Session, col, select

from domain.assurance import tickets
from domain.assurance.claim import Design
from domain.assurance.tickets import Ticket
from domain.audit_trail import Action
from domain.errors import SampleRefused
from domain.working_paper import (
    FrameRecord,
    PlanDocument,
    TicketLine,
    Use,
    lines,
    sha256_hex,
)
from models import METADATA, SampleFrameRow, SampleItemRow, SampleTicketRow
from services.sampling import frames, stored

TICKETS = METADATA.tables["sample_ticket"]
WHOLE_FRAME = ""
"""What a simple design draws from, where a proportional one names a stratum."""
BATCH = 10_000


def draw(session: Session, code: str, *, by: str, now: datetime) -> list[TicketLine]:
    """Draw the plan's first sample, and return its tickets in their order.

    Raises:
        SampleRefused: There is no seed, it was drawn already, or the stored frame is not the
            one that was committed to. Nothing was stored.
    """
    sample = stored.to_change(session, code)
    row = stored.frame(session, sample)
    seed = stored.seed(row).seed
    if row.drawn_at is not None:
        raise SampleRefused(f"Sample {code} was drawn already. Nothing was stored.")
    plan, items = stored.plan(row), list(frames.records(session, row))
    if sha256_hex(lines(items)) != stored.header(row).frame_sha256:
        raise SampleRefused(
            f"The stored frame of sample {code} is not the one that was committed to: somebody"
            " changed it. Restore the database from a backup. Nothing was stored."
        )
    taken = dict.fromkeys(sizes(plan), Use.SAMPLE)
    drawn = next_tickets(seed, ids(plan, items), sizes(plan), {})
    strata = {item.draw_id: item.stratum for item in items}
    made = [
        TicketLine(place, ticket.number, ticket.draw_id, strata[ticket.draw_id], taken[name], 1)
        for name, its in drawn.items()
        for place, ticket in enumerate(its, 1)
    ]
    add(session, row, made, plan, now)
    row.drawn_at = now
    session.add(row)
    session.flush()
    stored.say(
        session,
        sample,
        Action.SAMPLE_DRAWN,
        by=by,
        now=now,
        supplement=row.supplement,
        items=len(made),
        tickets=sha256_hex(lines(made)),
    )
    return made


def ids(plan: PlanDocument, items: Iterable[FrameRecord]) -> dict[str, list[str]]:
    """The draw ids to draw from: of the whole frame, or by stratum; those counted left out."""
    whole = {stratum.name for stratum in plan.take_all}
    stratified = plan.design is Design.PROPORTIONAL
    found: dict[str, list[str]] = {}
    for item in items:
        if item.stratum not in whole:
            name = item.stratum if stratified else WHOLE_FRAME
            found.setdefault(name, []).append(item.draw_id)
    return found


def sizes(plan: PlanDocument) -> dict[str, int]:
    """How many the first look takes, by what it is drawn from."""
    if plan.design is Design.PROPORTIONAL:
        return {size.name: size.number for size in plan.sizes}
    return {WHOLE_FRAME: plan.looks[0].drawn}


def next_tickets(
    seed: str,
    frame: Mapping[str, list[str]],
    more: Mapping[str, int],
    after: Mapping[str, int],
) -> dict[str, list[Ticket]]:
    """The next `more` tickets after those drawn before, by what they are drawn from."""
    return {
        name: tickets.draw(seed, frame[name], more[name], after.get(name, 0))
        for name in sorted(more)
    }


def add(
    session: Session,
    row: SampleFrameRow,
    made: Iterable[TicketLine],
    plan: PlanDocument,
    now: datetime,
) -> None:
    """Store tickets that came into use."""
    stratified = plan.design is Design.PROPORTIONAL
    rest = iter(made)
    while batch := list(islice(rest, BATCH)):
        session.connection().execute(
            insert(TICKETS),
            [
                {
                    "frame": row.id,
                    "draw_id": line.draw_id,
                    "draws_from": line.stratum if stratified else WHOLE_FRAME,
                    "place": line.order,
                    "number": line.number,
                    "use": line.use,
                    "look": line.look,
                    "drawn_at": now,
                }
                for line in batch
            ],
        )


def drawn(session: Session, row: SampleFrameRow) -> list[TicketLine]:
    """The tickets in use, by what they were drawn from and in their order."""
    ticket, item = SampleTicketRow, SampleItemRow
    query = (
        select(ticket, item.stratum)
        .join(
            item,
            (col(item.frame) == col(ticket.frame)) & (col(item.draw_id) == col(ticket.draw_id)),
        )
        .where(col(ticket.frame) == row.id)
        .order_by(col(ticket.draws_from), col(ticket.place))
    )
    return [
        TicketLine(each.place, each.number, each.draw_id, stratum, each.use, each.look)
        for each, stratum in session.exec(query)
    ]
