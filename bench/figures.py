"""What is said of several measurements of one thing: the median, the least and the most."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Figure:
    """Several measurements of one thing, in one unit."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one; of an even number, halfway between the two in the middle."""
        return median(self.values)

    def shown(self, digits: int = 2) -> str:
        """The median, and the least and the most in brackets."""
        least, most = min(self.values), max(self.values)
        return f"{self.median:,.{digits}f} ({least:,.{digits}f} to {most:,.{digits}f})"


def ratio(of: Sequence[float], to: Sequence[float]) -> Figure:
    """Each measurement of the first divided by the one made beside it of the second."""
    return Figure(tuple(one / other for one, other in zip(of, to, strict=True)))
