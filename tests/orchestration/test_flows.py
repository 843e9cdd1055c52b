"""The night as a flow, on Prefect's temporary server: failure, lateness, another try."""

import asyncio
import json
import logging
import re
import shlex
from datetime import timedelta
from pathlib import Path

import pytest
from prefect.states import exception_to_failed_state
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from adapters import clock, database, logs, settings
from domain.errors import Refused
from domain.pairing import default_weights
from domain.pairing.model_file import sealed
from flows.run_overnight import run_overnight
from models import RunRow
from tasks.retry import worth_retrying
from tests.cli.calling import Answer, call
from tests.integration.lifecycle.looking import dump
from tests.orchestration.installations import (
    FIRST_NIGHT,
    deliver_first_night,
    environment,
    install,
)

README = Path(__file__).resolve().parents[2] / "README.md"
pytestmark = pytest.mark.enable_socket


def nights(home: Path) -> list[str]:
    """The forces whose night is on record as finished."""
    engine = database.engine(settings.load(home).database)
    with database.reading(engine) as session:
        found = [row.force for row in session.exec(select(RunRow)) if row.state == "finished"]
    engine.dispose()
    return sorted(found)


def test_one_force_that_fails_does_not_stop_the_next(tmp_path: Path, prefect_server: None) -> None:
    """EX's policy file is broken tonight; WY has its night, and the run says that EX had none."""
    home = install(tmp_path, "EX", "WY")
    deliver_first_night(home, "WY")
    (home / "policies" / "EX.toml").write_text("grace = 'soon'", "utf-8")

    with environment(COUNTERFOIL_HOME=str(home)):
        state = run_overnight(["EX", "WY"], FIRST_NIGHT, return_state=True)

    assert state.is_failed()
    assert nights(home) == ["WY"]


def test_a_force_that_fails_ends_the_command_with_2(tmp_path: Path, prefect_server: None) -> None:
    """
    A file stands where the archive's folder is to be: the night cannot put a delivery away.
    """
    home = install(tmp_path)
    deliver_first_night(home)
    (home / "archive").write_text("no folder", "utf-8")

    answer = call("run", "--as-of", FIRST_NIGHT.isoformat(), home=home)

    assert (2, "") == (answer.code, answer.out)
    assert answer.err.splitlines()[-1].startswith("Could not finish: EX.")


def test_a_night_run_twice_changes_no_row_but_its_own_record(
    tmp_path: Path, prefect_server: None
) -> None:
    """A scheduler that starts a night again does no harm."""
    home = install(tmp_path)
    deliver_first_night(home)
    engine = database.engine(settings.load(home).database)
    with environment(COUNTERFOIL_HOME=str(home)):
        first = run_overnight(None, FIRST_NIGHT, return_state=True)
        before = dump(engine, leaving_out=("run",))
        again = run_overnight(None, FIRST_NIGHT, return_state=True)

    assert first.is_completed()
    assert again.is_completed()
    assert dump(engine, leaving_out=("run",)) == before
    engine.dispose()


