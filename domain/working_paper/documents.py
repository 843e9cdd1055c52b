"""The documents of an exercise: what was planned, frozen, committed, drawn and found.

They hold draw ids and no referral's data.  Who planned, lodged, rolled or judged is named by
the name that person signs in with.  A district and a month are those of the frozen referral.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import ClassVar

from domain.assurance.claim import Design, Extension, Method
from domain.assurance.tickets import check_seed
from domain.errors import SampleRefused

_HEX64 = re.compile(r"[0-9a-f]{64}")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_LEAST_DICE = 20


class Use(StrEnum):
    """What a ticket is for; a reserve is in nobody's hands yet."""

    SAMPLE = "sample"
    REPLACEMENT = "replacement"
    EXTENSION = "extension"
    RESERVE = "reserve"


class Judge(StrEnum):
    """In which of three places a judgement was made."""

    FIRST = "first"
    SECOND = "second"
    ADJUDICATION = "adjudication"


class Answer(StrEnum):
    """What was judged; `unavailable` counts as a deviation."""

    COMPLIANT = "compliant"
    DEVIATION = "deviation"
    UNAVAILABLE = "unavailable"
    OUT_OF_FRAME = "out_of_frame"


@dataclass(frozen=True)
class Attribute:
    """A thing to judge of each item; the claim is about the one that is `primary`."""

    code: str
    name: str
    deviation: str
    primary: bool = False


@dataclass(frozen=True)
class Count:
    """How many items of a name: a stratum, a district, a reason to leave out, a stratum's size."""

    name: str
    number: int


@dataclass(frozen=True)
class TakeAll:
    """A stratum of which every item is looked at: `known` of its `items` deviate, as planned."""

    name: str
    items: int
    known: int


@dataclass(frozen=True)
class PlannedLook:
    """As `domain.assurance.looks.Look`."""

    drawn: int
    accepted: int
    continued: int | None = None


@dataclass(frozen=True)
class Ahead:
    """With `found` deviations in the sample, no more than `most` could be said to deviate."""

    found: int
    most: int


@dataclass(frozen=True)
class Point:
    """As `domain.assurance.planning.Chance`."""

    deviating: int
    shown: Fraction
    at_once: Fraction


@dataclass(frozen=True)
class PlanDocument:
    """The plan, fixed from the frozen frame.

    `parts` are the strata of a proportional design with their items, empty otherwise;
    `take_all` are looked at whole.  `items`, `deviates` and `deviate` are the words of the
    conclusion.  `period_until` is not part of the period.
    """

    SCHEMA: ClassVar = "counterfoil/plan/1"

    sample: str
    force: str
    period_from: datetime
    period_until: datetime
    claim: str
    items: str
    deviates: str
    deviate: str
    attributes: tuple[Attribute, ...]
    tolerable: Fraction
    expected: Fraction
    risk: Fraction
    design: Design
    method: Method
    extension: Extension
    population: int
    parts: tuple[Count, ...]
    take_all: tuple[TakeAll, ...]
    looks: tuple[PlannedLook, ...]
    sizes: tuple[Count, ...]
    achieved: Fraction
    bounds_ahead: tuple[Ahead, ...]
    power: tuple[Point, ...]
    census_advised: bool
    planned_by: str
    planned_at: datetime

    def __post_init__(self) -> None:
        codes = [attribute.code for attribute in self.attributes]
        if sum(a.primary for a in self.attributes) != 1 or len(set(codes)) < len(codes):
            raise SampleRefused(
                "A plan has exactly one primary attribute, and each attribute has its own code."
                " Nothing was stored."
            )
        for code in (self.sample, *codes):
            _check_code(code)
        if self.period_from >= self.period_until:
            raise SampleRefused("The period ends before it begins. Nothing was stored.")

    @property
    def primary(self) -> Attribute:
        """The attribute that the claim is about."""
        return next(attribute for attribute in self.attributes if attribute.primary)

    @property
    def counted(self) -> int:
        """Items in the strata that are looked at whole."""
        return sum(stratum.items for stratum in self.take_all)

    @property
    def known(self) -> int:
        """Deviations known among them when the sample was planned."""
        return sum(stratum.known for stratum in self.take_all)


@dataclass(frozen=True)
class FrameRecord:
    """One referral of the frame; `month` as ``2026-03``."""

    draw_id: str
    stratum: str
    district: str
    state: str
    month: str


@dataclass(frozen=True)
class Reconciliation:
    """The frame against a second source: control totals, and what was found of the difference."""

    source: str
    ours: int
    theirs: int
    both: int
    explanation: str


@dataclass(frozen=True)
class FrameHeader:
    """What is lodged of a frame: `supplement` is 0 for the main one, then 1, 2, ..."""

    SCHEMA: ClassVar = "counterfoil/frame-header/1"

    sample: str
    supplement: int
    as_at: datetime
    query_sha256: str
    items: int
    strata: tuple[Count, ...]
    districts: tuple[Count, ...]
    exclusions: tuple[Count, ...]
    reconciliation: Reconciliation | None
    frame_key_sha256: str
    plan_sha256: str
    frame_sha256: str

    def __post_init__(self) -> None:
        _check_code(self.sample)
        for value in (
            self.query_sha256,
            self.frame_key_sha256,
            self.plan_sha256,
            self.frame_sha256,
        ):
            _check_sha256(value)


@dataclass(frozen=True)
class Receipt:
    """Where the commitment was lodged, by whom and when; `reference` finds it there."""

    lodged_with: str
    reference: str
    lodged_by: str
    lodged_at: datetime


@dataclass(frozen=True)
class Commitment:
    """Plan and frame bound by their hashes, before anybody knew the seed."""

    SCHEMA: ClassVar = "counterfoil/commitment/1"

    sample: str
    supplement: int
    plan_sha256: str
    frame_header_sha256: str
    committed_by: str
    committed_at: datetime
    exported_at: datetime
    receipt: Receipt | None

    def __post_init__(self) -> None:
        _check_sha256(self.plan_sha256)
        _check_sha256(self.frame_header_sha256)


@dataclass(frozen=True)
class Beacon:
    """A round of a public beacon: the chain's hash, the round and its randomness, 64 hex digits."""

    chain: str
    round: int
    randomness: str

    def __post_init__(self) -> None:
        _check_sha256(self.chain)
        _check_sha256(self.randomness)
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
    _check_code(sample)
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


@dataclass(frozen=True)
class TicketLine:
    """One ticket: `order` counts from 1 in its frame, in each stratum of a proportional design.

    `look` is the look for which it came into use, from 1; 0 for a reserve.
    """

    order: int
    number: str
    draw_id: str
    stratum: str
    use: Use
    look: int


@dataclass(frozen=True)
class Finding:
    """One judgement of an attribute of an item; a later version replaces an earlier one."""

    draw_id: str
    attribute: str
    judge: Judge
    version: int
    answer: Answer
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Replacement:
    """An item that was out of frame, and the next ticket that came in for it."""

    draw_id_out: str
    draw_id_in: str
    reason: str
    by: str
    at: datetime


def _check_code(code: str) -> None:
    if not _CODE.fullmatch(code):
        raise SampleRefused(
            "A code is 1 to 64 letters, digits, points, underscores and hyphens, beginning with"
            " a letter or digit. Nothing was stored."
        )


def _check_sha256(value: str) -> None:
    if not _HEX64.fullmatch(value):
        raise SampleRefused("A SHA-256 is 64 lowercase hexadecimal digits. Nothing was stored.")
