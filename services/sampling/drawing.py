"""What there is to draw from and what was drawn, of all frames of a sample."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import insert
from sqlmodel import Session, col, select

from domain.assurance.claim import Design
from domain.errors import SampleRefused
from domain.sampling.order import Drawable, Place
from domain.working_paper import (
    FrameRecord,
    PlanDocument,
    TicketLine,
    Use,
    lines,
    sha256_hex,
)
from models import (
    METADATA,
    SampleFrameRow,
    SampleItemRow,
    SampleReplacementRow,
    SampleRow,
    SampleTicketRow,
)
from services.sampling import frames, stored

TICKETS = METADATA.tables["sample_ticket"]
WHOLE_FRAME = ""
"""What a simple design draws from, where a proportional one names a stratum."""
BATCH = 10_000


@dataclass(frozen=True)
class Drawing:
    """The frames of a sample, the main one first, and the plan in force.

    `strata` are the stratum of each draw id, `drawn` the tickets in use by frame, and `out`
    the items that were out of frame and that another came in for.
    """

    rows: Sequence[SampleFrameRow]
    plan: PlanDocument
    drawable: Sequence[Drawable]
    strata: dict[str, str]
    drawn: Sequence[Sequence[TicketLine]]
    out: frozenset[str]

    @property
    def in_use(self) -> frozenset[str]:
        """The draw ids that were drawn."""
        return frozenset(line.draw_id for its in self.drawn for line in its)

    def from_what(self, draw_id: str) -> str:
        """What the item is drawn from: a stratum, or the whole frame."""
        return self.strata[draw_id] if self.plan.design is Design.PROPORTIONAL else WHOLE_FRAME

    def lines(self, places: Iterable[Place], use: Use, look: int) -> list[tuple[int, TicketLine]]:
        """Tickets to bring into use, each with the place of its frame in `rows`."""
        return [
            (
                each.frame,
                TicketLine(
                    each.order, each.number, each.draw_id, self.strata[each.draw_id], use, look
                ),
            )
            for each in places
        ]


def read(session: Session, sample: SampleRow) -> Drawing:
    """All frames with their seeds, as far as they were drawn.

    Raises:
        SampleRefused: A frame has no seed yet, or a stored frame is not the one that was
            committed to. Nothing was stored.
    """
    plan = stored.plan(stored.newest(session, sample))
    rows = stored.frames(session, sample)
    drawable: list[Drawable] = []
    strata: dict[str, str] = {}
    for row in rows:
        seed, items = stored.seed(row).seed, list(frames.records(session, row))
        if sha256_hex(lines(items)) != stored.header(row).frame_sha256:
            raise SampleRefused(
                f"The stored frame of sample {sample.code} is not the one that was committed to:"
                " somebody changed it. Restore the database from a backup. Nothing was stored."
            )
        drawable.append(Drawable(seed, _ids(plan, items)))
        strata |= {item.draw_id: item.stratum for item in items}
    return Drawing(
        rows,
        plan,
        drawable,
        strata,
        [drawn(session, row) for row in rows],
        frozenset(each.draw_id_out for each in replaced(session, sample)),
    )


def complete(session: Session, sample: SampleRow) -> Drawing:
    """The same, refused unless every frame was drawn."""
    for row in stored.frames(session, sample):
        check_drawn(row, sample.code)
    return read(session, sample)


def check_drawn(row: SampleFrameRow, code: str) -> None:
    """Refuse a frame that was not drawn, so that none is forgotten."""
    if row.drawn_at is None:
        which = f"Supplementary frame {row.supplement}" if row.supplement else "The frame"
        raise SampleRefused(
            f"{which} of sample {code} was not drawn yet, so the sample is not complete. Enter its"
            f" seed and draw it: counterfoil sample seed {code}, counterfoil sample draw {code}."
            " Nothing was stored."
        )


def sizes(plan: PlanDocument, look: int = 1) -> dict[str, int]:
    """How many items the sample has at a look, by what they are drawn from."""
    if plan.design is Design.PROPORTIONAL:
        return {size.name: size.number for size in plan.sizes}
    return {WHOLE_FRAME: plan.looks[look - 1].drawn}


def _ids(plan: PlanDocument, items: Iterable[FrameRecord]) -> dict[str, list[str]]:
    """The draw ids to draw from; those counted whole left out."""
    whole = {stratum.name for stratum in plan.take_all}
    stratified = plan.design is Design.PROPORTIONAL
    found: dict[str, list[str]] = {}
    for item in items:
        if item.stratum not in whole:
            name = item.stratum if stratified else WHOLE_FRAME
            found.setdefault(name, []).append(item.draw_id)
    return found


def add(
    session: Session, drawing: Drawing, made: Iterable[tuple[int, TicketLine]], now: datetime
) -> None:
    """Store tickets that came into use."""
    rest = iter(made)
    while batch := list(islice(rest, BATCH)):
        session.connection().execute(
            insert(TICKETS),
            [
                {
                    "frame": drawing.rows[at].id,
                    "draw_id": line.draw_id,
                    "draws_from": drawing.from_what(line.draw_id),
                    "place": line.order,
                    "number": line.number,
                    "use": line.use,
                    "look": line.look,
                    "drawn_at": now,
                }
                for at, line in batch
            ],
        )


def replaced(session: Session, sample: SampleRow) -> list[SampleReplacementRow]:
    """The sample's replacements, in the order in which they were made."""
    row = SampleReplacementRow
    query = select(row).where(col(row.sample) == sample.id).order_by(col(row.id))
    return list(session.exec(query))


def drawn(session: Session, row: SampleFrameRow) -> list[TicketLine]:
    """The tickets in use of one frame, by what they were drawn from and in their order."""
    ticket, item = SampleTicketRow, SampleItemRow
    query = (
        select(ticket, item.stratum)
        .join(
            item,
            (col(item.frame) == col(ticket.frame)) & (col(item.draw_id) == col(ticket.draw_id)),
        )
        .where(col(ticket.frame) == row.id)
    )
    found = sorted(session.exec(query), key=lambda pair: (pair[0].draws_from, pair[0].place))
    return [
        TicketLine(each.place, each.number, each.draw_id, stratum, each.use, each.look)
        for each, stratum in found
    ]
