"""How precise a band is, by what people decided about its pairings."""

from dataclasses import dataclass

CONFIDENCE = 0.95
ENOUGH = 30
"""Decisions in a band under which its interval is too wide to go by."""


@dataclass(frozen=True)
class Precision:
    """Of `decided` pairings of a band, `confirmed`; the interval is two-sided, both ends 0 to 1."""

    band: str
    confirmed: int
    decided: int
    low: float
    high: float

    @property
    def too_few(self) -> bool:
        """Whether there are too few decisions to go by."""
        return self.decided < ENOUGH


def precision(band: str, confirmed: int, decided: int) -> Precision:
    """The precision of a band with its exact interval (Clopper and Pearson, 1934)."""
    # Here and not above: scipy takes half a second to load, and most commands ask for no interval.
    from scipy.special import betaincinv

    tail = (1 - CONFIDENCE) / 2
    rejected = decided - confirmed
    low = float(betaincinv(confirmed, rejected + 1, tail)) if confirmed else 0.0
    high = float(betaincinv(confirmed + 1, rejected, 1 - tail)) if rejected else 1.0
    return Precision(band, confirmed, decided, low, high)
