"""Weights learned from the database are those learned from the two exports it was fed with."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from adapters import database
from adapters.feeds import DEFAULT_RULES, load_map
from domain.pairing import default_weights
from domain.pairing.model_file import load_model, sealed
from domain.pairing.training import TrainingRefused
from domain.words import Feed
from services import weights
from services.dry_run_parts import Asked
from tests.builders import POLICIES
from tests.integration.lifecycle.looking import dump
from tests.integration.weights.world import FORCE, deliver, month, write_month

BASE = default_weights()
REFERRALS = 900


def exports(folder: Path) -> list[Asked]:
    """A month's exports, as they are asked for."""
    key, as_of = b"a key that nobody keeps, 32 bytes long", datetime(2027, 1, 1, tzinfo=UTC)
    return [
        Asked(
            feed,
            folder / f"{feed}.csv",
            load_map(None, feed),
            DEFAULT_RULES,
            POLICIES,
            as_of,
            None,
            key,
        )
        for feed in Feed
    ]


def test_the_database_and_the_exports_teach_the_same(engine: Engine, tmp_path: Path) -> None:
    """
    A force can try on last year's exports what it will later learn from its own database;
    tokens under another key make no difference, and nothing is changed by learning.
    """
    deliver(engine, *month(REFERRALS))
    before = dump(engine)
    with database.reading(engine) as session:
        stored = weights.learn(session, {FORCE: POLICIES}, BASE)
    write_month(tmp_path, REFERRALS)

    files, refused = weights.learn_from_files(exports(tmp_path), BASE)

    assert sealed(stored) == sealed(files)
    assert 0 == refused
    assert REFERRALS == stored["trained"]["referrals"]
    assert 4.9 * REFERRALS < stored["trained"]["documents"] <= 5 * REFERRALS
    assert load_model(sealed(stored)).version.startswith("trained-")
    assert before == dump(engine)


def test_of_a_long_history_only_the_newest_is_learned_from(sqlite_engine: Engine) -> None:
    """
    Memory does not grow with the years.
    """
    deliver(sqlite_engine, *month(REFERRALS))

    with database.reading(sqlite_engine) as session:
        content = weights.learn(session, {FORCE: POLICIES}, BASE, most=800)

    assert 800 == content["trained"]["referrals"]
    assert content["trained"]["first_day"] > "2026-02-02"
    assert content["trained"]["documents"] < 4.9 * REFERRALS


def test_a_force_with_nothing_stored_keeps_its_weights(engine: Engine) -> None:
    """
    The refusal says how many pairs are wanted and how many there are.
    """
    with database.reading(engine) as session, pytest.raises(TrainingRefused, match="there are 0"):
        weights.learn(session, {FORCE: POLICIES}, BASE)


def test_of_several_rows_of_one_record_the_last_is_learned_from(tmp_path: Path) -> None:
    """
    An export with every amendment in it would count some pairs twice.
    """
    write_month(tmp_path, REFERRALS)
    file = tmp_path / "referrals.csv"
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join([*lines, *lines[1:400]]), "utf-8")

    content, refused = weights.learn_from_files(exports(tmp_path), BASE)

    assert (REFERRALS, 0) == (content["trained"]["referrals"], refused)
