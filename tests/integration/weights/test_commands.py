"""`counterfoil weights` from two exports to a model in use, on a real installation."""

import csv
import json
from pathlib import Path

import pytest

from domain.pairing import default_weights
from tests.cli.calling import call, said_once, stored
from tests.integration.weights.world import an_installation, other_text, write_month

NEXT_NIGHT = "2026-04-02T02:30"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An installation that has had one night, with a month in it."""
    return an_installation(tmp_path / "home", "EX")


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A file of other weights."""
    file = tmp_path / "other.json"
    file.write_text(other_text(), "utf-8")
    return file


def run(home: Path, as_of: str) -> int:
    """One night; what it ended with."""
    return call("run", "--no-prefect", "--as-of", as_of, home=home).code


def adopt(home: Path, file: Path) -> None:
    """Name the file in the settings."""
    settings = home / "counterfoil.toml"
    settings.write_text(f'weights = "{file}"\n{settings.read_text("utf-8")}', "utf-8")


def versions(home: Path) -> set[str]:
    """The weights that the standing pairings were made by."""
    shown = call("weights", "show", "--json", home=home).json["version"]
    rows = [row for row in stored(home)["pairing"] if "decided again" not in row]
    assert rows
    return {shown} if all(shown in row for row in rows) else {"several"}


def test_a_model_learned_from_exports_is_shown_as_it_was_written(tmp_path: Path) -> None:
    """
    1. Alice learns weights from last year's exports, without an installation.
    2. She looks at what they are and what each was counted on.
    3. She cannot write over them by accident.
    """
    write_month(tmp_path, 900)
    out = tmp_path / "model.json"
    words = ("--referrals", tmp_path / "referrals.csv", "--documents", tmp_path / "documents.csv")

    learned = call("weights", "train", *words, "--out", out, "--json")
    shown = call("weights", "show", out, "--json").json

    assert 0 == learned.code
    assert (learned.json["version"], learned.json["sha256"]) == (shown["version"], shown["sha256"])
    assert learned.json["labelled_pairs"] >= 200
    officer = next(level for level in shown["levels"] if level["field"] == "officer")
    assert 0.5 < officer["m_count"] / officer["m_of"] < 1
    assert "counted" in call("weights", "show", out).out
    assert f"{out} exists" in said_once(call("weights", "train", *words, "--out", out))
    assert "needs both" in said_once(call("weights", "train", *words[:2], "--out", tmp_path / "x"))


def test_a_model_is_adopted_by_the_settings_and_by_nothing_else(home: Path, other: Path) -> None:
    """
    1. Bob compares a model with the weights in use: nothing changes.
    2. He names it in the settings; the next night goes by it.
    """
    before = stored(home)
    compared = call("weights", "compare", other, "--json", home=home)
    assert (1, before) == (compared.code, stored(home))
    shipped = default_weights().version
    assert shipped == compared.json["versions"]["before"]
    assert {shipped} == versions(home)

    adopt(home, other)
    assert 1 == run(home, NEXT_NIGHT)

    assert {json.loads(other.read_text("utf-8"))["version"]} == versions(home)
    again = call("weights", "compare", other, home=home)
    assert (0, True) == (again.code, "pairings ended    0" in again.out)


def test_every_change_can_be_written_out_and_the_trail_says_so(
    home: Path, other: Path, tmp_path: Path
) -> None:
    """
    The list names referrals and URNs, so who took it is on record.
    """
    out = tmp_path / "changes.csv"

    answer = call("weights", "compare", other, "--out", out, "--json", home=home)

    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sum(answer.json["pairings"].values()) == len(rows) > 0
    assert {row["change"] for row in rows} <= {"made", "ended", "changed"}
    (event,) = [row for row in stored(home)["audit_event"] if "weights compare" in row]
    assert "report exported" in event
    assert f'"rows":{len(rows)}' in event


def test_a_model_that_was_changed_by_hand_stops_the_night_before_it_begins(
    home: Path, other: Path
) -> None:
    """
    Half a night by wrong weights would be worse than none; the doctor names the file.
    """
    adopt(home, other)
    before = stored(home)
    content = json.loads(other.read_text("utf-8"))
    content["prior"] = 5.0
    other.write_text(json.dumps(content), "utf-8")

    assert 2 == run(home, NEXT_NIGHT)

    assert before == stored(home)
    doctor = call("doctor", home=home)
    assert 2 == doctor.code
    assert "changed after it was written" in doctor.out
    assert "other.json" in said_once(call("weights", "show", home=home))
    other.unlink()
    assert "`weights` in the settings" in said_once(call("weights", "check", home=home))


def test_a_path_that_was_typed_is_to_be_corrected_where_it_was_typed(home: Path) -> None:
    """
    The settings are not at fault for what stands on the command line.
    """
    for words in (("compare", "nothere.json"), ("show", "nothere.json"), ("check", "nothere.json")):
        refused = said_once(call("weights", *words, home=home))
        assert "nothere.json cannot be read (No such file or directory). Correct the" in refused
        assert "settings" not in refused


def test_the_weights_that_ship_can_be_looked_at_without_an_installation(tmp_path: Path) -> None:
    """
    Before anything is set up; and which weights they are is said.
    """
    shown = call("weights", "show", home=tmp_path)
    as_json = call("weights", "show", "--json", home=tmp_path)

    assert (0, 0) == (shown.code, as_json.code)
    assert f"There is no counterfoil.toml in {tmp_path}, so these are the" in shown.err
    assert default_weights().version in shown.out
    assert default_weights().version == as_json.json["version"]


def test_what_reviewers_decided_is_counted_or_said_to_be_missing(home: Path) -> None:
    """
    No decision yet is said in words, not as a precision of nothing.
    """
    answer = call("weights", "check", home=home)

    assert 0 == answer.code
    assert 3 == answer.out.count("nothing decided")
    assert [0, 0, 0] == [
        each["decided"] for each in call("weights", "check", "--json", home=home).json
    ]


def test_too_little_to_learn_from_writes_no_file(home: Path, tmp_path: Path) -> None:
    """
    A small force is told how much it would take.
    """
    out = tmp_path / "model.json"

    refused = said_once(call("weights", "train", "--out", out, home=home))

    assert "at least 200 pairs" in refused
    assert not out.exists()
