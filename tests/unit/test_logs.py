"""One JSON line an event on standard error, as loud as the door asked for and no louder."""

import json
import logging
from collections.abc import Iterator

import pytest

from adapters import logs


@pytest.fixture
def unset() -> Iterator[logging.Logger]:
    """The logger as a new process has it."""
    logger = logging.getLogger(logs.LOGGER)
    before = logger.level
    logger.setLevel(logging.NOTSET)
    yield logger
    logger.setLevel(before)


def test_an_event_is_one_line_of_json(
    unset: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    A collector of logs reads lines, whatever a value holds.
    """
    logs.configure()

    logs.get(force="EX").info("pairing finished", made=3, said="one\ntwo")

    (line,) = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert ("pairing finished", "EX", 3, "one\ntwo") == (
        told["event"],
        told["force"],
        told["made"],
        told["said"],
    )


def test_a_later_call_leaves_the_level_that_was_asked_for(
    unset: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Each step of the night makes sure of its log; the demo asked for warnings only.
    """
    logs.configure(logging.WARNING)
    logs.configure()

    logs.get().info("judging finished")
    logs.get().warning("delivery refused")

    assert ["delivery refused"] == [
        json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()
    ]
