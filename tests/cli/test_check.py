"""`counterfoil check`: what its four files hold, and that nothing else is written anywhere."""

import csv
import json
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.check import twins_in_words
from domain.pairing import default_weights, twins
from domain.pairing.model_file import load_model, sealed
from synthetic import generate, write_csv
from tests.cli.calling import AS_OF, call, cells, check, files, said_once, write
from tests.orchestration.installations import made_up

COLUMNS = {
    "pairings.csv": "referral_id urn role band weight margin rule",
    "referrals.csv": (
        "referral_id pairing obligation completeness flagged reason grace_ends_at"
        " nearest_urn nearest_weight"
    ),
    "quarantine.csv": "feed row pointer reason",
}


COMMON = {"rare": False, "allowed": 0.03, "most": 0.12, "documents": 4321, "from": "counted"}
RARE = COMMON | {"rare": True, "most": 0.021}


def read(file: Path) -> list[dict[str, str]]:
    """A CSV's rows by heading."""
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_files_are_these_four_with_these_columns(exports: Path) -> None:
    """
    Other programs read them: a heading renamed is a program broken.
    """
    answer = check(Path("new/answer"))

    assert (1, "") == (answer.code, answer.err)
    assert sorted([*COLUMNS, "summary.json"]) == sorted(files(exports / "new/answer"))
    assert {"d.csv", "r.csv"} == {name for name in files(exports) if "new" not in name}
    for name, columns in COLUMNS.items():
        with (exports / "new/answer" / name).open(encoding="utf-8", newline="") as stream:
            assert columns.split() == next(csv.reader(stream))


def test_every_referral_has_one_row_whose_words_are_known_and_agree(exports: Path) -> None:
    """
    The axes are kept apart, and what one says the others do not deny.
    """
    check(Path("answer"))
    rows = read(exports / "answer/referrals.csv")
    expected = sorted(row["referral_id"] for row in made_up()[0][:-1])

    assert expected == [row["referral_id"] for row in rows]
    assert {row["pairing"] for row in rows} <= {"paired", "ambiguous", "unpaired"}
    assert {row["flagged"] for row in rows} == {"true", "false"}
    for row in rows:
        assert row["completeness"] in ({"complete", "incomplete", ""} if _paired(row) else {""})
        assert row["reason"]
        assert datetime.fromisoformat(row["grace_ends_at"]).tzinfo == UTC
        assert (row["nearest_urn"] == "") == (row["nearest_weight"] == "")
        if row["nearest_weight"]:
            assert not _paired(row)
            float(row["nearest_weight"])
        if row["pairing"] == "unpaired" and row["flagged"] == "true":
            assert "unmatched: " == row["reason"][:11]


def _paired(row: dict[str, str]) -> bool:
    return row["pairing"] == "paired"


def test_every_pairing_is_of_records_that_were_read(exports: Path) -> None:
    """
    Roles and bands are the published words; weights and margins are numbers of bits.
    """
    check(Path("answer"))
    rows = read(exports / "answer/pairings.csv")
    referrals = {row["referral_id"]: row for row in read(exports / "answer/referrals.csv")}
    urns = {row["urn"] for row in made_up()[1]}
    primary = Counter(row["referral_id"] for row in rows if row["band"] == "auto")

    assert rows
    for row in rows:
        assert row["referral_id"] in referrals
        assert row["urn"] in urns
        assert row["role"] in {"primary", "cover", "second"}
        assert row["band"] in {"auto", "review"}
        assert row["rule"]
        float(row["weight"])
        float(row["margin"] or 0)
    paired = {name for name, row in referrals.items() if _paired(row)}
    assert paired == set(primary)


def test_a_refused_row_has_a_line_for_each_reason(exports: Path) -> None:
    """
    Whoever puts the export right should have to do it once.
    """
    check(Path("answer"))

    assert [
        {"feed": "referrals", "row": "41", "pointer": pointer} for pointer in _pointers(exports)
    ] == [
        {name: row[name] for name in ("feed", "row", "pointer")}
        for row in read(exports / "answer/quarantine.csv")
    ]
    assert {"/referred_at", "/officer_id"} == set(_pointers(exports))


def _pointers(exports: Path) -> list[str]:
    return [row["pointer"] for row in read(exports / "answer/quarantine.csv")]


