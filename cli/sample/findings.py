"""`counterfoil sample findings`: what people judged, every version of it."""

from pathlib import Path
from typing import Annotated

import typer

from adapters import clock, database
from adapters.login import os_user
from adapters.worksheets import read_worksheet
from cli import output
from cli.installation import opened
from cli.sample.commit import Code
from cli.times import Json
from domain.errors import SampleRefused
from domain.sampling.worksheet import FindingsRefused, Problem
from domain.working_paper import Judge
from services.sampling import findings, items, stored

app = typer.Typer(help="What was judged of a sample.", no_args_is_help=True)
HEADINGS = ("item", "attribute", "judge", "version", "answer", "reason", "by", "at")


@app.callback()
def group() -> None:
    """What was judged of a sample."""


@app.command("import")
def import_(
    code: Code,
    file: Annotated[Path, typer.Argument(help="The filled worksheet, XLSX or CSV.")],
    judge: Annotated[Judge, typer.Option(help="In which place it was judged.")],
    by: Annotated[
        str | None, typer.Option(help="Who judged, as they sign in (default: you).")
    ] = None,
) -> None:
    """Take a filled worksheet, whole or not at all; an earlier answer is kept beside.

    Every row that the worksheet had must be there once. Cells may be empty for as long as
    nobody judged. All that is wrong is said at once, by row and column.

    Example: counterfoil sample findings import 2026-Q1 first.xlsx --judge first
    """
    if by is not None and not by.strip():
        raise SampleRefused("--by: a judgement is somebody's. Name them. Nothing was stored.")
    who = _person(by) if by else os_user()
    with opened() as there:
        try:
            given = read_worksheet(file, judge)
            with database.session(there.engine) as session:
                done = findings.record(session, code, judge, given, by=who, now=clock.now())
        except FindingsRefused as why:
            output.refuse(_one_a_line(why))
    typer.echo(
        f"Recorded: {done.new:,} new answers, {done.changed:,} changed, {done.same:,} as before."
    )


def _one_a_line(why: FindingsRefused) -> str:
    """Every problem on a line of its own; one that many rows have is told once."""
    rows: dict[tuple[str, str], list[int]] = {}
    for each in why.problems:
        rows.setdefault((each.column, each.wrong), []).append(each.row)
    told = [
        f"  {Problem(places[0], column, wrong)}"
        + (f" (and in {len(places) - 1:,} rows after it)" if len(places) > 1 else "")
        for (column, wrong), places in rows.items()
    ]
    head, tail = "The worksheet cannot be taken:", "Correct it and import it again."
    return "\n".join([head, *told, f"{tail} Nothing was stored."])


@app.command("list")
def list_(code: Code, json: Json = False) -> None:
    """List every version of every judgement, by item.

    Example: counterfoil sample findings list 2026-Q1 --json
    """
    with opened() as there, database.reading(there.engine) as session:
        found = items.findings(session, stored.named(session, code))
    rows = [
        (
            each.draw_id,
            each.attribute,
            each.judge.value,
            each.version,
            each.answer.value,
            each.reason,
            each.by,
            each.at,
        )
        for each in found
    ]
    if json:
        output.as_json([dict(zip(HEADINGS, row, strict=True)) for row in rows])
    else:
        output.table(f"Findings of {code}", HEADINGS, rows)


def _person(name: str) -> str:
    """The name as the audit trail has it, so that one person has one."""
    return f"user:{name.strip().removeprefix('user:')}"
