"""Results by district, so told that no district's small number can be worked out.

Of a simple random sample, the items of one district are a simple random sample of that
district, however many there happen to be, so its bound is exact.  Each bound stands for
itself; to hold all of them at once, divide the risk by the number of districts.

A district with few deviations, none included, is told as having fewer than so many, with the
bound that holds for any such number.  The sample's total is always told, so the few ones
could be had by subtraction; therefore one district more is not told at all, the one with the
most items drawn, which is not chosen by what was found.  If even so a number could be only
one, nothing is told of any district.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from domain.assurance.bounds import upper
from domain.errors import SampleRefused

FEW = 5
"""Fewer deviations than this are not told one from another."""


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
    """What is told of a district: a number, or that it is below one, or nothing.

    `upper` is the largest number of its items that the sample does not rule out, for what is
    told; None where nothing is, or nothing was drawn.
    """

    name: str
    population: int
    drawn: int
    found: int | None = None
    fewer_than: int | None = None
    upper: int | None = None


def by_district(districts: Sequence[District], risk: Fraction, few: int = FEW) -> list[Told]:
    """What may be told of each district, beside the total; in the order given."""
    small = {place for place, d in enumerate(districts) if d.drawn and d.found < few}
    silent = _silent(districts, small, few)
    if silent is None:
        return [Told(d.name, d.population, d.drawn) for d in districts]
    if not any(d.found for d in districts):
        small = set()
    return [
        Told(d.name, d.population, d.drawn)
        if place in silent
        else _told(d, risk, few if place in small else None)
        for place, d in enumerate(districts)
    ]


def _told(district: District, risk: Fraction, fewer_than: int | None) -> Told:
    worst = district.found if fewer_than is None else min(fewer_than - 1, district.drawn)
    return Told(
        district.name,
        district.population,
        district.drawn,
        district.found if fewer_than is None else None,
        fewer_than,
        upper(worst, district.drawn, district.population, risk) if district.drawn else None,
    )


def _silent(districts: Sequence[District], small: set[int], few: int) -> set[int] | None:
    """The district not told at all, if one has to be; None if even that is not enough."""
    if not any(district.found for district in districts) or not small:
        return set()
    others = [place for place, d in enumerate(districts) if d.drawn and place not in small]
    silent = set(sorted(others, key=lambda place: (-districts[place].drawn, place))[:1])
    return silent if _could_be_another(districts, small, silent, few) else None


def _could_be_another(
    districts: Sequence[District], small: set[int], silent: set[int], few: int
) -> bool:
    """Whether each small number above none could be another, all others told being what it is."""
    ranges = {p: (0, min(few - 1, districts[p].drawn)) for p in small}
    ranges |= {p: (few, districts[p].drawn) for p in silent}
    total = sum(districts[place].found for place in ranges)
    low, high = (sum(ends[end] for ends in ranges.values()) for end in (0, 1))
    for place in small:
        least, most = ranges[place]
        fewest = max(least, total - (high - most))
        greatest = min(most, total - (low - least))
        if districts[place].found and fewest == greatest:
            return False
    return True
