"""What a judged sample shows, by the method that its plan fixed.

Nothing is chosen here: the plan names the design, the order of results and the rule for
drawing more, and the bound follows.  The claim is shown if the bound is below its limit.
"""

from dataclasses import dataclass
from fractions import Fraction

from domain.assurance import bounds, stratified
from domain.assurance.anytime import anytime_upper
from domain.assurance.bounds import Limits, clopper_pearson_upper
from domain.assurance.claim import Claim, Design, Extension, Plan
from domain.assurance.fisher import fisher_upper
from domain.assurance.sequential import two_stage_upper
from domain.assurance.strata import Stratum
from domain.errors import SampleRefused


@dataclass(frozen=True)
class Judged:
    """The counts of a judged sample.

    `strata` are given for a proportional design, `found_first` for a two-stage plan that went
    on, and then counts the deviations of the first sample.  `known` are the deviations among
    the counted items, if more is known of them than when the sample was planned.
    """

    drawn: int
    found: int
    strata: tuple[Stratum, ...] = ()
    found_first: int | None = None
    known: int | None = None


@dataclass(frozen=True)
class Evaluation:
    """What the sample shows of everything, the counted items included.

    `upper` is the one-sided bound by which the claim is judged, and `lower` the one-sided
    bound from below, where the plan has one; `between` holds both at once.
    """

    claim: Claim
    judged: Judged
    upper: int
    lower: int | None
    between: Limits | None
    known: int
    design: Design

    @property
    def shown(self) -> bool:
        """Whether fewer than the intolerable number deviate, at the plan's risk."""
        return self.upper < self.claim.limit

    @property
    def refuted(self) -> bool:
        """Whether the intolerable number or more deviate, at the plan's risk."""
        return self.lower is not None and self.lower >= self.claim.limit

    @property
    def upper_rate(self) -> Fraction:
        """The bound as a share of everything."""
        return Fraction(self.upper, self.claim.everything)


@dataclass(frozen=True)
class Beside:
    """Other figures of the same result, which decide nothing.

    `clopper_pearson` is the rate's upper limit for independent draws, rounded up; `fisher` the
    published conservative bound for strata; `p_value` the chance of so few deviations if the
    claim were only just false, for a simple random sample with one look.
    """

    clopper_pearson: Fraction
    fisher: int | None
    p_value: Fraction | None


def evaluate(plan: Plan, judged: Judged) -> Evaluation:
    """The bounds that the plan's method gives.

    Raises:
        SampleRefused: The counts are not those of a sample drawn by the plan.
    """
    claim = plan.claim
    known = claim.known if judged.known is None else judged.known
    upper, lower, between = _population(plan, judged)
    everything = Limits(upper if lower is None else lower, upper, claim.population).with_counted(
        claim.counted, known
    )
    return Evaluation(
        claim,
        judged,
        everything.upper,
        None if lower is None else everything.lower,
        between and between.with_counted(claim.counted, known),
        known,
        plan.design,
    )


def _population(plan: Plan, judged: Judged) -> tuple[int, int | None, Limits | None]:
    claim, risk = plan.claim, plan.claim.risk
    found, drawn, items = judged.found, judged.drawn, claim.population
    if plan.extension is Extension.ANYTIME:
        return anytime_upper(claim, found, drawn), None, None
    if plan.extension is Extension.TWO_STAGE:
        return _two_stage(plan, judged), None, None
    _check_drawn(plan, judged)
    if plan.design is Design.CENSUS:
        return found, found, Limits(found, found, items)
    if plan.design is Design.PROPORTIONAL:
        strata, method = judged.strata, plan.method
        return (
            stratified.upper(strata, risk, method),
            stratified.lower(strata, risk, method),
            stratified.two_sided(strata, risk, method),
        )
    return (
        bounds.upper(found, drawn, items, risk),
        bounds.lower(found, drawn, items, risk),
        bounds.two_sided(found, drawn, items, risk),
    )


def _two_stage(plan: Plan, judged: Judged) -> int:
    went_on = judged.found_first is not None
    asked = plan.looks[went_on].drawn
    if judged.drawn != asked:
        raise SampleRefused(_not_as_planned(judged.drawn, asked))
    if judged.found_first is None:
        return two_stage_upper(plan, judged.found)
    return two_stage_upper(plan, judged.found_first, judged.found)


def _check_drawn(plan: Plan, judged: Judged) -> None:
    if judged.drawn != plan.drawn:
        raise SampleRefused(_not_as_planned(judged.drawn, plan.drawn))
    if not 0 <= judged.found <= judged.drawn:
        raise SampleRefused(
            f"{judged.found} deviations among {judged.drawn} judged items cannot be."
            " Count them again. Nothing was stored."
        )
    if plan.design is Design.PROPORTIONAL:
        _check_strata(plan, judged)


def _check_strata(plan: Plan, judged: Judged) -> None:
    drawn = tuple((stratum.name, stratum.drawn) for stratum in judged.strata)
    found = sum(stratum.found for stratum in judged.strata)
    size = sum(stratum.size for stratum in judged.strata)
    if sorted(drawn) != sorted(plan.sizes) or (found, size) != (
        judged.found,
        plan.claim.population,
    ):
        raise SampleRefused(
            "The strata judged are not those of the plan, or their counts do not add up."
            " Judge what was drawn. Nothing was stored."
        )


def _not_as_planned(judged: int, planned: int) -> str:
    return (
        f"{judged} items were judged and the plan asks for {planned}. Judge every item drawn;"
        " one that is not available counts as a deviation. Nothing was stored."
    )


def beside(plan: Plan, judged: Judged) -> Beside:
    """The figures to print beside the evaluation."""
    claim = plan.claim
    simple = plan.design is Design.SIMPLE and plan.extension is Extension.FIXED
    return Beside(
        clopper_pearson_upper(judged.found, judged.drawn, claim.risk),
        fisher_upper(judged.strata, claim.risk) if judged.strata else None,
        bounds.p_value(judged.found, judged.drawn, claim.population, claim.intolerable)
        if simple
        else None,
    )
