"""The full pass of two forces in PostgreSQL on a Dask cluster of two worker processes.

One of the workers is killed on its way.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import pytest
from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_API_URL, temporary_settings
from sqlmodel import col, select

from adapters import database, settings
from domain.errors import SettingsRefused
from flows.pair_anew import pair_anew
from models import AuditEventRow
from synthetic.generate import generate
from synthetic.writers import write_csv
from tasks.full_pass import task_runner
from tests.cli.calling import call
from tests.orchestration.installations import deliver, environment, install, read_csv
from tests.orchestration.served import ROOT, free_port, run

pytestmark = pytest.mark.enable_socket
AS_OF = datetime(2026, 6, 1, 2, 30, tzinfo=UTC)
MONTHS = 36
FORCES = ("EX", "WY")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, postgresql_url: str) -> Path:
    """Two forces with three years of history in PostgreSQL, after their first night."""
    made = install(tmp_path_factory.mktemp("scale"), *FORCES, database_url=postgresql_url)
    for force in FORCES:
        policy = made / "policies" / f"{force}.toml"
        policy.write_text(policy.read_text("utf-8").replace("2026-01-01", "2020-01-01"), "utf-8")
    with TemporaryDirectory() as folder:
        feeds = generate(600, 7, "realistic", MONTHS, FORCES, 3.0, date(2023, 1, 2))
        write_csv(feeds, Path(folder))
        for feed in ("referrals", "documents"):
            rows = read_csv(Path(folder) / f"{feed}.csv")
            for force in FORCES:
                theirs = [row for row in rows if row["force"] == force]
                deliver(made, f"{feed}.csv", theirs, force, feed)
    answer = call("run", "--no-prefect", "--as-of", AS_OF.isoformat(), home=made)
    assert 2 != answer.code, answer.err
    return made


def clean(**more: str) -> dict[str, str]:
    """The environment without what other tests set for Prefect."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return kept | more


@contextmanager
def cluster(folder: Path, home: Path) -> Iterator[tuple[str, list[int]]]:
    """A scheduler and two worker processes on loopback: its address, their pids."""
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    scheduler = ("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
    worker = ("worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard")
    with ExitStack() as stack:
        log = stack.enter_context((folder / "dask.log").open("wb"))
        started = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", "dask", *words],
                    cwd=folder,
                    env=clean(COUNTERFOIL_HOME=str(home), PYTHONPATH=str(ROOT)),
                    stdout=log,
                    stderr=log,
                )
            )
            for words in (scheduler, worker, worker)
        ]
        for process in started:
            stack.callback(process.kill)
        yield address, [process.pid for process in started[1:]]


def full_pass(home: Path, **env: str) -> list[dict[str, Any]]:
    """Run one full pass in this process; what the audit trail says of it, force by force."""
    with environment(COUNTERFOIL_HOME=str(home), **env):
        assert pair_anew(return_state=True).is_completed()
    return told(home)


def full_pass_by_itself(home: Path, **env: str) -> list[dict[str, Any]]:
    """The same by the command, which has no Prefect server but its own."""
    run(clean(**env), "-m", "cli", "--home", str(home), "pair-anew", "--json", ends=(0, 1))
    return told(home)


def told(home: Path) -> list[dict[str, Any]]:
    """What the audit trail says of the last full pass of each force, the last force first."""
    engine = database.engine(settings.load(home).database)
    try:
        with database.reading(engine) as session:
            rows = session.exec(
                select(AuditEventRow)
                .where(col(AuditEventRow.action) == "paired anew")
                .order_by(col(AuditEventRow.seq).desc())
                .limit(len(FORCES))
            ).all()
            return [json.loads(row.body) for row in rows]
    finally:
        engine.dispose()


def kill_once_begun(home: Path, pid: int, seen: list[int]) -> None:
    """Kill a worker as soon as the first period is weighed; note how many were by then."""
    end = time.monotonic() + 300
    while time.monotonic() < end:
        done = len(list((home / "parts").glob("*/edges.*.parquet")))
        if done:
            os.kill(pid, signal.SIGKILL)
            seen.append(done)
            return
        time.sleep(0.005)


def children(pid: int) -> list[str]:
    """The pids of the processes that a process has started and not ended."""
    threads = Path(f"/proc/{pid}/task").glob("*/children")
    return [child for each in threads for child in each.read_text().split()]


@pytest.fixture(scope="module")
def alone(home: Path, prefect_server: None) -> list[dict[str, Any]]:
    """What one process finds, which is the first full pass there is."""
    return full_pass(home)


def test_two_processes_and_one_of_them_killed_give_what_one_process_gives(
    alone: list[dict[str, Any]], home: Path, tmp_path: Path
) -> None:
    """
    Bit for bit: the digest is over every pairing with its evidence.  One of the passes
    starts Prefect's temporary server itself, which serves the workers as well; the others
    are given one.
    """
    killed_at: list[int] = []
    with cluster(tmp_path, home) as (address, pids):
        spread = full_pass_by_itself(home, COUNTERFOIL_DASK=address)
        left_behind = [child for pid in pids for child in children(pid)]
        killer = Thread(target=kill_once_begun, args=(home, pids[0], killed_at))
        killer.start()
        survived = full_pass(home, COUNTERFOIL_DASK=address)
        killer.join()

    assert len(alone) == len(FORCES)
    assert all(each["parts"] >= 6 for each in alone)
    assert all(each["pairings"] > 150 for each in alone)
    assert alone == spread == survived
    assert [] == left_behind
    assert killed_at
    assert killed_at[0] < sum(each["parts"] for each in alone)


def test_every_force_is_given_out_to_be_weighed_before_any_is_compared(
    alone: list[dict[str, Any]],
) -> None:
    """
    Workers that are done with one force go on with the next.
    """
    expected = [f"{step}-{force}" for step in ("export", "compare") for force in FORCES]

    assert expected == steps(expected)


def steps(names: Sequence[str]) -> list[str]:
    """The first runs of tasks of these names in order, when Prefect has recorded them all."""
    asked = {"task_runs": {"name": {"any_": names}}, "sort": "EXPECTED_START_TIME_ASC"}
    end = time.monotonic() + 60
    with get_client(sync_client=True) as client:
        while time.monotonic() < end:
            found = client.request("POST", "/task_runs/filter", json=asked).json()
            if len(found) >= len(names):
                break
            time.sleep(0.1)
    return [each["name"] for each in found[: len(names)]]


def test_an_address_that_is_none_is_refused(home: Path) -> None:
    """A misspelt address must not send a force's records anywhere, nor run here in silence."""
    with environment(COUNTERFOIL_DASK="localhost"), pytest.raises(SettingsRefused, match="dask"):
        settings.load(home)


def test_workers_elsewhere_need_a_server_that_they_reach(home: Path) -> None:
    """Each would start a server of its own on the installation's folder, and leave it behind."""
    there = {"COUNTERFOIL_HOME": str(home), "COUNTERFOIL_DASK": "tcp://10.0.0.5:8786"}
    with (
        environment(**there),
        temporary_settings(restore_defaults={PREFECT_API_URL}),
        pytest.raises(SettingsRefused, match="PREFECT_API_URL"),
    ):
        task_runner()
