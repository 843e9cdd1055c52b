"""Draw more: what the plan foresees when its results call for it, or more than it foresees.

The next tickets are those of the same order, so nobody chooses them.  Whoever draws more than
was planned is told what that does to the promise.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from domain.assurance import anytime, sequential
from domain.assurance.claim import Design, Extension, Plan
from domain.assurance.conclusion import warning
from domain.assurance.looks import Look
from domain.audit_trail import Action
from domain.errors import SampleRefused
from domain.sampling import order
from domain.sampling.order import Place
from domain.wording import number_of
from domain.working_paper import TicketLine, Use, lines, sha256_hex
from domain.working_paper.bounding import HEADLINE
from domain.working_paper.items import items_of
from domain.working_paper.planned import plan_of
from services.sampling import drawing, papers, stored
from services.sampling.drawing import WHOLE_FRAME


@dataclass(frozen=True)
class Extended:
    """The tickets that came into use, for which look; `warning` is empty if it was planned."""

    tickets: tuple[TicketLine, ...]
    look: int
    warning: str


@dataclass(frozen=True)
class Results:
    """What was judged so far, in ticket order: each item's look, and whether it deviates."""

    plan: Plan
    looks: tuple[int, ...]
    deviating: tuple[bool, ...]

    def found(self, drawn: int) -> int:
        """Deviations among the first so many items."""
        return sum(self.deviating[:drawn])

    @property
    def drawn(self) -> int:
        """Items drawn that belong to the frame."""
        return len(self.looks)


def extend(
    session: Session, code: str, *, more: int | None = None, by: str, now: datetime
) -> Extended:
    """Draw on to the plan's next look, or `more` items.

    Raises:
        SampleRefused: What was drawn is not judged, the plan's rule ends here, or its design
            does not let more be drawn. Nothing was stored.
    """
    sample = stored.to_change(session, code)
    state = drawing.complete(session, sample)
    results = _results(session, code)
    size, look, told = _next(results) if more is None else _more(results, more)
    in_use = state.in_use
    places = [
        place
        for place in order.first(state.drawable, WHOLE_FRAME, size, state.out)
        if place.draw_id not in in_use
    ]
    _check_left(places, more)
    made = state.lines(places, Use.EXTENSION, look)
    drawing.add(session, state, made, now)
    tickets = tuple(line for _, line in made)
    stored.say(
        session,
        sample,
        Action.SAMPLE_EXTENDED,
        by=by,
        now=now,
        look=look,
        planned=not told,
        items=len(tickets),
        tickets=sha256_hex(lines(tickets)),
    )
    return Extended(tickets, look, told)


def _results(session: Session, code: str) -> Results:
    """What was judged; refused unless every item in use was."""
    exercise = papers.exercise(session, code)
    plan = plan_of(exercise.plan)
    if plan.design is not Design.SIMPLE:
        raise SampleRefused(
            f"Sample {code} has a {plan.design.value} design, in which nothing is drawn after the"
            " first look: the chance to be wrong could not be told. Evaluate what was judged."
            " Nothing was stored."
        )
    judged = items_of(exercise)
    if judged.all_looked_at:
        raise SampleRefused(
            f"Every item that sample {code} is drawn from was drawn and judged, so there is nothing"
            " to draw more of. Evaluate it: counterfoil sample evaluate. Nothing was stored."
        )
    if judged.waiting:
        raise SampleRefused(
            f"{judged.waiting:,} items drawn before wait to be judged. Judge them first."
            " Nothing was stored."
        )
    its, primary = judged.order.get(WHOLE_FRAME, ()), exercise.plan.primary.code
    return Results(
        plan,
        tuple(line.look for line in its),
        tuple(judged.final[line.draw_id, primary] in HEADLINE for line in its),
    )


def _next(results: Results) -> tuple[int, int, str]:
    """The size, number and warning of the plan's next look."""
    plan, drawn = results.plan, results.drawn
    _check_not_shown(results)
    ahead = [(look.drawn, at) for at, look in enumerate(plan.looks, 1) if look.drawn > drawn]
    gives_up = plan.extension is Extension.TWO_STAGE and (
        results.found(plan.drawn) > plan.looks[-1].accepted
    )
    if not ahead or gives_up:
        raise SampleRefused(
            f"The plan draws no more after {drawn:,} items with"
            f" {results.found(drawn):,} deviations. Evaluate what was judged, or say how many"
            " more to draw and read the warning. Nothing was stored."
        )
    return *ahead[0], ""


def _more(results: Results, more: int) -> tuple[int, int, str]:
    """The same for `more` items than are drawn, planned or not."""
    plan, size = results.plan, results.drawn + more
    if more < 1:
        raise SampleRefused("An extension draws at least one item. Nothing was stored.")
    _check_not_shown(results)
    if plan.extension is Extension.ANYTIME:
        return size, 1 + sum(look.drawn < size for look in plan.looks), ""
    unplanned = sequential.unplanned(plan, size, _unplanned_before(results))
    return size, max(len(plan.looks), *results.looks) + 1, warning(plan, unplanned)


def _check_left(places: list[Place], more: int | None) -> None:
    if more is not None and len(places) < more:
        raise SampleRefused(
            f"{more:,} more items were asked for, and {number_of(len(places), 'is', 'are')} left to"
            " draw. Ask for no more than that. Nothing was stored."
        )


def _unplanned_before(results: Results) -> tuple[Look, ...]:
    """The looks that were added to the plan's, each with what a single look would accept."""
    plan, made = results.plan, list[Look]()
    for number in sorted({look for look in results.looks if look > len(plan.looks)}):
        drawn = sum(look <= number for look in results.looks)
        if drawn > max(plan.most, *(look.drawn for look in made), 0):
            taken = sequential.unplanned(plan, drawn, tuple(made)).taken
            made.append(Look(drawn, taken))
    return tuple(made)


def _check_not_shown(results: Results) -> None:
    plan, drawn = results.plan, results.drawn
    if plan.extension is Extension.ANYTIME:
        shown = anytime.shown(plan.claim, results.found(drawn), drawn)
    else:
        shown = any(
            results.found(look.drawn) <= look.accepted for look in plan.looks if look.drawn <= drawn
        )
    if shown:
        raise SampleRefused(
            "What was judged shows the claim, so there is nothing to draw more for. Evaluate it:"
            " counterfoil sample evaluate. Nothing was stored."
        )
