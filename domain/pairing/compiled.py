"""How the loops that Numba compiles are compiled.

They run beside each other in threads, and are kept on disk.  They make no arrays: all are
given to them, and held by who gives them.  So no loop need count who uses an array, which
every function called with one would else do, and which took half of the time.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

Loop = TypeVar("Loop", bound=Callable[..., Any])
_OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}


def loop(function: Loop) -> Loop:
    """Compile a function when it is first called."""
    made: Loop = njit(**_OPTIONS)(function)
    return made
