"""Every contender in a process of its own, one after the other and again: time and memory.

The contenders of one size take turns, so that a busy minute of the machine does not fall on
one of them only.  Memory is the most that the process held resident (VmHWM in /proc, so on
Linux only).
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import log10
from pathlib import Path
from typing import Final

import polars as pl

from bench.pairing.corruptions import Setting
from bench.pairing.generate import generate
from bench.pairing.quality import Quality, Threshold, Truth, judge, thresholds
from bench.progress import say

ORDER: Final = ("limit", "engine", "stored", "splink")
UNCOUNTED: Final = "cleaning, not counted"


@dataclass(frozen=True)
class Run:
    """One run: seconds, and bytes at the most, by stage and of the whole.

    `warm` are the seconds of a second run in the same process, if there was one.
    """

    seconds: Mapping[str, float]
    held: Mapping[str, int]
    warm: Mapping[str, float] = field(default_factory=dict)

    @property
    def whole(self) -> float:
        """Seconds, without what is not counted."""
        return _counted(self.seconds)

    @property
    def memory(self) -> int:
        """Bytes at the most."""
        return self.held["whole"]


@dataclass
class Measured:
    """Everything of one set of data: the runs by contender, and how right each was."""

    setting: Setting
    referrals: int
    runs: dict[str, list[Run]] = field(default_factory=dict)
    quality: dict[str, Quality] = field(default_factory=dict)
    rival: tuple[Threshold, Threshold] | None = None

    def best(self, name: str) -> Run:
        """The fastest run of a contender."""
        return min(self.runs[name], key=lambda run: run.whole)

    def warm(self, name: str) -> float:
        """The least seconds that a contender took in a process that had done it before."""
        return min(_counted(run.warm) for run in self.runs[name])


def _counted(seconds: Mapping[str, float]) -> float:
    return seconds["whole"] - seconds.get(UNCOUNTED, 0.0)


def measure(
    referrals: int,
    setting: Setting,
    seed: int,
    repetitions: int,
    folder: Path,
    contenders: Sequence[str] = ORDER,
) -> Measured:
    """Make the data, run the contenders in turn so many times, and count what they found."""
    data = place(folder, referrals, setting, seed)
    if not (data / "done.parquet").exists():
        say(f"making {referrals:,} {setting} referrals")
        generate(data, referrals, setting, seed)
    measured = Measured(setting, referrals)
    run("store", data, folder)
    for _ in range(repetitions):
        for name in contenders:
            one = run(name, data, folder / f"out-{name}", "--again")
            measured.runs.setdefault(name, []).append(one)
            say(f"{name}: {one.whole:.2f} s, {one.memory / 1e9:.2f} GB")
    truth = Truth(data)
    for name in contenders:
        pairs = pl.read_parquet(folder / f"out-{name}" / "pairs.parquet")
        if name == "splink":
            measured.rival = thresholds(pairs, truth)
            cut = pl.col("weight") >= measured.rival[0].bits
            pairs = pairs.with_columns(band=pl.when(cut).then(pl.lit("auto")))
        measured.quality[name] = judge(pairs, truth)
    return measured


def place(folder: Path, referrals: int, setting: Setting, seed: int) -> Path:
    """Where the data of a size, a setting and a seed are kept."""
    return folder / f"{setting}-{referrals}-{seed}"


def run(name: str, data: Path, out: Path, *more: str) -> Run:
    """Run one contender; CalledProcessError if it failed."""
    command = [sys.executable, "-m", "bench.pairing", "run", name, str(data), str(out), *more]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    answer = json.loads(done.stdout.splitlines()[-1])
    return Run(**answer)


def exponents(found: Iterable[Measured], name: str) -> list[tuple[int, int, float]]:
    """The growth of a contender's time between one size and the next: (from, to, exponent)."""
    sized = sorted((one for one in found if name in one.runs), key=lambda one: one.referrals)
    grown = []
    for small, large in pairwise(sized):
        slower = log10(large.best(name).whole / small.best(name).whole)
        larger = log10(large.referrals / small.referrals)
        grown.append((small.referrals, large.referrals, slower / larger))
    return grown
