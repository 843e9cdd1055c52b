"""Write the demo's deliveries as Exampleshire's systems export them, and the column maps.

The headings are the force's own.  Each file also has a column that no field claims, as
real exports do; it must be dropped on arrival.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook

from synthetic.demo.plan import FORCE, LONDON
from synthetic.demo.script import Record

HEADINGS: Final = {
    "referrals": {
        "referral_id": "Ref No",
        "nccu_reference": "NCCU Ref",
        "referred_at": "Date/Time Reported",
        "officer_id": "Collar No",
        "district": "District",
        "event_type": "Incident Type",
        "channel": "How Reported",
        "incident_number": "Storm Log",
        "custody_number": "Custody Ref",
        "postcode": "Location Postcode",
        "vehicle_registrations": "VRM(s)",
        "people": "Subjects",
    },
    "documents": {
        "urn": "Intel URN",
        "submitted_at": "Date/Time Submitted",
        "author_officer_id": "Author Collar No",
        "document_type": "Report Type",
        "status": "Report Status",
        "nccu_references": "NCCU Ref(s) Quoted",
        "incident_number": "Incident Log",
        "custody_number": "Custody Ref",
        "event_date": "Date of Event",
        "postcode": "Event Postcode",
        "vehicle_registrations": "VRM(s)",
        "people": "Subjects",
        "source_evaluation": "Source Eval",
        "intelligence_assessment": "Intel Assessment",
        "handling_code": "Handling",
        "amended_at": "Last Amended",
    },
}
DROPPED: Final = {"referrals": "Call Notes", "documents": "Report Text"}
_DROPPED_TEXT: Final = "made-up text that must not be kept"
_FIXED_TIME: Final = (2026, 1, 1, 0, 0, 0)


def write_map(feed: str, folder: Path) -> Path:
    """The column map of the feed: the force's headings, or the contract's names."""
    lines = [f'feed = "{feed}"', 'timezone = "Europe/London"', "", "[constants]"]
    lines += [f'force = "{FORCE}"', "", "[columns]"]
    lines += [f'{name} = ["{text}", "{name}"]' for name, text in HEADINGS[feed].items()]
    path = folder / f"{feed}.toml"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def write_csv(
    feed: str, rows: Sequence[Record], path: Path, *, encoding: str = "utf-8", banner: str = ""
) -> None:
    """A CSV export; with a banner, a title row and a blank one above the headings.

    What the encoding lacks becomes a question mark, as in old exports.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    if banner:
        writer.writerows([[banner], []])
    writer.writerow([*HEADINGS[feed].values(), DROPPED[feed]])
    for row in rows:
        writer.writerow([*(_cell(row[name]) for name in HEADINGS[feed]), _dropped(row)])
    path.write_bytes(text.getvalue().encode(encoding, "replace"))


def write_xlsx(feed: str, rows: Sequence[Record], path: Path) -> None:
    """A workbook whose times and days are real ones, in London's time."""
    book = Workbook()
    sheet = book.active
    if sheet is None:  # pragma: no cover - a new workbook has a sheet
        raise RuntimeError
    sheet.title = "Export"
    sheet.append([*HEADINGS[feed].values(), DROPPED[feed]])
    for row in rows:
        sheet.append([*(_excel_cell(row[name]) for name in HEADINGS[feed]), _dropped(row)])
    saved = io.BytesIO()
    book.save(saved)
    path.write_bytes(_without_clock(saved.getvalue()))


def write_json_lines(feed: str, rows: Sequence[Record], path: Path) -> None:
    """One object a line with the contract's names."""
    lines = [
        json.dumps(
            {name: row[name] for name in HEADINGS[feed]} | {DROPPED[feed]: _dropped(row)},
            default=_iso,
            ensure_ascii=False,
        )
        for row in rows
    ]
    path.write_text("\n".join(lines) + "\n", "utf-8")


def _dropped(row: Record) -> str | None:
    return _DROPPED_TEXT if row.get("people") else None


def _cell(value: Any) -> str:
    """The value as text: local time with the day first, lists with semicolons."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(LONDON).strftime("%d/%m/%Y %H:%M:%S")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, list):
        if value and isinstance(value[0], dict):
            return json.dumps(value, ensure_ascii=False)
        return ";".join(value)
    return str(value)


def _excel_cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(LONDON).replace(tzinfo=None)
    return value if isinstance(value, date | int) or value is None else _cell(value)


def _iso(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(LONDON).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _without_clock(workbook: bytes) -> bytes:
    """The workbook with fixed times inside, so that equal rows are equal bytes."""
    saved = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(saved, "w") as new:
        for member in old.infolist():
            content = old.read(member)
            if member.filename == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT[\d:.]+Z", b"2026-01-01T00:00:00Z", content)
            entry = zipfile.ZipInfo(member.filename, _FIXED_TIME)
            new.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return saved.getvalue()
