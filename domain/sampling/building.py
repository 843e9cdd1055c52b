"""The plan that choices and a population make, by whole numbers (`domain.assurance`)."""

from collections.abc import Mapping
from datetime import datetime

from domain.assurance import choice, planning
from domain.assurance.claim import Claim, Design
from domain.assurance.proportional import Part
from domain.errors import SampleRefused
from domain.sampling.choices import KNOWN_DEVIATIONS, Choices, State
from domain.working_paper import Ahead, Count, PlanDocument, PlannedLook, Point, TakeAll


def build(
    choices: Choices,
    sampled: Mapping[str, int],
    taken: Mapping[State, int],
    *,
    planned_by: str,
    planned_at: datetime,
) -> PlanDocument:
    """The plan for a population.

    Args:
        choices: What was chosen.
        sampled: Items to draw from, by stratum.
        taken: Items of each state that is looked at whole.
        planned_by: Who planned, by the name they sign in with.
        planned_at: Aware UTC.

    Raises:
        SampleRefused: No sample of this population would show the claim.
    """
    parts = [Part(name, sampled[name]) for name in sorted(sampled)]
    whole = tuple(
        TakeAll(state.value, items, items if state is KNOWN_DEVIATIONS else 0)
        for state, items in sorted(taken.items())
        if items
    )
    claim = Claim(
        sum(sampled.values()),
        choices.tolerable,
        choices.expected,
        choices.risk,
        sum(stratum.items for stratum in whole),
        sum(stratum.known for stratum in whole),
    )
    stratified = choices.design is Design.PROPORTIONAL
    drawn_in = parts if stratified else []
    plan = choice.plan(
        claim,
        parts=drawn_in,
        extension=choices.extension,
        census=choices.design is Design.CENSUS,
    )
    return PlanDocument(
        sample=choices.sample,
        force=choices.force,
        period_from=choices.period_from,
        period_until=choices.period_until,
        claim=choices.claim,
        items=choices.items,
        deviates=choices.deviates,
        deviate=choices.deviate,
        attributes=choices.attributes,
        tolerable=claim.tolerable,
        expected=claim.expected,
        risk=claim.risk,
        design=plan.design,
        method=plan.method,
        extension=plan.extension,
        population=claim.population,
        parts=tuple(Count(part.name, part.size) for part in drawn_in),
        take_all=whole,
        looks=tuple(PlannedLook(each.drawn, each.accepted, each.continued) for each in plan.looks),
        sizes=tuple(Count(name, size) for name, size in plan.sizes),
        achieved=plan.achieved,
        bounds_ahead=tuple(Ahead(*pair) for pair in choice.ahead(plan, drawn_in)),
        power=tuple(
            Point(each.deviating, each.shown, each.at_once) for each in planning.power_curve(plan)
        ),
        census_advised=plan.census_advised,
        planned_by=planned_by,
        planned_at=planned_at,
    )


def check_period(choices: Choices, now: datetime) -> None:
    """Refuse a period that is not over: its referrals are not all there yet."""
    if choices.period_until > now:
        raise SampleRefused(
            "The period is not over yet, so not all of its referrals are known."
            " End it at a time up to now. Nothing was stored."
        )
