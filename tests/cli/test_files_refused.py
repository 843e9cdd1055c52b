"""Files, maps, policies and folders that `check` and `map` cannot use: a sentence, and no trace."""

import csv
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.calling import as_nobody, call, check, files, no_file_longer_than, said_once, write

Spoil = Callable[[Path], object]

FILES = [
    pytest.param(lambda file: file.unlink(), "cannot be opened: No such file", id="no file"),
    pytest.param(lambda file: _folder(file), "is a folder", id="a folder"),
    pytest.param(lambda file: file.write_bytes(b""), "is empty", id="empty"),
    pytest.param(lambda file: file.write_bytes(b" \n\n"), "no text|no row", id="blank"),
    pytest.param(lambda file: file.write_bytes(b"%PDF-1.7"), "is a PDF", id="a PDF"),
    pytest.param(lambda file: file.write_bytes(b"PK\x03\x04x"), "workbook", id="half a workbook"),
    pytest.param(lambda file: file.write_bytes(b"<html>"), "is a web page", id="a web page"),
    pytest.param(lambda file: file.write_bytes(b"[{}]"), "is a JSON list", id="a JSON list"),
    pytest.param(lambda file: file.write_bytes(b"a,b\0c\n1,2"), "NUL", id="NUL"),
    pytest.param(lambda file: file.write_bytes(b"a\x81\xff,b\n"), "is neither", id="no text"),
    pytest.param(lambda file: file.write_bytes(b"Jo,Smith\nAl,Brown\n"), "headings", id="no head"),
]


def _folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize(("spoil", "because"), FILES)
@pytest.mark.parametrize("name", ["r.csv", "d.csv"])
def test_an_export_that_cannot_be_read(
    spoil: Spoil, because: str, name: str, exports: Path
) -> None:
    """
    No half of an answer is left: not the folder, not a file of headings.
    """
    spoil(exports / name)
    before = files(exports)

    said = said_once(check(exports / "above" / "answer"))

    assert said.startswith(name)
    assert re.search(because, said)
    assert "Smith" not in said
    assert before == files(exports)
    assert not (exports / "above").exists()


@pytest.mark.parametrize(("spoil", "because"), FILES)
@pytest.mark.parametrize("command", ["suggest", "preview"])
def test_a_file_that_cannot_be_looked_at(
    spoil: Spoil, because: str, command: str, exports: Path
) -> None:
    """
    A map that is redirected to a file must not hold a refusal.
    """
    spoil(exports / "r.csv")
    before = files(exports)

    said = said_once(call("map", command, "r.csv"))

    assert said.startswith("r.csv")
    assert re.search(because, said)
    assert before == files(exports)


@pytest.mark.parametrize(
    ("text", "because"),
    [
        (None, "cannot be read (No such file or directory)"),
        ("", "write one [[policy]] table or more"),
        ("[[policy]\n", "not TOML"),
        ("[[policy]]\neffective_from = 2026-01-01\ngrace = 3\n", "policy 1"),
        ("[[policy]]\neffective_from = 2026-01-01\n[policy.grace]\nhour = 72\n", "did you mean"),
        ("\udcff", "is not UTF-8"),
    ],
    ids=["no file", "empty", "not TOML", "a wrong type", "a misspelt key", "not UTF-8"],
)
def test_a_policy_that_cannot_be_used(text: str | None, because: str, exports: Path) -> None:
    """
    No deadline is judged by a default where a policy was named.
    """
    if text is not None:
        (exports / "p.toml").write_bytes(os.fsencode(text))

    said = said_once(check(exports / "answer", "--policy", "p.toml"))

    assert "p.toml" in said
    assert because in said
    assert not (exports / "answer").exists()


MAPS = [
    pytest.param(None, "cannot be opened: No such file", id="no file"),
    pytest.param('feed = "documents', "is not TOML", id="not TOML"),
    pytest.param("\udcff", "is not UTF-8", id="not UTF-8"),
    pytest.param('feed = "referrals"\nzone = "UTC"', "has no setting zone", id="unknown setting"),
    pytest.param('feed = "referrals"\ntimezone = "Leeds"', "timezone is not", id="no such zone"),
    pytest.param('feed = "referrals"\n[columns]\nage = "Age"', "maps age", id="unknown field"),
    pytest.param('feed = "referrals"\ncolumns = 3', "columns must be", id="a wrong type"),
    pytest.param('feed = "referrals"\ndate_order = "month first"', "date_order", id="US dates"),
]


