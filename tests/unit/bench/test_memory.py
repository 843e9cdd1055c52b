"""The memory of a process is counted with that of all that it started."""

import os
import subprocess
import sys

from bench.memory import held

GREEDY = """
import sys
kept = bytearray(b"x" * 80_000_000)
print("ready", flush=True)
sys.stdin.readline()
"""
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {GREEDY!r}])"


def test_what_a_grandchild_holds_counts() -> None:
    """
    A dry run that gave its work to others would look small otherwise.
    """
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as started:
        assert started.stdout is not None
        assert "ready\n" == started.stdout.readline()
        held_by_both = held(started.pid)
        started.communicate("\n")

    assert 80_000_000 < held_by_both < 1_000_000_000
    assert 0 == held(started.pid)


def test_a_process_holds_something_and_none_holds_nothing() -> None:
    """
    A size in pages taken for bytes would be four thousand times too small.
    """
    assert 10_000_000 < held(os.getpid())
    assert 0 == held(None)
