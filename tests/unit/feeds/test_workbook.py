"""XLSX: what Excel does to numbers and dates, and files built to do harm."""

import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from adapters.feeds import FeedRefused, Problem, suggest_map
from adapters.feeds import workbook as reader
from tests.unit.feeds.builders import GOOD, HEADINGS, a_map, a_raw_workbook, inline, read

Fill = Callable[[Any], None]


def a_workbook(folder: Path, fill: Fill, *more: tuple[str, str, Fill]) -> Path:
    """A workbook of one sheet filled by `fill`, and more as (title, state, fill)."""
    book = openpyxl.Workbook()
    fill(book.active)
    for title, state, fill_more in more:
        sheet = book.create_sheet(title)
        sheet.sheet_state = state
        fill_more(sheet)
    path = folder / "delivery.xlsx"
    book.save(path)
    return path


def rows(*cells: Any) -> Fill:
    """Fill a sheet with the rows."""

    def fill(sheet: Any) -> None:
        for one in cells:
            sheet.append(one)

    return fill


def test_a_workbook_loads_with_its_banner_and_real_dates(tmp_path: Path) -> None:
    """The bureau saves what its system shows, title and all."""
    when = datetime(2026, 7, 1, 14, 5)  # noqa: DTZ001 - a workbook has no zones
    path = a_workbook(tmp_path, rows(["Referrals"], [], HEADINGS, ["R-1", when, 1234]))

    (row,) = read(path)

    assert row.record is not None
    assert (4, "1234") == (row.number, row.record["officer"])
    assert datetime(2026, 7, 1, 13, 5, tzinfo=UTC) == row.record["referred_at"]


def test_leading_zeros_that_only_the_format_shows_are_restored(tmp_path: Path) -> None:
    """Excel stores 123 and shows 00123; the force's key is 00123."""

    def fill(sheet: Any) -> None:
        rows(HEADINGS, [123, *GOOD[1:]])(sheet)
        sheet["A2"].number_format = "00000"

    (row,) = read(a_workbook(tmp_path, fill))

    assert row.record is not None
    assert "00123" == row.record["referral_id"]


def test_a_number_beyond_fifteen_digits_is_a_problem(tmp_path: Path) -> None:
    """Excel has rounded it, so it is another record's key or nobody's."""
    (row,) = read(a_workbook(tmp_path, rows(HEADINGS, [1234567890123456, *GOOD[1:]])))

    (problem,) = row.problems
    assert ("/referral_id", True) == (problem.pointer, "already rounded" in problem.reason)


def test_a_formula_without_a_stored_value_is_a_problem(tmp_path: Path) -> None:
    """A script wrote the file and Excel never computed it; silence would be a lost key."""
    (row,) = read(a_workbook(tmp_path, rows(HEADINGS, ['="R-"&1', *GOOD[1:]])))

    (problem,) = row.problems
    assert "formula without a stored value" in problem.reason


def test_a_formula_with_its_value_is_read(tmp_path: Path) -> None:
    """Saved by Excel, a formula is as good as its value."""
    cells = "".join(inline(f"{at}1", text) for at, text in zip("ABC", HEADINGS, strict=True))
    more = "".join(inline(f"{at}2", text) for at, text in zip("BC", GOOD[1:], strict=True))
    formula = '<c r="A2" t="str"><f>"R-"&amp;1</f><v>R-1</v></c>'
    path = a_raw_workbook(tmp_path, f'<row r="1">{cells}</row><row r="2">{formula}{more}</row>')

    (row,) = read(path)

    assert row.record is not None
    assert "R-1" == row.record["referral_id"]


def test_a_bare_serial_number_is_a_date(tmp_path: Path) -> None:
    """A date whose cell lost its format; GNU date: 1899-12-30 + 46083 days."""
    (row,) = read(a_workbook(tmp_path, rows(HEADINGS, ["R-1", 46083.25, "1"])))

    assert row.record is not None
    assert datetime(2026, 3, 2, 6, tzinfo=UTC) == row.record["referred_at"]


def test_a_date_and_a_time_in_two_columns_are_one_instant(tmp_path: Path) -> None:
    """Command-and-control exports part them."""
    headings = ["referral_id", "Day", "Hour", "officer_id"]
    moment = datetime(2026, 3, 2, 14, 5)  # noqa: DTZ001 - a workbook has no zones
    path = a_workbook(tmp_path, rows(headings, ["R-1", date(2026, 3, 2), moment.time(), "1"]))

    (row,) = read(path, a_map(columns={"referred_at": {"date": "Day", "time": "Hour"}}))

    assert row.record is not None
    assert datetime(2026, 3, 2, 14, 5, tzinfo=UTC) == row.record["referred_at"]


def test_hidden_sheets_are_left_out_and_hidden_rows_are_read(tmp_path: Path) -> None:
    """A filter left on hides duties; a hidden sheet is somebody's working copy."""

    def fill(sheet: Any) -> None:
        rows(HEADINGS, GOOD, ("R-2", *GOOD[1:]))(sheet)
        sheet.row_dimensions[3].hidden = True

    path = a_workbook(tmp_path, fill, ("old", "hidden", rows(HEADINGS, ("R-9", *GOOD[1:]))))

    assert ["R-1", "R-2"] == [row.record and row.record["referral_id"] for row in read(path)]


