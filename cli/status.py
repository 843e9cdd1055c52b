"""`counterfoil status`: what stands, now or at an instant in the past."""

from dataclasses import asdict
from datetime import datetime

from adapters import database
from adapters.clock import on_screen
from cli import output, overview
from cli.installation import Installation, opened
from cli.times import AsOf, Force, Json, instant
from domain.pairing import default_weights
from services import replay, summary
from services.forces import open_force


def status(force: Force = None, as_of: AsOf = None, json: Json = False) -> None:
    """Show how the referrals stand; with --as-of, by what was known then (changes nothing).

    Ends with 1 when something needs a person.

    Example: counterfoil status --as-of 2026-03-02T02:30
    """
    then = instant(as_of)
    with opened() as there:
        if then is not None:
            look_back(there, force, then, json)
        found = []
        for code in there.forces(force):
            with database.reading(there.engine) as session:
                found.append(summary.of(session, code))
    if json:
        output.as_json([asdict(each) for each in found])
    else:
        for each in found:
            overview.show(each)
    output.end(needs_a_person=any(each.needs_a_person for each in found))


def look_back(there: Installation, force: str | None, as_of: datetime, json: bool) -> None:
    """Show what was known at `as_of`, and end."""
    answers = {}
    for code in there.forces(force):
        policies = open_force(there.settings, code).policies
        with database.reading(there.engine) as session:
            judged = replay.judge_as_of(session, code, as_of, policies, default_weights())
        answers[code] = replay.counts(judged)
    if json:
        output.as_json([{"force": code, "as_of": as_of, **each} for code, each in answers.items()])
    else:
        for code, each in answers.items():
            output.console().print(f"\n{code}, as known at {on_screen(as_of)}\n", style="bold")
            overview.counts(each)
    needed = ("unmatched", "ambiguous", "incomplete", "held")
    output.end(needs_a_person=any(each.get(name) for each in answers.values() for name in needed))