def test_the_summary_counts_what_the_other_files_list(exports: Path) -> None:
    """
    A count that no row accounts for cannot be looked into.
    """
    printed = check(Path("answer"), "--json").json
    summary = json.loads((exports / "answer/summary.json").read_text("utf-8"))
    rows = read(exports / "answer/referrals.csv")

    assert printed == summary
    assert len(rows) == summary["referrals"] == 39
    assert len(made_up()[1]) == summary["documents"]
    assert {"referrals": 1, "documents": 0} == summary["quarantined"]
    assert Counter(row["pairing"] for row in rows) == Counter(summary["pairing"])
    assert Counter(row["obligation"] for row in rows) == Counter(summary["obligation"])
    flagged = [row for row in rows if row["flagged"] == "true"]
    assert len(flagged) == sum(summary["flagged"].values()) > 0
    assert datetime.fromisoformat(summary["as_of"]) == datetime(2026, 2, 3, 2, 30, tzinfo=UTC)


def test_what_it_prints_is_what_the_summary_says(exports: Path) -> None:
    """
    The table and the JSON are two views of one answer.
    """
    answer = check(Path("answer"))
    summary = json.loads((exports / "answer/summary.json").read_text("utf-8"))
    said = {
        name: " ".join(rest)
        for line in answer.out.splitlines()
        if line.startswith("  ")
        for name, *rest in [line.split()]
    }

    assert "EX: The document feed is trusted tonight." in answer.out
    for name, value in summary.items():
        if name in ("document_feed", "policy_hash", "twins", "warnings"):
            continue
        if isinstance(value, dict):
            value = ", ".join(f"{part} {number:,}" for part, number in value.items())
        assert str(value) == said[name]
    assert [] == cells(answer.out)


def test_how_common_twins_are_is_counted_only_if_there_is_enough_to_count(exports: Path) -> None:
    """
    Forty referrals tell nothing, so the weights that ship are gone by, and it says so.
    """
    answer = check(Path("answer"))
    counted = json.loads((exports / "answer/summary.json").read_text("utf-8"))
    told = check(Path("answer"), "--no-learn", "--json").json

    number = counted["twins"]["documents"]
    assert (
        f"Too few records to tell how common twins are ({number} documents in twos, 1,000 needed),"
        " so the careful rule was used: a document that quotes no reference is put to a person"
        " when another tells of the same event."
    ) in answer.out.splitlines()
    assert not counted["twins"]["rare"]
    assert "documents in twos to count on" in counted["twins"]["from"]
    assert "set by hand: nothing was counted" in told["twins"]["from"]
    assert default_weights().version == told["weights_version"] == counted["weights_version"]


@pytest.mark.parametrize(
    ("twins", "learned", "words"),
    [
        (RARE, True, "Twins are rare: at most 2.1% of the 4,321 documents in twos"),
        (RARE, True, "So a document that quotes no reference was paired by itself also"),
        (COMMON, True, "common: as many as 12.0% of the 4,321 documents in twos are twins"),
        (COMMON, True, "only up to 3.0% counts as rare. So the careful rule was used"),
        (COMMON | {"from": "kept"}, True, "by: no document alone quotes its referral, so the care"),
        (RARE, False, "not counted on these files. By the weights they are taken to be rare, so a"),
    ],
)
def test_how_common_twins_are_is_said_in_a_sentence(
    twins: dict[str, object], learned: bool, words: str
) -> None:
    """
    What was counted, or why nothing was; and the rule that was used for it.
    """
    assert words in twins_in_words(twins, learned=learned)


def test_a_weights_file_is_gone_by_as_it_is(exports: Path) -> None:
    """
    The force's own weights, adopted or not yet.
    """
    content = json.loads(default_weights().text)
    file = exports / "mine.json"
    file.write_text(sealed(content | {"twins": {"allowed": 0.03, "most": 0.01, "from": "told"}}))
    told = check(Path("answer"), "--weights", file, "--json").json

    assert {"rare": True, "allowed": 0.03, "most": 0.01, "from": "told"} == told["twins"]
    assert load_model(file.read_text()).version == told["weights_version"]


