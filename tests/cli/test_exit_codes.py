"""0 fine, 1 something needs a person, 2 could not run: each shown by a real situation."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, text

from adapters import clock, database, settings
from tests.cli.calling import call, cells, stored
from tests.integration.storage.trails import DROPPED
from tests.orchestration.installations import SECOND_NIGHT, deliver, install, made_up


def test_a_new_installation_is_fine(home: Path) -> None:
    """
    Nothing is open, nothing is refused: a schedule stays silent.
    """
    assert 0 == call("receive", home=home).code
    assert 0 == call("status", home=home).code
    assert 0 == call("quarantine", "list", home=home).code
    assert 0 == call("audit", "verify", home=home).code
    assert 0 == call("init", "EX", home=home).code


def test_good_files_are_received_with_0(home: Path) -> None:
    """
    Rows that were all taken need nobody.
    """
    deliver(home, "r.csv", made_up()[0], feed="referrals")

    answer = call("receive", home=home)

    assert 0 == answer.code
    assert ["EX", "referrals", "1", "0", "40", "0", "0", "0"] in cells(answer.out)


def test_a_refused_row_needs_a_person(home: Path) -> None:
    """
    A row that is only counted is a row that is lost: receive, the night and the list say so.
    """
    good, bad = made_up()[0][:2]
    deliver(home, "r.csv", [good, {**bad, "referred_at": "yesterday"}], feed="referrals")

    assert 1 == call("receive", home=home).code
    listed = call("quarantine", "list", home=home)
    assert 1 == listed.code
    assert "r.csv" in listed.out


def test_one_row_from_before_any_policy_stops_no_night(judged_on_either: Path) -> None:
    """
    A referral of 1900 is a slip, put aside with the reason; a document of then is only old.
    """
    home = judged_on_either
    referrals, documents = made_up()
    old = "1900-01-01T10:00:00Z"
    slip = {**referrals[0], "referral_id": "OLD", "referred_at": old}
    deliver(home, "r2.csv", [slip, referrals[1]], feed="referrals")
    deliver(home, "d2.csv", [{**documents[0], "urn": "OLD", "submitted_at": old}])

    assert 1 == call("run", "--no-prefect", home=home).code
    listed = call("quarantine", "list", "--json", home=home).out
    assert "is before 01/01/2000, from when on the force has a policy" in listed
    assert [("OLD",)] == _rows(home, "SELECT urn FROM document WHERE urn = 'OLD'")
    assert [] == _rows(home, "SELECT 1 FROM referral WHERE referral_id = 'OLD'")


def test_a_night_that_refused_rows_needs_a_person_and_the_next_one_does_not(home: Path) -> None:
    """
    A schedule tells of a refused row on the night it came, and not for ever.
    """
    now = clock.now()
    night = now - timedelta(days=1)
    good, bad = made_up()[0][:2]
    good = {**good, "referred_at": (night - timedelta(hours=3)).isoformat()}
    deliver(home, "r.csv", [good, {**bad, "referred_at": "yesterday"}], feed="referrals")
    deliver(home, "d.csv", [_fresh(each, night) for each in made_up()[1]])

    first = call("run", "--no-prefect", "--json", "--as-of", night.isoformat(), home=home)
    deliver(home, "d2.csv", [_fresh(each, now) for each in made_up()[1]])
    then = call("run", "--no-prefect", "--json", home=home)

    assert (1, 0) == (first.code, then.code)
    assert "rows refused: 1 of" in first.json[0]["alarms"][0]


def test_a_file_that_cannot_be_read_needs_a_person_every_night(home: Path) -> None:
    """
    It lies in the drop folder until somebody puts it right.
    """
    (home / "drop/EX/referrals/r.csv").write_bytes(b"%PDF-1.7 not a table")

    for _ in range(2):
        assert 1 == call("receive", home=home).code
        answer = call("run", "--no-prefect", "--json", home=home)
        assert 1 == answer.code
        assert any("left in the drop folder: 1" in alarm for alarm in answer.json[0]["alarms"])
    assert (home / "drop/EX/referrals/r.csv").exists()


def test_an_open_flag_needs_a_person(judged_on_either: Path) -> None:
    """
    Status, now and looking back, and the night itself end alike.
    """
    now = call("status", "--json", home=judged_on_either)
    back = call("status", "--as-of", SECOND_NIGHT.isoformat(), "--json", home=judged_on_either)

    assert now.json[0]["counts"]["flags_open"] > 0
    assert (1, 1) == (now.code, back.code)
    for name in ("unmatched", "ambiguous", "incomplete", "held", "paired", "within_grace"):
        assert now.json[0]["counts"][name] == back.json[0][name]


def test_looking_back_before_anything_was_known_is_fine(judged: Path) -> None:
    """
    Nothing was known, so nobody had anything to do.
    """
    answer = call("status", "--as-of", "2026-01-06", "--json", home=judged)

    assert 0 == answer.code
    assert 0 == answer.json[0]["referrals"]


def test_running_an_earlier_night_only_looks_back(judged: Path) -> None:
    """
    A late run may not undo a later one.
    """
    before = stored(judged)

    answer = call("run", "--no-prefect", "--as-of", "2026-01-25T02:30", "--json", home=judged)

    assert 1 == answer.code
    assert "only looks back" in answer.err
    assert 0 < answer.json[0]["referrals"] < 41
    assert before == stored(judged)


def test_an_intact_trail_ends_with_0_and_a_changed_event_with_1(judged_on_either: Path) -> None:
    """
    The first bad event is named; a head noted before stays good.
    """
    intact = call("audit", "verify", "--json", home=judged_on_either)
    assert 0 == intact.code
    noted = intact.json["head"]
    assert 0 == call("audit", "verify", "--head", noted, home=judged_on_either).code
    elsewhere = f"{noted.partition(':')[0]}:{'0' * 64}"
    assert 1 == call("audit", "verify", "--head", elsewhere, home=judged_on_either).code

    engine = database.engine(settings.load(judged_on_either).database)
    with database.session(engine) as session:
        for statement in DROPPED[engine.dialect.name]:
            session.connection().execute(text(statement))
        session.connection().execute(text("UPDATE audit_event SET actor = 'nobody' WHERE seq = 7"))
    engine.dispose()

    broken = call("audit", "verify", "--json", home=judged_on_either)
    assert (1, 7) == (broken.code, broken.json["seq"])
    assert "BROKEN at event 7" in call("audit", "verify", home=judged_on_either).out


def test_the_doctor_tells_warnings_from_faults(judged: Path) -> None:
    """
    An old night is a warning; a lost key keeps the next night from running.
    """
    assert 1 == call("doctor", home=judged).code

    (judged / "keys/EX.key").unlink()
    answer = call("doctor", "--json", home=judged)

    assert 2 == answer.code
    assert ["force EX"] == [each["about"] for each in answer.json if each["level"] == "wrong"]


def test_the_doctor_makes_no_database(home: Path) -> None:
    """
    Looking changes nothing, and an empty database made by looking would hide the loss.
    """
    (home / "counterfoil.db").unlink()

    answer = call("doctor", home=home)

    assert 2 == answer.code
    assert not (home / "counterfoil.db").exists()


def test_one_force_that_is_not_whole_does_not_keep_the_other_from_its_night(tmp_path: Path) -> None:
    """
    The night ends with 2 and names the force; the other one's night is judged.
    """
    home = install(tmp_path / "home", "EX", "WY")
    (home / "policies/EX.toml").write_text("grace = 3\n", "utf-8")
    deliver(home, "d.csv", made_up()[1], force="WY")

    answer = call("run", "--no-prefect", home=home)

    assert (2, "") == (answer.code, answer.out)
    assert "Force EX: EX.toml cannot be used as a policy." in answer.err
    assert "Traceback" not in answer.err
    assert ["WY"] == [row[0] for row in _rows(home, "SELECT force FROM run")]


def _fresh(document: Mapping[str, str], now: datetime) -> dict[str, str]:
    return {**document, "submitted_at": (now - timedelta(hours=2)).isoformat(), "amended_at": ""}


def _rows(home: Path, query: str) -> list[tuple[object, ...]]:
    engine = create_engine(settings.load(home).database)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(query))]
    engine.dispose()
    return found
