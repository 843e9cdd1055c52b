"""`counterfoil run`: one night, by the same flow that the schedule runs."""

import secrets
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

import typer

from adapters import clock, database, logs
from cli import environment, output, overview
from cli.installation import Installation, opened
from cli.status import look_back
from cli.times import AsOf, Json, OneForce, instant_so_far
from services import nights, summary
from tasks.context import home


def run_night(
    force: OneForce = None,
    as_of: AsOf = None,
    json: Json = False,
    prefect: Annotated[
        bool,
        typer.Option(
            "--prefect/--no-prefect",
            help="Run the same steps with or without Prefect's record of them.",
        ),
    ] = True,
) -> None:
    """Run one night: receive both feeds, pair, judge, flag, report.

    Safe to run twice. With --as-of before the last night judged, or before the last file was
    received, it changes nothing and shows what was known then. Ends with 1 when something
    needs a person, 2 when a step failed.

    Example: counterfoil run --as-of 2026-03-02T02:30
    """
    judged_by = instant_so_far(as_of) or clock.now()
    with opened() as there:
        if _is_past(there, there.forces(force), judged_by):
            typer.echo(
                "A later night has been judged, or a file received later; this only looks back.",
                err=True,
            )
            look_back(there, force, judged_by, json)
        ready, faults = there.ready(force)
    forces = [each.code for each in ready]
    night = run_with_prefect if prefect else run_plainly
    failed = night(forces, judged_by) if forces else []
    if failed:
        faults.append(f"Could not finish: {', '.join(failed)}. The log above says why.")
    if not faults:
        _report(forces, json)
    output.refuse("\n".join(faults))


def run_plainly(forces: list[str], as_of: datetime) -> list[str]:
    """Run the night's steps in this process; return the forces that could not be finished."""
    environment.prepare(home())
    from tasks.overnight import STEPS, begin_night, close_night

    log, failed = logs.get(), []
    for force in forces:
        actor = f"system:{secrets.token_hex(8)}"
        try:
            if begin_night.fn(force, as_of, actor):
                work: dict[str, dict[str, Any]] = {}
                for name, step, more in STEPS:
                    work[name] = step.fn(force, as_of, actor, *more)
                close_night.fn(force, as_of, actor, work)
        except Exception:
            log.exception("night failed", force=force)
            failed.append(force)
    return failed


def run_with_prefect(forces: list[str], as_of: datetime) -> list[str]:
    """Run the flow here, on a temporary server unless PREFECT_API_URL names one."""
    environment.prepare(home())
    from flows.run_overnight import run_overnight

    state = run_overnight(forces, as_of, return_state=True)
    return [] if state.is_completed() else forces


def _is_past(there: Installation, forces: list[str], as_of: datetime) -> bool:
    with database.reading(there.engine) as session:
        later = [nights.overtaken_by(session, force, as_of) for force in forces]
    return all(instant is not None for instant in later)


def _report(forces: list[str], json: bool) -> None:
    with opened() as there, database.reading(there.engine) as session:
        found = [summary.of(session, code) for code in forces]
    if json:
        output.as_json([asdict(each) for each in found])
    else:
        for each in found:
            overview.show(each)
    output.end(needs_a_person=any(each.needs_a_person for each in found))
