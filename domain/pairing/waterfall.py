"""The evidence of one pair as a picture: a waterfall in SVG, field by field, in bits.

A bar runs from the sum so far to the sum with its field; the last bar is the total.  What
speaks for the pair is solid and what speaks against it hatched, so the picture needs no
colour.  It holds the words of the evidence and no value of any field, reads as text in a
screen reader, and equal evidence gives equal bytes.
"""

import hashlib
import math
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import NamedTuple
from xml.sax.saxutils import escape

from domain.pairing.explain import Evidence

_ROW, _BAR, _TOP, _EDGE = 26, 16, 52, 14
_PLOT, _LETTER, _NUMBER = 360, 7, 74
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE = 'stroke="#000" stroke-width="0.6"'


class _Row(NamedTuple):
    """One field: its words as XML, its bits, and those bits as they are shown."""

    words: str
    bits: float
    shown: Decimal


def shown_bits(bits: Sequence[float]) -> list[Decimal]:
    """Each value to two decimals, so rounded that they add up to their rounded sum."""
    if not all(map(math.isfinite, bits)):
        raise ValueError("evidence has a weight that is not a finite number of bits")
    sums = [Decimal(f"{total:.2f}") for total in accumulate(bits, initial=0.0)]
    return [later - earlier for earlier, later in pairwise(sums)]


def signed(bits: Decimal) -> str:
    """A number of bits with its sign, a minus being U+2212: ``+6.99``, ``0.00``."""
    return f"{bits:+.2f}".replace("-", "\u2212") if bits else "0.00"


def waterfall(evidence: Sequence[Evidence], title: str) -> str:
    """An SVG document of the evidence, in its order.

    Args:
        evidence: As `explain` gives it; its bits add up to the pair's weight.
        title: What the picture is of, such as the names of the two records.

    Raises:
        ValueError: bits that are not finite.
    """
    shown = shown_bits([item.bits for item in evidence])
    rows = [
        _Row(_xml(item.words), item.bits, bits) for item, bits in zip(evidence, shown, strict=True)
    ]
    total = _Row("total", math.fsum(row.bits for row in rows), sum(shown, Decimal("0.00")))
    said = "; ".join(f"{row.words} {signed(row.shown)}" for row in rows)
    desc = f"Total {signed(total.shown)} bits. {said or 'Nothing was compared'}."
    mark = hashlib.sha256(f"{title}{desc}".encode("utf-8", "replace")).hexdigest()[:12]
    label = _LETTER * max([len(item.words) for item in evidence] + [len(total.words)])
    width = 2 * _EDGE + max(label + _NUMBER + _PLOT, 9 * len(title))
    height = _TOP + _ROW * (len(rows) + 1) + _EDGE
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}"'
        f' height="{height}" font-family="sans-serif" font-size="13" role="img"'
        f' aria-labelledby="t{mark} d{mark}">',
        f'<title id="t{mark}">{_xml(title)}</title>',
        f'<desc id="d{mark}">{desc}</desc>',
        f'<defs><pattern id="h{mark}" width="6" height="6" patternUnits="userSpaceOnUse"'
        ' patternTransform="rotate(45)"><rect width="6" height="6" fill="#fff"/>'
        '<path d="M0 0V6" stroke="#000" stroke-width="2"/></pattern></defs>',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<text x="{_EDGE}" y="24" font-weight="bold">{_xml(title)}</text>',
        *_rows(rows, total, _EDGE + label + _NUMBER, f"url(#h{mark})"),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _rows(rows: Sequence[_Row], total: _Row, left: int, hatched: str) -> Iterator[str]:
    """A row for each field, and one for the total: words, bits, and a bar from `left` on."""
    sums = list(accumulate((row.bits for row in rows), initial=0.0))
    low, high = min(sums), max(sums)
    scale = (_PLOT - 4) / ((high - low) or 1.0)
    end = _TOP + _ROW * len(rows)

    def at(bits: float) -> str:
        return f"{left + (bits - low) * scale:.1f}"

    def bar(start: float, bits: float, top: int, fill: str) -> str:
        x, across = at(min(start, start + bits)), f"{abs(bits) * scale:.1f}"
        return f'<rect x="{x}" y="{top}" width="{across}" height="{_BAR}" fill="{fill}" {_LINE}/>'

    yield f'<path d="M{at(0.0)} {_TOP - 8}V{end + _ROW}" stroke-dasharray="2 3" {_LINE}/>'
    for number, (row, before, after) in enumerate(zip(rows, sums, sums[1:], strict=False)):
        top = _TOP + _ROW * number
        fill = hatched if row.bits < 0 else "#444"
        yield f'<g data-bits="{row.bits!r}">{_texts(row, top, left)}'
        if row.bits:
            yield bar(before, row.bits, top, fill)
        yield f'<path d="M{at(after)} {top + _BAR * bool(row.bits)}V{top + _ROW}" {_LINE}/></g>'
    yield f'<g data-total="{total.bits!r}" font-weight="bold">{_texts(total, end, left)}'
    yield f"{bar(0.0, total.bits, end, '#bbb')}</g>"


def _texts(row: _Row, top: int, left: int) -> str:
    y = top + _BAR - 4
    return (
        f'<text x="{_EDGE}" y="{y}">{row.words}</text>'
        f'<text x="{left - 12}" y="{y}" text-anchor="end">{signed(row.shown)}</text>'
    )


def _xml(text: str) -> str:
    """`text` as XML takes it; characters that XML 1.0 has no place for become ``?``."""
    return escape(_NOT_XML.sub("?", text))
