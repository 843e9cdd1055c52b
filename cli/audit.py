"""`counterfoil audit`: whether the audit trail is whole."""

import re
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from adapters import database
from cli import output
from cli.installation import opened
from cli.times import Json
from domain.audit_trail import Broken, Checkpoint
from services import audit_trail

app = typer.Typer(help="The audit trail.")
HEAD = re.compile(r"([0-9]{1,18}):([0-9a-f]{64})")


@app.callback()
def group() -> None:
    """The audit trail."""


@app.command()
def verify(
    head: Annotated[
        str | None,
        typer.Option(metavar="NUMBER:HASH", help="A head noted earlier and held elsewhere."),
    ] = None,
    json: Json = False,
) -> None:
    """Recompute the whole chain: 0 intact, 1 broken (the first bad event named), 2 could not.

    A chain rewritten from end to end is seen only against a head held elsewhere: note the
    one that this prints, and give it back with --head next time.

    Example: counterfoil audit verify
    """
    expected = _checkpoint(head)
    with opened() as there:
        try:
            with database.reading(there.engine) as session:
                answer = audit_trail.verify(session, expected)
        except SQLAlchemyError as why:
            output.refuse(f"The audit trail could not be read: {type(why).__name__}.")
    broken = isinstance(answer, Broken)
    if json:
        detail = (
            {"seq": answer.seq, "why": answer.why}
            if isinstance(answer, Broken)
            else {"events": answer.count, "head": _noted(answer.head)}
        )
        output.as_json({"intact": not broken, **detail})
    elif isinstance(answer, Broken):
        typer.echo(f"BROKEN at event {answer.seq}: {answer.why}")
    else:
        typer.echo(f"Intact: {answer.count:,} events. Head to note: {_noted(answer.head)}")
    output.end(needs_a_person=broken)


def _noted(head: Checkpoint | None) -> str | None:
    """The head as --head takes it; None of an empty trail."""
    return f"{head.seq}:{head.hash}" if head else None


def _checkpoint(text: str | None) -> Checkpoint | None:
    if text is None:
        return None
    noted = HEAD.fullmatch(text)
    if noted is None:
        output.refuse(
            "--head: write it as NUMBER:HASH, as `audit verify` prints it. Nothing was verified."
        )
    return Checkpoint(int(noted[1]), noted[2])
