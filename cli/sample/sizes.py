"""What a sample would take and what it could show, in numbers."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import typer

from cli import output
from domain.assurance import choice
from domain.assurance.claim import Claim, Extension, Plan
from domain.assurance.exact import percent, rate, risk
from domain.assurance.planning import Chance, power_curve
from domain.assurance.proportional import Part
from domain.errors import SampleRefused

Bounds = Sequence[tuple[int, int]]
"""Deviations found, and the most that then deviate in all."""
_POINTS = 10
"""Steps of the power curve in the table; --json has them all."""


def sizes(
    *,
    population: int | None,
    strata: list[str],
    tolerable: str,
    expected: str,
    accepted: str,
    counted: int,
    known: int,
    extension: Extension,
    census: bool,
) -> tuple[Plan, Bounds, tuple[Chance, ...]]:
    """The plan for so many items, whatever they are, with what each result would say.

    Raises:
        SampleRefused: A number or rate is none, or nothing could be shown.
    """
    parts = _parts(strata)
    claim = Claim(
        _population(population, parts),
        rate(tolerable, "tolerable rate"),
        rate(expected, "expected rate", zero=True),
        risk(accepted),
        counted,
        known,
    )
    made = choice.plan(claim, parts=parts, extension=extension, census=census)
    return made, choice.ahead(made, parts), power_curve(made)


def _parts(given: list[str]) -> list[Part]:
    found: dict[str, Part] = {}
    for text in given:
        name, _, items = text.rpartition("=")
        if not name or not items.isdecimal() or not items.isascii() or name in found:
            raise SampleRefused(
                "A stratum is given as NAME=ITEMS, each name once: --stratum paired=940."
                " Nothing was stored."
            )
        found[name] = Part(name, int(items))
    return list(found.values())


def _population(given: int | None, parts: list[Part]) -> int:
    within = sum(part.size for part in parts)
    if given is None and not parts:
        raise SampleRefused(
            "Give the number of items to sample from, --population, or the strata that it is"
            " made of, --stratum. Nothing was stored."
        )
    if given is not None and parts and given != within:
        raise SampleRefused(
            f"The strata hold {within:,} items, not the {given:,} of the population."
            " Leave --population out, or count again. Nothing was stored."
        )
    return within if given is None else given


def facts(plan: Plan, bounds: Bounds, curve: Sequence[Chance]) -> dict[str, Any]:
    """The plan as JSON; rates are exact fractions, written as text."""
    claim = plan.claim
    return {
        "population": claim.population,
        "counted": claim.counted,
        "known": claim.known,
        "tolerable": str(claim.tolerable),
        "expected": str(claim.expected),
        "risk": str(claim.risk),
        "intolerable": claim.limit,
        "design": plan.design.value,
        "method": plan.method.value,
        "extension": plan.extension.value,
        "looks": [{"drawn": look.drawn, "accepted": look.accepted} for look in plan.looks],
        "sizes": dict(plan.sizes),
        "achieved": str(plan.achieved),
        "census_advised": plan.census_advised,
        "bounds": [{"found": found, "most": most} for found, most in bounds],
        "power": [
            {"deviating": at.deviating, "shown": str(at.shown), "at_once": str(at.at_once)}
            for at in curve
        ],
    }


def show(plan: Plan, bounds: Bounds, curve: Sequence[Chance]) -> None:
    """Print looks, risk achieved, bounds ahead and power."""
    claim = plan.claim
    typer.echo(
        f"To show that fewer than {claim.limit:,} of {claim.everything:,} items deviate"
        f" ({percent(claim.tolerable, 4)}), at a risk of {percent(claim.risk, 4)}:"
    )
    for look in plan.looks[:_POINTS]:
        typer.echo(f"  draw {look.drawn:,} in all; shown if {_accepted(look.accepted)}")
    if len(plan.looks) > _POINTS:
        typer.echo(f"  and so on, up to {plan.most:,}; --json has every look")
    for name, items in plan.sizes:
        typer.echo(f"  of these from {name}: {items:,}")
    typer.echo(f"Risk achieved: {percent(plan.achieved, 7)}.")
    if plan.census_advised:
        typer.echo("Half of the items or more would be drawn: look at all of them instead.")
    if bounds:
        rows = (
            (f"{found:,}", f"{most:,}", percent(Fraction(most, claim.everything), 2))
            for found, most in bounds
        )
        output.table("\nWhat a result would say", ("deviations found", "at most", "rate"), rows)
    headings = ("items that deviate", "chance to show the claim")
    output.table("\nPower", headings, _power(curve))


def _accepted(most: int) -> str:
    return f"{most:,} or fewer deviate" if most else "none deviates"


def _power(curve: Sequence[Chance]) -> Iterator[tuple[str, str]]:
    step = max(1, len(curve) // _POINTS)
    for at in sorted({*range(0, len(curve), step), len(curve) - 1}):
        yield f"{curve[at].deviating:,}", percent(curve[at].shown, 2, up=False)
