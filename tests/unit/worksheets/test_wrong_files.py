"""Files that are no filled worksheet: refused whole, by row and column and never by a cell."""

import csv
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from adapters.worksheets import read_worksheet, write_worksheet
from domain.errors import FeedRefused, SampleRefused
from domain.sampling.worksheet import FindingsRefused
from domain.working_paper import Judge
from tests.unit.worksheets.sheets import a_sheet

EMPTY = (("", ""), ("", ""))
SECRET = "somebody's name"


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """A worksheet of three items as CSV."""
    file = tmp_path / "sheet.csv"
    write_worksheet(file, a_sheet([EMPTY, EMPTY, EMPTY]), xlsx=False)
    return file


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """The same as XLSX."""
    file = tmp_path / "sheet.xlsx"
    write_worksheet(file, a_sheet([EMPTY, EMPTY, EMPTY]), xlsx=True)
    return file


def changed(file: Path, change: Callable[[list[list[str]]], object]) -> Path:
    """The CSV with its cells changed."""
    with file.open(encoding="utf-8-sig", newline="") as stream:
        cells = list(csv.reader(stream))
    change(cells)
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(cells)
    return file


def refusal(file: Path, judge: Judge = Judge.FIRST) -> str:
    """The sentence that the file is refused with."""
    with pytest.raises((FeedRefused, SampleRefused)) as why:
        read_worksheet(file, judge)
    assert re.search("Nothing (from this file )?was stored", str(why.value))
    assert SECRET not in str(why.value)
    return str(why.value)


@pytest.mark.parametrize(
    ("content", "because"),
    [
        (b"", "is empty"),
        (b"draw_id\n", "does not begin with"),
        (b"draw_id,judgement\n1,first\n", "has not the headings"),
        (b"draw_id,document: answer\n1,compliant\n", "has not the headings"),
        (b"referral_id,document: answer\n1,compliant\n", "does not begin with the heading draw_id"),
        (b"draw_id,judgement,a: answer,a: answer\n", "has the heading a: answer twice"),
        (b'draw_id,judgement,a: answer\n1,first,"yes\n', "ends inside quotation marks"),
        (b"draw_id,judgement,a: answer\n1,first,\0\n", "NUL"),
        (b'{"draw_id": 1}\n', "is not a worksheet"),
        (b"%PDF-1.7", "is a PDF"),
        (b"PK\x03\x04 and no more", "is damaged"),
        (b"\xff\xfe\x81", "cut short|UTF-16"),
    ],
)
def test_what_is_no_worksheet(content: bytes, because: str, tmp_path: Path) -> None:
    """
    Whatever was picked in the folder instead of the worksheet.
    """
    file = tmp_path / "picked"
    file.write_bytes(content)

    assert re.search(because, refusal(file))


def test_a_file_that_is_not_there_and_a_folder(tmp_path: Path) -> None:
    """
    A path that was mistyped.
    """
    assert "cannot be opened" in refusal(tmp_path / "no.csv")
    assert "is a folder" in refusal(tmp_path)


@pytest.mark.parametrize("judge", [Judge.SECOND, Judge.ADJUDICATION])
def test_the_worksheet_of_another_place_is_not_taken(judge: Judge, sheet: Path) -> None:
    """
    What Anne judged first is not what Ben judged second, whatever is typed.
    """
    said = refusal(sheet, judge)

    assert f"row 2, column judgement: the row is not of the {judge} judgement" in said
    assert "row 4" in said


def test_rows_of_two_places_are_not_mixed(sheet: Path) -> None:
    """
    One row was copied over from the other sheet.
    """

    def mix(cells: list[list[str]]) -> None:
        cells[2][1] = "second"

    assert refusal(changed(sheet, mix)).count("row ") == 2
    assert "row 3, column judgement" in refusal(sheet)


def test_a_row_that_is_not_csv_is_named(sheet: Path) -> None:
    """
    A quotation mark in the middle of a reason, typed in an editor.
    """
    text = sheet.read_text("utf-8-sig").splitlines()
    text[2] = text[2] + f'"{SECRET}" and more'
    sheet.write_text("\n".join(text), "utf-8")

    assert "row 3: has quotation marks" in refusal(sheet)


def test_a_formula_without_a_value_in_a_cell_to_fill_is_a_problem(book: Path) -> None:
    """
    A script filled the cell; what it would say nobody has seen.
    """
    found: Any = openpyxl.load_workbook(book)
    page = found.worksheets[0]
    place = [cell.value for cell in page[1]].index("document: answer") + 1
    page.cell(3, place).value = '="devi"&"ation"'
    found.save(book)

    with pytest.raises(FindingsRefused) as why:
        read_worksheet(book, Judge.FIRST)

    (problem,) = why.value.problems
    assert (3, "document: answer") == (problem.row, problem.column)
    assert "a formula without a stored value" in problem.wrong


def test_a_formula_elsewhere_is_nobodys_business(book: Path) -> None:
    """
    Somebody counted rows in a column of their own.
    """
    found: Any = openpyxl.load_workbook(book)
    found.worksheets[0]["Z2"] = "=1+1"
    found.save(book)

    assert 6 == len(read_worksheet(book, Judge.FIRST))


def test_a_workbook_goes_through_the_guard_of_the_feeds(book: Path) -> None:
    """
    Macros, or an entity bomb: refused by a process that holds no secrets.
    """
    with zipfile.ZipFile(book, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")

    assert "holds macros" in refusal(book)


def test_a_workbook_with_another_first_sheet_is_read_and_one_without_ours_is_not(
    book: Path,
) -> None:
    """
    A cover sheet does not matter; a renamed worksheet might be another's.
    """
    found: Any = openpyxl.load_workbook(book)
    found.create_sheet("Cover", 0)
    found.save(book)
    assert 6 == len(read_worksheet(book, Judge.FIRST))

    found["Worksheet"].title = "Other"
    found.save(book)
    assert "has no visible sheet of that name" in refusal(book)
