"""How commands speak: tables or JSON on standard output, refusals on standard error."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import IntEnum
from typing import Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from adapters.clock import on_screen


class Exit(IntEnum):
    """What a cron job sees."""

    FINE = 0
    NEEDS_A_PERSON = 1
    COULD_NOT_RUN = 2


def refuse(why: object) -> NoReturn:
    """Say why not, on standard error, and end with COULD_NOT_RUN."""
    typer.echo(str(why), err=True)
    raise typer.Exit(Exit.COULD_NOT_RUN)


def end(*, needs_a_person: bool) -> NoReturn:
    """End with the code that says whether somebody has something to do."""
    raise typer.Exit(Exit.NEEDS_A_PERSON if needs_a_person else Exit.FINE)


def as_json(value: Any) -> None:
    """One JSON document on standard output; instants in ISO 8601, UTC."""
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False, default=_iso))


def table(title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A table on standard output, with London times."""
    shown = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
    for heading in headings:
        shown.add_column(heading, overflow="fold")
    for row in rows:
        shown.add_row(*(_cell(value) for value in row))
    console().print(shown)


def console() -> Console:
    """A console that neither colours nor wraps identifiers when it is not a terminal."""
    return Console(highlight=False, soft_wrap=False)


def pairs(values: Mapping[str, Any]) -> None:
    """Names and values, one a line, aligned."""
    width = max(map(len, values), default=0)
    for name, value in values.items():
        typer.echo(f"  {name:<{width}}  {_cell(value)}")


def first_line(why: BaseException | None) -> str:
    """What a database says first, which holds no value of a record."""
    return next(iter(str(why).splitlines()), type(why).__name__).rstrip(" :.")


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return on_screen(value)
    return "" if value is None else str(value)


def _iso(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")
