"""The size of a sample that takes its share from every stratum.

Of each stratum the sample takes n N_s / N items, rounded up, so that no stratum has less than
its share; n is the smallest number for which the accepted deviations show the claim wherever
the deviating items lie.  It costs a few items more than a simple random sample would.

Strata that are looked at whole are no part of this: they are counted (`Claim.counted`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from domain.assurance.claim import Claim, Design, Extension, Method, Plan
from domain.assurance.exact import ceiling, percent
from domain.assurance.looks import Look
from domain.assurance.planning import size_for
from domain.assurance.strata import Stratum, can_enumerate
from domain.assurance.stratified import highest_chance, rules_out, score_of, upper
from domain.errors import SampleRefused

_BEYOND = 3


@dataclass(frozen=True)
class Part:
    """A stratum before the draw: at least `least` of its `size` items are to be drawn."""

    name: str
    size: int
    least: int = 1


def plan_proportional(claim: Claim, parts: Sequence[Part]) -> Plan:
    """The plan for one look at a proportional sample.

    Raises:
        SampleRefused: The strata are not the claim's population, or no sample would do.
    """
    _check(claim, parts)
    accepted = 0
    while accepted < claim.intolerable:
        strata, method = _smallest(claim, parts, accepted)
        drawn = sum(stratum.drawn for stratum in strata)
        awaited = ceiling(claim.expected * drawn)
        if awaited <= accepted:
            return _plan(claim, strata, method, accepted)
        accepted = max(awaited, accepted + 1)
    raise SampleRefused(
        f"No sample of {claim.population} items allows for an expected rate of"
        f" {percent(claim.expected, 4)} and still shows the claim. Look at every item, expect"
        " fewer deviations, or tolerate more. Nothing was stored."
    )


def _smallest(claim: Claim, parts: Sequence[Part], accepted: int) -> tuple[list[Stratum], Method]:
    """The smallest proportional sample that may hold `accepted` deviations; at worst, all."""
    start = min(size_for(claim, accepted), claim.population)
    for target in range(start, claim.population + 1):
        strata = take(parts, target)
        method = _method(claim, strata, accepted)
        worst = worst_place(strata, accepted, method)
        if rules_out(worst, score_of(worst, method), claim.intolerable, claim.risk):
            return strata, method
    raise AssertionError("all items drawn leave nothing to doubt")


def take(parts: Sequence[Part], target: int) -> list[Stratum]:
    """Each part's share of `target` items, rounded up, or its least if that is more."""
    whole = sum(part.size for part in parts)
    return [
        Stratum(
            part.name,
            part.size,
            min(part.size, max(part.least, -(-target * part.size // whole))),
        )
        for part in parts
    ]


def _method(claim: Claim, strata: Sequence[Stratum], accepted: int) -> Method:
    """The order of Wendell and Schmee where all allocations can be tried, or the plain count."""
    worst = worst_place(strata, accepted + _BEYOND, Method.WENDELL_SCHMEE)
    if can_enumerate(worst, score_of(worst, Method.WENDELL_SCHMEE), claim.intolerable):
        return Method.WENDELL_SCHMEE
    return Method.TOTAL


def worst_place(strata: Sequence[Stratum], found: int, method: Method) -> list[Stratum]:
    """The strata with `found` deviations in them, where they speak for the most in all."""
    weights = score_of(strata, method).weights
    placed, left = list(strata), found
    for s in sorted(range(len(strata)), key=lambda s: -weights[s]):
        here = min(left, strata[s].drawn)
        placed[s] = replace(strata[s], found=here)
        left -= here
    return placed


def _plan(claim: Claim, strata: Sequence[Stratum], method: Method, accepted: int) -> Plan:
    worst = worst_place(strata, accepted, method)
    drawn = sum(stratum.drawn for stratum in strata)
    return Plan(
        claim,
        Design.PROPORTIONAL,
        method,
        Extension.FIXED,
        (Look(drawn, accepted),),
        highest_chance(worst, score_of(worst, method), claim.intolerable),
        tuple((stratum.name, stratum.drawn) for stratum in strata),
    )


def strata_of(plan: Plan, parts: Sequence[Part], found: dict[str, int]) -> list[Stratum]:
    """The strata as drawn by the plan, with the deviations found in each, none by default."""
    drawn = dict(plan.sizes)
    strangers = set(found) - set(drawn)
    if strangers or {part.name for part in parts} != set(drawn):
        raise SampleRefused(
            f"The plan's strata are {', '.join(sorted(drawn))}, and others were given."
            " Use the plan's own. Nothing was stored."
        )
    return [
        Stratum(part.name, part.size, drawn[part.name], found.get(part.name, 0)) for part in parts
    ]


def bounds_ahead(plan: Plan, parts: Sequence[Part]) -> tuple[tuple[int, int], ...]:
    """(deviations found, most that may deviate in all), found where they speak for the most.

    From none to three more than are accepted, the known deviations included.
    """
    strata = strata_of(plan, parts, {})
    return tuple(_ahead(plan, strata))


def _ahead(plan: Plan, strata: Sequence[Stratum]) -> Iterator[tuple[int, int]]:
    for found in range(min(plan.acceptance + _BEYOND, plan.drawn) + 1):
        worst = worst_place(strata, found, plan.method)
        yield found, plan.claim.known + upper(worst, plan.claim.risk, plan.method)


def _check(claim: Claim, parts: Sequence[Part]) -> None:
    names = [part.name for part in parts]
    if len(set(names)) < len(names):
        raise SampleRefused("Two strata have one name. Name each once. Nothing was stored.")
    small = [part.name for part in parts if part.size < 1 or part.least < 1]
    if small:
        raise SampleRefused(
            f"Stratum {small[0]} is empty or would have nothing drawn from it."
            " Leave it out, or count it whole. Nothing was stored."
        )
    whole = sum(part.size for part in parts)
    if whole != claim.population:
        raise SampleRefused(
            f"The strata hold {whole} items and the population {claim.population}."
            " Every item has to be in one stratum. Nothing was stored."
        )
