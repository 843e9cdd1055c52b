"""From the answers of one attribute to its bounds, by the plan's method and no other.

The claim is about the primary attribute, and a plan with several looks went on or stopped by
that one.  For the others, and for a count that would have gone another way, only the first
sample's size is fixed whatever was found, so their bound is of the first sample alone.  With
a plan that may stop at any time the bound holds for every attribute at every moment.

Where every item was drawn and looked at nothing is inferred, whatever the plan was: the sample is
counted as a census, and so is a stratum of which every item was drawn.  That is never less than
what deviates, so no plan's promise is the worse for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from domain.assurance import bounds, evaluation
from domain.assurance.claim import Design, Extension, Plan
from domain.assurance.evaluation import Evaluation, Judged
from domain.assurance.planning import plan_census
from domain.assurance.strata import Stratum
from domain.errors import SampleRefused
from domain.working_paper.drawing import sizes
from domain.working_paper.findings import Answer
from domain.working_paper.items import Items, Lines
from domain.working_paper.outcome import Bound, StratumResult
from domain.working_paper.plan import PlanDocument
from domain.working_paper.planned import plan_of

HEADLINE = frozenset({Answer.DEVIATION, Answer.UNAVAILABLE})
SEEN_ONLY = frozenset({Answer.DEVIATION})


@dataclass(frozen=True)
class Counted:
    """What one attribute comes to if the answers in `deviating` are deviations."""

    evaluation: Evaluation
    bound: Bound
    strata: tuple[StratumResult, ...]
    lines: Lines


def count(
    document: PlanDocument, items: Items, code: str, deviating: frozenset[Answer], headline: bool
) -> Counted:
    """The bounds of the attribute `code`.

    Args:
        document: The plan in force.
        items: The items that count.
        code: An attribute's code.
        deviating: The answers that are deviations.
        headline: Whether these are the counts by which the plan went on or stopped.

    Raises:
        SampleRefused: Fewer items that belong were drawn than the plan asks for.
    """
    primary = code == document.primary.code
    taken = _taken(document, items)
    plan = _as_drawn(plan_of(document), items, taken)
    drawn = _drawn(document, items, taken)
    deviates = {
        line.draw_id: items.final[line.draw_id, code] in deviating
        for line in drawn
        if (line.draw_id, code) in items.final
    }
    flags = [deviates.get(line.draw_id, False) for line in drawn]
    whole = _whole(items, code, deviating)
    beforehand = sum(each.known for each in document.take_all if each.known == each.items)
    known = sum(stratum.found for stratum in whole) + (beforehand if primary else 0)
    plan, judged = _judged(plan, flags, primary, headline and primary)
    strata = _strata(document, items, taken, deviates)
    made = evaluation.evaluate(plan, replace(judged, strata=strata, known=known))
    everything = made.claim.everything - (0 if primary else beforehand)
    told = tuple(StratumResult(each.name, each.size, each.drawn, each.found) for each in strata)
    return Counted(
        made, _bound(plan, made, everything, primary), told + whole, drawn[: judged.drawn]
    )


def _bound(plan: Plan, made: Evaluation, items: int, primary: bool) -> Bound:
    judged, others = made.judged, evaluation.beside(plan, made.judged)
    return Bound(
        items=items,
        drawn=judged.drawn,
        found=judged.found,
        known=made.known,
        upper=made.upper,
        upper_rate=Fraction(made.upper, items),
        lower=made.lower,
        between_lower=made.between.lower if made.between else None,
        between_upper=made.between.upper if made.between else None,
        clopper_pearson=others.clopper_pearson,
        fisher=others.fisher,
        p_value=_p_value(made) if primary else None,
    )


def _taken(plan: PlanDocument, items: Items) -> dict[str, int]:
    """How many items are taken by what they are drawn from: what the plan asks for, or all."""
    return {
        name: len(items.order[name]) if name in items.used_up else size
        for name, size in sizes(plan).items()
    }


def _as_drawn(plan: Plan, items: Items, taken: Mapping[str, int]) -> Plan:
    """The plan, with what came to be looked at whole counted so."""
    if items.all_looked_at:
        return plan_census(plan.claim)
    if plan.design is not Design.PROPORTIONAL:
        return plan
    look = replace(plan.looks[0], drawn=sum(taken.values()))
    return replace(plan, looks=(look,), sizes=tuple(taken.items()))


def _drawn(plan: PlanDocument, items: Items, asked: Mapping[str, int]) -> Lines:
    """The items of the sample in order; beyond the first look only where there may be one."""
    short = sum(max(0, asked[name] - len(items.order.get(name, ()))) for name in asked)
    if short and plan.extension is not Extension.ANYTIME:
        raise SampleRefused(
            f"{short:,} more items have to be drawn and judged: the plan asks for"
            f" {sum(asked.values()):,}. Draw the next tickets: counterfoil sample extend."
            " Nothing was judged."
        )
    if plan.design is Design.PROPORTIONAL:
        return tuple(line for name in sorted(asked) for line in items.order[name][: asked[name]])
    return next(iter(items.order.values()), ())


def _judged(
    plan: Plan, flags: Sequence[bool], primary: bool, headline: bool
) -> tuple[Plan, Judged]:
    """The counts to judge by, and the plan for them: of one look where its next does not hold."""
    first = plan.looks[0]
    if plan.extension is Extension.ANYTIME:
        if not flags:
            raise SampleRefused("No item was judged yet. Judge the first ones. Nothing was judged.")
        return plan, Judged(len(flags), sum(flags))
    found = sum(flags[: first.drawn])
    if plan.extension is not Extension.TWO_STAGE:
        return plan, Judged(first.drawn, found)
    last = plan.looks[-1]
    goes_on = first.accepted < found <= last.accepted
    if primary and goes_on and len(flags) >= last.drawn:
        return plan, Judged(last.drawn, sum(flags[: last.drawn]), found_first=found)
    if headline:
        return plan, Judged(first.drawn, found)
    return replace(plan, extension=Extension.FIXED, looks=(first,)), Judged(first.drawn, found)


def _whole(items: Items, code: str, deviating: frozenset[Answer]) -> tuple[StratumResult, ...]:
    return tuple(
        StratumResult(
            name,
            len(ids),
            len(ids),
            sum(items.final.get((draw_id, code)) in deviating for draw_id in ids),
        )
        for name, ids in items.whole.items()
    )


def _strata(
    plan: PlanDocument, items: Items, asked: Mapping[str, int], deviates: Mapping[str, bool]
) -> tuple[Stratum, ...]:
    """The strata of a proportional design as drawn and found; of another design none."""
    if plan.design is not Design.PROPORTIONAL:
        return ()
    size = {part.name: part.number for part in plan.parts}
    return tuple(
        Stratum(
            name,
            size[name],
            asked[name],
            sum(deviates.get(line.draw_id, False) for line in items.order[name][: asked[name]]),
        )
        for name in sorted(asked)
    )


def _p_value(made: Evaluation) -> Fraction | None:
    """Of a simple sample with one look; the known deviations use up what may be tolerated."""
    claim = made.claim
    intolerable = claim.limit - made.known
    simple = made.design is Design.SIMPLE and made.lower is not None
    if not simple or not 0 < intolerable <= claim.population:
        return None
    return bounds.p_value(made.judged.found, made.judged.drawn, claim.population, intolerable)
