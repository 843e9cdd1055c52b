"""`counterfoil sample list | show`: how far each sample is, and what is missing."""

from dataclasses import asdict

import typer

from adapters import database
from cli import output
from cli.installation import opened
from cli.sample.commit import Code
from cli.times import Json, OneForce
from services.sampling import progress
from services.sampling.progress import Progress

HEADINGS = ("code", "force", "sampled", "to judge", "evaluations", "last outcome", "missing")


def list_(force: OneForce = None, json: Json = False) -> None:
    """List the samples, and what each still misses.

    Ends with 1 when any misses something.

    Example: counterfoil sample list --force WY
    """
    with opened() as there, database.reading(there.engine) as session:
        wanted = there.forces(force) if force else [None]
        codes = [code for each in wanted for code in progress.codes(session, each)]
        found = [progress.of(session, code) for code in codes]
    if json:
        output.as_json([asdict(each) for each in found])
    else:
        output.table("Samples", HEADINGS, map(_row, found))
    output.end(needs_a_person=any(each.missing for each in found))


def show(code: Code, json: Json = False) -> None:
    """Show how far a sample is: its frames, what is judged and what is missing.

    Ends with 1 when anything is missing.

    Example: counterfoil sample show 2026-Q1
    """
    with opened() as there, database.reading(there.engine) as session:
        found = progress.of(session, code)
    if json:
        output.as_json(asdict(found))
    else:
        _show(found)
    output.end(needs_a_person=bool(found.missing))


def _show(found: Progress) -> None:
    typer.echo(f"Sample {found.code}: {found.subject.value} of force {found.force}")
    for frame in found.frames:
        name = f"Supplementary frame {frame.supplement}" if frame.supplement else "Frame"
        typer.echo(f"{name}: {frame.items:,} items" + (", lodged" if frame.lodged else ""))
        steps = {
            "frozen": frame.frozen_at,
            "exported": frame.exported_at,
            "seeded": frame.seeded_at,
            "drawn": frame.drawn_at,
        }
        output.pairs({step: at for step, at in steps.items() if at})
    counts = {
        "to judge": found.items,
        **{f"{judge.value} judged": items for judge, items in found.judged.items()},
        "disputed": found.disputed,
        "out of frame": found.out_of_frame,
        "evaluations": found.evaluations,
    }
    output.pairs({name: f"{number:,}" for name, number in counts.items()})
    for each in found.missing:
        typer.echo(f"Missing: {each}.")


def _row(found: Progress) -> tuple[str, ...]:
    return (
        found.code,
        found.force,
        found.subject.value,
        f"{found.items:,}",
        f"{found.evaluations:,}",
        found.outcome.value if found.outcome else "",
        "; ".join(found.missing),
    )
