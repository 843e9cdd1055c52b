"""Results by district, so told that no district's small number can be worked out.

Of a simple random sample, the items of one district are a simple random sample of that
district, however many there happen to be, so its bound is exact.  Each bound stands for
itself; to hold all of them at once, divide the risk by the number of districts.

A district's deviations are hidden if they are few, and with them its bound, which would give
them away.  The total is told, so one hidden number alone could be had by subtraction: further
districts are hidden, the smallest first, until every hidden number could be one of at least
two, for a reader who knows the rule.  If that cannot be had, the total is hidden as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from domain.assurance.bounds import upper
from domain.errors import SampleRefused

FEW = 5
"""Fewer deviations than this, and more than none, are hidden."""


@dataclass(frozen=True)
class District:
    """`found` of `drawn` items of a district of `population` items deviate."""

    name: str
    population: int
    drawn: int
    found: int

    def __post_init__(self) -> None:
        if not 0 <= self.found <= self.drawn <= self.population:
            raise SampleRefused(
                f"{self.found} deviations among {self.drawn} drawn of {self.population} items"
                f" cannot be in {self.name}. Count them again. Nothing was stored."
            )


@dataclass(frozen=True)
class Told:
    """What is told of a district: None where a number is hidden, or none was drawn."""

    name: str
    population: int
    drawn: int
    found: int | None
    upper: int | None


@dataclass(frozen=True)
class Table:
    """All districts in the order given, and the deviations in all, None if hidden."""

    rows: tuple[Told, ...]
    found: int | None


def by_district(districts: Sequence[District], risk: Fraction, few: int = FEW) -> Table:
    """What may be told of each district."""
    hidden = _hidden(districts, few)
    safe = _safe(districts, hidden, few)
    rows = tuple(
        Told(district.name, district.population, district.drawn, None, None)
        if place in hidden
        else Told(
            district.name,
            district.population,
            district.drawn,
            district.found,
            upper(district.found, district.drawn, district.population, risk)
            if district.drawn
            else None,
        )
        for place, district in enumerate(districts)
    )
    return Table(rows, sum(district.found for district in districts) if safe else None)


def _hidden(districts: Sequence[District], few: int) -> set[int]:
    hidden = {place for place, district in enumerate(districts) if 0 < district.found < few}
    others = sorted(
        (place for place, district in enumerate(districts) if place not in hidden),
        key=lambda place: (not districts[place].found, districts[place].found, place),
    )
    for place in others:
        if _safe(districts, hidden, few):
            break
        if districts[place].drawn:
            hidden.add(place)
    return hidden


def _safe(districts: Sequence[District], hidden: set[int], few: int) -> bool:
    """Whether each hidden small number could be another, to whoever knows total and rule."""
    total = sum(districts[place].found for place in hidden)
    ranges = {place: _range(districts[place], few) for place in hidden}
    low = sum(least for least, _ in ranges.values())
    high = sum(most for _, most in ranges.values())
    for place in hidden:
        least, most = ranges[place]
        fewest = max(least, total - (high - most))
        greatest = min(most, total - (low - least))
        if fewest == greatest:
            return False
    return True


def _range(district: District, few: int) -> tuple[int, int]:
    """What a hidden number could be, to whoever knows whether it was hidden as a small one."""
    if 0 < district.found < few:
        return 1, min(few - 1, district.drawn)
    return 0, district.drawn
