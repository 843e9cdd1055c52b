"""The tickets in use, against those that frames and seeds give, in the one order of all frames.

Every frame has its own seed, so a ticket is as good as any other whatever its frame, and the
tickets of all frames merge into one order.  The sample is the first so many of that order, of
each stratum in a proportional design.  What a smaller main frame had drawn before, and the
merged order puts later, is left over: judged, and not counted.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.assurance import tickets
from domain.assurance.claim import Design
from domain.errors import SampleRefused
from domain.working_paper.drawn import TicketLine, Use
from domain.working_paper.exercise import Exercise, FramePapers
from domain.working_paper.plan import PlanDocument

WHOLE = ""
"""What a simple design and a census draw from, where a proportional one names a stratum."""
NEVER = "1"
"""After every ticket number."""


@dataclass(frozen=True)
class InOrder:
    """The tickets in use of what is drawn from: those without a gap, and those left over.

    `used_up` says that no ticket is left to draw.
    """

    lines: tuple[TicketLine, ...]
    left_over: tuple[TicketLine, ...]
    used_up: bool


def draws_from(plan: PlanDocument, stratum: str) -> str:
    """What an item of the stratum is drawn from."""
    return stratum if plan.design is Design.PROPORTIONAL else WHOLE


def sizes(plan: PlanDocument) -> dict[str, int]:
    """How many items the first look takes, by what they are drawn from."""
    if plan.design is Design.PROPORTIONAL:
        return {size.name: size.number for size in plan.sizes}
    return {WHOLE: plan.looks[0].drawn}


def drawable(plan: PlanDocument, frame: FramePapers) -> dict[str, dict[str, str]]:
    """The stratum of each draw id that may be drawn, by what it is drawn from."""
    whole = {stratum.name for stratum in plan.take_all}
    found: dict[str, dict[str, str]] = {}
    for record in frame.records:
        if record.stratum not in whole:
            of = found.setdefault(draws_from(plan, record.stratum), {})
            of[record.draw_id] = record.stratum
    return found


def in_order(exercise: Exercise) -> dict[str, InOrder]:
    """The tickets in use in the order of all frames, by what they are drawn from.

    Raises:
        SampleRefused: The tickets in use are not the first ones of each frame, or are too few.
    """
    used: dict[str, list[TicketLine]] = {}
    first_unused: dict[str, str] = {}
    for frame in exercise.frames:
        for name, lines, following in _checked(exercise.plan, frame):
            used.setdefault(name, []).extend(lines)
            first_unused[name] = min(first_unused.get(name, NEVER), following)
    made = {}
    for name, lines in sorted(used.items()):
        lines.sort(key=lambda line: (line.number, line.draw_id))
        made[name] = InOrder(
            tuple(line for line in lines if line.number < first_unused[name]),
            tuple(line for line in lines if line.number >= first_unused[name]),
            first_unused[name] == NEVER,
        )
    return made


def _checked(plan: PlanDocument, frame: FramePapers) -> Iterator[tuple[str, list[TicketLine], str]]:
    """The lines in use by what they are drawn from, and the number of the next ticket."""
    given: dict[str, list[TicketLine]] = {}
    for line in frame.tickets:
        given.setdefault(draws_from(plan, line.stratum), []).append(line)
    ids = drawable(plan, frame)
    if not set(given) <= set(ids):
        raise not_drawn()
    for name, strata in sorted(ids.items()):
        lines = sorted(given.get(name, []), key=lambda line: line.order)
        asked = min(len(lines) + 1, len(strata))
        drawn = tickets.draw(frame.seed.seed, strata.keys(), asked)
        for place, line in enumerate(lines, 1):
            ticket = drawn[place - 1] if place <= len(drawn) else None
            if (
                ticket is None
                or (line.order, line.number, line.draw_id) != (place, ticket.number, ticket.draw_id)
                or line.stratum != strata[line.draw_id]
                or line.use is Use.RESERVE
            ):
                raise not_drawn()
        yield name, lines, drawn[len(lines)].number if len(drawn) > len(lines) else NEVER


def reserves(plan: PlanDocument, frame: FramePapers, least: int = 10) -> tuple[TicketLine, ...]:
    """The tickets that would come next: as many again as are in use, and `least` or more."""
    used: dict[str, int] = {}
    for line in frame.tickets:
        name = draws_from(plan, line.stratum)
        used[name] = used.get(name, 0) + 1
    made = []
    for name, strata in sorted(drawable(plan, frame).items()):
        after = used.get(name, 0)
        more = min(max(after, least), len(strata) - after)
        for place, ticket in enumerate(
            tickets.draw(frame.seed.seed, strata.keys(), more, after), after + 1
        ):
            stratum = strata[ticket.draw_id]
            made.append(
                TicketLine(place, ticket.number, ticket.draw_id, stratum, Use.RESERVE, look=0)
            )
    return tuple(made)


def not_drawn() -> SampleRefused:
    """Somebody changed the tickets, the seed or the frame."""
    return SampleRefused(
        "The tickets in use are not the first that frame and seed give. Somebody changed one of"
        " them: compare with what was lodged. Nothing was judged."
    )
