"""From nothing to a night: init, map suggest, map preview, receive, as the README has them."""

import shutil
import stat
import tempfile
import tomllib
from pathlib import Path

import pytest

from adapters import settings
from tests.cli.calling import call, files, stored, write
from tests.orchestration.installations import deliver, made_up

SHM = Path("/dev/shm")


def test_init_makes_an_installation_that_the_doctor_finds_fit(tmp_path: Path) -> None:
    """
    Settings, a key that only its owner reads, a policy, tables and drop folders.
    """
    answer = call("init", "WY", "--name", 'West "Yorkshire"', home=tmp_path / "new")
    home = tmp_path / "new"

    assert (0, "") == (answer.code, answer.err)
    assert f"Made: {home / 'counterfoil.toml'}" in answer.out
    for feed in ("referrals", "documents"):
        assert (home / "drop" / "WY" / feed).is_dir()
        assert str(home / "drop" / "WY" / feed) in answer.out
    assert 0o600 == stat.S_IMODE((home / "keys" / "WY.key").stat().st_mode)
    assert 'West "Yorkshire"' == settings.load(home).force("WY").name
    findings = call("doctor", "--json", home=home).json
    assert [] == [each for each in findings if each["level"] == "wrong"]


def test_init_again_changes_nothing_and_another_code_adds_a_force(judged: Path) -> None:
    """
    It is run after every upgrade, on an installation in service.
    """
    before, rows = files(judged), stored(judged)
    del before["counterfoil.db"]

    assert 0 == call("init", "EX", "--name", "another name", home=judged).code
    assert before == {name: files(judged)[name] for name in before}
    assert rows == stored(judged)
    assert {"counterfoil.db", *before} == set(files(judged))

    assert 0 == call("init", "WY", home=judged).code
    assert ["EX", "WY"] == sorted(settings.load(judged).forces)
    assert before.pop("counterfoil.toml") in files(judged)["counterfoil.toml"]
    assert before == {name: files(judged)[name] for name in before}


def test_a_map_that_is_suggested_reads_the_file_it_was_suggested_for(exports: Path) -> None:
    """
    Headings of another system, one row a person: what is proposed is taken as it stands, the
    record's own key without the mark of a comment.
    """
    heads = {"referral_id": "Ref No", "officer_id": "Collar No.", "referred_at": "Date Reported"}
    rows = [
        {heads.get(name, name): value for name, value in row.items() if name != "people"}
        for row in made_up()[0]
    ]
    write(exports / "export.csv", [{**row, "Surname": "Smith", "Shoe Size": "9"} for row in rows])

    suggested = call("map", "suggest", "export.csv")
    assert (0, "") == (suggested.code, suggested.err)
    table = tomllib.loads(suggested.out)
    assert True is table["one_row_a_person"]
    assert '# Dropped unless a field above claims it: "Shoe Size"' in suggested.out
    text = suggested.out.replace("# referral_id =", "referral_id =")
    (exports / "map.toml").write_text(text, "utf-8")

    seen = call("map", "preview", "export.csv", "--map", "map.toml", "--json")
    assert 0 == seen.code, seen.out
    assert (40, 0) == (seen.json["read"], seen.json["refused"])
    assert [{"surname": "present"}] == seen.json["rows"][0]["fields"]["people"]


def test_preview_ends_with_1_where_rows_would_be_refused(exports: Path) -> None:
    """
    And stores nothing, beside an installation or not.
    """
    before = files(exports)

    assert 1 == call("map", "preview", "r.csv").code
    assert 0 == call("map", "preview", "d.csv", "--feed", "documents").code
    assert 2 == call("map", "preview", "d.csv", "--feed", "referrals").code
    assert before == files(exports)


@pytest.mark.skipif(
    not SHM.is_dir() or SHM.stat().st_dev == Path(tempfile.gettempdir()).stat().st_dev,
    reason="the machine has one disk only",
)
@pytest.mark.parametrize("setting", ["archive", "remove"])
def test_a_file_that_was_taken_is_put_away(setting: str, home: Path) -> None:
    """
    To an archive on another disk as well, or deleted; never taken twice.
    """
    kept = Path(tempfile.mkdtemp(dir=SHM))
    file = home / "counterfoil.toml"
    text = file.read_text("utf-8").replace('archive = "archive"', f'archive = "{kept}"')
    text = text.replace('after_taking = "archive"', f'after_taking = "{setting}"')
    file.write_text(text, "utf-8")
    sent = deliver(home, "r.csv", made_up()[0], feed="referrals")
    content = sent.read_bytes()
    try:
        assert 0 == call("receive", home=home).code
        archived = list(files(kept).values())
    finally:
        shutil.rmtree(kept)

    assert not sent.exists()
    assert ([content] if setting == "archive" else []) == archived
    sent.write_bytes(content)
    again = call("receive", "--json", home=home).json[0]
    assert (1, 1, 0) == (again["files"], again["again"], again["counts"]["new"])
