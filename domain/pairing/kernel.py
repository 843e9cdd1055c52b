"""The compiled loops, switched on only when there is much to do.

Compiling takes some seconds the first time on a machine and is then kept on disk, so small
work (a night, the demo) never asks for it: it takes the NumPy path, which is the reference
that tests hold the compiled loops to.  Without Numba everything takes that path.
"""

import os
from importlib.util import find_spec

LARGE = 250_000
"""Blocking keys, or pairs to weigh, from which the compiled loops are used."""


def is_worth_compiling(size: int) -> bool:
    """Whether this much work is done by the compiled loops."""
    return size >= LARGE and find_spec("numba") is not None


def threads(size: int) -> int:
    """How many threads share so much work: the compiled loops run beside each other."""
    return min(os.cpu_count() or 1, 4) if is_worth_compiling(size) else 1
