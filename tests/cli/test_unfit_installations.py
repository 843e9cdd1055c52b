"""Installations that cannot be used: each says why in a sentence, ends with 2, stores nothing."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.calling import as_nobody, call, files, said_once, stored
from tests.orchestration.installations import deliver, made_up

OPENERS = (
    ["receive"],
    ["run", "--no-prefect"],
    ["status"],
    ["quarantine", "list"],
    ["quarantine", "export", "x.csv"],
    ["audit", "verify"],
)
"""Every command that opens an installation and judges it unfit by refusing."""


def _settings(text: str) -> Callable[[Path], None]:
    return lambda home: _write(home / "counterfoil.toml", text)


def _write(file: Path, text: str) -> None:
    file.write_text(text, "utf-8")


def _setting_added(line: str) -> Callable[[Path], None]:
    def add(home: Path) -> None:
        file = home / "counterfoil.toml"
        said = file.read_text("utf-8")
        _write(file, f"{said}\n{line}\n" if line.startswith("[") else f"{line}\n{said}")

    return add


def _url(url: str) -> Callable[[Path], None]:
    def change(home: Path) -> None:
        file = home / "counterfoil.toml"
        _write(file, file.read_text("utf-8").replace("sqlite:///counterfoil.db", url))

    return change


def _gone(name: str) -> Callable[[Path], None]:
    return lambda home: (home / name).unlink()


def _database(text: str) -> Callable[[Path], None]:
    return lambda home: _write(home / "counterfoil.db", text)


def _as_folder(name: str) -> Callable[[Path], None]:
    def replace(home: Path) -> None:
        (home / name).unlink()
        (home / name).mkdir()

    return replace


UNFIT = [
    pytest.param(lambda home: shutil.rmtree(home), "There is no counterfoil.toml", id="no folder"),
    pytest.param(
        lambda home: (home / "counterfoil.toml").unlink(),
        "There is no counterfoil",
        id="no settings",
    ),
    pytest.param(_as_folder("counterfoil.toml"), "cannot be read (Is a dir", id="a folder"),
    pytest.param(_settings("database_url ="), "is not TOML", id="not TOML"),
    pytest.param(_settings("\x00"), "is not TOML", id="no text"),
    pytest.param(_setting_added("grace = 3"), "grace: Extra inputs", id="an unknown setting"),
    pytest.param(_settings("after_taking = 'burn'"), "after_taking: Input", id="an unknown word"),
    pytest.param(_settings("forces = 3"), "forces: Input should be", id="a wrong type"),
    pytest.param(_settings(""), "The settings name no force", id="no force"),
    pytest.param(_url("oracle://x/y"), "asks for oracle", id="another database"),
    pytest.param(_url("sqlite:///no/such/x.db"), "does not exist", id="no folder for it"),
    pytest.param(_url("sqlite:///drop"), "cannot be written", id="a folder for a database"),
    pytest.param(
        lambda home: (home / "counterfoil.db").unlink(), "is missing, or has not", id="no database"
    ),
    pytest.param(
        lambda home: (home / "counterfoil.db").write_bytes(b""),
        "is missing, or has not",
        id="empty",
    ),
    pytest.param(
        lambda home: (home / "counterfoil.db").write_bytes(b"no database " * 999),
        "could not be used (file is not a database)",
        id="no database inside",
    ),
    pytest.param(
        _url("postgresql:///counterfoil?host=/nowhere"), "could not be used (", id="no server"
    ),
]


@pytest.mark.parametrize("words", OPENERS, ids=" ".join)
@pytest.mark.parametrize(("spoil", "because"), UNFIT)
def test_an_installation_that_cannot_be_opened(
    spoil: Callable[[Path], None], because: str, words: list[str], judged: Path
) -> None:
    """
    Nobody reads a traceback at half past two; the sentence names the file and the remedy.
    """
    spoil(judged)
    before = files(judged)
    if because == "The settings name no force" and words[0] == "audit":
        return

    said = said_once(call(*words, home=judged))

    assert because in said
    assert before == files(judged)
    assert not Path("x.csv").exists()


def test_a_damaged_page_of_the_database_is_found_and_said(judged: Path) -> None:
    """
    A disk error in the middle of a table shows only when the table is read.
    """
    file = judged / "counterfoil.db"
    whole = file.read_bytes()
    file.write_bytes(whole[: 4096 * 3] + b"\xff" * (len(whole) - 4096 * 3))

    for words in (["status"], ["audit", "verify"], ["quarantine", "list"]):
        answer = call(*words, home=judged)
        assert 2 == answer.code
        assert "malformed" in answer.err or "could not be read" in answer.err
        assert "Traceback" not in answer.err


@pytest.mark.parametrize("name", ["COUNTERFOIL_FORCES", "COUNTERFOIL_AFTER_TAKING"])
def test_a_setting_of_the_environment_that_is_wrong(name: str, judged: Path) -> None:
    """
    What overrides the file can be wrong as the file can.
    """
    said = said_once(call("status", home=judged, **{name: "nonsense"}))

    assert name.removeprefix("COUNTERFOIL_").lower() in said
    assert "nonsense" not in said


@pytest.mark.parametrize("words", [["receive"], ["run", "--no-prefect"]], ids=" ".join)
@pytest.mark.parametrize(
    ("spoil", "because"),
    [
        (lambda home: (home / "keys/EX.key").unlink(), "The token key of force EX cannot be read"),
        (lambda home: _write(home / "keys/EX.key", "short"), "it needs at least 32"),
        (lambda home: (home / "policies/EX.toml").unlink(), "EX.toml cannot be read"),
        (lambda home: _write(home / "policies/EX.toml", "[[policy]]\nx=1"), "policy 1, x: unknown"),
        (
            _setting_added("[forces.EX.identifiers.officer]\npatterns = ['(']"),
            "identifiers.officer",
        ),
    ],
    ids=["no key", "a short key", "no policy", "a wrong policy", "a wrong pattern"],
)
def test_a_force_that_is_not_whole(
    spoil: Callable[[Path], None], because: str, words: list[str], judged: Path
) -> None:
    """
    Tokens by another key or deadlines by another policy would be wrong for ever.
    """
    deliver(judged, "more.csv", made_up()[0][:3], feed="referrals")
    before = stored(judged)
    spoil(judged)

    said = said_once(call(*words, home=judged))

    assert because in said
    assert "Nothing was done for EX." in said
    assert (judged / "drop/EX/referrals/more.csv").exists()
    assert before == stored(judged)


@contextmanager
def open_to_nobody(source: Path) -> Iterator[Path]:
    """A copy of an installation that every account may read and write."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        home = shutil.copytree(source, Path(folder) / "home")
        for path in (home, *home.rglob("*")):
            path.chmod(0o777)
        yield home


