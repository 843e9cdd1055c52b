"""`counterfoil quality`: where references and incident numbers go missing, or disagree."""

import csv
import io
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, Any

import typer

from adapters import clock, database
from adapters.login import os_user
from adapters.spreadsheets import guarded
from cli import output
from cli.installation import opened
from cli.times import Json, OneForce
from domain.errors import Refused
from services import data_quality
from services.data_quality import Report, Share

COLUMNS = ("measure", "force", "district", "month", "referral_id", "urn", "count", "of")


def quality(
    force: OneForce = None,
    json: Json = False,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print one CSV with a row a measure or pairing.")
    ] = False,
) -> None:
    """Show pairings whose document quotes another reference, and what records lack, by month.

    For the force's own use: small counts are shown as they are. Documents are those that
    answer a referral. That pairings were listed, and for whom, goes into the audit trail.

    Example: counterfoil quality --csv > quality.csv
    """
    if json and as_csv:
        raise Refused("Ask for --json or for --csv, not for both. Nothing was done.")
    with opened() as there:
        codes = there.forces(force)
        with database.session(there.engine) as session:
            found = data_quality.report(session, codes, actor=os_user(), now=clock.now())
    if json:
        output.as_json(asdict(found))
    elif as_csv:
        typer.echo(_csv(found), nl=False)
    else:
        _show(found)


def _csv(found: Report) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([guarded(value) for value in row] for row in _rows(found))
    return text.getvalue()


def _rows(found: Report) -> Iterator[tuple[Any, ...]]:
    for each in found.disagreeing:
        place = (each.force, each.district, each.month)
        yield f"reference disagrees: {each.how}", *place, each.referral_id, each.urn, 1, ""
    for share in found.shares:
        place = (share.force, share.district, share.month)
        lacks = {"reference": share.without_reference, "incident number": share.without_incident}
        for what, count in lacks.items():
            yield f"{share.of} without {what}", *place, "", "", count, share.total


def _show(found: Report) -> None:
    for force, compared in found.compared.items():
        theirs = [each for each in found.disagreeing if each.force == force]
        typer.echo(
            f"{force}: of {compared:,} pairings with a reference on both sides,"
            f" {len(theirs):,} quote another one."
        )
    if found.disagreeing:
        output.table(
            "\nQuoted reference disagrees with the pairing",
            ("force", "district", "month", "referral", "document", "reference"),
            (tuple(asdict(each).values()) for each in found.disagreeing),
        )
    headings = ("", "force", "district", "month", "in all", "no reference", "no incident number")
    output.table("\nWhat records lack", headings, map(_shown, found.shares))


def _shown(share: Share) -> tuple[str, ...]:
    return (
        share.of,
        share.force,
        share.district or "not given",
        share.month,
        f"{share.total:,}",
        *(
            f"{count:,} ({count / share.total:.0%})"
            for count in (share.without_reference, share.without_incident)
        ),
    )
