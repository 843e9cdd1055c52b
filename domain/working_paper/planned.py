"""A plan document as a plan that can be judged by, and planned anew to see that it is right."""

from dataclasses import replace

from domain.assurance import choice, planning
from domain.assurance.claim import Claim, Design, Plan
from domain.assurance.looks import Look
from domain.assurance.proportional import Part
from domain.working_paper.plan import Ahead, Count, PlanDocument, PlannedLook, Point


def claim_of(plan: PlanDocument) -> Claim:
    """What the sample is to show."""
    return Claim(
        plan.population, plan.tolerable, plan.expected, plan.risk, plan.counted, plan.known
    )


def plan_of(plan: PlanDocument) -> Plan:
    """The plan as `domain.assurance` judges by it."""
    return Plan(
        claim_of(plan),
        plan.design,
        plan.method,
        plan.extension,
        tuple(Look(look.drawn, look.accepted, look.continued) for look in plan.looks),
        plan.achieved,
        tuple((size.name, size.number) for size in plan.sizes),
    )


def parts_of(plan: PlanDocument) -> list[Part]:
    """The strata that a proportional design draws from."""
    return [Part(part.name, part.number) for part in plan.parts]


def planned_anew(plan: PlanDocument) -> PlanDocument:
    """The same document with everything computed that follows from its choices.

    Raises:
        SampleRefused: The choices make no plan.
    """
    parts = parts_of(plan)
    made = choice.plan(
        claim_of(plan),
        parts=parts,
        extension=plan.extension,
        census=plan.design is Design.CENSUS,
    )
    return replace(
        plan,
        design=made.design,
        method=made.method,
        looks=tuple(PlannedLook(each.drawn, each.accepted, each.continued) for each in made.looks),
        sizes=tuple(Count(name, size) for name, size in made.sizes),
        achieved=made.achieved,
        bounds_ahead=tuple(Ahead(*pair) for pair in choice.ahead(made, parts)),
        power=tuple(
            Point(each.deviating, each.shown, each.at_once) for each in planning.power_curve(made)
        ),
        census_advised=made.census_advised,
    )
