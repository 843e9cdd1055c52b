"""`counterfoil pair-anew`: the weekly full pass, by the same flow that the schedule runs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, TypeAlias

import typer

from adapters import clock, database
from adapters.login import os_user
from cli import environment, output, overview
from cli.installation import opened
from cli.times import Json, OneForce
from services import contradicted, reads
from services.contradicted import OpenContradiction
from services.contradictions import NotCompared
from tasks.context import home


def pair_anew(force: OneForce = None, json: Json = False) -> None:
    """Pair everything anew and show where that differs from what the nights have made.

    Changes no pairing. Contradictions are also in `counterfoil status` until they are gone.
    Ends with 1 when there are any, when too many records share a value to be compared by it, and
    when a force is not compared because a night has to be run first; with 2 when a force could
    not be finished.

    Example: counterfoil pair-anew --force EX
    """
    with opened() as there:
        ready, faults = there.ready(force)
    codes = [each.code for each in ready]
    environment.prepare(home())
    from flows.pair_anew import pair_anew as run

    state: Any = run(codes, return_state=True) if codes else None
    if state is not None and not state.is_completed():
        faults.append(f"Could not finish: {', '.join(codes)}. The log above says why.")
    if faults or state is None:
        output.refuse("\n".join(faults))
    ended = dict(zip(codes, (each.result() for each in state.result()), strict=True))
    with opened() as there, database.session(there.engine) as session:
        found = {code: contradicted.listed(session, code) for code in codes}
        for code, rows in found.items():
            ids = [row.referral_id for row in rows]
            if ids:
                reads.flags_listed(session, code, ids, actor=os_user(), at=clock.now())
    if json:
        output.as_json({code: _content(ended[code], rows) for code, rows in found.items()})
    else:
        for code, rows in found.items():
            _show(code, ended[code], rows)
    output.end(
        needs_a_person=any(found.values()) or any(map(_needs_a_person, ended.values())),
    )


Ended: TypeAlias = NotCompared | Mapping[str, Any]
"""How the pass of a force ended: why it was not compared, or what `Compared` holds."""


def _needs_a_person(ended: Ended) -> bool:
    return isinstance(ended, NotCompared) or bool(ended["warnings"])


def _content(ended: Ended, rows: Sequence[OpenContradiction]) -> dict[str, Any]:
    not_compared = ended if isinstance(ended, NotCompared) else None
    return {
        "not_compared": not_compared,
        "warnings": [] if isinstance(ended, NotCompared) else ended["warnings"],
        "contradictions": [asdict(row) for row in rows],
    }


def _show(code: str, ended: Ended, rows: Sequence[OpenContradiction]) -> None:
    if isinstance(ended, NotCompared):
        typer.echo(f"{code}: not compared: {ended}.")
        typer.echo(f"{code}: contradictions open since an earlier pass: {len(rows)}")
    else:
        for warning in ended["warnings"]:
            typer.echo(f"{code}: {warning}")
        typer.echo(f"{code}: contradictions open: {len(rows)}")
    overview.contradictions(rows)
