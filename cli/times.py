"""The option --as-of, read once for every command that has it."""

from datetime import datetime
from typing import Annotated

import typer

from adapters.clock import parse_instant

AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="TIME",
        help="Judge by this instant, e.g. 2026-03-02T02:30 (London time unless it has an offset).",
    ),
]
Force = Annotated[str | None, typer.Option(help="Only this force (default: all).")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def instant(text: str | None) -> datetime | None:
    """The instant that an option names, aware UTC; a usage error when it is not one."""
    if text is None:
        return None
    try:
        return parse_instant(text)
    except ValueError as why:
        raise typer.BadParameter(str(why)) from None
