"""A real Prefect server and a process worker, on loopback and in a folder of their own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
POOL = "counterfoil"
READY_WITHIN = 120.0
"""Seconds that a server may take to answer on a busy machine."""
ENDED_WITHIN = 300.0
"""Seconds that a run may take, with the worker's start and its own."""
TERMINAL = frozenset({"COMPLETED", "FAILED", "CRASHED", "CANCELLED"})


@dataclass(frozen=True)
class Served:
    """A server that answers and a worker that polls it; `env` is what a client needs."""

    env: Mapping[str, str]
    worker: "subprocess.Popen[bytes]"

    def prefect(self, *words: str) -> str:
        """What ``prefect WORDS`` prints; a failure is an error that carries it."""
        return run(self.env, "-m", "prefect", "--no-prompt", *words)

    def night(self, deployment: str, *parameters: str) -> str:
        """Run a deployment now and wait for its end, which must be Completed."""
        given = [word for each in parameters for word in ("--param", each)]
        return self.prefect(
            "deployment", "run", deployment, *given, "--watch", "--watch-interval", "1"
        )

    def triggered(self, deployment: str, **parameters: str) -> None:
        """The same without Prefect's command: as a schedule or an automation starts it."""
        found = self.answer(f"deployments/name/{deployment}")
        once = {"parameters": parameters, "idempotency_key": deployment}
        made = self.answer(f"deployments/{found['id']}/create_flow_run", once)
        end = time.monotonic() + ENDED_WITHIN
        while made["state"]["type"] not in TERMINAL and time.monotonic() < end:
            time.sleep(0.5)
            made = self.answer(f"flow_runs/{made['id']}")
        assert "COMPLETED" == made["state"]["type"], f"{deployment}: {made['state']}"

    def asked(self, path: str, **filters: Any) -> Any:
        """What the server's API answers to a filter."""
        return self.answer(f"{path}/filter", filters)

    def answer(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """What the server's API answers: to a POST of `body`, or to a GET if there is none.

        A server whose database was locked says 503, and is asked again as Prefect's client does.
        """
        request = urllib.request.Request(
            f"{self.env['PREFECT_API_URL']}/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        end = time.monotonic() + READY_WITHIN
        while True:
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                with error:
                    if error.code != HTTPStatus.SERVICE_UNAVAILABLE or time.monotonic() > end:
                        raise
            time.sleep(0.5)


def run(env: Mapping[str, str], *words: str, ends: Collection[int] = (0,)) -> str:
    """What a Python command prints; it must end with one of `ends`."""
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=dict(env), capture_output=True, text=True
    )
    assert done.returncode in ends, f"{words}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
    return done.stdout + done.stderr


@contextmanager
def serving(folder: Path, home: Path) -> Iterator[Served]:
    """A server with every deployment of prefect.yaml, for the installation in `home`."""
    port = free_port()
    env = os.environ | {
        "COUNTERFOIL_HOME": str(home),
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_WORKER_QUERY_SECONDS": "2",
        "DO_NOT_TRACK": "1",
        "TMPDIR": str(folder),
        "COLUMNS": "200",
    }
    with ExitStack() as stack:
        log = stack.enter_context((folder / "server.log").open("wb"))
        server = ("server", "start", "--host", "127.0.0.1", "--port", str(port))
        stack.enter_context(started(env, log.fileno(), *server))
        wait_for(f"{env['PREFECT_API_URL']}/health")
        run(env, "-m", "prefect", "--no-prompt", "work-pool", "create", POOL, "--type", "process")
        worker = ("worker", "start", "--pool", POOL)
        polling = stack.enter_context(started(env, log.fileno(), *worker))
        run(env, "-m", "prefect", "--no-prompt", "deploy", "--all")
        yield Served(env, polling)


@contextmanager
def started(env: Mapping[str, str], log: int, *words: str) -> Iterator["subprocess.Popen[bytes]"]:
    """``prefect WORDS`` in the background, in a process group of its own, ended afterwards."""
    command = [sys.executable, "-m", "prefect", *words]
    process = subprocess.Popen(
        command, cwd=ROOT, env=dict(env), stdout=log, stderr=log, start_new_session=True
    )
    try:
        yield process
    finally:
        for sign in (signal.SIGTERM, signal.SIGKILL):
            if process.poll() is None:
                os.killpg(process.pid, sign)
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                continue


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
    return found


def wait_for(address: str) -> None:
    """Return when an address answers; TimeoutError if it does not in time."""
    end = time.monotonic() + READY_WITHIN
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.5)
    raise TimeoutError(f"{address} did not answer within {READY_WITHIN:.0f} s")
