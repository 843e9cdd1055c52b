"""`counterfoil sample plan`: sizes from numbers, or a plan for a force's own referrals."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import typer

from adapters import clock, database
from adapters.clock import parse_instant
from adapters.login import os_user
from cli import output
from cli.installation import Installation, opened
from cli.sample import sizes
from cli.times import Json
from domain.assurance.claim import Design, Extension
from domain.assurance.planning import Chance
from domain.errors import SampleRefused
from domain.sampling.choices import Choices, State, Strata, Subject, choose
from domain.working_paper import Attribute, PlanDocument, document
from domain.working_paper.planned import plan_of
from services.sampling import plans

OF_A_FORCE = "With CODE: "
OF_NUMBERS = "Without CODE: "


def plan(
    code: Annotated[
        str | None, typer.Argument(help="The sample's code; without one nothing is stored.")
    ] = None,
    force: Annotated[str | None, typer.Option(help=f"{OF_A_FORCE}whose (default: all).")] = None,
    since: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help=f"{OF_A_FORCE}the first day.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DAY", help=f"{OF_A_FORCE}the day after the last.")
    ] = None,
    subject: Annotated[
        Subject | None,
        typer.Option(help=f"{OF_A_FORCE}what is sampled (default: referrals)."),
    ] = None,
    claim: Annotated[str | None, typer.Option(help=f"{OF_A_FORCE}the claim in words.")] = None,
    attribute: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CODE=DEVIATION",
            help=f"{OF_A_FORCE}what to judge and when it deviates; repeatable, the claim's first.",
        ),
    ] = None,
    design: Annotated[
        Design | None, typer.Option(help=f"{OF_A_FORCE}how items are drawn (default: simple).")
    ] = None,
    strata: Annotated[
        Strata | None,
        typer.Option(help=f"{OF_A_FORCE}by what a proportional design divides (default: state)."),
    ] = None,
    take_all: Annotated[
        list[State] | None,
        typer.Option(help=f"{OF_A_FORCE}a state whose every item is judged; repeatable."),
    ] = None,
    leave_out: Annotated[
        list[State] | None,
        typer.Option(help=f"{OF_A_FORCE}a state that the claim is not about; repeatable."),
    ] = None,
    population: Annotated[
        int | None, typer.Option(help=f"{OF_NUMBERS}items to sample from.")
    ] = None,
    stratum: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=ITEMS", help=f"{OF_NUMBERS}a stratum, sampled in proportion; repeatable."
        ),
    ] = None,
    counted: Annotated[
        int, typer.Option(help=f"{OF_NUMBERS}items beside the population that are all looked at.")
    ] = 0,
    known: Annotated[int, typer.Option(help=f"{OF_NUMBERS}deviations known among those.")] = 0,
    census: Annotated[
        bool, typer.Option("--census", help=f"{OF_NUMBERS}look at every item.")
    ] = False,
    tolerable: Annotated[str, typer.Option(help="The rate that would be too high.")] = "5%",
    expected: Annotated[str, typer.Option(help="The rate that is expected.")] = "0%",
    risk: Annotated[str, typer.Option(help="The accepted chance to show what is not true.")] = "5%",
    extension: Annotated[
        Extension, typer.Option(help="Whether more may be drawn after a look at the results.")
    ] = Extension.FIXED,
    json: Json = False,
) -> None:
    """Show how many items to draw, how many may deviate, and what each result would show.

    All sizes and chances are counted in whole numbers. With a code the sample is planned for
    the referrals of a force and a period, and stored; it can be planned anew until it has its
    seed. Without one it is planned for the numbers given, and nothing is stored.

    Example: counterfoil sample plan 2026-Q1 --force WY --from 2026-01-01 --until 2026-04-01
    """
    of_a_force = {
        "--force": force,
        "--from": since,
        "--until": until,
        "--subject": subject,
        "--claim": claim,
        "--attribute": attribute,
        "--design": design,
        "--strata": strata,
        "--take-all": take_all,
        "--leave-out": leave_out,
    }
    of_numbers = {
        "--population": population,
        "--stratum": stratum,
        "--counted": counted,
        "--known": known,
        "--census": census,
    }
    rates = {"tolerable": tolerable, "expected": expected, "risk": risk, "extension": extension}
    if code is None:
        _refuse(of_a_force, "is of a stored sample: give its CODE as well, or leave it out")
        made = sizes.sizes(
            population=population,
            strata=stratum or [],
            tolerable=tolerable,
            expected=expected,
            accepted=risk,
            counted=counted,
            known=known,
            extension=extension,
            census=census,
        )
        if json:
            output.as_json(sizes.facts(*made))
        else:
            sizes.show(*made)
        return
    _refuse(of_numbers, "counts what CODE finds in the database: leave it out, or leave CODE out")
    with opened() as there:
        choices = choose(
            code,
            _one_force(there, force),
            (_day("--from", since), _day("--until", until)),
            subject=subject or Subject.REFERRALS,
            claim=claim,
            attributes=_attributes(attribute or []),
            design=design or Design.SIMPLE,
            strata=strata or Strata.STATE,
            take_all=take_all or [],
            leave_out=leave_out or [],
            **rates,
        )
        _store(there, choices, json=json)


def _store(there: Installation, choices: Choices, *, json: bool) -> None:
    with database.session(there.engine) as session:
        stored = plans.plan(session, choices, planned_by=os_user(), now=clock.now())
    if json:
        output.as_json(as_facts(stored))
        return
    show(stored)
    typer.echo(
        f"\nPlanned as {choices.sample}. Sizes are fixed when its frame is frozen:"
        f"\n  counterfoil sample freeze {choices.sample} --out FOLDER"
    )


def as_facts(plan: PlanDocument) -> Any:
    """The plan's document as JSON."""
    return json.loads(document(plan))


def show(plan: PlanDocument) -> None:
    """The plan's numbers."""
    ahead = [(each.found, each.most) for each in plan.bounds_ahead]
    curve = [Chance(each.deviating, each.shown, each.at_once) for each in plan.power]
    sizes.show(plan_of(plan), ahead, curve)


def _refuse(given: dict[str, Any], why: str) -> None:
    """Refuse the first option of those that were given."""
    for option, value in given.items():
        if value:
            raise SampleRefused(f"{option} {why}. Nothing was stored.")


def _one_force(there: Installation, wanted: str | None) -> str:
    forces = there.forces(wanted)
    if len(forces) > 1:
        raise SampleRefused(
            "A sample is of one force, and several are set up. Say which: --force CODE."
            " Nothing was stored."
        )
    return forces[0]


def _day(option: str, text: str | None) -> datetime:
    if text is None:
        raise SampleRefused(
            f"{option}: a stored sample has a period. Give both days, e.g. --from 2026-01-01"
            " --until 2026-04-01. Nothing was stored."
        )
    try:
        return parse_instant(text)
    except ValueError as why:
        raise SampleRefused(f"{option}: {why} Nothing was stored.") from None


def _attributes(given: Sequence[str]) -> list[Attribute]:
    made = []
    for at, text in enumerate(given):
        code, _, deviation = text.partition("=")
        if not code.strip() or not deviation.strip():
            raise SampleRefused(
                "--attribute: write it as CODE=DEVIATION, such as"
                " 'document=No document answers the referral.' Nothing was stored."
            )
        made.append(Attribute(code.strip(), code.strip(), deviation.strip(), primary=at == 0))
    return made
