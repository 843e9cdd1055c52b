"""No name and no date of birth gets past the door, by any way out."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.feeds import FeedRefused, preview, suggest_map
from tests.unit.feeds.builders import GOOD, HEADINGS, a_csv, a_json_lines, a_map, read

SECRETS = ("Zyxcanary", "Qwvcanary", "1987-06-05", "05/06/1987", "19870605", "narrativecanary")
PERSON = {"role": "suspect", "forename": "Zyxcanary", "surname": "Qwvcanary"}


def files(folder: Path) -> list[Path]:
    """One person in good rows, and in rows that are wrong in every way."""
    headings = (*HEADINGS, "people", "narrative")
    people = [
        json.dumps([{**PERSON, "date_of_birth": "05/06/1987"}]),
        json.dumps([{**PERSON, "date_of_birth": "1987-06-05x"}]),
        json.dumps([{**PERSON, "role": "Zyxcanary", "date_of_birth": "1987-06-05"}]),
        json.dumps([{**PERSON, "surname": ["Qwvcanary"], "Zyxcanary": "1987-06-05"}]),
        json.dumps(["Zyxcanary"]),
        "Zyxcanary Qwvcanary 05/06/1987",
    ]
    table = a_csv(folder, headings, *[(*GOOD, one, "narrativecanary") for one in people])
    lines = a_json_lines(
        folder,
        *[
            {**dict(zip(HEADINGS, GOOD, strict=True)), "people": one, "narrative": SECRETS[-1]}
            for one in ("Zyxcanary", ["Qwvcanary"], {"Zyxcanary": 1}, [PERSON], [[PERSON]])
        ],
    )
    return [table, lines]


def test_no_record_and_no_problem_holds_a_person(tmp_path: Path) -> None:
    """What is not stored cannot be lost, searched or disclosed."""
    for path in files(tmp_path):
        said = repr(read(path))

        assert [secret for secret in SECRETS if secret.lower() in said.lower()] == []


def test_no_preview_and_no_suggestion_holds_a_person(tmp_path: Path) -> None:
    """A preview is shown on screens and pasted into messages."""
    for path in files(tmp_path):
        said = repr(preview(path, a_map(), 50)) + suggest_map(path, "referrals")

        assert [secret for secret in SECRETS if secret.lower() in said.lower()] == []
        assert "present" in said


def test_no_refusal_of_a_file_holds_a_person(tmp_path: Path) -> None:
    """A file without headings begins with a person, and its refusal goes into the log."""
    path = a_csv(tmp_path, *[("Zyxcanary", "Qwvcanary", "05/06/1987")] * 3)

    for ask in (read, lambda path: suggest_map(path, "referrals")):
        with pytest.raises(FeedRefused) as refusal:
            ask(path)
        assert [secret for secret in SECRETS if secret in str(refusal.value)] == []


@settings(max_examples=50)
@given(canary=st.text("qxzjv", min_size=8, max_size=30))
def test_whatever_a_person_is_called_the_name_stays_inside(
    canary: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The promise is about every name, not about the test's."""
    folder = tmp_path_factory.mktemp("canary")
    people = json.dumps([{"forename": canary, "surname": canary, "role": canary}])
    path = a_csv(folder, (*HEADINGS, "people", "surname"), (*GOOD, people, canary))

    assert canary not in repr(read(path)) + repr(preview(path, a_map()))
