"""Worksheets taken out, filled and brought back by the command, as two judges would."""

import csv
from collections.abc import Mapping
from pathlib import Path

from tests.cli.calling import Answer, call

DICE = "31415926535897932384"
PERIOD = ("--from", "2026-01-01", "--until", "2026-02-01")
TOLERABLE = ("--tolerable", "50%")
"""Wide, because the made-up month has 37 referrals of which many have no document."""
Said = Mapping[str, tuple[str, str]]


def rows(file: Path) -> list[dict[str, str]]:
    """The rows of a CSV worksheet."""
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def fill(file: Path, said: Said | None = None) -> None:
    """Every answer compliant, but the first attribute as `said` has it by draw id."""
    filled = rows(file)
    answers = [name for name in filled[0] if name.endswith(": answer")]
    for row in filled:
        for name in answers:
            row[name] = "compliant"
        answer, reason = (said or {}).get(row["draw_id"], ("compliant", ""))
        row[answers[0]], row[answers[0].replace("answer", "reason")] = answer, reason
    write(file, filled)


def write(file: Path, filled: list[dict[str, str]]) -> None:
    """The worksheet as somebody saves it."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(filled[0]))
        writer.writeheader()
        writer.writerows(filled)


def sheet(home: Path, code: str, judge: str = "first") -> Path:
    """A worksheet taken out."""
    file = home / f"{judge}.csv"
    taken = call("sample", "worksheet", code, "--judge", judge, "--out", file, home=home)
    assert 0 == taken.code, taken.err
    return file


def bring(home: Path, code: str, file: Path, judge: str, by: str) -> Answer:
    """A filled worksheet brought back."""
    words = ("sample", "findings", "import", code, file, "--judge", judge, "--by", by)
    return call(*words, home=home)


def judge(home: Path, code: str, said: Said | None = None) -> None:
    """All items judged by two people, alike."""
    for place, by in (("first", "anne"), ("second", "ben")):
        file = sheet(home, code, place)
        fill(file, said)
        done = bring(home, code, file, place, by)
        assert 0 == done.code, done.err
