"""The page of figures: a section is written without touching what stands around it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.figures import Figure, ratio
from bench.page import table, with_section, write_section

TEXTS = st.text("abc |-\n", max_size=40)


@given(before=TEXTS, old=TEXTS, new=TEXTS, after=TEXTS)
def test_a_section_replaces_what_is_between_its_markers_and_nothing_else(
    before: str, old: str, new: str, after: str
) -> None:
    """
    Another benchmark's figures, and the sentences written by hand, stay as they are.
    """
    start, end = "<!-- measured: a night -->", "<!-- end of a night -->"
    held = f"{before}{start}\n{old}\n{end}{after}"

    assert f"{before}{start}\n{new.strip()}\n{end}{after}" == with_section(held, "a night", new)


@given(first=TEXTS, second=TEXTS)
def test_two_sections_of_one_page_are_written_in_any_order(first: str, second: str) -> None:
    """
    Two benchmarks write one page, each on its own day.
    """
    empty = with_section(with_section("# Benchmarks\n", "a night", ""), "the dry run", "")

    one = with_section(with_section(empty, "a night", first), "the dry run", second)
    other = with_section(with_section(empty, "the dry run", second), "a night", first)
    assert one == other


@pytest.mark.parametrize(
    "held",
    [
        "<!-- measured: a night -->",
        "<!-- end of a night -->",
        "<!-- end of a night --><!-- measured: a night -->",
        "<!-- measured: a night --><!-- measured: a night --><!-- end of a night -->",
    ],
)
def test_a_broken_marker_stops_the_page_from_being_written(tmp_path: Path, held: str) -> None:
    """
    Figures put in the wrong place could be taken for another's.
    """
    page = tmp_path / "page.md"
    page.write_text(held, "utf-8")

    with pytest.raises(LookupError, match="a night"):
        write_section(page, "a night", "text")
    assert held == page.read_text("utf-8")


def test_a_page_that_is_not_there_begins_with_its_title(tmp_path: Path) -> None:
    """
    The first benchmark that runs makes the page.
    """
    page = tmp_path / "page.md"
    write_section(page, "a night", "text")

    assert page.read_text("utf-8").splitlines() == [
        "# Benchmarks",
        "",
        "## A night",
        "",
        "<!-- measured: a night -->",
        "text",
        "<!-- end of a night -->",
    ]


def test_a_figure_shows_the_median_and_the_extremes() -> None:
    """
    One number without its spread cannot be compared with another.
    """
    assert Figure((3.0, 1.0, 2.0)).shown() == "2.00 (1.00 to 3.00)"
    assert Figure((1200.0, 1000.0)).shown(0) == "1,100 (1,000 to 1,200)"


def test_a_ratio_is_of_measurements_made_beside_each_other() -> None:
    """
    A slow minute of the machine falls on both and cancels.
    """
    assert (2.0, 0.5) == ratio([2.0, 5.0], [1.0, 10.0]).values


def test_a_table_has_a_line_for_each_row() -> None:
    """
    The page is read as markdown.
    """
    assert table(("Step", "s"), [("Pairing", "1.00")]) == (
        "| Step | s |\n| --- | ---: |\n| Pairing | 1.00 |"
    )