@pytest.mark.parametrize(
    ("closed", "words", "because"),
    [
        ("counterfoil.toml", ["status"], "cannot be read (Permission denied)"),
        ("counterfoil.db", ["status"], "cannot be written by this account"),
        ("keys/EX.key", ["run", "--no-prefect"], "key of force EX cannot be read"),
        ("policies/EX.toml", ["status", "--as-of", "2026-02-01"], "read (Permission denied)"),
    ],
)
def test_files_of_another_account(
    closed: str, words: list[str], because: str, judged: Path
) -> None:
    """
    The usual accident: an administrator ran a command as root, and the schedule cannot read.
    """
    with open_to_nobody(judged) as home:
        (home / closed).chmod(0)
        with as_nobody():
            answer = call(*words, home=home)

    assert because in said_once(answer)


def test_a_delivery_that_this_account_cannot_read_keeps_no_other_from_being_taken(
    judged: Path,
) -> None:
    """
    A transfer that arrives with the wrong owner is named, and what came with it is taken.
    """
    bad = deliver(judged, "a.csv", made_up()[0][:3], feed="referrals")
    deliver(judged, "b.csv", made_up()[0][3:5], feed="referrals")
    with open_to_nobody(judged) as home:
        (home / bad.relative_to(judged)).chmod(0)
        with as_nobody():
            answer = call("receive", "--json", home=home)

    (taken,) = (each for each in answer.json if each["feed"] == "referrals")
    assert (1, 1) == (answer.code, taken["files"])
    assert ["a.csv cannot be read (Permission denied)."] == [
        each.partition(" Let")[0] for each in taken["refused"]
    ]


@pytest.mark.parametrize(
    ("spoil", "because"),
    [
        pytest.param(
            lambda home: (home / "counterfoil.db").write_bytes(b"no database " * 999),
            "file is not a database",
            id="no database inside",
        ),
        pytest.param(
            _url("postgresql://nobody:hush@127.0.0.1:1/x"), "port 1 failed", id="no server"
        ),
    ],
)
def test_the_doctor_says_what_the_database_says(
    spoil: Callable[[Path], None], because: str, judged: Path
) -> None:
    """
    Every other command sends to the doctor, who may not know less than they do.
    """
    spoil(judged)

    answer = call("doctor", "--json", home=judged)

    assert 2 == answer.code
    (wrong,) = (each for each in answer.json if each["level"] == "wrong")
    assert because in wrong["says"]
    assert "Check database_url" in wrong["says"]
    assert "hush" not in answer.out
