"""`counterfoil status`: what stands, now or at an instant in the past."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from adapters import clock, database
from adapters.clock import on_screen
from adapters.login import os_user
from cli import output, overview
from cli.installation import Installation, opened
from cli.times import AsOf, Json, OneForce, instant_so_far
from services import reads, replay, summary
from services.forces import open_force
from services.summary import OLDEST, Summary


def status(
    force: OneForce = None,
    as_of: AsOf = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Every open flag, not the oldest few of each kind.")
    ] = False,
    json: Json = False,
) -> None:
    """Show how the referrals stand; with --as-of, by what was known then (changes nothing).

    That the flags of single referrals were shown, and to whom, goes into the audit trail.
    Ends with 1 when something needs a person.

    Example: counterfoil status --as-of 2026-03-02T02:30
    """
    then = instant_so_far(as_of)
    if then is not None and everything:
        output.refuse(
            "--all lists the flags that are open now, and --as-of only counts what was known then."
            " Give one of them. Nothing was done."
        )
    with opened() as there:
        if then is not None:
            look_back(there, force, then, json)
        found = []
        for code in there.forces(force):
            with database.reading(there.engine) as session:
                found.append(summary.of(session, code, shown=None if everything else OLDEST))
        _log_what_is_shown(there, found)
    if json:
        output.as_json([asdict(each) for each in found])
    else:
        for each in found:
            overview.show(each)
    output.end(needs_a_person=any(each.needs_a_person for each in found))


def _log_what_is_shown(there: Installation, found: list[Summary]) -> None:
    """Put into the audit trail whose flags are about to be shown to whom."""
    shown = {each.force: [flag.referral_id for flag in each.listed] for each in found}
    if not any(shown.values()):
        return
    with database.session(there.engine) as session:
        for code, referral_ids in shown.items():
            reads.flags_listed(session, code, referral_ids, actor=os_user(), at=clock.now())


def look_back(there: Installation, force: str | None, as_of: datetime, json: bool) -> None:
    """Show what was known at `as_of`, and end."""
    answers = {}
    for code in there.forces(force):
        at = open_force(there.settings, code)
        with database.reading(there.engine) as session:
            judged = replay.judge_as_of(session, code, as_of, at.policies, at.weights)
        answers[code] = replay.counts(judged)
    if json:
        output.as_json([{"force": code, "as_of": as_of, **each} for code, each in answers.items()])
    else:
        for code, each in answers.items():
            output.console().print(f"\n{code}, as known at {on_screen(as_of)}\n", style="bold")
            overview.counts(each)
    needed = ("unmatched", "ambiguous", "incomplete", "held")
    output.end(needs_a_person=any(each.get(name) for each in answers.values() for name in needed))
