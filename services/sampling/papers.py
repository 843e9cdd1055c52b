"""All papers of an exercise as they are stored, to judge it or to make its pack."""

from sqlmodel import Session

from domain.working_paper import Replacement
from domain.working_paper.exercise import Exercise, FramePapers
from models import SampleFrameRow
from services.sampling import drawing, frames, items, stored


def exercise(session: Session, code: str) -> Exercise:
    """The papers of the sample of a code, every version of every judgement among them.

    Raises:
        SampleRefused: There is no such sample, or a frame of it was not drawn: then the
            exercise is not complete. Nothing was stored.
    """
    sample = stored.named(session, code)
    stored.newest(session, sample)
    rows = stored.frames(session, sample)
    for row in rows:
        drawing.check_drawn(row, code)
    return Exercise(
        tuple(_frame(session, row, code) for row in rows),
        items.findings(session, sample),
        tuple(
            Replacement(row.draw_id_out, row.draw_id_in, row.reason, row.made_by, row.made_at)
            for row in drawing.replaced(session, sample)
        ),
    )


def _frame(session: Session, row: SampleFrameRow, code: str) -> FramePapers:
    return FramePapers(
        stored.plan(row),
        stored.header(row),
        tuple(frames.records(session, row)),
        stored.commitment(row, code),
        stored.seed(row),
        tuple(drawing.drawn(session, row)),
    )
