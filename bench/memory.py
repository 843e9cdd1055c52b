"""How much memory a process and all that it started hold (Linux: from /proc)."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

PROC: Final = Path("/proc")
PAGE_SIZE: Final = os.sysconf("SC_PAGE_SIZE")


def held(process: int | None) -> int:
    """Resident bytes of the process and its descendants; what they share counts for each.

    Nothing for one that has ended.
    """
    total = 0
    waiting = [] if process is None else [process]
    while waiting:
        number = waiting.pop()
        with suppress(OSError, ValueError):
            total += int((PROC / str(number) / "statm").read_text().split()[1]) * PAGE_SIZE
            for task in (PROC / str(number) / "task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
    return total


def forget_most_held() -> None:
    """Count the most that this process holds from here on (proc(5), clear_refs)."""
    (PROC / "self" / "clear_refs").write_text("5")


def most_held() -> int:
    """The most bytes that this process held resident since that was last forgotten."""
    status = (PROC / "self" / "status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024
