"""`counterfoil sample`: what an assurance sample would take, and what it could show."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Any

import typer

from cli import output
from cli.times import Json
from domain.assurance import choice
from domain.assurance.claim import Claim, Extension, Plan
from domain.assurance.exact import percent, rate, risk
from domain.assurance.planning import Chance, power_curve
from domain.assurance.proportional import Part
from domain.errors import SampleRefused

app = typer.Typer(help="Plan an assurance sample.", no_args_is_help=True)
_POINTS = 10
"""Steps of the power curve in the table; --json has them all."""


@app.callback()
def sample() -> None:
    """Plan an assurance sample."""


@app.command("plan")
def plan(
    population: Annotated[
        int | None, typer.Option(help="Items to sample from (default: those of the strata).")
    ] = None,
    tolerable: Annotated[str, typer.Option(help="The rate that would be too high.")] = "5%",
    expected: Annotated[str, typer.Option(help="The rate that is expected.")] = "0%",
    risk_: Annotated[
        str, typer.Option("--risk", help="The accepted chance to show what is not true.")
    ] = "5%",
    stratum: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=ITEMS", help="A stratum, sampled in proportion; repeatable."),
    ] = None,
    counted: Annotated[
        int, typer.Option(help="Items beside the population that are all looked at.")
    ] = 0,
    known: Annotated[int, typer.Option(help="Deviations known among those.")] = 0,
    extension: Annotated[
        Extension, typer.Option(help="Whether more may be drawn after a look at the results.")
    ] = Extension.FIXED,
    census: Annotated[bool, typer.Option("--census", help="Look at every item.")] = False,
    json: Json = False,
) -> None:
    """Show how many items to draw, how many may deviate, and what each result would show.

    All sizes and chances are counted in whole numbers. Stores nothing.

    Example: counterfoil sample plan --population 1000 --tolerable 5% --risk 5%
    """
    parts = _parts(stratum or [])
    claim = Claim(
        _population(population, parts),
        rate(tolerable, "tolerable rate"),
        rate(expected, "expected rate", zero=True),
        risk(risk_),
        counted,
        known,
    )
    made = choice.plan(claim, parts=parts, extension=extension, census=census)
    bounds, curve = choice.ahead(made, parts), power_curve(made)
    if json:
        output.as_json(_facts(made, bounds, curve))
    else:
        _show(made, bounds, curve)


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


def _facts(
    plan: Plan, bounds: tuple[tuple[int, int], ...], curve: tuple[Chance, ...]
) -> dict[str, Any]:
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


def _show(plan: Plan, bounds: tuple[tuple[int, int], ...], curve: tuple[Chance, ...]) -> None:
    claim = plan.claim
    typer.echo(
        f"To show that fewer than {claim.limit:,} of {claim.everything:,} items deviate"
        f" ({percent(claim.tolerable, 4)}), at a risk of {percent(claim.risk, 4)}:"
    )
    for look in plan.looks[:_POINTS]:
        typer.echo(f"  draw {look.drawn:,} in all; shown if {look.accepted:,} or fewer deviate")
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


def _power(curve: tuple[Chance, ...]) -> Iterator[tuple[str, str]]:
    step = max(1, len(curve) // _POINTS)
    for at in sorted({*range(0, len(curve), step), len(curve) - 1}):
        yield f"{curve[at].deviating:,}", percent(curve[at].shown, 2, up=False)