@pytest.mark.parametrize(("text", "because"), MAPS)
@pytest.mark.parametrize("words", [["check"], ["map", "preview"]], ids=" ".join)
def test_a_map_that_cannot_be_used(
    text: str | None, because: str, words: list[str], exports: Path
) -> None:
    """
    A map that is half understood reads wrong columns.
    """
    if text is not None:
        (exports / "m.toml").write_bytes(os.fsencode(text))
    before = files(exports)

    if words == ["check"]:
        answer = check(exports / "answer", "--map", "m.toml")
    else:
        answer = call(*words, "r.csv", "--map", "m.toml")

    assert because in said_once(answer)
    assert before == files(exports)


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ('timezone = "UTC"', "does not say which feed it is of"),
        ("referrals = 3", "does not say which feed it is of"),
        ('feed = "arrests"', "does not say which feed it is of"),
        ('[documents]\nfeed = "referrals"', 'feed must be one of "documents"'),
    ],
)
def test_a_map_of_no_feed(text: str, because: str, exports: Path) -> None:
    """
    `check` takes maps of either feed, and guesses at none.
    """
    (exports / "m.toml").write_text(text, "utf-8")

    assert because in said_once(check(exports / "answer", "--map", "m.toml"))
    assert not (exports / "answer").exists()


def test_two_maps_of_one_feed(exports: Path) -> None:
    """
    One of the two would be passed over in silence.
    """
    (exports / "m.toml").write_text('feed = "referrals"\n', "utf-8")

    said = said_once(check(exports / "answer", "--map", "m.toml", "--map", "m.toml"))

    assert "m.toml is a second map of referrals" in said


@pytest.mark.parametrize(
    ("force", "because"),
    [
        pytest.param("", "d.csv has no row that could load: 121 of 121 name no force", id="none"),
        pytest.param("WY", "r.csv has no row that could load: 40 of 40 name another", id="other"),
    ],
)
def test_files_of_no_force_or_of_another(force: str, because: str, exports: Path) -> None:
    """
    Every row would be refused, and four files would say so of nothing.
    """
    if not force:
        _without(exports / "d.csv", "force")
    before = files(exports)

    said = said_once(check(exports / "answer", *(["--force", force] if force else [])))

    assert because in said
    assert "--force" in said
    assert before == files(exports)


def _without(file: Path, column: str) -> None:
    """The same CSV without a column."""
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    write(file, [{name: row[name] for name in row if name != column} for row in rows])


def test_a_map_of_the_other_feed(exports: Path) -> None:
    """
    The two feeds have fields of the same names.
    """
    (exports / "m.toml").write_text('feed = "documents"', "utf-8")

    said = said_once(call("map", "preview", "r.csv", "--map", "m.toml"))

    assert 'feed must be one of "referrals"' in said


def _in_the_way(exports: Path) -> Path:
    (exports / "answer" / "pairings.csv").mkdir(parents=True)
    return exports / "answer"


def _a_file(exports: Path) -> Path:
    (exports / "answer").write_text("mine", "utf-8")
    return exports / "answer"


def _of_the_exports(exports: Path) -> Path:
    shutil.copy(exports / "r.csv", exports / "referrals.csv")
    (exports / "r.csv").unlink()
    (exports / "r.csv").symlink_to("referrals.csv")
    return exports


@pytest.mark.parametrize(
    ("place", "because"),
    [
        (_in_the_way, "pairings.csv is a folder"),
        (_a_file, "(File exists)"),
        (lambda exports: exports / "r.csv" / "answer", "(Not a directory)"),
        (_of_the_exports, "would replace"),
        (lambda exports: exports / ("x" * 300), "(File name too long)"),
    ],
    ids=["a folder in the way", "a file", "below a file", "over the export", "too long"],
)
def test_a_folder_that_cannot_hold_the_answer(
    place: Callable[[Path], Path], because: str, exports: Path
) -> None:
    """
    Found out before an hour of pairing, and without harm to what is there.
    """
    out = place(exports)
    before = files(exports)

    assert because in said_once(check(out))
    assert before == files(exports)


def test_a_folder_of_another_account(exports: Path) -> None:
    """
    Neither the exports that may not be read nor the folder that may not be written.
    """
    for folder in (exports, *exports.parents[:2]):
        folder.chmod(0o755)
    before = files(exports)

    with as_nobody():
        answer = check(exports / "answer")
    assert "(Permission denied)" in said_once(answer)

    (exports / "r.csv").chmod(0)
    exports.chmod(0o777)
    with as_nobody():
        answer = check(exports / "answer")
    assert (2, "") == (answer.code, answer.out)
    assert "path 'r.csv' is not readable" in answer.err
    assert before == files(exports)


def test_a_full_disk_leaves_nothing(exports: Path) -> None:
    """
    An answer cut short could pass for a whole one.
    """
    before = files(exports)
    with no_file_longer_than(2000):
        answer = check(exports / "above" / "answer")

    assert "(File too large" in said_once(answer)
    assert before == files(exports)
    assert not (exports / "above").exists()
