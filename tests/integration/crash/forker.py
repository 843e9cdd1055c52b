"""Nights in children that are killed at a chosen moment.

``python -m tests.integration.crash.forker`` imports everything once and then, for each JSON
line on standard input, forks a child that runs one night with the plain steps.  The child
counts its moments: each statement about to be sent and each one answered, each commit asked
for and each one done, each file moved, deleted and each folder made, before and after.  At
the moment asked for it sends itself SIGKILL: nothing is closed, flushed or rolled back.

Time and actor are the same in every child, so that what they leave can be compared whole.
"""

import json
import os
import secrets
import signal
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import holidays.countries  # noqa: F401 - imported once, for every child, as are these:
import scipy.sparse.csgraph  # noqa: F401 - likewise
from sqlalchemy import Engine, event
from sqlalchemy.engine.default import DefaultDialect

import tasks.overnight  # noqa: F401 - likewise
from adapters import clock
from cli.run_night import run_plainly

NOW = datetime(2026, 2, 3, 2, 31, tzinfo=UTC)


class Moments:
    """Counts what the night does, and ends the process at one of them."""

    def __init__(self, kill_at: int | None) -> None:
        self.kill_at, self.seen = kill_at, list[str]()

    def pass_by(self, what: str) -> None:
        """Note one moment; do not survive the one that was asked for."""
        self.seen.append(what)
        if len(self.seen) == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, owner: Any, name: str, what: str) -> None:
        """Make a moment before and one after each call of ``owner.name``."""
        call: Callable[..., Any] = getattr(owner, name)

        @wraps(call)
        def watched(*given: Any, **named: Any) -> Any:
            self.pass_by(f"before {what}")
            answer = call(*given, **named)
            self.pass_by(f"after {what}")
            return answer

        setattr(owner, name, watched)

    def watch(self) -> None:
        """Watch this process: its statements, its commits and its files."""
        event.listen(Engine, "before_cursor_execute", lambda *_: self.pass_by("before statement"))
        event.listen(Engine, "after_cursor_execute", lambda *_: self.pass_by("after statement"))
        self.around(DefaultDialect, "do_commit", "commit")
        for name in ("replace", "unlink", "mkdir"):
            self.around(os, name, name)


def child(home: str, as_of: str, kill_at: int | None, log: str) -> dict[str, Any]:
    """Run one night in this process; its answer if it lives to give one."""
    os.environ["COUNTERFOIL_HOME"] = home
    os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND), sys.stderr.fileno())
    clock.now = lambda: NOW
    secrets.token_hex = lambda _=None: "same"  # type: ignore[assignment]  # the same for every run
    moments = Moments(kill_at)
    moments.watch()
    failed = run_plainly(["EX"], datetime.fromisoformat(as_of))
    return {"failed": failed, "moments": moments.seen}


def forked(order: dict[str, Any]) -> dict[str, Any]:
    """Run `order` in a child and wait: ``{"signal": 9}`` or what the child answered."""
    answer = Path(order["log"] + ".answer")
    answer.unlink(missing_ok=True)
    pid = os.fork()
    if pid == 0:
        try:
            answer.write_text(json.dumps(child(**order)))
            os._exit(0)
        except BaseException:  # noqa: BLE001 - a child must never return into the parent's loop
            traceback.print_exc()
        os._exit(70)
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return {"signal": os.WTERMSIG(status)}
    code = os.waitstatus_to_exitcode(status)
    return json.loads(answer.read_text()) if code == 0 else {"code": code}


def main() -> None:
    """Answer orders, a line each, until standard input ends."""
    for line in sys.stdin:
        sys.stdout.write(json.dumps(forked(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
