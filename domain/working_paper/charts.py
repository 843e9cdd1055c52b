"""The charts of an exercise in SVG: equal figures give equal bytes.

Places are worked out in whole tenths of a unit from whole numbers and fractions, so no
computer draws them otherwise.  Each picture has its figures as text for a screen reader, needs
no colour, and names no item.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from xml.sax.saxutils import escape

from domain.assurance.exact import percent
from domain.working_paper.outcome import EvaluationDocument
from domain.working_paper.plan import PlanDocument

_WIDTH, _HEIGHT, _LEFT, _TOP, _ACROSS, _DOWN = 640, 340, 70, 50, 540, 230
_LINE = 'stroke="#000" stroke-width="1"'
_THIN = 'stroke="#999" stroke-width="0.5"'


def power(plan: PlanDocument) -> str:
    """The chance that the claim is shown, by how many items deviate."""
    points = [(point.deviating, point.shown) for point in plan.power]
    most = max(deviating for deviating, _ in points) or 1
    said = "; ".join(f"{k:,} deviating: {percent(chance, 1, up=False)}" for k, chance in points)
    places = " ".join(
        f"{_x(Fraction(deviating, most))},{_y(chance)}" for deviating, chance in points
    )
    risk = _y(plan.risk)
    at_once = " ".join(
        f"{_x(Fraction(point.deviating, most))},{_y(point.at_once)}" for point in plan.power
    )
    first = [
        f'<polyline points="{at_once}" fill="none" stroke="#000" stroke-dasharray="2 3"/>',
        f'<text x="{_LEFT}" y="{_HEIGHT - 14}">dotted: at the first look</text>',
    ]
    body = [
        *(first if len(plan.looks) > 1 else []),
        *_frame(
            f"{plan.items} that deviate, of {plan.population:,} sampled from", most, Fraction(1)
        ),
        f'<path d="M{_LEFT} {risk}H{_LEFT + _ACROSS}" stroke-dasharray="4 3" {_LINE}/>',
        f'<text x="{_LEFT + 6}" y="{_up(risk)}">risk {percent(plan.risk, 4)}</text>',
        f'<polyline points="{places}" fill="none" stroke="#000" stroke-width="2"/>',
    ]
    return _svg("Chance that the sample shows the claim", said, body)


def ahead(plan: PlanDocument, limit: int, everything: int) -> str | None:
    """What each number of deviations found would say; None where it depends on more than that."""
    if not plan.bounds_ahead:
        return None
    top = Fraction(max(limit, *(each.most for each in plan.bounds_ahead)), everything)
    said = "; ".join(f"{e.found:,} found: at most {e.most:,}" for e in plan.bounds_ahead)
    step = Fraction(_ACROSS, len(plan.bounds_ahead))
    body = [*_grid(top)]
    for place, each in enumerate(plan.bounds_ahead):
        x = _LEFT + step * place + step / 5
        y = _y(Fraction(each.most, everything) / top)
        shown = each.most < limit
        body += [
            f'<rect x="{_tenths(x)}" y="{y}" width="{_tenths(step * 3 / 5)}"'
            f' height="{_tenths(_TOP + _DOWN - Fraction(y))}"'
            f' fill="{"#444" if shown else "#fff"}" {_LINE}/>',
            _label(x + step * 3 / 10, f"{each.found:,}"),
            f'<text x="{_tenths(x + step * 3 / 10)}" y="{_up(y)}" text-anchor="middle">'
            f"{each.most:,}</text>",
        ]
    at = _y(Fraction(limit, everything) / top)
    body += [
        f'<path d="M{_LEFT} {at}H{_LEFT + _ACROSS}" stroke-dasharray="4 3" {_LINE}/>',
        f'<text x="{_LEFT + _ACROSS}" y="{_HEIGHT - 14}" text-anchor="end">deviations found in the'
        f" sample; dashed: {limit:,}, too many; black: shown</text>",
    ]
    return _svg("At most so many deviate, by what is found", said, body)


def attributes(plan: PlanDocument, outcome: EvaluationDocument) -> str:
    """The bounds of each attribute as a share of its items, with the tolerable rate."""
    names = {attribute.code: attribute.name for attribute in plan.attributes}
    rows = [(names[each.code], each.headline) for each in outcome.attributes]
    top = max([plan.tolerable, *(bound.upper_rate for _, bound in rows)])
    step = Fraction(_DOWN, len(rows))
    body = []
    for place, (name, bound) in enumerate(rows):
        y = _TOP + step * place + step / 2
        high = _x(bound.upper_rate / top)
        low = _x(Fraction(bound.lower or 0, bound.items) / top)
        label = f"{name}: {bound.lower or 0:,} to {bound.upper:,} of {bound.items:,}"
        body += [
            f'<text x="{_LEFT}" y="{_tenths(y - 8)}">{_xml(label)}</text>',
            f'<path d="M{low} {_tenths(y)}H{high}" stroke="#000" stroke-width="4"/>',
            *(f'<path d="M{x} {_tenths(y - 5)}V{_tenths(y + 5)}" {_LINE}/>' for x in (low, high)),
        ]
    limit = _x(plan.tolerable / top)
    body += [
        f'<path d="M{limit} {_TOP}V{_TOP + _DOWN}" stroke-dasharray="4 3" {_LINE}/>',
        *_across(top),
        f'<text x="{_LEFT}" y="{_HEIGHT - 14}">share that may deviate; dashed: tolerable,'
        f" {percent(plan.tolerable, 4)}</text>",
    ]
    said = "; ".join(
        f"{name}: from {bound.lower or 0:,} to {bound.upper:,} of {bound.items:,}"
        for name, bound in rows
    )
    return _svg("What may deviate, by attribute", said, body)


def _svg(title: str, said: str, body: Sequence[str]) -> str:
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}"'
        f' width="{_WIDTH}" height="{_HEIGHT}" role="img"'
        ' font-family="Libertinus Serif, sans-serif" font-size="13">',
        f"<title>{_xml(title)}</title>",
        f"<desc>{_xml(said)}</desc>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        f'<text x="{_LEFT}" y="26" font-weight="bold" font-size="15">{_xml(title)}</text>',
        *body,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _frame(words: str, most: int, top: Fraction) -> Iterator[str]:
    """Both axes: shares from below, numbers from the left."""
    yield from _grid(top)
    for part in sorted({0, most // 4, most // 2, 3 * most // 4, most}):
        yield _label(_LEFT + Fraction(part * _ACROSS, most), f"{part:,}")
    yield (f'<text x="{_LEFT + _ACROSS}" y="{_HEIGHT - 14}" text-anchor="end">{_xml(words)}</text>')


def _grid(top: Fraction) -> Iterator[str]:
    for quarter in range(5):
        share = Fraction(quarter, 4)
        y = _y(share)
        yield f'<path d="M{_LEFT} {y}H{_LEFT + _ACROSS}" {_THIN}/>'
        yield (
            f'<text x="{_LEFT - 8}" y="{_tenths(Fraction(y) + 4)}" text-anchor="end">'
            f"{percent(share * top, 2)}</text>"
        )


def _across(top: Fraction) -> Iterator[str]:
    for quarter in range(5):
        share = Fraction(quarter, 4)
        x = _x(share)
        yield f'<path d="M{x} {_TOP}V{_TOP + _DOWN}" {_THIN}/>'
        yield _label(Fraction(x), percent(share * top, 2))


def _label(x: Fraction, text: str) -> str:
    y = _TOP + _DOWN + 18
    return f'<text x="{_tenths(x)}" y="{y}" text-anchor="middle">{_xml(text)}</text>'


def _x(share: Fraction) -> str:
    return _tenths(_LEFT + share * _ACROSS)


def _y(share: Fraction) -> str:
    return _tenths(_TOP + _DOWN - share * _DOWN)


def _up(y: str) -> str:
    return _tenths(Fraction(y) - 5)


def _tenths(value: Fraction | int) -> str:
    """To one decimal place, halves up."""
    tenths = (Fraction(value) * 10 + Fraction(1, 2)) // 1
    return f"{tenths // 10}.{tenths % 10}"


def _xml(text: str) -> str:
    return escape(text)
