"""The option --as-of, read once for every command that has it."""

from datetime import datetime
from typing import Annotated

import typer

from adapters import clock
from adapters.clock import parse_instant
from domain.errors import Refused

AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="TIME",
        help="Judge by this instant, e.g. 2026-03-02T02:30 (London time unless it has an offset).",
    ),
]
OneForce = Annotated[str | None, typer.Option(help="Only this force (default: all).")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def instant(text: str | None) -> datetime | None:
    """The instant that an option names, aware UTC; Refused when it is not one."""
    if text is None:
        return None
    try:
        return parse_instant(text)
    except ValueError as why:
        raise Refused(f"--as-of: {why} Nothing was done.") from None


def instant_so_far(text: str | None) -> datetime | None:
    """The same, and Refused when the instant is still to come.

    What is received or judged at a time to come would overtake every night until then.
    """
    then = instant(text)
    if then is not None and then > clock.now():
        raise Refused(
            f"--as-of: {text} is still to come, and what will be known then is not known yet."
            " Name a time up to now, or leave it out. Nothing was done."
        )
    return then
