"""Files and readings for the tests of feeds."""

import csv
import io
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from adapters.feeds import DEFAULT_RULES, ColumnMap, ReadRow, load_map, map_from, read_feed

KEY = b"a throw-away key for the tests"
HEADINGS = ("referral_id", "referred_at", "officer_id")
GOOD = ("R-1", "2026-03-02T14:05:00Z", "PC 1234")


def a_map(feed: str = "referrals", **settings: Any) -> ColumnMap:
    """The built-in map with settings of a TOML map laid over it."""
    return map_from(settings, feed, "test.toml") if settings else load_map(None, feed)


def read(
    path: Path, column_map: ColumnMap | None = None, *, force: str | None = "WYP"
) -> list[ReadRow]:
    """All rows of the file."""
    column_map = column_map or a_map()
    return list(read_feed(path, column_map, force=force, key=KEY, rules=DEFAULT_RULES))


def a_csv(
    folder: Path, *rows: Sequence[str], delimiter: str = ",", encoding: str = "utf-8"
) -> Path:
    """A CSV file of the rows, the first of them the headings."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return a_file(folder, text.getvalue().encode(encoding))


def a_json_lines(folder: Path, *records: Any) -> Path:
    """A JSON Lines file of the records."""
    return a_file(folder, "".join(json.dumps(one) + "\n" for one in records).encode(), "a.jsonl")


def a_file(folder: Path, content: bytes, name: str = "delivery.csv") -> Path:
    """A file of the bytes."""
    path = folder / name
    path.write_bytes(content)
    return path


FORMATS = "http://schemas.openxmlformats.org"
PACKAGE = f"{FORMATS}/package/2006"
MAIN = f"{FORMATS}/spreadsheetml/2006/main"
OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
CONTENT_TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{OFFICE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{OFFICE}.worksheet+xml"/>'
    "</Types>"
)
RELATIONS = (
    f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{FORMATS}/officeDocument/2006/relationships/{{kind}}" Target="{{target}}"/>'
    "</Relationships>"
)
WORKBOOK = (
    f'<workbook xmlns="{MAIN}" xmlns:r="{FORMATS}/officeDocument/2006/relationships">'
    '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
SHEET = (
    f'<?xml version="1.0"?>{{before}}<worksheet xmlns="{MAIN}">'
    "<sheetData>{rows}</sheetData></worksheet>"
)


def a_raw_workbook(
    folder: Path, rows: str, *, before: str = "", more: dict[str, bytes] | None = None
) -> Path:
    """A workbook written by hand, with `rows` as its sheet's XML and any parts besides."""
    path = folder / "raw.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        archive.writestr(
            "_rels/.rels", RELATIONS.format(kind="officeDocument", target="xl/workbook.xml")
        )
        archive.writestr("xl/workbook.xml", WORKBOOK)
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            RELATIONS.format(kind="worksheet", target="worksheets/sheet1.xml"),
        )
        archive.writestr("xl/worksheets/sheet1.xml", SHEET.format(before=before, rows=rows))
        for name, content in (more or {}).items():
            archive.writestr(name, content)
    return path


def inline(reference: str, text: str) -> str:
    """One cell's XML with its text in it."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'
