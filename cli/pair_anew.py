"""`counterfoil pair-anew`: the weekly full pass, by the same flow that the schedule runs."""

from dataclasses import asdict

import typer

from adapters import clock, database
from adapters.login import os_user
from cli import environment, output, overview
from cli.installation import opened
from cli.times import Json, OneForce
from services import contradicted, reads
from tasks.context import home


def pair_anew(force: OneForce = None, json: Json = False) -> None:
    """Pair everything anew and show where that differs from what the nights have made.

    Changes no pairing. Contradictions are also in `counterfoil status` until they are gone.
    Ends with 1 when there are any, 2 when a force could not be finished.

    Example: counterfoil pair-anew --force EX
    """
    with opened() as there:
        ready, faults = there.ready(force)
    codes = [each.code for each in ready]
    environment.prepare(home())
    from flows.pair_anew import pair_anew as run

    if codes and not run(codes, return_state=True).is_completed():
        faults.append(f"Could not finish: {', '.join(codes)}. The log above says why.")
    if faults:
        output.refuse("\n".join(faults))
    with opened() as there, database.session(there.engine) as session:
        found = {code: contradicted.listed(session, code) for code in codes}
        for code, rows in found.items():
            ids = [row.referral_id for row in rows]
            if ids:
                reads.flags_listed(session, code, ids, actor=os_user(), at=clock.now())
    if json:
        output.as_json({code: [asdict(row) for row in rows] for code, rows in found.items()})
    else:
        for code, rows in found.items():
            typer.echo(f"{code}: contradictions open: {len(rows)}")
            overview.contradictions(rows)
    output.end(needs_a_person=any(found.values()))
