"""A filled worksheet: what is whole is taken as it is, and one thing spoilt refuses it."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.sampling.filled import Expected, taken
from domain.sampling.worksheet import FindingGiven, FindingsRefused
from domain.working_paper import Answer

COLUMNS = ("document", "late")
answers = st.sampled_from(["compliant", "Deviation", " unavailable "])


@st.composite
def sheets(draw: st.DrawFn) -> tuple[Expected, list[FindingGiven]]:
    """What is expected, and a sheet filled as it should be."""
    ids = draw(st.lists(st.integers(0, 999), unique=True, min_size=1, max_size=6))
    names = [f"{each:032x}" for each in ids]
    cells = [
        FindingGiven(name, column, draw(answers), "because", row)
        for row, name in enumerate(names, 2)
        for column in COLUMNS
    ]
    return Expected({name: set(COLUMNS) for name in names}, COLUMNS, "document"), cells


@given(sheet=sheets(), shuffler=st.randoms())
def test_the_order_of_the_rows_does_not_matter(
    sheet: tuple[Expected, list[FindingGiven]], shuffler: random.Random
) -> None:
    """
    Auditors sort their sheets.
    """
    expected, cells = sheet
    mixed = list(cells)
    shuffler.shuffle(mixed)
    found = {(each.draw_id, each.attribute): each.answer for each in taken(expected, mixed, "anne")}

    assert found == {
        (cell.draw_id, cell.attribute): Answer(cell.answer.strip().lower()) for cell in cells
    }


@given(sheet=sheets(), data=st.data())
def test_a_row_taken_out_or_put_in_twice_refuses_the_sheet(
    sheet: tuple[Expected, list[FindingGiven]], data: st.DataObject
) -> None:
    """
    Whichever it is.
    """
    expected, cells = sheet
    row = data.draw(st.sampled_from(sorted({cell.row for cell in cells})))
    its = [cell for cell in cells if cell.row == row]
    with pytest.raises(FindingsRefused, match=f"the row of item {its[0].draw_id} is missing"):
        taken(expected, [cell for cell in cells if cell.row != row], "anne")
    again = [FindingGiven(c.draw_id, c.attribute, c.answer, c.reason, 99) for c in its]
    with pytest.raises(FindingsRefused, match=f"row 99: the item stands already in row {row}"):
        taken(expected, cells + again, "anne")


@given(sheet=sheets(), data=st.data(), word=st.text(min_size=1).filter(str.strip))
def test_an_unknown_answer_refuses_the_sheet_and_is_not_repeated(
    sheet: tuple[Expected, list[FindingGiven]], data: st.DataObject, word: str
) -> None:
    """
    A cell may hold a name by mistake.
    """
    expected, cells = sheet
    at = data.draw(st.integers(0, len(cells) - 1))
    cell, odd = cells[at], f"<{word}>"
    cells[at] = FindingGiven(cell.draw_id, cell.attribute, odd, cell.reason, cell.row)
    with pytest.raises(FindingsRefused) as why:
        taken(expected, cells, "anne")

    (problem,) = why.value.problems
    assert (problem.row, problem.column) == (cell.row, f"{cell.attribute}: answer")
    assert odd not in str(why.value)
