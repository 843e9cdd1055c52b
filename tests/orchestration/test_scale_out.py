"""The full pass on a Dask cluster of two worker processes, one of them killed on its way."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import pytest
from prefect.settings import PREFECT_API_URL
from sqlmodel import col, select

from adapters import database, settings
from domain.errors import SettingsRefused
from models import AuditEventRow
from synthetic.generate import generate
from synthetic.writers import write_csv
from tests.orchestration.installations import deliver, environment, install, read_csv
from tests.orchestration.served import ROOT, free_port, run

pytestmark = [pytest.mark.enable_socket, pytest.mark.xdist_group("flows")]
AS_OF = datetime(2026, 6, 1, 2, 30, tzinfo=UTC)
MONTHS = 60
PRELOAD = ("--preload", "tasks.full_pass")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A force with five years of history, after its first night."""
    made = install(tmp_path_factory.mktemp("scale"))
    policy = made / "policies" / "EX.toml"
    policy.write_text(policy.read_text("utf-8").replace("2026-01-01", "2020-01-01"), "utf-8")
    with TemporaryDirectory() as folder:
        feeds = generate(600, 7, "realistic", MONTHS, ["EX"], 3.0, date(2021, 1, 4))
        write_csv(feeds, Path(folder))
        for feed in ("referrals", "documents"):
            deliver(made, f"{feed}.csv", read_csv(Path(folder) / f"{feed}.csv"), "EX", feed)
    run(clean(), *command(made, "run", "--no-prefect", "--as-of", AS_OF.isoformat()), ends=(0, 1))
    return made


def clean(**more: str) -> dict[str, str]:
    """The environment without what other tests set for Prefect."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return kept | more


def command(home: Path, *words: str) -> tuple[str, ...]:
    """The words of a `counterfoil` command."""
    return ("-m", "cli", "--home", str(home), *words)


@contextmanager
def cluster(folder: Path, home: Path) -> Iterator[tuple[str, list[int]]]:
    """A scheduler and two worker processes on loopback: its address, their pids."""
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    scheduler = (
        "scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-dashboard",
        *PRELOAD,
    )
    worker = ("worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard", *PRELOAD)
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


def full_pass(home: Path, **env: str) -> dict[str, Any]:
    """Run one full pass; what the audit trail says of it."""
    run(clean(**env), *command(home, "pair-anew", "--json"), ends=(0, 1))
    engine = database.engine(settings.load(home).database)
    try:
        with database.reading(engine) as session:
            row = session.exec(
                select(AuditEventRow)
                .where(col(AuditEventRow.action) == "paired anew")
                .order_by(col(AuditEventRow.seq).desc())
            ).first()
            assert row is not None
            found: dict[str, Any] = json.loads(row.body)
            return found
    finally:
        engine.dispose()


def kill_once_begun(home: Path, pid: int, seen: list[int]) -> None:
    """Kill a worker as soon as the first period is weighed; note how many were by then."""
    end = time.monotonic() + 300
    while time.monotonic() < end:
        done = len(list((home / "parts" / "EX").glob("edges.*.parquet")))
        if done:
            os.kill(pid, signal.SIGKILL)
            seen.append(done)
            return
        time.sleep(0.005)


def test_two_processes_and_one_of_them_killed_give_what_one_process_gives(
    home: Path, tmp_path: Path, prefect_server: None
) -> None:
    """
    Bit for bit: the digest is over every pairing with its evidence.  One of the passes
    starts Prefect's temporary server itself; the others are given one.
    """
    server = {"PREFECT_API_URL": PREFECT_API_URL.value()}
    alone = full_pass(home, **server)
    killed_at: list[int] = []
    with cluster(tmp_path, home) as (address, pids):
        spread = full_pass(home, COUNTERFOIL_DASK=address)
        killer = Thread(target=kill_once_begun, args=(home, pids[0], killed_at))
        killer.start()
        survived = full_pass(home, COUNTERFOIL_DASK=address, **server)
        killer.join()

    assert alone["parts"] >= 10
    assert alone["pairings"] > 300
    assert alone == spread == survived
    assert killed_at
    assert killed_at[0] < alone["parts"]


def test_an_address_that_is_none_is_refused(home: Path) -> None:
    """A misspelt address must not send a force's records anywhere, nor run here in silence."""
    with environment(COUNTERFOIL_DASK="localhost"), pytest.raises(SettingsRefused, match="dask"):
        settings.load(home)
