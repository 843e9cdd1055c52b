"""`counterfoil sample worksheet | extend | evaluate`: what people judge, and what it shows."""

import json as json_
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer

from adapters import clock, database
from adapters.login import os_user
from adapters.worksheets import write_worksheet
from cli import output
from cli.installation import opened
from cli.sample import commit
from cli.sample.commit import Code
from cli.times import Json
from cli.written import written_whole
from domain.assurance.exact import percent
from domain.errors import SampleRefused
from domain.wording import number_of
from domain.working_paper import EvaluationDocument, Judge, TicketLine, document
from domain.working_paper.outcome import AttributeResult, Outcome
from services.sampling import evaluations, extensions, replacements, worksheets


def worksheet(
    code: Code,
    out: Annotated[Path, typer.Option(help="The file to write, .xlsx or .csv.")],
    judge: Annotated[Judge, typer.Option(help="In which place it is judged.")] = Judge.FIRST,
) -> None:
    """Write the worksheet of one place: a row an item, what to look up, what to judge.

    It holds source keys; that it was taken out is in the audit trail. What was judged in this
    place before stands in it.

    Example: counterfoil sample worksheet 2026-Q1 --judge first --out first.xlsx
    """
    if out.suffix.lower() not in (".xlsx", ".csv"):
        raise SampleRefused(
            f"{out.name} is neither .xlsx nor .csv. Name the file so. Nothing was written."
        )
    with (
        opened() as there,
        written_whole(out) as passing,
        database.session(there.engine) as session,
    ):
        sheet = worksheets.export(session, code, judge, by=os_user(), now=clock.now())
        write_worksheet(passing, sheet, xlsx=out.suffix.lower() == ".xlsx")
    typer.echo(
        f"Wrote {number_of(len(sheet.rows), 'item', 'items')} to {out}. When it is filled:"
        f"\n  counterfoil sample findings import {code} {out} --judge {judge.value} --by NAME"
    )


def extend(
    code: Code,
    more: Annotated[
        int | None,
        typer.Option(min=1, help="Draw so many more than the plan foresees, with a warning."),
    ] = None,
    json: Json = False,
) -> None:
    """Replace items found out of frame by the next tickets, or draw the plan's next look.

    Items that were found out of frame are replaced first, and then nothing else is drawn
    unless --more asks for it.

    Example: counterfoil sample extend 2026-Q1
    """
    by, now = os_user(), clock.now()
    drawn: tuple[TicketLine, ...] = ()
    warning = ""
    with opened() as there, database.session(there.engine) as session:
        replaced = replacements.replace(session, code, by=by, now=now)
        if more is not None or not replaced:
            extended = extensions.extend(session, code, more=more, by=by, now=now)
            drawn, warning = extended.tickets, extended.warning
    if json:
        output.as_json(
            {
                "replaced": [{"out": each.draw_id_out, "in": each.draw_id_in} for each in replaced],
                "drawn": [commit.as_facts(line) for line in drawn],
                "warning": warning,
            }
        )
        return
    if replaced:
        typer.echo(f"Replaced by the next tickets: {number_of(len(replaced), 'item', 'items')}.")
    if drawn:
        typer.echo(f"Drawn: {number_of(len(drawn), 'more item', 'more items')}.")
    if warning:
        typer.echo(warning)
    typer.echo(f"Then: counterfoil sample worksheet {code} --judge first --out first.xlsx")


def evaluate(code: Code, json: Json = False) -> None:
    """Say what the judged sample shows, and no more; every evaluation is kept.

    Ends with 1 when the claim is not shown.

    Example: counterfoil sample evaluate 2026-Q1
    """
    with opened() as there, database.session(there.engine) as session:
        made = evaluations.evaluate(session, code, by=os_user(), now=clock.now())
    if json:
        output.as_json(json_.loads(document(made)))
    else:
        _show(made)
    output.end(needs_a_person=made.outcome is not Outcome.SHOWN)


def _show(made: EvaluationDocument) -> None:
    typer.echo(f"{made.outcome.value.upper()}. {made.conclusion}")
    if made.unplanned is not None:
        typer.echo(made.unplanned.warning)
    output.table(
        "\nWhat was found",
        ("attribute", "drawn", "deviations", "of these unavailable", "known", "at most", "rate"),
        [_row(each) for each in made.attributes],
    )
    first = made.attributes[0]
    typer.echo("Beside it, deciding nothing:")
    output.pairs(_beside(first))
    typer.echo("\nWhat this does not show:")
    for sentence in made.limitations:
        typer.echo(f"  - {sentence}")
    typer.echo(f"\nThen: counterfoil sample pack {made.sample} --out {made.sample}.zip")


def _row(each: AttributeResult) -> tuple[str, ...]:
    bound = each.headline
    return (
        each.code,
        f"{bound.drawn:,}",
        f"{bound.found:,}",
        f"{each.unavailable:,}",
        f"{bound.known:,}",
        f"{bound.upper:,} of {bound.items:,}",
        percent(bound.upper_rate, 2),
    )


def _beside(first: AttributeResult) -> dict[str, str]:
    bound, other = first.headline, first.unavailable_not_counted
    found = {
        "unavailable not counted": f"at most {other.upper:,} ({percent(other.upper_rate, 2)})",
        "Clopper-Pearson": percent(bound.clopper_pearson, 2),
    }
    if bound.lower is not None:
        found["at least"] = f"{bound.lower:,}"
    if bound.between_lower is not None and bound.between_upper is not None:
        found["two-sided"] = f"{bound.between_lower:,} to {bound.between_upper:,}"
    if first.agreement is not None:
        rate: Fraction = first.agreement.rate
        found["two judges agreed"] = f"{percent(rate, 1, up=False)} of {first.agreement.items:,}"
    return found
