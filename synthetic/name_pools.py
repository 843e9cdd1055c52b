"""The names of names.toml, flat, so that a million people are named by a few integers each.

A group is one name and the spellings officers give it; a transliteration swaps one spelling
for another of the same group.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]

_NAMES: Final = tomllib.loads(Path(__file__).with_name("names.toml").read_text("utf-8"))
ORIGINS: Final = tuple(_NAMES)
ORIGIN_SHARES: Final = np.array([_NAMES[origin]["share"] for origin in ORIGINS])
_PARTS: Final = ("forenames", "surnames")

_OTHER_SPELLINGS: Final = (
    ("ou", "u"), ("ee", "i"), ("y", "i"), ("q", "k"), ("w", "v"), ("ph", "f"), ("ch", "sh"),
    ("k", "c"), ("i", "y"), ("u", "ou"), ("a", "e"), ("e", "a"), ("o", "u"),
)  # fmt: skip
_COMMON: Final = 0.7
"""The share of people whose name part is one of the common ones."""


@dataclass(frozen=True)
class Pool:
    """Names of every origin, flat.

    ``spelling[i]`` is a name and ``group_of[i]`` its group g, whose variants are
    ``start[g]`` to ``start[g] + size[g] - 1``.  The groups of origin o are ``first[o]`` to
    ``first[o + 1] - 1``, the commonest first; ``cumulative[g]`` is o plus the share of
    people of origin o who have group g or an earlier one.
    """

    spelling: tuple[str, ...]
    group_of: Integers
    start: Integers
    size: Integers
    first: Integers
    cumulative: NDArray[np.float64]

    def draw(self, rng: np.random.Generator, origin: Integers) -> Integers:
        """One name a person: the index of its usual spelling, or now and then another."""
        drawn = np.searchsorted(self.cumulative, origin + rng.random(len(origin)), side="right")
        group: Integers = drawn.clip(self.first[origin], self.first[origin + 1] - 1)
        other: Integers = np.where(
            rng.random(len(origin)) < 0.3, rng.integers(0, 99, len(origin)), 0
        )
        spelling: Integers = self.start[group] + other % self.size[group]
        return spelling

    def respell(self, rng: np.random.Generator, name: Integers) -> Integers:
        """Another spelling of each name (the same, where it has only one)."""
        group = self.group_of[name]
        size = self.size[group]
        step = 1 + rng.integers(0, 99, len(name)) % np.maximum(size - 1, 1)
        spelling: Integers = self.start[group] + (name - self.start[group] + step) % size
        return spelling


def respelt(name: str) -> str:
    """The name with its first respellable part written otherwise."""
    for one, other in _OTHER_SPELLINGS:
        if one in name[1:]:
            return name[0] + name[1:].replace(one, other, 1)
    return name + name[-1]


def _groups(origin: str, part: int) -> list[list[str]]:
    names = _NAMES[origin]
    common = [group.split(",") for group in names[_PARTS[part]].split()]
    stems, endings = names["stems"].split(), names["endings"].split()
    rare = [stem + ending for stem in stems for ending in endings]
    known = {group[0] for group in common}
    mine = [name for number, name in enumerate(rare) if number % 2 == part and name not in known]
    groups = common + [[name, respelt(name)] for name in mine]
    return [[variant.replace("_", " ") for variant in group] for group in groups]


def _shares(common: int, rare: int) -> NDArray[np.float64]:
    weights = 1 / np.arange(2, common + 2)
    return np.append(_COMMON * weights / weights.sum(), np.full(rare, (1 - _COMMON) / rare))


def _pool(part: int) -> Pool:
    by_origin = [_groups(origin, part) for origin in ORIGINS]
    groups = [group for of_origin in by_origin for group in of_origin]
    size = np.array([len(group) for group in groups], np.int64)
    first = np.cumsum([0] + [len(of_origin) for of_origin in by_origin])
    shares = []
    for number, (origin, (low, high)) in enumerate(zip(ORIGINS, pairwise(first), strict=True)):
        common = len(_NAMES[origin][_PARTS[part]].split())
        shares.append(number + np.cumsum(_shares(common, int(high - low) - common)))
    return Pool(
        spelling=tuple(name for group in groups for name in group),
        group_of=np.repeat(np.arange(len(groups)), size),
        start=np.cumsum(size) - size,
        size=size,
        first=first.astype(np.int64),
        cumulative=np.concatenate(shares),
    )


@cache
def forenames() -> Pool:
    """Every forename, origin by origin in the order of `ORIGINS`."""
    return _pool(0)


@cache
def surnames() -> Pool:
    """Every surname, origin by origin in the order of `ORIGINS`."""
    return _pool(1)