def test_enough_of_them_are_counted_and_gone_by(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    What a dry run learns, it says, under a version of its own.
    """
    monkeypatch.setattr(twins, "LEAST", 10)
    write_csv(generate(600, 4), tmp_path)
    sides = ("--referrals", tmp_path / "referrals.csv", "--documents", tmp_path / "documents.csv")
    told = call("check", *sides, "--out", tmp_path / "answer", "--json").json

    assert told["twins"]["from"] == "counted"
    assert told["twins"]["documents"] >= 10
    assert told["weights_version"].startswith(f"{default_weights().version}+")


def test_a_folder_with_other_files_keeps_them(exports: Path) -> None:
    """
    The answer of yesterday is replaced, and nothing else.
    """
    folder = exports / "answer"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine", "utf-8")
    (folder / "summary.json").write_text("yesterday's", "utf-8")

    assert 1 == check(folder).code

    assert {*COLUMNS, "summary.json", "notes.txt"} == set(files(folder))
    assert b"mine" == files(folder)["notes.txt"]
    assert 39 == json.loads(files(folder)["summary.json"])["referrals"]


def test_asked_twice_it_answers_in_the_same_bytes(exports: Path) -> None:
    """
    The key of the tokens is another each time, and no answer may hang on it.
    """
    check(Path("one"))
    check(Path("two"))

    assert files(exports / "one") == files(exports / "two")


def test_nothing_to_do_ends_with_0(exports: Path) -> None:
    """
    Before any grace period is over nobody has anything to do, and no row was refused.
    """
    write(exports / "r.csv", made_up()[0])
    early = min(row["referred_at"] for row in made_up()[0])

    answer = check(exports / "answer", "--as-of", early, "--json")

    assert 0 == answer.code
    assert 40 == answer.json["obligation"]["expected"] + answer.json["obligation"]["satisfied"]


def test_the_nearest_document_is_told_in_a_sentence_of_its_own(exports: Path) -> None:
    """
    A reason, a full stop, and then what came nearest; of the only document nothing else fits.
    """
    ours, theirs = made_up()
    quoting = {row["nccu_references"]: row for row in theirs}
    mine = next(row for row in ours if row["nccu_reference"] in quoting)
    draft = {**quoting[mine["nccu_reference"]], "status": "draft"}
    write(exports / "r.csv", [mine])
    write(exports / "d.csv", [draft])

    check(Path("answer"))
    (row,) = read(exports / "answer/referrals.csv")

    assert re.search(rf"[^.]\. Nearest is {draft['urn']}: [A-Z]", row["reason"])
    assert row["reason"].endswith("bits, enough by itself, but the document is a draft.")


def test_a_file_without_rows_is_warned_of(exports: Path) -> None:
    """
    An export that went wrong is not an answer that all is well.
    """
    for name in ("r.csv", "d.csv"):
        headings = (exports / name).read_text("utf-8").splitlines()[0]
        (exports / f"no-{name}").write_text(f"{headings}\n", "utf-8")
    neither = ("--referrals", "no-r.csv", "--documents", "no-d.csv", "--out", "answer")

    answer = call("check", *neither, "--as-of", AS_OF)
    summary = json.loads((exports / "answer/summary.json").read_text("utf-8"))
    one = check(Path("answer"), "--referrals", "no-r.csv", "--json").json

    assert 0 == answer.code
    assert ["no-r.csv has no rows: no referrals were read.",
            "no-d.csv has no rows: no documents were read."] == summary["warnings"]  # fmt: skip
    assert all(f"Warning: {warning}" in answer.out for warning in summary["warnings"])
    assert ["no-r.csv has no rows: no referrals were read."] == one["warnings"]


def test_a_weights_file_that_was_typed_is_not_looked_for_in_the_settings(exports: Path) -> None:
    """
    What to put right is what was typed.
    """
    refused = said_once(check(Path("answer"), "--weights", "nothere.json"))

    assert "Correct the path that was given for it. Nothing was done." in refused
    assert "settings" not in refused


def test_the_help_says_that_what_is_held_ends_with_1_too() -> None:
    """
    A schedule goes by the number.
    """
    assert "is held (would be flagged, but the document" in " ".join(
        call("check", "--help").out.split()
    )


def test_it_needs_no_installation_and_leaves_one_alone(exports: Path, judged: Path) -> None:
    """
    It is the way to try the program on a machine that keeps nothing.
    """
    before = files(judged)

    words = ("--referrals", "r.csv", "--documents", "d.csv", "--out", "answer")
    assert 1 == call("check", *words, "--as-of", AS_OF, home=judged).code

    assert before == files(judged)
