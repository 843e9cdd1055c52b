"""`counterfoil map`: a column map proposed, and tried out without storing anything."""

from pathlib import Path
from typing import Annotated

import typer

from adapters.feeds import Preview, Problem, load_map, preview, suggest_map
from cli import output
from cli.times import Json
from domain.words import Feed

app = typer.Typer(help="How a feed's columns are read.")

File = Annotated[
    Path, typer.Argument(help="An export of the feed: CSV, XLSX, JSON Lines or Parquet.")
]
WhichFeed = Annotated[Feed, typer.Option("--feed", help="Which feed the file is of.")]


@app.command()
def suggest(file: File, feed: WhichFeed = Feed.REFERRALS) -> None:
    """Propose a column map for a file, as TOML on standard output.

    Example: counterfoil map suggest export.xlsx --feed documents > documents.toml
    """
    typer.echo(suggest_map(file, feed.value), nl=False)


@app.command("preview")
def preview_(
    file: File,
    feed: WhichFeed = Feed.REFERRALS,
    column_map: Annotated[Path | None, typer.Option("--map", help="A column map.")] = None,
    rows: Annotated[int, typer.Option(min=1, help="How many rows to show.")] = 5,
    json: Json = False,
) -> None:
    """Show the first rows through the map, and every problem of the whole file; store nothing.

    Names and dates of birth are shown as present or absent. Ends with 1 on problems.

    Example: counterfoil map preview export.csv --feed referrals --map referrals.toml
    """
    seen = preview(file, load_map(column_map, feed.value), rows)
    _show(seen, json)


def _show(seen: Preview, json: bool) -> None:
    if json:
        output.as_json(
            {
                "rows": [
                    {
                        "row": row.number,
                        "fields": row.fields,
                        "problems": [_problem(each) for each in row.problems],
                    }
                    for row in seen.rows
                ],
                "read": seen.read,
                "refused": seen.refused,
                "rejected": [
                    {"row": number, "problems": [_problem(each) for each in problems]}
                    for number, problems in seen.rejected
                ],
            }
        )
    else:
        for row in seen.rows:
            typer.echo(f"\nRow {row.number}")
            output.pairs({name: value for name, value in row.fields.items() if value})
            for each in row.problems:
                typer.echo(f"  PROBLEM {each.pointer or 'row'}: {each.reason}")
        typer.echo(f"\n{seen.read:,} rows read, {seen.refused:,} would be quarantined.")
        for each, count in seen.reasons:
            typer.echo(f"  {count:>7,} x {each.pointer or 'row'}: {each.reason}")
        typer.echo("Nothing was stored.")
    output.end(needs_a_person=bool(seen.refused))


def _problem(problem: Problem) -> dict[str, str]:
    return {"pointer": problem.pointer, "reason": problem.reason}
