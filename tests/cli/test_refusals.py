"""Wrong words on the command line: one sentence on standard error, 2, and nothing stored.

The sentence says what was asked, why it cannot be, what to do next, and that nothing came of it.
"""

from pathlib import Path

import pytest

from tests.cli.calling import call, files, said_once, stored
from tests.orchestration.installations import deliver, made_up


@pytest.mark.parametrize("command", ["receive", "run", "status"])
@pytest.mark.parametrize(
    ("time", "because"),
    [
        ("yesterday", "'yesterday' is not a time. Write it as 2026-03-02T02:30"),
        ("", "'' is not a time"),
        ("2026-02-30T02:30", "is not a time"),
        ("02/03/2026 02:30", "is not a time"),
        ("2026-03-29T01:30", "does not exist in London: the clocks go forward over it"),
        ("0001-01-01T00:00+14:00", "is beyond the calendar"),
        ("9999-12-31T23:59-14:00", "is beyond the calendar"),
        ("2126-03-02T02:30", "is still to come"),
    ],
)
def test_a_time_that_is_none(command: str, time: str, because: str, judged: Path) -> None:
    """
    A night judged by a time to come would overtake every night until then.
    """
    deliver(judged, "more.csv", made_up()[0][:3], feed="referrals")
    before = stored(judged)

    said = said_once(call(command, "--as-of", time, home=judged))

    assert said.startswith("--as-of: ")
    assert because in said
    assert before == stored(judged)
    assert (judged / "drop/EX/referrals/more.csv").exists()


def test_a_time_without_an_offset_is_londons_and_a_day_begins_at_midnight(judged: Path) -> None:
    """
    People write the time on their wall; in July that is an hour ahead of UTC.
    """
    ways = ("2026-07-01T00:30", "2026-06-30T23:30Z", "2026-07-01T00:30:00+01:00")
    asked = [call("status", "--as-of", each, "--json", home=judged).json for each in ways]
    days = [call("status", "--as-of", each, "--json", home=judged) for each in ("2026-07-01",)]

    assert ["2026-06-30T23:30:00+00:00"] * 3 == [each[0]["as_of"] for each in asked]
    assert ["2026-06-30T23:00:00+00:00"] == [each.json[0]["as_of"] for each in days]


def test_files_cannot_be_known_before_the_last_night(judged: Path) -> None:
    """
    What a night was judged without was not known then, whatever is typed.
    """
    deliver(judged, "more.csv", made_up()[0][:3], feed="referrals")
    before = stored(judged)

    said = said_once(call("receive", "--as-of", "2026-02-01", home=judged))

    assert "Force EX was judged by Tue 03 Feb 2026 02:30" in said
    assert before == stored(judged)


@pytest.mark.parametrize(
    "words",
    [["receive"], ["run"], ["status"], ["quarantine", "list"], ["quarantine", "export", "x.csv"]],
    ids=" ".join,
)
def test_a_force_that_is_not_set_up(words: list[str], judged: Path) -> None:
    """
    A misspelt code must not be an empty list.
    """
    before = stored(judged)

    said = said_once(call(*words, "--force", "XE", home=judged))

    assert "Force XE is not set up. The settings name: EX." in said
    assert before == stored(judged)
    assert not Path("x.csv").exists()


@pytest.mark.parametrize(
    ("head", "because"),
    [("12", "NUMBER:HASH"), ("x:y", "NUMBER:HASH"), (f"²:{'0' * 64}", "NUMBER:HASH")],
)
def test_a_head_that_is_none(head: str, because: str, judged: Path) -> None:
    """
    A head that was copied in half proves nothing.
    """
    assert because in said_once(call("audit", "verify", "--head", head, home=judged))


@pytest.mark.parametrize("code", ["../EX", "a b", "x" * 21, "É"])
def test_a_code_that_no_force_can_have(code: str, tmp_path: Path) -> None:
    """
    Codes become names of folders; nothing is made, not even the settings.
    """
    said = said_once(call("init", code, home=tmp_path / "new"))

    assert "1 to 20 letters, digits, - or _" in said
    assert {} == files(tmp_path)


def test_an_export_that_cannot_be_written_is_not_in_the_trail(judged: Path, tmp_path: Path) -> None:
    """
    What did not leave was not disclosed.
    """
    before = stored(judged)

    assert "is a folder" in said_once(call("quarantine", "export", tmp_path, home=judged))
    no_folder = call("quarantine", "export", tmp_path / "no" / "x.csv", home=judged)
    assert "There is no folder" in said_once(no_folder)
    assert before == stored(judged)


def test_the_demo_deletes_no_folder_that_it_did_not_make(tmp_path: Path) -> None:
    """
    It makes its folder again each time, and a mistyped one may hold somebody's work.
    """
    (tmp_path / "thesis.txt").write_text("two years of work", "utf-8")

    said = call("demo", "--folder", tmp_path)

    assert 2 == said.code
    assert "was not made by the demo" in said.err
    assert ["thesis.txt"] == list(files(tmp_path))
