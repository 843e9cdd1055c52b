"""A worksheet to fill: XLSX with a list of answers to choose from, or CSV."""

import csv
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from adapters.spreadsheets import guarded
from adapters.worksheets.columns import (
    DRAW_ID,
    GRACE,
    PLACE,
    SHEET,
    Column,
    cells,
    columns,
    instructions,
)
from domain.sampling.worksheet import Worksheet
from domain.working_paper import Answer

WIDTH = {
    DRAW_ID: 36,
    PLACE: 12,
    "order": 7,
    "supplement": 11,
    "stratum": 16,
    "referred_at": 17,
    GRACE: 26,
    "officer_id": 12,
    "amended since the freeze": 12,
}
"""Characters of a column, by its heading."""
OTHERS, ANSWERS, REASONS = 18, 15, 32
TO_FILL = PatternFill("solid", fgColor="FFF8DC")


def write_worksheet(file: Path, sheet: Worksheet, *, xlsx: bool) -> None:
    """Write the worksheet to `file`, whose name does not matter."""
    if xlsx:
        _book(sheet).save(file)
        return
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([column.heading for column in columns(sheet)])
        writer.writerows([guarded(text) for text in cells(sheet, row)] for row in sheet.rows)


def _book(sheet: Worksheet) -> Workbook:
    book = Workbook()
    page: Any = book.active
    page.title = SHEET
    headings = columns(sheet)
    for place, column in enumerate(headings, 1):
        cell = page.cell(1, place, column.heading)
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        page.column_dimensions[get_column_letter(place)].width = _width(column)
    for number, row in enumerate(sheet.rows, 2):
        for place, (column, text) in enumerate(zip(headings, cells(sheet, row), strict=True), 1):
            _put(page.cell(number, place), text, column)
    page.row_dimensions[1].height, page.freeze_panes = 32, "B2"
    page.protection.sheet = True
    page.protection.formatColumns = page.protection.formatRows = False
    _print_on(page, f"{sheet.sample}, force {sheet.force}, {sheet.judge.value} judgement")
    _offer_answers(page, headings, len(sheet.rows) + 1)
    _explain(book.create_sheet("How to fill it"), sheet)
    return book


def _width(column: Column) -> int:
    if column.filled:
        return ANSWERS if column.answer else REASONS
    return WIDTH.get(column.heading, OTHERS)


def _print_on(page: Any, title: str) -> None:
    """A3 across, all columns on one page, the headings again on each."""
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A3
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.print_title_rows = "1:1"
    page.oddHeader.center.text = title.replace("&", "&&")
    page.oddFooter.center.text = "Page &P of &N"


def _put(cell: Any, text: str, column: Column) -> None:
    """A cell that holds its text as text, whatever it begins with."""
    if text:
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
        cell.data_type, cell.quotePrefix = "s", True
    cell.number_format = "@"
    cell.alignment = Alignment(wrap_text=column.filled, vertical="top")
    if column.filled:
        cell.protection, cell.fill = Protection(locked=False), TO_FILL


def _offer_answers(page: Any, headings: list[Column], last: int) -> None:
    offered = DataValidation(
        type="list", formula1=f'"{",".join(Answer)}"', allow_blank=True, showErrorMessage=True
    )
    page.add_data_validation(offered)
    for place, column in enumerate(headings, 1):
        if column.answer:
            letter = get_column_letter(place)
            offered.add(f"{letter}2:{letter}{last}")


def _explain(page: Any, sheet: Worksheet) -> None:
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 26, 100
    for number, (name, text) in enumerate(instructions(sheet), 1):
        for place, said in enumerate((name, text), 1):
            _put(page.cell(number, place), said, Column(name))
            page.cell(number, place).alignment = Alignment(wrap_text=True, vertical="top")
    page.protection.sheet = True
