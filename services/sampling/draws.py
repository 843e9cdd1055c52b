"""Draw a sample by its frames' seeds: what anybody who has frames and seeds would draw."""

from datetime import datetime

from sqlmodel import Session

from domain.audit_trail import Action
from domain.errors import SampleRefused
from domain.sampling import order
from domain.working_paper import TicketLine, Use, lines, sha256_hex
from services.sampling import drawing, stored


def draw(session: Session, code: str, *, by: str, now: datetime) -> list[TicketLine]:
    """Draw the plan's first sample, and return the tickets that came into use in their order.

    After a supplementary frame it is the first of all frames' tickets in one order: what of it
    was not drawn before comes into use, from the earlier frames as an extension.

    Raises:
        SampleRefused: There is no seed, it was drawn already, or the stored frame is not the
            one that was committed to. Nothing was stored.
    """
    sample = stored.to_change(session, code)
    row = stored.newest(session, sample)
    stored.seed(row)
    if row.drawn_at is not None:
        raise SampleRefused(f"Sample {code} was drawn already. Nothing was stored.")
    state = drawing.read(session, sample)
    newest, before = len(state.rows) - 1, state.in_use
    made = [
        line
        for name, size in sorted(drawing.sizes(state.plan).items())
        for place in order.first(state.drawable, name, size, state.out)
        if place.draw_id not in before
        for line in state.lines([place], Use.SAMPLE if place.frame == newest else Use.EXTENSION, 1)
    ]
    drawing.add(session, state, made, now)
    row.drawn_at = now
    session.add(row)
    session.flush()
    tickets = [line for _, line in made]
    stored.say(
        session,
        sample,
        Action.SAMPLE_DRAWN,
        by=by,
        now=now,
        supplement=row.supplement,
        items=len(tickets),
        tickets=sha256_hex(lines(tickets)),
    )
    return tickets
