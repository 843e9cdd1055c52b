"""The plan of an exercise, fixed from the frozen frame."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import ClassVar

from domain.assurance.claim import Design, Extension, Method
from domain.errors import SampleRefused
from domain.working_paper.codes import check_code


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
            check_code(code)
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
