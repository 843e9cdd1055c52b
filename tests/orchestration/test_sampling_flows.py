"""A sample by its flows: frozen in one run, drawn in another, evaluated when it is judged."""

import json
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State

from domain.working_paper import sha256_hex
from flows.draw_assurance_sample import draw_assurance_sample
from flows.evaluate_assurance_sample import evaluate_assurance_sample
from tests.cli import exercise
from tests.cli.calling import call, stored
from tests.cli.conftest import two_nights
from tests.orchestration.installations import environment, install, made_up

pytestmark = pytest.mark.enable_socket

CODE = "2026-01"
PERIOD: dict[str, Any] = {
    "first_day": date(2026, 1, 1),
    "until_day": date(2026, 2, 1),
    "tolerable": "50%",
}


@pytest.fixture(scope="module")
def after_two_nights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with two nights judged, to be copied and not touched."""
    return two_nights(install(tmp_path_factory.mktemp("judged") / "home", "EX"))


@pytest.fixture
def home(after_two_nights: Path, tmp_path: Path) -> Iterator[Path]:
    """Two nights judged, and the environment that a run finds them by."""
    made = shutil.copytree(after_two_nights, tmp_path / "home")
    with environment(COUNTERFOIL_HOME=str(made)):
        yield made


def draw(**given: Any) -> State[Any]:
    """How a run of the draw ended."""
    state: State[Any] = draw_assurance_sample("EX", CODE, **given, return_state=True)
    return state


def ended(state: State[Any]) -> tuple[str, str]:
    """Its name, and what it says."""
    return state.name or "", state.message or ""


def artifacts() -> dict[str, str]:
    """The last artifact of each key."""
    with get_client(sync_client=True) as client:
        found = client.request("POST", "/artifacts/latest/filter", json={}).json()
    return {each["key"]: each["data"] for each in found}


def test_a_sample_from_freeze_to_evaluation(home: Path, prefect_server: None) -> None:
    """
    Two runs with the lodging between them, judges outside, and a third run.
    """
    name, message = ended(draw(**PERIOD))
    (folder,) = (home / "samples").iterdir()
    assert "Frozen" == name
    assert sha256_hex((folder / "commitment.json").read_bytes()) in message
    assert {"plan.json", "frame.header.json", "frame.jsonl", "commitment.json"} == {
        file.name for file in folder.iterdir()
    }
    assert not stored(home)["sample_ticket"]

    name, message = ended(draw(dice=exercise.DICE))
    drawn = call("sample", "show", CODE, "--json", home=home).json["items"]
    assert ("Drawn", f"{drawn} items are drawn.") == (name, message)

    exercise.judge(home, CODE)
    state = evaluate_assurance_sample("EX", CODE, return_state=True)
    kept = json.loads(call("sample", "evaluate", CODE, "--json", home=home).out)
    assert ("Evaluated", kept["conclusion"]) == ended(state)
    assert 2 == len(stored(home)["sample_evaluation"])

    told = artifacts()
    assert {"sample-frozen", "sample-drawn", "sample-evaluated"} <= set(told)
    assert exercise.DICE in told["sample-drawn"]
    assert kept["conclusion"] in told["sample-evaluated"]
    keys = {row["referral_id"] for row in made_up()[0]}
    ids = re.findall(r"[0-9a-f]{32}", (folder / "frame.jsonl").read_text("utf-8"))
    assert ids
    text = re.sub(r"\b[0-9a-f]{64}\b", "", " ".join(told.values()))
    assert not [each for each in (*keys, *ids) if each in text]


@pytest.mark.parametrize(
    ("given", "because"),
    [
        ({}, "Give both days"),
        ({"first_day": date(2026, 1, 1)}, "Give both days"),
        ({**PERIOD, "dice": exercise.DICE}, "no run does both"),
        ({"dice": exercise.DICE}, "There is no sample"),
        ({**PERIOD, "tolerable": "0"}, "tolerable"),
        ({**PERIOD, "tolerable": "101%"}, "tolerable"),
        ({**PERIOD, "until_day": date(2126, 1, 1)}, "period"),
        ({**PERIOD, "first_day": date(2026, 2, 1)}, "period"),
        ({**PERIOD, "first_day": date(2025, 1, 1), "until_day": date(2025, 2, 1)}, "."),
        ({**PERIOD, "take_all": ["held"], "leave_out": ["held"]}, "Choose one"),
        ({**PERIOD, "design": "proportional", "extension": "anytime"}, "one look only"),
    ],
)
def test_what_cannot_be_done_fails_at_once_and_stores_nothing(
    given: dict[str, Any], because: str, home: Path, prefect_server: None
) -> None:
    """
    The refusal is the state's message, and no file is left to be lodged by mistake.
    """
    before = stored(home)

    state = draw(**given)

    assert state.is_failed()
    assert because in (state.message or "")
    assert "Nothing was" in (state.message or "")
    assert before == stored(home)
    assert not [*(home / "samples").glob("*")]


def test_a_frame_that_waits_for_its_seed_is_not_frozen_again(
    home: Path, prefect_server: None
) -> None:
    """
    Somebody has lodged it; a run that was started again must not replace it.
    """
    draw(**PERIOD)
    before = stored(home)

    state = draw(**PERIOD)

    assert state.is_failed()
    assert "waits for its seed" in (state.message or "")
    assert before == stored(home)
    assert 1 == len([*(home / "samples").iterdir()])


@pytest.mark.parametrize("dice", ["123", "3141592653589793238x", ""])
def test_dice_that_are_none_draw_nothing(dice: str, home: Path, prefect_server: None) -> None:
    """
    Seed and draw are one transaction.
    """
    draw(**PERIOD)
    before = stored(home)

    assert draw(dice=dice).is_failed()
    assert before == stored(home)


def test_a_second_seed_and_another_forces_sample_are_refused(
    home: Path, prefect_server: None
) -> None:
    """
    Neither by mistake nor by hope.
    """
    install(home, "WY")
    draw(**PERIOD)
    before = stored(home)
    theirs = draw_assurance_sample("WY", CODE, dice=exercise.DICE, return_state=True)
    judged = evaluate_assurance_sample("WY", CODE, return_state=True)
    assert before == stored(home)
    draw(dice=exercise.DICE)
    drawn = stored(home)
    again = draw(dice=exercise.DICE[::-1])
    early = evaluate_assurance_sample("EX", CODE, return_state=True)

    assert "is another force's" in (theirs.message or "")
    assert "is another force's" in (judged.message or "")
    assert "there is no second one" in (again.message or "")
    assert early.is_failed()
    assert drawn == stored(home)
