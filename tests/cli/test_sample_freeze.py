"""`counterfoil sample freeze --log`: what differs is listed for the force, and nowhere else."""

import csv
import sqlite3
from pathlib import Path

from tests.cli.calling import Answer, call, said_once, stored
from tests.cli.exercise import PERIOD, TOLERABLE

LODGED = {"plan.json", "frame.header.json", "frame.jsonl", "commitment.json"}
UNKNOWN = "=NCCU/26/0099999"
"""A reference that no referral has, written so that a spreadsheet would calculate it."""


def planned(home: Path) -> Path:
    """The installation with a sample planned."""
    assert 0 == call("sample", "plan", "Q1", *PERIOD, *TOLERABLE, home=home).code
    return home


def frozen(home: Path, log: Path, out: Path, *more: str) -> Answer:
    """The sample frozen against a log of that one reference."""
    log.write_text(f"reference\n{UNKNOWN}\n", "utf-8")
    return call("sample", "freeze", "Q1", "--out", out, "--log", log, *more, home=home)


def test_the_references_that_differ_are_listed_beside_what_is_lodged(
    judged: Path, tmp_path: Path
) -> None:
    """
    The message says where and how many; the files to lodge hold none of them.
    """
    out = tmp_path / "to-lodge"
    answer = frozen(planned(judged), tmp_path / "log.csv", out, "--explained", "Not known yet.")
    with (out / "differences.csv").open(encoding="utf-8-sig", newline="") as stream:
        heading, *rows = csv.reader(stream)
    told = {where: [row[0] for row in rows if row[1] == where] for _, where in rows}
    ours = told["in the system and not in the log"]

    assert 0 == answer.code, answer.err
    assert ["reference", "found"] == heading
    assert f"'{UNKNOWN}" in told["in the log and not in the system"]
    assert len(ours) == len(set(ours)) > 1
    assert f"in {out / 'differences.csv'}: {len(rows) - len(ours)} there alone" in answer.out
    assert f"{len(ours)} here alone" in answer.out
    assert {*LODGED, "differences.csv"} == {file.name for file in out.iterdir()}
    for name in LODGED:
        content = (out / name).read_text("utf-8")
        assert not [reference for reference in (UNKNOWN, *ours) if reference in content]


def test_json_names_the_list(judged: Path, tmp_path: Path) -> None:
    """
    And nothing where there was no second source.
    """
    log = tmp_path / "log.csv"
    listed = frozen(planned(judged), log, tmp_path / "one", "--explained", "-", "--json")
    alone = call("sample", "freeze", "Q1", "--out", tmp_path / "two", "--json", home=judged)

    assert str(tmp_path / "one" / "differences.csv") == listed.json["differences"]
    assert alone.json["differences"] is None
    assert LODGED == {file.name for file in (tmp_path / "two").iterdir()}


def test_what_nobody_explains_is_refused_with_the_way_to_the_list(
    judged: Path, tmp_path: Path
) -> None:
    """
    Nothing is frozen, and no folder is left.
    """
    before = stored(planned(judged))
    answer = frozen(judged, tmp_path / "log.csv", tmp_path / "to-lodge")

    assert "to have them listed first" in said_once(answer)
    assert before == stored(judged)
    assert not (tmp_path / "to-lodge").exists()


def test_the_log_is_read_by_the_forces_own_rules(judged: Path, tmp_path: Path) -> None:
    """
    As its feeds are.  The log writes each reference in a way that only these rules know.
    """
    settings = planned(judged) / "counterfoil.toml"
    rules = "patterns = ['LOG (?P<serial>\\d+) OF (?P<year>\\d\\d)']\nkeep_defaults = true\n"
    with settings.open("a", encoding="utf-8") as stream:
        stream.write(f"\n[forces.EX.identifiers.reference]\n{rules}")
    log = tmp_path / "log.csv"
    with sqlite3.connect(judged / "counterfoil.db") as database:
        ours = database.execute("SELECT reference FROM referral_version WHERE reference LIKE '%-%'")
        years = [reference.split("-") for (reference,) in ours]
    log.write_text("\n".join(f"log {serial} of {year}" for year, serial in years), "utf-8")
    more = ("--log", log, "--explained", "Looked into.")
    answer = call("sample", "freeze", "Q1", "--out", tmp_path / "out", *more, home=judged)

    assert 0 == answer.code, answer.err
    assert ", 0 here alone" in answer.out
