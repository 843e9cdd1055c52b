"""The steps of the weekly full pass: a force exported, its periods weighed, then compared.

Weighing a period needs the exported folder and no database, so it may run on any machine
that sees the folder.
"""

import re
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from prefect import task
from prefect.settings import PREFECT_API_URL
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from adapters import clock, settings
from domain.errors import SettingsRefused
from services import contradictions, parts
from tasks.context import home, step
from tasks.policy import STEP

ON_THIS_MACHINE = re.compile(r"\w+://(127\.\d+\.\d+\.\d+|localhost|\[::1\]):")
"""A Dask address whose workers see what listens on loopback."""


def task_runner() -> TaskRunner[Any]:
    """Where periods are weighed: one after the other here, or on the Dask cluster set."""
    address = settings.load(home()).dask
    if address is None:
        return ThreadPoolTaskRunner(max_workers=1)
    if PREFECT_API_URL.value() is None and not ON_THIS_MACHINE.match(address):
        raise SettingsRefused(
            f"The settings name a Dask scheduler at {address} (dask), and its workers cannot"
            " reach this run's temporary Prefect server. Set PREFECT_API_URL to a server that"
            " they reach, or take `dask` out of the settings. Nothing was done."
        )
    try:
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError:
        raise SettingsRefused(
            "The settings name a Dask scheduler (dask), and prefect-dask is not installed."
            " Install it with `pip install counterfoil[scale]`, or take `dask` out of the"
            " settings. Nothing was done."
        ) from None
    runner: TaskRunner[Any] = DaskTaskRunner(address=address)
    return runner


def folder_of(force: str) -> Path:
    """Where a force is exported to while a full pass is under way."""
    return home() / "parts" / force


@task(task_run_name="export-{force}", **STEP)
def export_force(force: str, actor: str) -> int | contradictions.NotCompared:
    """Export one force; the number of its periods, or why there is nothing to compare."""
    found = settings.load(home())
    with step(force, actor) as at, at.transaction() as session:
        return contradictions.begin(
            session,
            force,
            folder_of(force),
            policies=at.force.policies,
            weights=at.force.weights,
            weights_file=found.path(found.weights) if found.weights else None,
        )


@task(task_run_name="weigh-{number}", **STEP)
def weigh_part(folder: str, number: int) -> list[str]:
    """Weigh one period of an exported force; what it did not compare by, and no value."""
    place = Path(folder)
    return parts.weigh(place, number, parts.read_plan(place).weights())


@task(task_run_name="compare-{force}", **STEP)
def compare_force(
    force: str, actor: str, warnings: Sequence[str]
) -> dict[str, Any] | contradictions.NotCompared:
    """Compare one force's full pass with what stands; counts, or why not. Removes the export."""
    with step(force, actor) as at, at.transaction() as session:
        found = contradictions.finish(
            session,
            force,
            folder_of(force),
            weights=at.force.weights,
            at=clock.now(),
            actor=actor,
            warnings=warnings,
        )
    shutil.rmtree(folder_of(force), ignore_errors=True)
    return found if isinstance(found, contradictions.NotCompared) else asdict(found)
