"""The one plan that a claim, its strata and the rule for drawing more ask for."""

from collections.abc import Sequence

from domain.assurance import proportional
from domain.assurance.anytime import plan_anytime
from domain.assurance.claim import Claim, Extension, Plan
from domain.assurance.planning import bounds_ahead, plan_census, plan_fixed
from domain.assurance.proportional import Part, plan_proportional
from domain.assurance.sequential import plan_two_stage
from domain.errors import SampleRefused

_BY_EXTENSION = {
    Extension.FIXED: plan_fixed,
    Extension.TWO_STAGE: plan_two_stage,
    Extension.ANYTIME: plan_anytime,
}


def plan(
    claim: Claim,
    *,
    parts: Sequence[Part] = (),
    extension: Extension = Extension.FIXED,
    census: bool = False,
) -> Plan:
    """The smallest plan of the kind asked for.

    Args:
        claim: What is to be shown.
        parts: The strata of the population, for a proportional design; none for a simple one.
        extension: Whether more may be drawn after a look; strata and a census allow no other
            than FIXED.
        census: Look at every item.

    Raises:
        SampleRefused: What is asked for does not go together, or no sample would do.
    """
    if ((bool(parts) + census) and extension is not Extension.FIXED) or (parts and census):
        raise SampleRefused(
            "Strata, a census and an extension cannot be asked for together: choose one of them."
            " Nothing was stored."
        )
    if census:
        return plan_census(claim)
    if parts:
        return plan_proportional(claim, parts)
    return _BY_EXTENSION[extension](claim)


def ahead(plan: Plan, parts: Sequence[Part] = ()) -> tuple[tuple[int, int], ...]:
    """(deviations found, most that may deviate in all), from none to three above acceptance.

    Empty for a census, where nothing is inferred, and with an extension, where it depends on
    when they are found.
    """
    if plan.extension is not Extension.FIXED or plan.drawn == plan.claim.population:
        return ()
    return proportional.bounds_ahead(plan, parts) if parts else bounds_ahead(plan)
