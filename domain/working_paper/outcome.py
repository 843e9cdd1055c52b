"""The evaluation, every number of it, as it is written into the pack."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import ClassVar


class Outcome(StrEnum):
    """What the sample says of the claim."""

    SHOWN = "shown"
    NOT_SHOWN = "not shown"
    REFUTED = "refuted"


@dataclass(frozen=True)
class Bound:
    """What `found` deviations among `drawn` items say of everything.

    `upper`, `lower` and the two-sided `between` are of `items`, and include the `known`
    deviations among those of them that were counted; the others are figures beside them that
    decide nothing (`domain.assurance.evaluation.Beside`).
    """

    items: int
    drawn: int
    found: int
    known: int
    upper: int
    upper_rate: Fraction
    lower: int | None
    between_lower: int | None
    between_upper: int | None
    clopper_pearson: Fraction
    fisher: int | None
    p_value: Fraction | None


@dataclass(frozen=True)
class StratumResult:
    """One stratum as drawn and judged."""

    name: str
    size: int
    drawn: int
    found: int


@dataclass(frozen=True)
class DistrictResult:
    """As `domain.assurance.domains.Told`: what may be told of a district outside."""

    name: str
    population: int
    drawn: int
    found: int | None
    fewer_than: int | None
    upper: int | None


@dataclass(frozen=True)
class AgreementResult:
    """How two people agreed; deviation or unavailable against compliant.

    `once` are items that one person only judged.
    """

    items: int
    once: int
    agreed: int
    rate: Fraction
    kappa: Fraction | None
    on_deviations: Fraction | None
    by_chance: Fraction
    lowest: Fraction


@dataclass(frozen=True)
class AttributeResult:
    """One attribute: the headline counts what was not available as a deviation.

    Strata that were looked at whole are among `strata`, with `drawn` equal to `size`.  An
    attribute other than the primary one is not judged of items that were known to deviate
    beforehand, and its bounds are of the others.
    """

    code: str
    unavailable: int
    headline: Bound
    unavailable_not_counted: Bound
    strata: tuple[StratumResult, ...]
    agreement: AgreementResult | None


@dataclass(frozen=True)
class Replaced:
    """The bounds that hold with items found not to belong to the frame.

    `upper` includes the known deviations; `upper_rate` is of the items that belong and were
    not counted beforehand, None where the design has no such bound.
    """

    out_of_frame: int
    upper: int
    upper_rate: Fraction | None


@dataclass(frozen=True)
class UnplannedExtension:
    """Items drawn beyond the plan: what they would say, and the true error of looking again."""

    drawn: int
    found: int
    upper: int
    taken: int
    error: Fraction
    allowed: int
    warning: str


@dataclass(frozen=True)
class EvaluationDocument:
    """The evaluation of an exercise; the primary attribute comes first."""

    SCHEMA: ClassVar = "counterfoil/evaluation/1"

    sample: str
    plan_sha256: str
    findings_sha256: str
    population: int
    counted: int
    limit: int
    outcome: Outcome
    attributes: tuple[AttributeResult, ...]
    districts: tuple[DistrictResult, ...]
    replaced: Replaced | None
    unplanned: UnplannedExtension | None
    conclusion: str
    limitations: tuple[str, ...]
    evaluated_by: str
    evaluated_at: datetime
