"""Memory that was freed goes back to the system."""

import ctypes
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from adapters.memory import give_back

A_PIECE = 100_000
"""Bytes; little enough for the C library to keep it when it is freed."""


def held() -> int:
    """Bytes that this process holds resident."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="not glibc")
def test_what_was_freed_is_given_back() -> None:
    """
    All but what is still used: here the last of many pieces, which keeps the others from going
    by themselves.
    """
    pieces = [np.ones(A_PIECE, dtype=np.uint8) for _ in range(1_000)]
    last = pieces.pop()
    pieces.clear()
    before = held()
    give_back()

    assert before - held() > 50 * A_PIECE
    assert last.sum() == A_PIECE


def test_nothing_is_done_where_the_library_cannot(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Not every C library has the call.
    """
    monkeypatch.setattr(ctypes, "CDLL", lambda name: SimpleNamespace())

    give_back()
