"""The compiled loops, switched on only when there is much to do.

Compiling takes some seconds the first time on a machine and is then kept on disk, so small
work (a night, the demo) never asks for it: it takes the NumPy path, which is the reference
that tests hold the compiled loops to.  Without Numba everything takes that path.
"""

from importlib.util import find_spec

import numpy as np

from domain.pairing.arrays import I64, U64

LARGE = 250_000
"""Blocking keys, or pairs to weigh, from which the compiled loops are used."""


def is_worth_compiling(size: int) -> bool:
    """Whether this much work is done by the compiled loops."""
    return size >= LARGE and find_spec("numba") is not None


class Blocks:
    """Distinct blocking keys, numbered; of the referrals, which are the fewer."""

    def __init__(self, keys: U64) -> None:
        """Number `keys`: afterwards `of` has each key's number and `count` how many there are."""
        keys = np.maximum(keys, 1)
        self.compiled = is_worth_compiling(len(keys))
        if not self.compiled:
            self._keys, self.of = np.unique(keys, return_inverse=True)
            self.count = len(self._keys)
            return
        from domain.pairing import loops

        size = 1 << (2 * len(keys)).bit_length()
        self._table = np.zeros(size, dtype=np.uint64)
        self._numbers = np.zeros(size, dtype=np.int64)
        self.of = np.zeros(len(keys), dtype=np.int64)
        self.count = loops.number(keys, self._table, self._numbers, self.of)

    def find(self, keys: U64) -> I64:
        """The number of each key, -1 for a key that is not there."""
        keys = np.maximum(keys, 1)
        if not self.compiled:
            if not self.count:
                return np.full(len(keys), -1)
            at = np.minimum(np.searchsorted(self._keys, keys), self.count - 1)
            return np.where(self._keys[at] == keys, at, -1)
        from domain.pairing import loops

        of = np.zeros(len(keys), dtype=np.int64)
        loops.find(keys, self._table, self._numbers, of)
        return of
