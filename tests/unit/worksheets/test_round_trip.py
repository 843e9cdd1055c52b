"""What stands in a worksheet comes back as it was, by XLSX and by CSV, and is never a formula."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.worksheets import read_worksheet, write_worksheet
from adapters.worksheets.columns import cells as row_cells
from adapters.worksheets.columns import columns
from domain.working_paper import Answer, Judge
from services.sampling.texts import plain
from tests.unit.worksheets.sheets import ATTRIBUTES, CODES, a_sheet, draw_id, expected

NASTY = (
    "=1+1",
    '=HYPERLINK("https://example.org","open")',
    "+1",
    "-1",
    "@SUM(1,1)",
    "'=1+1",
    "'s own",
    "''",
    '"quoted", and; parted\tand | again',
    "00123",
    "1E5",
    "TRUE",
    "#N/A",
    "2026-03-02",
    "_x0041_",
    "é Ω 𝄞 ñ",
    "x" * 2000,
)
words = st.sampled_from(["", *Answer, "perhaps"])
reasons = (st.text(st.sampled_from("=+-@'\";,|\t aé0"), max_size=8) | st.text(max_size=8)).map(
    plain
)
rows = st.lists(st.tuples(*(st.tuples(words, reasons) for _ in CODES)), min_size=1, max_size=5)
both = pytest.mark.parametrize("xlsx", [False, True], ids=["csv", "xlsx"])


def written(folder: Path, *sheet: Any, xlsx: bool = False, **more: Any) -> Path:
    """The file of a worksheet."""
    file = folder / f"sheet.{'xlsx' if xlsx else 'csv'}"
    write_worksheet(file, a_sheet(*sheet, **more), xlsx=xlsx)
    return file


def cells(file: Path) -> list[list[str]]:
    """The cells of a CSV as a spreadsheet has them."""
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


@given(rows)
@settings(max_examples=150, deadline=None)
def test_what_is_written_as_csv_is_read_again(said: Any) -> None:
    """
    Every text that a reason can be, in every country's spreadsheet.
    """
    with TemporaryDirectory() as folder:
        file = written(Path(folder), said)
        assert expected(said) == read_worksheet(file, Judge.FIRST)
        held = cells(file)
        assert not [text for row in held for text in row if text.startswith(tuple("=+-@\t\r\n"))]
        for sign in (";", "\t", "|"):
            again = io.StringIO()
            csv.writer(again, delimiter=sign).writerows(held)
            file.write_bytes(again.getvalue().encode())
            assert expected(said) == read_worksheet(file, Judge.FIRST)


@both
@pytest.mark.parametrize("judge", Judge)
def test_every_text_comes_back_in_every_place(judge: Judge, xlsx: bool, tmp_path: Path) -> None:
    """
    Formulas, quotation marks, leading zeros, dates: a text stays one.
    """
    said = [(("deviation", text), ("unavailable", text)) for text in NASTY]
    file = written(tmp_path, said, judge, xlsx=xlsx, referral="=1+1")

    asked = CODES[:1] if judge is Judge.ADJUDICATION else CODES
    assert [each for each in expected(said) if each.attribute in asked] == read_worksheet(
        file, judge
    )


def test_a_workbook_holds_no_formula_and_opens_with_what_a_judge_needs(tmp_path: Path) -> None:
    """
    A list of answers, a heading that stays in sight, look-up cells that nobody overtypes.
    """
    file = written(tmp_path, [(("", ""), ("deviation", "=1+1"))], xlsx=True, referral="=1+1")
    book: Any = openpyxl.load_workbook(file)
    page, explained = book.worksheets

    headings = [cell.value for cell in page[1]]
    assert {"n", "s"} >= {cell.data_type for each in book for row in each for cell in row}
    assert {"=1+1"} <= {cell.value for cell in page[2]}
    assert "B2" == page.freeze_panes
    (offered,) = page.data_validations.dataValidation
    assert f'"{",".join(Answer)}"' == offered.formula1
    letters = {each.split("2")[0] for each in str(offered.sqref).split()}
    assert {page[1][ord(letter) - 65].value for letter in letters} == {
        f"{code}: answer" for code in CODES
    }
    assert page.protection.sheet
    fillable = {f"{code}: {what}" for code in CODES for what in ("answer", "reason")}
    assert fillable == {
        heading
        for heading, cell in zip(headings, page[2], strict=True)
        if not cell.protection.locked
    }
    told = [cell.value for row in explained for cell in row]
    assert all(any(each.deviation in text for text in told) for each in ATTRIBUTES)
    assert {*Answer} <= set(told)
    assert {"referral_id", "nccu_reference", "incident_number", "grace_ends_at", "document"} <= set(
        told
    )


def test_a_printed_workbook_has_its_columns_on_one_page_and_its_headings_on_each(
    tmp_path: Path,
) -> None:
    """
    A draw id is read whole, and every sheet of paper says which judgement it is of.
    """
    file = written(tmp_path, [(("", ""), ("", ""))], xlsx=True)
    book: Any = openpyxl.load_workbook(file)
    page = book.worksheets[0]

    assert ("landscape", 1, 0) == (
        page.page_setup.orientation,
        page.page_setup.fitToWidth,
        page.page_setup.fitToHeight,
    )
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert "$1:$1" == page.print_title_rows
    assert "2026-Q1, force EX, first judgement" == page.oddHeader.center.text
    assert page.column_dimensions["A"].width >= len(draw_id(1))


@both
def test_a_worksheet_says_where_to_look_in_londons_time(xlsx: bool, tmp_path: Path) -> None:
    """
    23:30 UTC on the first of July is half past midnight on the second.
    """
    file = written(tmp_path, [(("", ""), ("", ""))], xlsx=xlsx)
    if xlsx:
        book: Any = openpyxl.load_workbook(file)
        heading, row = ([cell.value for cell in each] for each in book.worksheets[0])
    else:
        heading, row = cells(file)

    said = dict(zip(heading, row, strict=True))
    assert ("02/07/2026 00:30", "05/07/2026 00:30:00 +01:00", "R-1", "yes", draw_id(1)) == (
        said["referred_at"],
        said["grace_ends_at"],
        said["referral_id"],
        said["amended since the freeze"],
        said["draw_id"],
    )


def test_an_hour_that_happens_twice_is_told_apart_by_its_offset() -> None:
    """
    At 01:30 of 25 October 2026 grace ends before the clocks go back, or an hour later.
    """
    sheet = a_sheet([(("", ""), ("", ""))])
    ends = [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1)]
    place = [column.heading for column in columns(sheet)].index("grace_ends_at")
    (row,) = sheet.rows
    told = [
        row_cells(sheet, replace(row, look_up=replace(row.look_up, grace_ends_at=at)))[place]
        for at in (*ends, None)
    ]

    assert ["25/10/2026 01:30:00 +01:00", "25/10/2026 01:30:00 +00:00", ""] == told


@both
def test_a_worksheet_written_before_it_had_a_column_to_look_up_is_read(
    xlsx: bool, tmp_path: Path
) -> None:
    """
    What is read are the item, the place, answers and reasons.
    """
    said = [(("compliant", ""), ("deviation", "a day late"))]
    file = written(tmp_path, said, xlsx=xlsx)
    if xlsx:
        book: Any = openpyxl.load_workbook(file)
        page = book.worksheets[0]
        page.delete_cols([cell.value for cell in page[1]].index("grace_ends_at") + 1)
        book.save(file)
    else:
        held = cells(file)
        gone = held[0].index("grace_ends_at")
        with file.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([*row[:gone], *row[gone + 1 :]] for row in held)

    assert expected(said) == read_worksheet(file, Judge.FIRST)


def test_who_adjudicates_sees_what_two_people_said(tmp_path: Path) -> None:
    """
    And only of what they answered differently.
    """
    heading, row = cells(written(tmp_path, [(("", ""), ("", ""))], Judge.ADJUDICATION))

    said = dict(zip(heading, row, strict=True))
    assert ("compliant", "deviation", "no such document") == (
        said["document: first"],
        said["document: second"],
        said["document: second reason"],
    )
    assert not [name for name in heading if name.startswith("late")]


def test_what_excel_saves_in_an_old_windows_is_read(tmp_path: Path) -> None:
    """
    CSV in Windows-1252, without a mark, and short rows where nothing was filled.
    """
    file = written(tmp_path, [(("deviation", "café"), ("", "")), (("", ""), ("", ""))])
    text = "\r\n".join(",".join(row).rstrip(",") for row in cells(file))
    file.write_bytes(text.encode("cp1252"))

    assert expected([(("deviation", "café"), ("", "")), (("", ""), ("", ""))]) == read_worksheet(
        file, Judge.FIRST
    )


def test_rows_may_be_sorted_and_columns_moved(tmp_path: Path) -> None:
    """
    Each cell is found by its heading and its item, and its row is the one that is shown.
    """
    said = [(("compliant", ""), ("deviation", "late")), (("", ""), ("", ""))]
    file = written(tmp_path, said)
    heading, *held = cells(file)
    turned = [[row[0], *reversed(row[1:])] for row in [heading, *reversed(held), ["", ""]]]
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(turned)

    found = read_worksheet(file, Judge.FIRST)

    assert {(each.draw_id, each.attribute, each.answer, each.reason) for each in found} == {
        (each.draw_id, each.attribute, each.answer, each.reason) for each in expected(said)
    }
    assert {(each.draw_id, each.row) for each in found} == {(draw_id(2), 2), (draw_id(1), 3)}
