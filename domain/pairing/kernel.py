"""The compiled loops, switched on only when there is much to do.

Compiling takes some seconds the first time on a machine and is then kept on disk, so small
work (most nights, the demo) does not ask for it: it takes the NumPy path, which is the reference
that tests hold the compiled loops to.  Without Numba everything takes that path.
"""

import os
import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from importlib.util import find_spec
from typing import Any

LARGE = 250_000
"""Blocking keys, or pairs to weigh, from which the compiled loops are used.

Of those that are loaded, because there was so much to do before, a tenth is enough.
"""


def is_worth_compiling(size: int) -> bool:
    """Whether this much work is done by the compiled loops."""
    loaded = "domain.pairing.compiled" in sys.modules
    return size >= (LARGE // 10 if loaded else LARGE) and find_spec("numba") is not None


class _AtOnce(Executor):
    """Does everything when it is given, in the thread that gives it."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The call's result, or what it raised, there already."""
        done = Future[Any]()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as fault:  # noqa: BLE001 - raised to whoever asks for the result
            done.set_exception(fault)
        return done


def workers(size: int) -> Executor:
    """Who does so much work: threads, or for little work the caller, as a thread costs more."""
    number = threads(size)
    return ThreadPoolExecutor(number) if number > 1 else _AtOnce()


def threads(size: int) -> int:
    """How many threads share so much work: the compiled loops run beside each other."""
    return min(os.cpu_count() or 1, 4) if is_worth_compiling(size) else 1