def test_of_several_sheets_the_one_with_the_headings_is_read(tmp_path: Path) -> None:
    """The first sheet is often notes."""
    path = a_workbook(tmp_path, rows(["Notes"]), ("data", "visible", rows(HEADINGS, GOOD)))

    assert [()] == [row.problems for row in read(path)]
    assert 'referral_id = ["referral_id"]' in suggest_map(path, "referrals")


def test_two_sheets_alike_are_refused_until_the_map_names_one(tmp_path: Path) -> None:
    """Guessing would load last month's."""
    other = rows(HEADINGS, ("R-2", *GOOD[1:]))
    path = a_workbook(tmp_path, rows(HEADINGS, GOOD), ("March", "visible", other))

    with pytest.raises(FeedRefused, match="none stands out"):
        read(path)
    (row,) = read(path, a_map(sheet="March"))
    assert row.record is not None
    assert "R-2" == row.record["referral_id"]
    with pytest.raises(FeedRefused, match="no visible sheet of that name"):
        read(path, a_map(sheet="April"))


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
FIRST = f'<row r="1">{inline("A1", "x")}</row>'


@pytest.mark.parametrize(
    ("parts", "because"),
    [
        pytest.param(
            {"rows": FIRST + f'<row r="1048576">{inline("XFD1048576", "x")}</row>'},
            "beyond column",
            id="far corner",
        ),
        pytest.param(
            {"rows": FIRST + f'<row r="1048576">{inline("A1048576", "x")}</row>'},
            "missing rows",
            id="far row",
        ),
        pytest.param({"rows": FIRST + FIRST}, "out of order", id="rows out of order"),
        pytest.param(
            {"rows": f'<row r="1">{inline("B1", "x")}{inline("A1", "x")}</row>'},
            "out of order",
            id="cells out of order",
        ),
        pytest.param(
            {"rows": f'<row r="1">{inline("A2", "x")}</row>'}, "not where it says", id="misplaced"
        ),
        pytest.param({"rows": "&b;", "before": ENTITIES}, "document type", id="entities"),
        pytest.param(
            {"rows": FIRST, "more": {"xl/media/x.bin": b"\0" * (20 << 20)}},
            "packed more than",
            id="ratio",
        ),
        pytest.param(
            {"rows": FIRST, "more": {f"xl/{n}.bin": b"" for n in range(2001)}},
            "more than 2000 parts",
            id="entries",
        ),
        pytest.param(
            {"rows": FIRST, "more": {"xl/vbaProject.bin": b"x"}}, "holds macros", id="macros"
        ),
        pytest.param({"rows": "<row"}, "not XML", id="damaged"),
    ],
)
def test_a_workbook_built_to_do_harm_is_refused(
    tmp_path: Path, parts: dict[str, Any], because: str
) -> None:
    """A bomb costs the night one delivery, and the operator reads which kind it was."""
    with pytest.raises(FeedRefused, match=because):
        read(a_raw_workbook(tmp_path, **parts))


def test_another_zip_archive_is_refused(tmp_path: Path) -> None:
    """A Word document, an archive of CSV files."""
    path = tmp_path / "delivery.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")

    with pytest.raises(FeedRefused, match="not an XLSX workbook"):
        read(path)


def test_a_reader_that_dies_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed by a limit, the child leaves no last word, and no half a delivery is taken."""

    def dying(file: Any, wanted: str) -> subprocess.Popen[bytes]:
        said = "print('{\"excel_1904\": false}')"
        return subprocess.Popen([sys.executable, "-c", said], stdin=file, stdout=subprocess.PIPE)

    monkeypatch.setattr(reader, "_child", dying)

    with pytest.raises(FeedRefused, match="within the memory and time"):
        read(a_workbook(tmp_path, rows(HEADINGS, GOOD)))


def test_the_reader_cannot_take_more_memory_than_its_limit() -> None:
    """Whatever the guard lets past, the night's process keeps its memory."""
    code = (
        "from adapters.feeds import workbook_child as child\n"
        "child._limit()\n"
        "try:\n    bytearray(2 * child.MEMORY)\n"
        "except MemoryError:\n    print('held')\n"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "held\n" == done.stdout


def test_what_is_wrong_in_a_cell_nobody_claims_is_not_a_problem(tmp_path: Path) -> None:
    """Columns that are dropped cannot quarantine a row."""
    path = a_workbook(tmp_path, rows([*HEADINGS, "total cost"], [*GOOD, "=1+1"]))

    assert [()] == [row.problems for row in read(path)]


def test_every_fault_of_a_row_is_told(tmp_path: Path) -> None:
    """Two formulas, two problems."""
    (row,) = read(a_workbook(tmp_path, rows(HEADINGS, ["=1", "=2", "1"])))

    assert ["/referral_id", "/referred_at"] == [one.pointer for one in row.problems]
    assert isinstance(row.problems[0], Problem)


def test_a_note_beside_the_table_is_left_out(tmp_path: Path) -> None:
    """Somebody wrote "checked" to the right; the cells of the table did not move."""
    assert [()] == [
        row.problems for row in read(a_workbook(tmp_path, rows(HEADINGS, [*GOOD, "", "checked"])))
    ]
