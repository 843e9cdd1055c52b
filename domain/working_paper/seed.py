"""The seed of a frame: an auditor's dice, and a public beacon where there is one."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from domain.assurance.tickets import check_seed
from domain.errors import SampleRefused
from domain.working_paper.codes import check_code, check_sha256

_LEAST_DICE = 20


@dataclass(frozen=True)
class Beacon:
    """A round of a public beacon: the chain's hash, the round and its randomness, 64 hex digits."""

    chain: str
    round: int
    randomness: str

    def __post_init__(self) -> None:
        check_sha256(self.chain)
        check_sha256(self.randomness)
        if self.round < 1:
            raise SampleRefused("A beacon's rounds are numbered from 1. Nothing was stored.")


@dataclass(frozen=True)
class SeedRecord:
    """The seed of one frame: the auditor's dice, and a beacon's round where there was one.

    `seed` is ``assure/1|<sample>|dice:<digits>``, with ``+<supplement>`` after the sample for a
    supplementary frame, and ``|drand:<chain>:<round>:<randomness>`` at the end with a beacon.
    """

    SCHEMA: ClassVar = "counterfoil/seed/1"

    sample: str
    supplement: int
    dice: str
    beacon: Beacon | None
    seed: str
    entered_by: str
    entered_at: datetime

    def __post_init__(self) -> None:
        if self.seed != seed_string(self.sample, self.supplement, self.dice, self.beacon):
            raise SampleRefused(
                "The seed is not the one that its sample, dice and beacon make. Nothing was stored."
            )


def seed_string(sample: str, supplement: int, dice: str, beacon: Beacon | None) -> str:
    """The seed, as `SeedRecord` describes it.

    Raises:
        SampleRefused: There are too few dice, or all show the same.
    """
    check_code(sample)
    if not re.fullmatch(f"[0-9]{{{_LEAST_DICE},200}}", dice) or len(set(dice)) == 1:
        raise SampleRefused(
            f"The dice are given as digits only, {_LEAST_DICE} of them or more and not all the"
            " same. Roll a ten-sided die 20 times and write the digits down. Nothing was stored."
        )
    of = f"{sample}+{supplement}" if supplement else sample
    seed = f"assure/1|{of}|dice:{dice}"
    if beacon is not None:
        seed += f"|drand:{beacon.chain}:{beacon.round}:{beacon.randomness}"
    check_seed(seed)
    return seed
