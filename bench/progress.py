"""What a benchmark is doing, on standard error: a bar on a terminal, else a line a stage."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from rich.console import Console
from rich.progress import track as bar

Item = TypeVar("Item")


def track(items: Iterable[Item], name: str, total: int) -> Iterator[Item]:
    """The items, with how far they are; `total` is how many there are."""
    screen = Console(stderr=True)
    begun = time.perf_counter()
    if screen.is_terminal:
        yield from bar(items, description=name, total=total, console=screen)
        return
    yield from items
    say(f"{name}: {time.perf_counter() - begun:.0f} s")


def say(line: str) -> None:
    """One line."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
