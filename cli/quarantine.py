"""`counterfoil quarantine`: every refused row and every reason, for whoever can put it right."""

from pathlib import Path
from typing import Annotated, Any

import typer

from adapters import clock, database
from adapters.login import os_user
from cli import output
from cli.installation import Installation, opened
from cli.times import Json, OneForce
from cli.written import write_csv, written_whole
from domain.audit_trail import Action
from services import audit_trail, reads, summary

app = typer.Typer(help="Rows that were refused, with every reason and never a value.")
COLUMNS = ("force", "delivery", "feed", "file", "row", "pointer", "reason")


@app.command("list")
def list_(force: OneForce = None, json: Json = False) -> None:
    """List every refused row: file, row number, JSON pointer, reason.

    That they were listed, and for whom, goes into the audit trail.
    Ends with 1 when there are any.

    Example: counterfoil quarantine list --force WY
    """
    with opened() as there:
        rows = _rows(there, force)
        _log_what_is_shown(there, rows)
    if json:
        output.as_json(rows)
    else:
        output.table("Quarantined rows", COLUMNS, [[row[name] for name in COLUMNS] for row in rows])
    output.end(needs_a_person=bool(rows))


@app.command()
def export(
    out: Annotated[Path, typer.Argument(help="The CSV file to write.")], force: OneForce = None
) -> None:
    """Write the refused rows to a CSV to send back to whoever runs the source system.

    The export is a disclosure and is in the audit trail.

    Example: counterfoil quarantine export refused.csv --force WY
    """
    with opened() as there, written_whole(out) as passing:
        rows = _rows(there, force)
        write_csv(passing, COLUMNS, ([row[name] for name in COLUMNS] for row in rows))
        with database.session(there.engine) as session:
            audit_trail.append(
                session,
                at=clock.now(),
                actor=os_user(),
                action=Action.REPORT_EXPORTED,
                subject="quarantine",
                detail={"format": "csv", "rows": len(rows), "force": force or "all"},
            )
    typer.echo(f"Wrote {len(rows)} reasons to {out}.")


def _log_what_is_shown(there: Installation, rows: list[dict[str, Any]]) -> None:
    """Put into the audit trail that each force's refused rows are about to be shown."""
    if not rows:
        return
    with database.session(there.engine) as session:
        for code in sorted({row["force"] for row in rows}):
            theirs = [row["delivery"] for row in rows if row["force"] == code]
            reads.quarantine_listed(
                session, code, set(theirs), len(theirs), actor=os_user(), at=clock.now()
            )


def _rows(there: Installation, force: str | None) -> list[dict[str, Any]]:
    found = []
    for code in there.forces(force):
        with database.reading(there.engine) as session:
            found += [{"force": code, **row} for row in summary.quarantine_reasons(session, code)]
    return found
