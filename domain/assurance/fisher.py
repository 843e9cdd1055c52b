"""The published conservative bound for strata, as a reference beside ours.

Each stratum's chance p_s of so few deviations is combined by Fisher's method: were all the
allocation's numbers true, -2 sum ln p_s would be at most chi-squared with 2 S degrees of
freedom.  The allocation with the largest product of the p_s is the one that is hardest to
rule out, and as each p_s is log-concave in the number of deviating items it is found by
adding one at a time where the product falls least.

Source: P. B. Stark, StatNotes, "Inference about binary populations from stratified samples".
The tail of chi-squared is in closed form, e**-x sum x**j / j!, and is worked out in decimal
arithmetic with 40 digits; no decision of ours rests on it.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction

from domain.assurance.exact import Ratio, at_most
from domain.assurance.strata import Stratum

_DIGITS = 40
_LARGEST = 20_000


def fisher_upper(strata: Sequence[Stratum], risk: Fraction) -> int | None:
    """The largest number of deviating items that Fisher's method does not rule out.

    None above 20,000 items, where it would take longer than a reference is worth.
    """
    if sum(stratum.size for stratum in strata) > _LARGEST:
        return None
    deviating = -1
    with localcontext() as context:
        context.prec = _DIGITS
        limit = Decimal(risk.numerator) / risk.denominator
        for product in _products(strata):
            if product is not None and _combined(product, len(strata)) <= limit:
                break
            deviating += 1
    return deviating


def _combined(product: Decimal, strata: int) -> Decimal:
    if not product:
        return Decimal(0)
    x = -product.ln()
    term = total = Decimal(1)
    for j in range(1, strata):
        term = term * x / j
        total += term
    return product * total


def _products(strata: Sequence[Stratum]) -> Iterator[Decimal | None]:
    """For 0, 1, ... deviating items, the largest product; None while too few to be possible."""
    held = [stratum.found for stratum in strata]
    for _ in range(sum(held)):
        yield None
    now = [_chance(s, k) for s, k in zip(strata, held, strict=True)]
    following = [_chance(s, k + 1) for s, k in zip(strata, held, strict=True)]
    while True:
        yield _product(now)
        room = [s for s in range(len(held)) if held[s] < strata[s].size]
        if not room:
            return
        best = max(room, key=lambda s: Fraction(*following[s]) / Fraction(*now[s]))
        held[best] += 1
        now[best] = following[best]
        following[best] = _chance(strata[best], held[best] + 1)


def _chance(stratum: Stratum, deviating: int) -> Ratio:
    if deviating > stratum.size:
        return 0, 1
    return at_most(stratum.found, stratum.size, deviating, stratum.drawn)


def _product(chances: Sequence[Ratio]) -> Decimal:
    product = Decimal(1)
    for top, bottom in chances:
        product *= Decimal(top) / bottom
    return product
