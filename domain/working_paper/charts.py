"""The charts of an exercise in SVG: equal figures give equal bytes.

Places are worked out in whole tenths of a unit from whole numbers and fractions, so no
computer draws them otherwise.  Each picture has its figures as text for a screen reader, needs
no colour, and names no item.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import cycle
from xml.sax.saxutils import escape

from domain.assurance.exact import ceiling, percent
from domain.working_paper.outcome import Bound, EvaluationDocument
from domain.working_paper.plan import PlanDocument

_WIDTH, _HEIGHT, _LEFT, _TOP, _ACROSS, _DOWN = 640, 340, 70, 50, 540, 230
_LINE = 'stroke="#000" stroke-width="1"'
_THIN = 'stroke="#999" stroke-width="0.5"'
_MOST_TICKS = 6


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
        f'<polyline points="{places}" fill="none" stroke="#000" stroke-width="2"/>',
        *_over(f'x="{_LEFT + 6}" y="{_up(risk)}"', f"risk {percent(plan.risk, 4)}"),
    ]
    return _svg("Chance that the sample shows the claim", said, body)


def ahead(plan: PlanDocument, limit: int, everything: int) -> str | None:
    """What each number of deviations found would say; None where it depends on more than that."""
    if not plan.bounds_ahead:
        return None
    top = top_of(Fraction(max(limit, *(each.most for each in plan.bounds_ahead)), everything))
    said = "; ".join(f"{e.found:,} found: at most {e.most:,}" for e in plan.bounds_ahead)
    step = Fraction(_ACROSS, len(plan.bounds_ahead))
    body, labels = [*_grid(top)], list[str]()
    for place, each in enumerate(plan.bounds_ahead):
        x = _LEFT + step * place + step / 5
        y = _y(Fraction(each.most, everything) / top)
        shown = each.most < limit
        body += [
            f'<rect x="{_tenths(x)}" y="{y}" width="{_tenths(step * 3 / 5)}"'
            f' height="{_tenths(_TOP + _DOWN - Fraction(y))}"'
            f' fill="{"#444" if shown else "#fff"}" {_LINE}/>',
            _label(x + step * 3 / 10, f"{each.found:,}"),
        ]
        middle = f'x="{_tenths(x + step * 3 / 10)}" y="{_up(y)}" text-anchor="middle"'
        labels += _over(middle, f"{each.most:,}")
    at = _y(Fraction(limit, everything) / top)
    body += [
        f'<path d="M{_LEFT} {at}H{_LEFT + _ACROSS}" stroke-dasharray="4 3" {_LINE}/>',
        *labels,
        f'<text x="{_LEFT + _ACROSS}" y="{_HEIGHT - 14}" text-anchor="end">deviations found in the'
        f" sample; dashed: {limit:,}, too many; black: shown</text>",
    ]
    return _svg("At most so many deviate, by what is found", said, body)


def attributes(plan: PlanDocument, outcome: EvaluationDocument) -> str:
    """The bounds of each attribute as a share of its items, with the tolerable rate.

    A mark without a line is a bound from above alone; the two ends of a line are bounds each by
    itself, and not a two-sided interval.
    """
    names = {attribute.code: attribute.name for attribute in plan.attributes}
    rows = [(names[each.code], each.headline) for each in outcome.attributes]
    top = top_of(max([plan.tolerable, *(bound.upper_rate for _, bound in rows)]))
    step = Fraction(_DOWN, len(rows))
    limit = _x(plan.tolerable / top)
    body = [
        *_across(top),
        f'<path d="M{limit} {_TOP}V{_TOP + _DOWN}" stroke-dasharray="4 3" {_LINE}/>',
    ]
    for place, (name, bound) in enumerate(rows):
        y = _TOP + step * place + step / 2
        high = _x(bound.upper_rate / top)
        low = high if bound.lower is None else _x(Fraction(bound.lower, bound.items) / top)
        body += [
            *_over(f'x="{_LEFT}" y="{_tenths(y - 8)}"', _both(name, bound)),
            f'<path d="M{low} {_tenths(y)}H{high}" stroke="#000" stroke-width="4"/>',
            *(f'<path d="M{x} {_tenths(y - 5)}V{_tenths(y + 5)}" {_LINE}/>' for x in (low, high)),
        ]
    share = f"share of the items{_sure(plan, rows)}"
    body.append(
        f'<text x="{_LEFT}" y="{_HEIGHT - 14}">{share}; dashed: tolerable,'
        f" {percent(plan.tolerable, 4)}</text>"
    )
    said = "; ".join(_both(name, bound) for name, bound in rows)
    return _svg("What may deviate, by attribute", said, body)


def _sure(plan: PlanDocument, rows: Sequence[tuple[str, Bound]]) -> str:
    if all(bound.drawn == plan.population for _, bound in rows):
        return ""
    return f", each end by itself with {percent(1 - plan.risk, 2, up=False)} confidence"


def _both(name: str, bound: Bound) -> str:
    least = "" if bound.lower is None else f"at least {bound.lower:,}, "
    return f"{name}: {least}at most {bound.upper:,} of {bound.items:,}"


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
    step = max(1, ceiling(_step(Fraction(most))))
    for part in range(0, most + 1, step):
        yield _label(_LEFT + Fraction(part * _ACROSS, most), f"{part:,}")
    yield (f'<text x="{_LEFT + _ACROSS}" y="{_HEIGHT - 14}" text-anchor="end">{_xml(words)}</text>')


def _grid(top: Fraction) -> Iterator[str]:
    for value in ticks(top):
        y = _y(value / top)
        yield f'<path d="M{_LEFT} {y}H{_LEFT + _ACROSS}" {_THIN}/>'
        yield (
            f'<text x="{_LEFT - 8}" y="{_tenths(Fraction(y) + 4)}" text-anchor="end">'
            f"{percent(value, 12)}</text>"
        )


def _across(top: Fraction) -> Iterator[str]:
    for value in ticks(top):
        x = _x(value / top)
        yield f'<path d="M{x} {_TOP}V{_TOP + _DOWN}" {_THIN}/>'
        yield _label(Fraction(x), percent(value, 12))


def ticks(top: Fraction) -> list[Fraction]:
    """The round numbers from 0 to `top`."""
    step = _step(top)
    return [step * place for place in range(top // step + 1)]


def top_of(most: Fraction) -> Fraction:
    """The first tick that is not below `most`."""
    step = _step(most)
    return step * ceiling(most / step)


def _step(most: Fraction) -> Fraction:
    """The smallest of 1, 2 and 5 times a power of ten of which six or fewer reach `most`."""
    step = Fraction(1, 10**12)
    for factor in cycle((Fraction(2), Fraction(5, 2), Fraction(2))):
        if step * _MOST_TICKS >= most:
            break
        step *= factor
    return step


def _label(x: Fraction, text: str) -> str:
    y = _TOP + _DOWN + 18
    return f'<text x="{_tenths(x)}" y="{y}" text-anchor="middle">{_xml(text)}</text>'


def _over(place: str, text: str) -> Iterator[str]:
    """A text that may lie over lines, with a white edge under it; not every program that prints
    knows ``paint-order``."""
    edge = 'stroke="#fff" stroke-width="4" stroke-linejoin="round" aria-hidden="true"'
    yield f"<text {place} {edge}>{_xml(text)}</text>"
    yield f"<text {place}>{_xml(text)}</text>"


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
