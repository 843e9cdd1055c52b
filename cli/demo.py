"""`counterfoil demo`: two months of a fictional force's feeds, delivered night by night."""

import logging
import os
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from adapters import database, logs, settings
from adapters.settings import FILE_NAME
from cli import environment, output, overview
from cli.init import make
from domain.errors import SettingsRefused
from domain.words import Feed
from services import summary
from synthetic import demo as demo_feeds
from synthetic.demo import DemoPlan, Night

MARKER = "made-by-counterfoil-demo"
NAME = "Exampleshire"
NEXT = """
This was Exampleshire, which does not exist. What you can type next:

The summary above, again; and what was known a month earlier:
  {command} --home {home} status
  {command} --home {home} status --as-of 2026-02-05T02:30

Why two documents fit one referral, and who has decided on such pairs (confirm, reject, end):
  {command} --home {home} explain {ambiguous}
  {command} --home {home} decision list

The rows that were refused, and whether the audit trail is whole:
  {command} --home {home} quarantine list
  {command} --home {home} audit verify

The dry run, as on two exports of your own:
  {command} check --referrals {referrals} \\
      --documents {documents} \\
      --map {maps}/{force}-referrals.toml --map {maps}/{force}-documents.toml \\
      --as-of 2026-01-15T02:30 --out answer
"""


def demo(
    folder: Annotated[Path, typer.Option(help="Where the demo lives; made again each time.")] = (
        Path(".counterfoil/demo")
    ),
    seed: Annotated[int, typer.Option(help="Another seed makes other feeds.")] = (
        demo_feeds.DEFAULT_SEED
    ),
) -> None:
    """Make two months of messy feeds, run thirteen nights on them, and show what came out.

    Nothing has to be started by hand and nothing is left running.

    Example: counterfoil demo
    """
    home = _fresh(folder)
    environment.prepare(home)
    screen = Console(stderr=True)
    with screen.status("Making two months of feeds for Exampleshire ..."):
        plan = demo_feeds.make(home / "exports", seed)
        _install(home, plan)
    _run(plan, home, screen)
    found = settings.load(home)
    engine = database.engine(found.database)
    with database.reading(engine) as session:
        shown = summary.of(session, plan.force)
    overview.show(shown)
    engine.dispose()
    files = dict(plan.nights[1].files)
    typer.echo(
        NEXT.format(
            command=os.path.relpath(sys.argv[0]),
            home=folder,
            force=plan.force,
            maps=os.path.relpath(home / "maps"),
            referrals=os.path.relpath(files["referrals"]),
            documents=os.path.relpath(files["documents"]),
            ambiguous=next(flag.referral_id for flag in (*shown.ambiguous, *shown.oldest)),
        )
    )


def _fresh(folder: Path) -> Path:
    """An empty folder for the demo; never one that something else lives in."""
    home = folder.resolve()
    if home.exists() and any(home.iterdir()):
        if not (home / MARKER).exists():
            raise SettingsRefused(
                f"{home} is not empty and was not made by the demo."
                " Name another folder with --folder. Nothing was changed."
            )
        shutil.rmtree(home)
    home.mkdir(parents=True, exist_ok=True)
    (home / MARKER).touch()
    return home


def _install(home: Path, plan: DemoPlan) -> None:
    make(home, plan.force, NAME)
    file = home / FILE_NAME
    text = file.read_text("utf-8")
    for feed in Feed:
        (home / "maps").mkdir(exist_ok=True)
        shutil.copy(plan.maps[feed.value], home / "maps" / f"{plan.force}-{feed.value}.toml")
        text = text.replace(
            f'# map = "maps/{plan.force}-{feed.value}.toml"',
            f'map = "maps/{plan.force}-{feed.value}.toml"',
        )
    file.write_text(text, "utf-8")


def _run(plan: DemoPlan, home: Path, screen: Console) -> None:
    """Deliver and judge each night, all on one temporary Prefect server."""
    logs.configure(logging.WARNING)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total} nights"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=screen) as bar:
        step = bar.add_task("Starting Prefect's temporary server", total=len(plan.nights))
        from flows.run_overnight import run_overnight

        for night in plan.nights:
            _deliver(night, home, plan.force)
            state = run_overnight([plan.force], night.as_of, return_state=True)
            if not state.is_completed():
                output.refuse(f"The night of {night.as_of:%d %b %Y} failed: {state.message}")
            bar.update(step, advance=1, description=f"Night of {night.as_of:%d %b %Y}")


def _deliver(night: Night, home: Path, force: str) -> None:
    for feed, path in night.files:
        shutil.copy(path, home / "drop" / force / feed / path.name)
