"""The command `counterfoil`: one file a family of commands, each with an example in its help."""

import os
import sys
import traceback
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from typer.core import TyperGroup

from cli import (
    audit,
    check,
    decision,
    demo,
    doctor,
    explain,
    init,
    maps,
    pair_anew,
    quality,
    quarantine,
    receive,
    run_night,
    sample,
    status,
    weights,
)
from cli.output import Exit, first_line, refuse
from domain.errors import Refused


class Commands(TyperGroup):
    """The commands; what keeps one from running is said in a sentence, without a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; a refusal, a database or a file at fault ends with COULD_NOT_RUN."""
        try:
            return super().invoke(ctx)
        except Refused as why:
            refuse(why)
        except (DataError, IntegrityError, BrokenPipeError):
            raise
        except DBAPIError as why:
            refuse(
                f"The database could not be used ({first_line(why.orig)}). Look with"
                " `counterfoil doctor`. What was under way was undone; only what this command"
                " had finished before is stored."
            )
        except OSError as why:
            refuse(
                f"{why.filename or 'A file'} could not be used ({why.strerror or why}). Put that"
                " right and try again. Only what this command had finished before is stored."
            )


app = typer.Typer(
    name="counterfoil",
    cls=Commands,
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
app.command("pair-anew")(pair_anew.pair_anew)
app.command("status")(status.status)
app.command("explain")(explain.explain)
app.command("quality")(quality.quality)
app.command("check")(check.check)
app.command("doctor")(doctor.doctor)
app.command("demo")(demo.demo)
app.add_typer(decision.app, name="decision")
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(maps.app, name="map")
app.add_typer(weights.app, name="weights")
app.add_typer(sample.app, name="sample")
app.add_typer(audit.app, name="audit")


def run() -> None:
    """Run the command; a fault of the program shows its traceback and ends with COULD_NOT_RUN."""
    try:
        app()
    except Exception:  # noqa: BLE001 - or Python would end with 1, as if somebody had work to do
        traceback.print_exc()
        sys.exit(Exit.COULD_NOT_RUN)


if __name__ == "__main__":
    run()
