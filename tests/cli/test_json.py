"""What a command prints as a table it prints as JSON as well: the same facts, in UTC."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.clock import on_screen
from cli.overview import LINES, nearest
from services.intake import Intake
from tests.cli.calling import Answer, call, cells
from tests.orchestration.installations import SECOND_NIGHT, deliver_first_night, install

TIMES = ("referred_at", "grace_ends_at")


def both(home: Path, *words: object) -> tuple[Answer, Any]:
    """What a command prints for people and, asked again, for programs."""
    shown, told = call(*words, home=home), call(*words, "--json", home=home)
    assert shown.code == told.code
    assert shown.err == told.err
    return shown, told.json


def flat(text: str) -> str:
    """`text` as one line, so that no fold of the screen matters."""
    return " ".join(text.split())


def instants(value: Any) -> list[datetime]:
    """Every instant in a JSON document, by the names of its fields."""
    if isinstance(value, list):
        return [each for item in value for each in instants(item)]
    if isinstance(value, dict):
        named = [
            datetime.fromisoformat(item)
            for name, item in value.items()
            if isinstance(item, str) and (name.endswith("_at") or name == "as_of")
        ]
        return named + instants(list(value.values()))
    return []


def test_status(judged: Path) -> None:
    """
    Counts, alarms, and of each open flag the referral, the times and the nearest document.
    """
    shown, (force,) = both(judged, "status")
    said = flat(shown.out)

    assert f"EX, judged by {on_screen(SECOND_NIGHT)}" in said
    assert force["feed_sentence"] in said
    assert len(force["alarms"]) == said.count("Alarm: ")
    for name, words in LINES:
        assert flat(f"{force['counts'][name]:,} {words}") in said
    for flag in (*force["oldest"], *force["ambiguous"]):
        times = [on_screen(datetime.fromisoformat(flag[name])) for name in TIMES]
        assert f"{flag['referral_id']} referred {times[0]}, grace ended {times[1]}" in said
        for near in flag["nearest"][:1]:
            assert flat(nearest(near)) in said


def test_a_look_back(judged: Path) -> None:
    """
    The counts as they were known.
    """
    shown, (force,) = both(judged, "status", "--as-of", "2026-01-21T02:30Z")

    assert "EX, as known at Wed 21 Jan 2026 02:30" in shown.out
    for name, words in LINES:
        if name in force:
            assert flat(f"{force[name]:,} {words}") in flat(shown.out)


def test_a_night_is_reported_as_status_shows_it(judged: Path) -> None:
    """
    Judged again it changes nothing, and says the same.
    """
    again = ("run", "--no-prefect", "--as-of", SECOND_NIGHT.isoformat())

    assert call("status", home=judged).out == call(*again, home=judged).out
    assert call("status", "--json", home=judged).json == call(*again, "--json", home=judged).json


def test_quarantine_list(judged: Path) -> None:
    """
    Row by row.
    """
    shown, rows = both(judged, "quarantine", "list")

    assert rows
    assert [[str(value) for value in row.values()] for row in rows] == cells(shown.out)


def test_doctor(judged: Path) -> None:
    """
    Finding by finding, but for what changes by the second.
    """
    shown, found = both(judged, "doctor")

    expected = [list(each.values()) for each in found if each["about"] != "disk"]
    assert expected == [row for row in cells(shown.out) if row[1] != "disk"]


def test_receive(home: Path, tmp_path: Path) -> None:
    """
    The same two files received by two installations.
    """
    other = install(tmp_path / "other")
    for each in (home, other):
        deliver_first_night(each)
    as_of = ("--as-of", "2026-01-21T02:30Z")
    shown, told = call("receive", *as_of, home=home), call("receive", *as_of, "--json", home=other)

    assert [
        [each["force"], each["feed"], str(each["files"]), str(each["again"])]
        + [str(count) for count in each["counts"].values()]
        for each in told.json
    ] == cells(shown.out)
    assert {"force", "feed"} | set(Intake.__dataclass_fields__) == set(told.json[0])
    for each in told.json:
        for sentence in (*each["refused"], *each["alarms"]):
            assert sentence in flat(shown.out)


def test_map_preview(exports: Path) -> None:
    """
    The first rows, how many there are, and each reason with its count.
    """
    shown = call("map", "preview", "r.csv", "--rows", "2")
    told = call("map", "preview", "r.csv", "--rows", "2", "--json")

    assert 1 == shown.code == told.code
    assert [2, 3] == [row["row"] for row in told.json["rows"]]
    for row in told.json["rows"]:
        assert f"Row {row['row']}\n" in shown.out
        for name, value in row["fields"].items():
            if value:
                assert flat(f"{name} {value}") in flat(shown.out)
    assert (40, 1) == (told.json["read"], told.json["refused"])
    assert "40 rows read, 1 would be quarantined." in shown.out
    for problem in told.json["rejected"][0]["problems"]:
        assert f"1 x {problem['pointer']}: {problem['reason']}" in shown.out


def test_audit_verify(judged: Path) -> None:
    """
    How many events, and the head to note.
    """
    shown, told = both(judged, "audit", "verify")

    assert told["intact"] is True
    assert f"Intact: {told['events']:,} events. Head to note: {told['head']}\n" == shown.out


@pytest.mark.parametrize(
    "words",
    [["status"], ["status", "--as-of", "2026-02-03T02:30"], ["run", "--no-prefect"]],
    ids=" ".join,
)
def test_instants_are_in_utc(words: list[str], judged: Path) -> None:
    """
    A program must not have to know when the clocks go forward.
    """
    found = instants(call(*words, "--json", home=judged).json)

    assert found
    assert {timedelta(0)} == {each.utcoffset() for each in found}
