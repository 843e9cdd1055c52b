"""How far a sample has come, and what is still missing before it is complete."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from domain.sampling.choices import Choices, Subject
from domain.wording import number_of
from domain.working_paper import Judge, lines, sha256_hex
from domain.working_paper.judging import sorted_findings
from domain.working_paper.outcome import Outcome
from models import SampleRow, SampleTicketRow
from services.sampling import drawing, evaluations, items, stored
from services.sampling.items import Item, Last


@dataclass(frozen=True)
class FrameProgress:
    """One frame, the main one being supplement 0; a step not taken has no time."""

    supplement: int
    items: int
    frozen_at: datetime | None
    exported_at: datetime | None
    lodged: bool
    seeded_at: datetime | None
    drawn_at: datetime | None


@dataclass(frozen=True)
class Progress:
    """One sample.

    `items` are to be judged; `judged` of them are, as a whole, in each place.  `disputed` wait
    to be adjudicated and `out_of_frame` to be replaced.  `outcome` is that of the last
    evaluation.  `missing` says what is still to do, and is empty of a complete exercise.
    """

    code: str
    force: str
    subject: Subject
    frames: tuple[FrameProgress, ...]
    items: int
    judged: dict[Judge, int]
    disputed: int
    out_of_frame: int
    evaluations: int
    outcome: Outcome | None
    missing: tuple[str, ...]


def codes(session: Session, force: str | None = None) -> list[str]:
    """The codes of all samples, or of a force's, in their order."""
    query = select(SampleRow.code).order_by(col(SampleRow.code))
    if force is not None:
        query = query.where(col(SampleRow.force) == force)
    return list(session.exec(query))


def of(session: Session, code: str) -> Progress:
    """How far the sample of a code is; refused if there is none."""
    sample = stored.named(session, code)
    choices, found = stored.choices(sample), items.to_judge(session, sample)
    latest = items.last(items.findings(session, sample))
    frames = tuple(_frames(session, sample))
    judged = {
        judge: sum(_whole(choices, item, latest, judge) for item in found)
        for judge in (Judge.FIRST, Judge.SECOND)
    }
    disputed = sum(_is_disputed(choices, item, latest) for item in found)
    out = _not_replaced(session, sample, choices, found, latest)
    made = evaluations.stored_ones(session, code)
    return Progress(
        code=code,
        force=sample.force,
        subject=sample.subject,
        frames=frames,
        items=len(found),
        judged=judged,
        disputed=disputed,
        out_of_frame=out,
        evaluations=len(made),
        outcome=made[-1].outcome if made else None,
        missing=(
            *_missing_of_frames(frames),
            *_missing_of_judgements(len(found), judged, disputed, out),
            *_missing_of_evaluations(session, sample, code),
        ),
    )


def _frames(session: Session, sample: SampleRow) -> Iterator[FrameProgress]:
    for row in stored.frames(session, sample):
        yield FrameProgress(
            row.supplement,
            stored.header(row).items,
            row.frozen_at,
            row.exported_at,
            row.receipt is not None,
            row.seeded_at,
            row.drawn_at,
        )


def _whole(choices: Choices, item: Item, latest: Last, judge: Judge) -> bool:
    """Whether everything that is asked of the item was answered in this place."""
    primary = next(each.code for each in choices.attributes if each.primary)
    if items.out_of_frame(latest, item.draw_id, primary) is not None:
        return (item.draw_id, primary, judge) in latest
    return all((item.draw_id, each.code, judge) in latest for each in choices.attributes)


def _is_disputed(choices: Choices, item: Item, latest: Last) -> bool:
    return any(
        items.differ(latest, item.draw_id, each.code)
        and (item.draw_id, each.code, Judge.ADJUDICATION) not in latest
        for each in choices.attributes
    )


def _not_replaced(
    session: Session, sample: SampleRow, choices: Choices, found: list[Item], latest: Last
) -> int:
    """Items out of frame that the next tickets can come in for."""
    primary = next(each.code for each in choices.attributes if each.primary)
    gone = {each.draw_id_out for each in drawing.replaced(session, sample)}
    waiting = Counter(
        items.draws_from(choices, item.stratum)
        for item in found
        if item.number
        and item.draw_id not in gone
        and items.out_of_frame(latest, item.draw_id, primary) is not None
    )
    return (waiting & items.undrawn(session, sample)).total() if waiting else 0


def _missing_of_frames(frames: tuple[FrameProgress, ...]) -> Iterator[str]:
    if not frames:
        yield "the frame is not frozen"
    for frame in frames:
        which = f"supplementary frame {frame.supplement}" if frame.supplement else "the frame"
        steps = (
            (frame.exported_at, "exported"),
            (frame.seeded_at, "seeded"),
            (frame.drawn_at, "drawn"),
        )
        undone = next((step for at, step in steps if at is None), None)
        if undone:
            yield f"{which} is not {undone}"


def _missing_of_judgements(
    asked: int, judged: dict[Judge, int], disputed: int, out: int
) -> Iterator[str]:
    for judge, done in judged.items():
        if done < asked:
            yield f"{asked - done:,} of {asked:,} items have no {judge} judgement"
    if disputed:
        yield f"{number_of(disputed, 'item waits', 'items wait')} to be adjudicated"
    if out:
        yield f"{number_of(out, 'item', 'items')} out of frame to be replaced"


def _missing_of_evaluations(session: Session, sample: SampleRow, code: str) -> Iterator[str]:
    made = evaluations.stored_ones(session, code)
    if not made:
        yield "it is not evaluated"
        return
    frames = [row.id for row in stored.frames(session, sample)]
    ticket = SampleTicketRow
    last = session.exec(
        select(func.max(ticket.drawn_at)).where(col(ticket.frame).in_(frames))
    ).one()
    judged = sha256_hex(lines(sorted_findings(items.findings(session, sample))))
    if judged != made[-1].findings_sha256 or (last and last > made[-1].evaluated_at):
        yield "what was drawn or judged has changed since it was evaluated"
