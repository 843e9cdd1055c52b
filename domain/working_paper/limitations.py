"""What a sample does not show, in sentences; those that do not apply are left out."""

from collections.abc import Iterator

from domain.assurance.claim import Design, Extension
from domain.assurance.exact import percent
from domain.wording import number_of
from domain.working_paper.exercise import Exercise
from domain.working_paper.items import Items
from domain.working_paper.outcome import (
    AttributeResult,
    DistrictResult,
    Replaced,
    UnplannedExtension,
)
from domain.working_paper.plan import PlanDocument


def limitations(
    exercise: Exercise,
    items: Items,
    attributes: tuple[AttributeResult, ...],
    districts: tuple[DistrictResult, ...],
    replaced: Replaced | None,
    unplanned: UnplannedExtension | None,
) -> tuple[str, ...]:
    """The limits of the conclusion, in the order of the work: frame, draw, judgement, bound."""
    plan = exercise.plan
    return (
        *_of_the_frame(exercise),
        *_of_the_seed(exercise),
        *_of_the_items(plan, items, replaced),
        *_beyond(plan, items, attributes, unplanned),
        *_of_the_judges(plan, attributes),
        *_of_the_bounds(plan, items, attributes, districts),
        *([unplanned.warning] if unplanned else []),
    )


def _of_the_frame(exercise: Exercise) -> Iterator[str]:
    plan = exercise.plan
    yield (
        "The frame holds what the system had of the period when it was frozen. It has none of the"
        f" {plan.items} that never reached the system, and nothing is said of them."
    )
    without = [frame for frame in exercise.frames if frame.header.reconciliation is None]
    if without:
        yield (
            "The frame was not compared with a second source, so nothing here shows that it is"
            " complete."
        )
    for frame in exercise.frames:
        told = frame.header.reconciliation
        if told is not None and (told.ours != told.both or told.theirs != told.both):
            yield (
                f"Of frame {frame.header.supplement}, {told.ours:,} items were compared with"
                f" {told.theirs:,} of a second source, and {told.both:,} are in both."
            )
    left = sum(count.number for frame in exercise.frames for count in frame.header.exclusions)
    if left:
        yield (
            f"Of the {plan.items} of the period, {number_of(left, 'was', 'were')} left out of the"
            " frame, as its header says."
        )
    if len(exercise.frames) > 1:
        late = sum(frame.header.items for frame in exercise.frames[1:])
        yield (
            f"Of the {plan.items}, {late:,} became known late, and had their seeds later than the"
            " others."
        )
    yield "What was amended after the frame was frozen is judged as the judges found it."


def _of_the_seed(exercise: Exercise) -> Iterator[str]:
    if any(frame.commitment.receipt is None for frame in exercise.frames):
        yield (
            "No receipt says that plan and frame were lodged with somebody else before the seed,"
            " so that they were fixed by then rests on the word of whoever keeps the system."
        )
    if any(frame.seed.beacon is None for frame in exercise.frames):
        yield (
            "The seed has dice only and no public beacon: that it was not chosen rests on who"
            " threw the dice and who saw it."
        )


def _of_the_items(plan: PlanDocument, items: Items, replaced: Replaced | None) -> Iterator[str]:
    if replaced is not None:
        stead = (
            "what does not belong counts as not deviating"
            if items.all_looked_at
            else "the next tickets came in instead"
        )
        rate = (
            "no bound of the rate among those that do belong is given"
            if replaced.upper_rate is None
            else "of those that do belong and were not counted beforehand the rate is no more"
            f" than {percent(replaced.upper_rate, 2)}"
        )
        out = replaced.out_of_frame
        told = number_of(out, "item drawn does", "items drawn do")
        yield f"{told} not belong to the frame; {stead}; {rate}."
    whole = sum(draw_id in items.out for ids in items.whole.values() for draw_id in ids)
    if whole:
        yield (
            f"{number_of(whole, 'item', 'items')} of strata looked at whole"
            f" {'does' if whole == 1 else 'do'} not belong to the frame; what does not belong"
            " counts as not deviating, among the items counted."
        )
    if plan.design is Design.PROPORTIONAL and items.used_up:
        yield (
            f"Every item was drawn of {', '.join(sorted(items.used_up))}: there what does not"
            " belong counts as not deviating."
        )
    if items.left_over:
        yield (
            "Drawn before a supplementary frame came to it, and not counted:"
            f" {number_of(items.left_over, 'item', 'items')}. The tickets of all frames in one"
            " order put others first."
        )
    if items.waiting:
        told = number_of(items.waiting, "item drawn was", "items drawn were")
        yield f"{told} not looked at yet, and not counted."
    known = sum(each.known for each in plan.take_all if each.known == each.items)
    if known:
        yield (
            f"Of the {plan.items}, {number_of(known, 'was', 'were')} known to deviate when the"
            " frame was frozen. Nobody judged those again, and attributes other than the primary"
            " one say nothing of them."
        )


def _beyond(
    plan: PlanDocument,
    items: Items,
    attributes: tuple[AttributeResult, ...],
    unplanned: UnplannedExtension | None,
) -> Iterator[str]:
    """Counted from the tickets in use, whatever they say that they are for."""
    if items.all_looked_at and plan.design is not Design.CENSUS:
        yield (
            "The sample came to the last ticket, so every item was looked at: the figures say what"
            " is, and not what may be."
        )
    more = sum(map(len, items.order.values())) - attributes[0].headline.drawn
    if more and unplanned is None:
        yield (
            f"{number_of(more, 'more item was', 'more items were')} drawn and judged than the plan"
            " judges by. That changes nothing here."
        )


def _of_the_judges(plan: PlanDocument, attributes: tuple[AttributeResult, ...]) -> Iterator[str]:
    yield "The bounds take the judgements as right; what all judges missed is in no figure here."
    once = [each.code for each in attributes if each.agreement is None or each.agreement.once]
    if once:
        yield f"Not every item was judged by two people, of: {', '.join(once)}."
    unavailable = attributes[0].unavailable
    if unavailable:
        yield (
            f"{number_of(unavailable, 'item was', 'items were')} not available. What is not"
            " available counts as a deviation; the figures without stand beside and decide nothing."
        )


def _of_the_bounds(
    plan: PlanDocument,
    items: Items,
    attributes: tuple[AttributeResult, ...],
    districts: tuple[DistrictResult, ...],
) -> Iterator[str]:
    if not items.all_looked_at:
        yield (
            f"The risk of {percent(plan.risk, 4)} is the chance that a draw shows the claim when it"
            " is not true. It is not the chance that the claim is true or false."
        )
    if len(attributes) > 1:
        yield (
            "The claim is about the primary attribute. The bounds of the others hold each by"
            " itself, and not all at once."
        )
    two_stage = plan.extension is Extension.TWO_STAGE and not items.all_looked_at
    if len(attributes) > 1 and two_stage:
        yield "The bounds of the other attributes are of the first sample alone."
    if districts and not items.all_looked_at:
        yield (
            "The bounds of districts hold each by itself; small numbers are not told one from"
            " another, and a district may not be told at all so that they cannot be worked out."
        )
    if any(each.upper is None and each.drawn for each in districts):
        yield "For some districts no bound is given."
    yield "The sample says how many deviate. It does not say why, nor anything of any one person."
