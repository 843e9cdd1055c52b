"""What an assurance sample is to show, and the plan that would show it.

The claim is always of one form: of all items, fewer than so many deviate.  A tolerable rate
of 5% of 1,000 makes 50 the smallest number that would be intolerable; the sample shows the
claim if, were 50 or more to deviate, so good a result would have a chance of `risk` at most.

Items that are looked at one by one are counted, not inferred: the known deviations among
them use up their part of what can be tolerated, and no risk is spent on them.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from domain.assurance.exact import ceiling, percent
from domain.assurance.looks import Look
from domain.errors import SampleRefused


class Design(StrEnum):
    """How the items are drawn."""

    SIMPLE = "simple"
    PROPORTIONAL = "proportional"
    CENSUS = "census"


class Method(StrEnum):
    """How the bound is computed; fixed in the plan, before anybody knows a result."""

    HYPERGEOMETRIC = "hypergeometric"
    TOTAL = "stratified-total"
    WENDELL_SCHMEE = "wendell-schmee"
    COUNT = "count"


class Extension(StrEnum):
    """Whether more items may be drawn after a look at the results, and by which rule."""

    FIXED = "fixed"
    TWO_STAGE = "two-stage"
    ANYTIME = "anytime"


@dataclass(frozen=True)
class Claim:
    """Fewer than `tolerable` of all items deviate.

    Args:
        population: Items to be sampled from, 2 or more.
        tolerable: The rate that is too high, of all items, counted ones included.
        expected: The rate expected among the items to be sampled from.
        risk: The accepted chance to show the claim when it is not true.
        counted: Items that are all looked at, beside the population.
        known: Deviations among the counted items.
    """

    population: int
    tolerable: Fraction
    expected: Fraction
    risk: Fraction
    counted: int = 0
    known: int = 0

    def __post_init__(self) -> None:
        if self.population < 2:
            raise SampleRefused(
                f"A population of {self.population} cannot be sampled: it takes 2 items or more."
                " Check the period and the force, or look at every item. Nothing was stored."
            )
        if not 0 <= self.known <= self.counted:
            raise SampleRefused(
                f"{self.known} known deviations among {self.counted} counted items cannot be."
                " Count them again. Nothing was stored."
            )
        if not (0 < self.tolerable <= 1 and self.expected >= 0 and 0 < self.risk < 1):
            raise SampleRefused(
                "A plan needs a tolerable rate above 0% and at most 100%, an expected rate of 0%"
                " or more and a risk between 0% and 100%. Nothing was stored."
            )
        self._check_that_a_sample_can_tell()

    def _check_that_a_sample_can_tell(self) -> None:
        least = self.intolerable
        if least <= 0:
            raise SampleRefused(
                f"The {self.known} known deviations alone are {percent(self.tolerable, 4)} of"
                f" {self.everything} items or more, so no sample can show fewer."
                " Report them as they are. Nothing was stored."
            )
        if least > self.population:
            raise SampleRefused(
                f"Fewer than {percent(self.tolerable, 4)} of {self.everything} items would"
                f" deviate even if all {self.population} not yet looked at did,"
                " so there is nothing to sample for. Nothing was stored."
            )
        if self.expected * self.population >= least:
            raise SampleRefused(
                f"At the expected rate of {percent(self.expected, 4)} the claim would not be true:"
                f" it allows at most {least - 1} deviations among {self.population} items."
                " Expect fewer, or tolerate more. Nothing was stored."
            )

    @property
    def everything(self) -> int:
        """All items, sampled from or counted."""
        return self.population + self.counted

    @property
    def limit(self) -> int:
        """The smallest number of deviations in everything that would make the claim false."""
        return ceiling(self.tolerable * self.everything)

    @property
    def intolerable(self) -> int:
        """The smallest number of deviations in the population that would make the claim false."""
        return self.limit - self.known


@dataclass(frozen=True)
class Plan:
    """How many items to draw, and what result shows the claim.

    `looks` are in order, with numbers so far: a plan without extension has one.  `achieved` is
    the largest chance, over all populations for which the claim is false, that some look
    accepts.  `sizes` names each stratum's part of the first look.
    """

    claim: Claim
    design: Design
    method: Method
    extension: Extension
    looks: tuple[Look, ...]
    achieved: Fraction
    sizes: tuple[tuple[str, int], ...] = ()

    @property
    def drawn(self) -> int:
        """Items to draw at first."""
        return self.looks[0].drawn

    @property
    def acceptance(self) -> int:
        """The most deviations among them that show the claim without drawing more."""
        return self.looks[0].accepted

    @property
    def most(self) -> int:
        """Items drawn at most, if every look asks for more."""
        return self.looks[-1].drawn

    @property
    def census_advised(self) -> bool:
        """Whether looking at every item is advised: half of them would be drawn anyhow."""
        return self.design is not Design.CENSUS and 2 * self.drawn >= self.claim.population
