"""`counterfoil explain`: why a referral is paired with a document, or with none."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from adapters import clock, database
from adapters.clock import on_screen
from adapters.login import os_user
from cli import output
from cli.installation import opened
from cli.times import Json, OneForce
from cli.written import written_whole
from domain.errors import Refused
from domain.pairing.waterfall import shown_bits, signed, waterfall
from services import explaining
from services.explaining import Explained, Pair
from services.forces import open_force


def explain(
    referral_id: Annotated[str, typer.Argument(help="The referral's id, as its feed writes it.")],
    urn: Annotated[
        str | None, typer.Argument(help="A document's URN: explain this pair only.")
    ] = None,
    svg: Annotated[
        Path | None, typer.Option(help="Draw the evidence of the first pair shown to this file.")
    ] = None,
    force: OneForce = None,
    json: Json = False,
) -> None:
    """Show why a referral is paired, or what came nearest, field by field in bits.

    Names kinds of things that agree, and no value of them. That it was read, and by whom,
    goes into the audit trail.

    Example: counterfoil explain EX-R-0000012 --svg evidence.svg
    """
    with opened() as there:
        code = there.force_of(referral_id, force)
        at = open_force(there.settings, code)
        with database.session(there.engine) as session:
            found = explaining.explain(
                session,
                code,
                referral_id,
                urn,
                policies=at.policies,
                weights=at.weights,
                actor=os_user(),
                now=clock.now(),
            )
    if svg is not None:
        _draw(found, svg)
    if json:
        output.as_json(asdict(found))
    else:
        _show(found)


def _draw(found: Explained, svg: Path) -> None:
    if not found.pairs:
        raise Refused(
            f"There is nothing to draw: {found.why} (referral {found.referral_id})."
            " Nothing was written."
        )
    first = found.pairs[0]
    picture = waterfall(first.evidence, f"Referral {found.referral_id} and document {first.urn}")
    with written_whole(svg) as passing:
        passing.write_text(picture, "utf-8")


def _show(found: Explained) -> None:
    typer.echo(f"Referral {found.referral_id} is {found.state}: {found.why}.")
    for pair in found.pairs:
        typer.echo(f"\n{_heading(pair)}")
        if pair.words:
            typer.echo(f"  {pair.words}")
        for item, bits in zip(
            pair.evidence, shown_bits([item.bits for item in pair.evidence]), strict=True
        ):
            typer.echo(f"  {signed(bits):>8}  {item.words}")
        typer.echo(
            f"  {signed(shown_bits([pair.weight])[0]):>8}  total, by weights {pair.weights_version}"
        )


def _heading(pair: Pair) -> str:
    status = f" ({pair.status})" if pair.status else ""
    if pair.made_at is None:
        return f"Not paired with {pair.urn}{status}."
    margin = f", {pair.margin:.1f} bits ahead of the next" if pair.margin is not None else ""
    made = "Paired with" if pair.band == "auto" else "Put to a person:"
    when = on_screen(pair.made_at)
    return f"{made} {pair.urn}{status} as {pair.role} since {when}{margin}: {pair.why}."
