"""The picture of a pair's evidence: true to its numbers, readable without seeing it, safe."""

import math
from decimal import Decimal
from xml.etree import ElementTree

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.pairing import Evidence, default_weights, explain, weigh
from domain.pairing.waterfall import shown_bits, signed, waterfall
from tests.unit.pairing import strategies as made

SVG = "{http://www.w3.org/2000/svg}"
WEIGHTS = default_weights()
BITS = st.integers(-40_000, 40_000).map(lambda steps: steps / 1024)
WORDS = st.text(st.characters(), min_size=1, max_size=40)
EVIDENCE = st.lists(
    st.builds(Evidence, field=st.just("officer"), level=st.just(""), bits=BITS, words=WORDS),
    max_size=14,
)


def parsed(svg: str) -> ElementTree.Element:
    """The picture as any XML reader has it."""
    return ElementTree.fromstring(svg.encode("utf-8"))


def an_edge() -> list[Evidence]:
    """The evidence of a pair that agrees here and disagrees there."""
    ours = made.referrals([made.a_referral(1)], [made.a_person(1)])
    theirs = made.documents(
        [made.a_document(1, officer="99", custody=None)], [made.a_person(1, nationality="VNM")]
    )
    pair = pl.DataFrame({"referral": [1], "document": [1]})
    return explain(weigh(pair, ours, theirs, WEIGHTS).row(0, named=True), WEIGHTS)


@given(evidence=EVIDENCE)
def test_the_fields_add_up_exactly_to_the_total(evidence: list[Evidence]) -> None:
    """
    A reader can re-add the picture by hand, as it is shown and to the last bit.
    """
    picture = parsed(waterfall(evidence, "A pair"))

    rows = [float(row.get("data-bits", "")) for row in picture.iter() if row.get("data-bits")]
    (total,) = [float(row.get("data-total", "")) for row in picture.iter() if row.get("data-total")]
    assert [item.bits for item in evidence] == rows
    assert sum(rows) == total
    shown = [row.text for row in picture.iter(f"{SVG}text") if row.get("text-anchor") == "end"]
    numbers = [Decimal((text or "").replace("\u2212", "-")) for text in shown]
    assert sum(numbers[:-1], Decimal(0)) == numbers[-1]
    assert float(numbers[-1]) == pytest.approx(total, abs=0.0051)


@given(bits=st.lists(BITS, max_size=14))
def test_no_shown_value_is_more_than_a_hundredth_off(bits: list[float]) -> None:
    """
    Making the shown numbers add up moves each by less than the last digit.
    """
    assert [float(each) for each in shown_bits(bits)] == pytest.approx(bits, abs=0.0101)


@given(evidence=EVIDENCE.filter(lambda found: any(item.bits for item in found)))
def test_each_bar_begins_where_the_last_one_ended(evidence: list[Evidence]) -> None:
    """
    The picture is a waterfall of the sums and not a row of separate bars.
    """
    picture = parsed(waterfall(evidence, "A pair"))
    sums = [math.fsum(item.bits for item in evidence[:n]) for n in range(len(evidence) + 1)]
    low, high = min(sums), max(sums)

    rows = [row for row in picture.iter(f"{SVG}g") if row.get("data-bits")]

    edges = {}
    for number, row in enumerate(rows):
        for bar in row.iter(f"{SVG}rect"):
            left = float(bar.get("x", ""))
            edges[number] = (left, left + float(bar.get("width", "")))
    origin = min(left for left, _ in edges.values())
    for number, (left, right) in edges.items():
        ends = sorted(sums[number : number + 2])
        scale = (356) / (high - low)
        assert (left - origin, right - origin) == pytest.approx(
            [(end - low) * scale for end in ends], abs=0.21
        )


@given(evidence=EVIDENCE, title=WORDS)
def test_any_text_makes_a_sound_picture_and_equal_evidence_equal_bytes(
    evidence: list[Evidence], title: str
) -> None:
    """
    Names of records come from other systems: none may break the page, or run in it.
    """
    svg = waterfall(evidence, title)

    assert svg == waterfall(list(evidence), title)
    found = {element.tag.removeprefix(SVG) for element in parsed(svg).iter()}
    assert found <= {
        "svg", "title", "desc", "defs", "pattern", "rect", "path", "text", "g",
    }  # fmt: skip


def test_markup_in_words_stays_text() -> None:
    """
    A URN with a script in it is shown as it is written.
    """
    title = '<script>alert("&")</script>\x00\ud800'

    picture = parsed(waterfall([Evidence("officer", "", 1.0, "a < b & c")], title))

    assert '<script>alert("&")</script>??' == picture.findtext(f"{SVG}title")
    assert "a < b & c" in [row.text for row in picture.iter(f"{SVG}text")]


def test_a_screen_reader_is_told_everything_that_is_drawn() -> None:
    """
    The title says what it is, the description every field with its bits.
    """
    evidence = an_edge()

    picture = parsed(waterfall(evidence, "Referral R1 and document U1"))

    assert "img" == picture.get("role")
    title, desc = picture.find(f"{SVG}title"), picture.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert f"{title.get('id')} {desc.get('id')}" == picture.get("aria-labelledby")
    said = desc.text or ""
    for item, bits in zip(evidence, shown_bits([item.bits for item in evidence]), strict=True):
        assert f"{item.words} {signed(bits)}" in said
    assert said.startswith(f"Total +{sum(item.bits for item in evidence):.2f} bits.")


def test_for_and_against_are_told_apart_without_colour() -> None:
    """
    It is printed in black and white for a working paper.
    """
    picture = parsed(waterfall(an_edge(), "A pair"))
    fills = {
        (float(row.get("data-bits", "0")) < 0, bar.get("fill", "")[:4])
        for row in picture.iter(f"{SVG}g")
        if row.get("data-bits")
        for bar in row.iter(f"{SVG}rect")
    }

    assert {(True, "url("), (False, "#444")} == fills
    named = {each.get(name, "") for each in picture.iter() for name in ("fill", "stroke")}
    colours = {value.removeprefix("#") for value in named if not value.startswith("url(")}
    assert all(len(set(digits)) <= 1 for digits in colours), "a grey repeats one digit"


def test_no_value_of_a_field_is_in_the_picture() -> None:
    """
    The picture may be shown to whoever may know that the two records belong together.
    """
    svg = waterfall(an_edge(), "A pair")

    record = made.a_referral(1)
    values = ("officer", "reference", "incident", "custody", "postcode")
    assert not [name for name in values if str(record[name]) in svg]
    assert "Q012ABC" not in svg


@pytest.mark.parametrize("bits", [math.nan, math.inf, -math.inf])
def test_evidence_without_a_number_is_refused(bits: float) -> None:
    """
    A bar of no length is a bug to hear of, not a picture to believe.
    """
    with pytest.raises(ValueError, match="not a finite number of bits"):
        waterfall([Evidence("officer", "", bits, "officer agrees")], "A pair")
