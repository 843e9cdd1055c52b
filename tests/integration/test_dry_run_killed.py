"""A dry run that is killed leaves no process behind."""

import csv
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

KILLED = """
import os, sys, time
from multiprocessing import active_children
from pathlib import Path
from datetime import UTC, datetime
from adapters.feeds import DEFAULT_RULES, load_map
from adapters.policies import load_policies
from domain.words import Feed
from services import dry_run_parts, dry_run_reading

def moved(rows):
    print(*(child.pid for child in active_children()), flush=True)
    time.sleep(600)

if __name__ == "__main__":
    asked = dry_run_parts.Asked(
        feed=Feed.REFERRALS, path=Path(sys.argv[1]), column_map=load_map(None, "referrals"),
        rules=DEFAULT_RULES, policies=load_policies(None), force="XX",
        as_of=datetime(2026, 3, 1, tzinfo=UTC), key=b"k" * 32,
    )
    dry_run_reading.read(asked, print, moved, processes=2, part=1)
"""


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")
def test_the_reading_processes_of_a_killed_dry_run_end_as_well(tmp_path: Path) -> None:
    program, feed = tmp_path / "killed.py", tmp_path / "referrals.csv"
    program.write_text(KILLED)
    with feed.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["referral_id", "referred_at", "officer_id"])
        rows.writerows([f"R{n}", "2026-02-01T10:00:00Z", "4411"] for n in range(20))
    dry_run = subprocess.Popen(
        [sys.executable, program, feed],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    with dry_run:
        assert dry_run.stdout is not None
        readers = [int(pid) for pid in dry_run.stdout.readline().split()]
        assert len(readers) == 2
        assert all(map(_lives, readers))
        dry_run.send_signal(signal.SIGKILL)
    until = time.monotonic() + 30
    while any(map(_lives, readers)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not [pid for pid in readers if _lives(pid)]


def _lives(pid: int) -> bool:
    """Whether the process is there and is more than a record waiting to be collected."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
