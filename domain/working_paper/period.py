"""A plan's period in words, the same on the paper and in the conclusion."""

from datetime import datetime, time

from domain.working_paper.plan import PlanDocument
from domain.working_paper.typesetting import LONDON


def period(plan: PlanDocument) -> str:
    """From the first instant of it to the first after it, as London's days where they are."""
    return f"from {_told(plan.period_from)} to before {_told(plan.period_until)}"


def sampled(plan: PlanDocument) -> str:
    """What the items are, whose, and of when."""
    return f"{plan.items} of force {plan.force} made {period(plan)}"


def _told(at: datetime) -> str:
    """The day, where it begins at that instant; else with time and offset."""
    local = at.astimezone(LONDON)
    if local.time() == time.min:
        return f"{local:%d/%m/%Y}"
    offset = local.isoformat()[-6:]
    return f"{local:%d/%m/%Y} {local.time().isoformat()} {offset}"
