"""Replace an item that was out of frame by the next ticket, and log it.

An item leaves the sample only by the word of two people: the two who judged it first agree,
or their difference was adjudicated.
"""

from datetime import datetime

from sqlmodel import Session

from domain.audit_trail import Action
from domain.sampling import order
from domain.working_paper import Replacement, TicketLine, Use
from models import SampleReplacementRow, SampleRow
from services.sampling import drawing, items, stored
from services.sampling.drawing import Drawing
from services.sampling.items import Last


def replace(session: Session, code: str, *, by: str, now: datetime) -> tuple[Replacement, ...]:
    """Replace each item that is out of frame and was not replaced yet; none is no fault.

    The next ticket is the next of the stratum in a proportional design, of all else.  It comes
    into use for the look of the item that it replaces.  An item for which no ticket is left stays
    in the sample, of which everything was looked at then, as one that does not deviate.

    Raises:
        SampleRefused: A frame was not drawn. Nothing was stored.
    """
    sample = stored.to_change(session, code)
    state = drawing.complete(session, sample)
    latest = items.last(items.findings(session, sample))
    made = _next(state, latest, by, now)
    drawing.add(session, state, [line for _, line in made], now)
    _store(session, sample, state, made)
    if made:
        stored.say(
            session,
            sample,
            Action.ITEMS_REPLACED,
            by=by,
            now=now,
            items=len(made),
        )
    return tuple(replacement for replacement, _ in made)


def _next(
    state: Drawing, latest: Last, by: str, now: datetime
) -> list[tuple[Replacement, tuple[int, TicketLine]]]:
    """The replacements, and the tickets to bring into use, in the order of the tickets out."""
    code, in_use = state.plan.primary.code, state.in_use
    gone: dict[str, list[tuple[TicketLine, str]]] = {}
    for line in sorted((line for its in state.drawn for line in its), key=lambda each: each.number):
        found = items.out_of_frame(latest, line.draw_id, code)
        if found is not None and line.draw_id not in state.out:
            gone.setdefault(state.from_what(line.draw_id), []).append((line, found.reason))
    made = []
    for name, its in sorted(gone.items()):
        drawn = {draw_id for draw_id in in_use if state.from_what(draw_id) == name}
        places = order.undrawn(state.drawable, name, len(its), drawn)
        for (line, why), place in zip(its, places, strict=False):
            (ticket,) = state.lines([place], Use.REPLACEMENT, line.look)
            made.append((Replacement(line.draw_id, place.draw_id, why, by, now), ticket))
    return made


def _store(
    session: Session,
    sample: SampleRow,
    state: Drawing,
    made: list[tuple[Replacement, tuple[int, TicketLine]]],
) -> None:
    frame = {
        line.draw_id: row for row, its in zip(state.rows, state.drawn, strict=True) for line in its
    }
    for each, (at, _) in made:
        session.add(
            SampleReplacementRow(
                sample=stored.number(sample),
                frame_out=stored.number(frame[each.draw_id_out]),
                draw_id_out=each.draw_id_out,
                frame_in=stored.number(state.rows[at]),
                draw_id_in=each.draw_id_in,
                reason=each.reason,
                made_by=each.by,
                made_at=each.at,
            )
        )
        session.flush()