def test_a_run_that_is_a_night_late_leaves_the_work_to_the_next(
    tmp_path: Path, prefect_server: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an outage the worker starts every run that it missed; one of them judges."""
    home = install(tmp_path)
    deliver_first_night(home)
    late = clock.now() + timedelta(days=1, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: late)

    with environment(COUNTERFOIL_HOME=str(home)):
        state = run_overnight(return_state=True)

    assert (state.is_completed(), state.name) == (True, "Overtaken")
    assert nights(home) == []


def test_a_full_pass_that_compares_nothing_says_so_and_what_to_do(
    tmp_path: Path, prefect_server: None, caplog: pytest.LogCaptureFixture
) -> None:
    """
    1. Priya runs a night of XA, whose officer ids are all the same placeholder, and none of XB.
    2. She pairs both anew, and reads of XA what was not compared by, once, and of XB to run a
       night.
    3. She adopts other weights and pairs anew by a program: it is told that nothing was compared
       and what to do, and so is who looks at the run in Prefect.
    """
    home = install(tmp_path, "XA", "XB")
    settings_file, ours = home / "counterfoil.toml", home / "few.json"
    content = json.loads(default_weights().text)
    ours.write_text(sealed(content | {"limits": content["limits"] | {"block_pairs": 0}}), "utf-8")
    plain = settings_file.read_text("utf-8")
    settings_file.write_text(f'weights = "few.json"\n{plain}', "utf-8")
    deliver_first_night(home, "XA")
    night = ("run", "--no-prefect", "--force", "XA", "--as-of", FIRST_NIGHT.isoformat())
    assert 1 == call(*night, home=home).code

    shown = call("pair-anew", home=home)
    settings_file.write_text(plain, "utf-8")
    told = call("pair-anew", "--json", home=home)

    assert (1, 1) == (shown.code, told.code), shown.err + told.err
    assert 1 == shown.out.count("XA: Not compared by officer and day: ")
    assert "XA: contradictions open: 0\n" in shown.out
    to_run_one = "no night is finished yet; run one, then the full pass again"
    assert f"XB: not compared: {to_run_one}.\n" in shown.out
    changed = "its weights changed since the last night; run a night, then the full pass again"
    assert told.json == {
        code: {"not_compared": why, "warnings": [], "contradictions": []}
        for code, why in (("XA", changed), ("XB", to_run_one))
    }
    ended = f"NotCompared('XA: not compared: {changed}. XB: not compared: {to_run_one}.'"
    assert ended in caplog.text


@pytest.fixture(scope="module")
def the_demo(tmp_path_factory: pytest.TempPathFactory, prefect_server: None) -> tuple[Path, Answer]:
    """The folder that the demo was run in, and what it said."""
    place = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        return place, call("demo", "--folder", "demo")


def figures(text: str) -> dict[str, str]:
    """The counts of a night's summary, by what they count."""
    found = re.findall(r"^ {2,}(\d[\d,]*)  (.+)$", text, re.MULTILINE)
    return {what: number for number, what in found}


def test_19_the_figures_in_the_readme_are_those_that_the_demo_gives_today(
    the_demo: tuple[Path, Answer],
) -> None:
    """
    Pairings, misses and refusals are not typed by hand: every run of the tests makes them again.
    """
    shown = figures(README.read_text("utf-8").partition("<!-- end of demo -->")[0])

    assert len(shown) == 11
    assert shown == figures(the_demo[1].out.partition("Unmatched the longest")[0])


def test_the_demo_ends_with_a_summary_and_with_commands_that_work(
    the_demo: tuple[Path, Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    1. Sergeant Ali types `make demo` and watches a bar, not the log.
    2. She reads how many referrals stand how; each kind that the feeds hold is there.
    3. She types what the last lines offer, and each command answers.
    """
    place, shown = the_demo
    monkeypatch.chdir(place)

    assert 0 == shown.code, shown.err
    assert '"event"' not in shown.err
    for counted in ("referrals made", "paired with", "UNMATCHED", "AMBIGUOUS", "INCOMPLETE"):
        assert re.search(rf"^ +[1-9]\d* +{counted}", shown.out, re.MULTILINE), counted
    for counted in ("of those, submitted after", "unpaired and still within", "rows refused"):
        assert re.search(rf"^ +[1-9]\d* +{counted}", shown.out, re.MULTILINE), counted
    assert 3 <= shown.out.partition("Unmatched the longest")[2].count("nearest EX/INT/")
    offered = shown.out.partition("What you can type next")[2].replace("\\\n", "").splitlines()
    commands = [shlex.split(line)[1:] for line in offered if line.startswith("  ")]
    assert ["status", "status", "explain", "decision", "quarantine", "audit", "check"] == [
        words[0] if words[0] == "check" else words[2] for words in commands
    ]
    logging.getLogger(logs.LOGGER).setLevel(logging.NOTSET)
    assert [1, 1, 0, 0, 1, 0, 1] == [call(*words).code for words in commands]
    assert {"demo", "answer"} == {path.name for path in place.iterdir()}


@pytest.mark.parametrize(
    ("met", "again"),
    [
        (OperationalError("SELECT 1", {}, Exception("the connection was lost")), True),
        (ConnectionResetError("reset"), True),
        (TimeoutError("no answer"), True),
        (Refused("An answer, which stays the same however often it is asked for."), False),
        (ValueError("a fault"), False),
    ],
)
def test_only_what_may_pass_is_tried_again(met: Exception, again: bool) -> None:
    """A refusal that is retried for two minutes a force makes the night late and nothing right."""

    async def asked() -> bool:
        state = await exception_to_failed_state(met)
        return await worth_retrying(None, None, state)  # type: ignore[arg-type]  # not looked at

    assert asyncio.run(asked()) is again
