"""The command `counterfoil`: one file a family of commands, each with an example in its help."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from cli import audit, check, demo, doctor, init, maps, quarantine, receive, run_night, status
from cli.output import Exit
from domain.errors import Refused

app = typer.Typer(
    name="counterfoil",
    help=(
        "Pairs each referral to NCCU with its intelligence document, every night,"
        " and names the ones without one."
    ),
    epilog="Exit codes: 0 fine, 1 something needs a person, 2 could not run.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback()
def main(
    home: Annotated[
        Path | None,
        typer.Option(
            help="The installation's folder (default: COUNTERFOIL_HOME, or this folder).",
            envvar="COUNTERFOIL_HOME",
        ),
    ] = None,
) -> None:
    """Remember which installation the command is for."""
    if home is not None:
        os.environ["COUNTERFOIL_HOME"] = str(home.resolve())


app.command("init")(init.init)
app.command("receive")(receive.receive)
app.command("run")(run_night.run_night)
app.command("status")(status.status)
app.command("check")(check.check)
app.command("doctor")(doctor.doctor)
app.command("demo")(demo.demo)
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(maps.app, name="map")
app.add_typer(audit.app, name="audit")


def run() -> None:
    """Run the command; a refusal is shown as it stands and ends with COULD_NOT_RUN."""
    try:
        app()
    except Refused as why:
        typer.echo(str(why), err=True)
        sys.exit(Exit.COULD_NOT_RUN)


if __name__ == "__main__":
    run()
