"""Small populations and samples, for properties and for trying everything."""

from fractions import Fraction
from math import comb

from hypothesis import settings
from hypothesis import strategies as st

from domain.assurance.claim import Claim
from domain.errors import SampleRefused

steady = settings(deadline=None)
"""For a machine that is busy with other work."""

RISKS = (Fraction(1, 100), Fraction(1, 20), Fraction(1, 10), Fraction(1, 3))
risks = st.sampled_from(RISKS)


@st.composite
def samples(draw: st.DrawFn, largest: int = 60) -> tuple[int, int, int]:
    """(found, drawn, population)."""
    population = draw(st.integers(1, largest))
    drawn = draw(st.integers(1, population))
    return draw(st.integers(0, drawn)), drawn, population


@st.composite
def claims(draw: st.DrawFn, largest: int = 400) -> Claim:
    """A claim that a sample can be planned for."""
    population = draw(st.integers(2, largest))
    tolerable = Fraction(draw(st.integers(1, 100)), 100)
    expected = tolerable * Fraction(draw(st.integers(0, 7)), 10)
    try:
        return Claim(population, tolerable, expected, draw(risks))
    except SampleRefused:
        return Claim(population, tolerable, Fraction(0), draw(risks))


def exactly(found: int, population: int, deviating: int, drawn: int) -> Fraction:
    """P(exactly `found` deviating items in a simple random sample)."""
    if drawn - found > population - deviating:
        return Fraction(0)
    ways = comb(deviating, found) * comb(population - deviating, drawn - found)
    return Fraction(ways, comb(population, drawn))
