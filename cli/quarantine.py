"""`counterfoil quarantine`: every refused row and every reason, for whoever can put it right."""

import csv
from pathlib import Path
from typing import Annotated, Any

import typer

from adapters import clock, database
from cli import output
from cli.installation import Installation, opened
from cli.times import Force, Json
from domain.audit_trail import Action
from services import audit_trail, summary

app = typer.Typer(help="Rows that were refused, with every reason and never a value.")
COLUMNS = ("force", "delivery", "feed", "file", "row", "pointer", "reason")


@app.command("list")
def list_(force: Force = None, json: Json = False) -> None:
    """List every refused row: file, row number, JSON pointer, reason.

    Ends with 1 when there are any.

    Example: counterfoil quarantine list --force WY
    """
    with opened() as there:
        rows = _rows(there, force)
    if json:
        output.as_json(rows)
    else:
        output.table("Quarantined rows", COLUMNS, [[row[name] for name in COLUMNS] for row in rows])
    output.end(needs_a_person=bool(rows))


@app.command()
def export(
    out: Annotated[Path, typer.Argument(help="The CSV file to write.")], force: Force = None
) -> None:
    """Write the refused rows to a CSV to send back to whoever runs the source system.

    The export is a disclosure and is in the audit trail.

    Example: counterfoil quarantine export refused.csv --force WY
    """
    with opened() as there:
        rows = _rows(there, force)
        with out.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows({name: _safe(row[name]) for name in COLUMNS} for row in rows)
        with database.session(there.engine) as session:
            audit_trail.append(
                session,
                at=clock.now(),
                actor="system:counterfoil quarantine export",
                action=Action.REPORT_EXPORTED,
                subject="quarantine",
                detail={"format": "csv", "rows": len(rows), "force": force or "all"},
            )
    typer.echo(f"Wrote {len(rows)} reasons to {out}.")


def _rows(there: Installation, force: str | None) -> list[dict[str, Any]]:
    found = []
    for code in there.forces(force):
        with database.reading(there.engine) as session:
            found += [{"force": code, **row} for row in summary.quarantine_reasons(session, code)]
    return found


def _safe(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula (OWASP ASVS 5.0, 1.2.10)."""
    dangerous = isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r", "\0")
    return f"'{value}" if dangerous else value
