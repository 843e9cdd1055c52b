"""The help of every command: an example that parses, every option explained, JSON with tables."""

import re
import shlex
from collections.abc import Iterator
from typing import Any

import pytest
from typer.main import get_command

from cli.main import app
from tests.cli.calling import call

WITHOUT_A_TABLE = {
    "init",
    "demo",
    "map suggest",
    "quarantine export",
    "decision confirm",
    "decision reject",
    "decision end",
    "sample seed",
    "sample pack",
    "sample worksheet",
    "sample findings import",
}
"""Commands that make or write something, and say where; all others answer a question."""


def commands(command: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every command that does something, by what is typed after ``counterfoil``."""
    command = command or get_command(app)
    below = getattr(command, "commands", None)
    if below is None:
        yield " ".join(path), command
    for name, each in (below or {}).items():
        yield from commands(each, (*path, name))


def example(command: Any) -> str:
    """The line after ``Example:`` in the command's help."""
    (line,) = re.findall(r"(?m)^\s*Example: (.+)$", command.help)
    return str(line)


EVERY = dict(commands())


def parsed(words: list[str]) -> str:
    """The command that the words reach, each of its options read; usage errors are raised."""
    context: Any = get_command(app).make_context("counterfoil", words)
    reached = []
    while hasattr(context.command, "commands"):
        rest = [*context._protected_args, *context.args]
        name, command, rest = context.command.resolve_command(context, rest)
        context = command.make_context(name, rest, parent=context)
        reached.append(name)
    return " ".join(reached)


@pytest.mark.parametrize("name", EVERY)
def test_the_example_of_each_command_is_a_command(name: str) -> None:
    """
    Examples are copied and typed; one with a misspelt option teaches a mistake.
    """
    program, *words = shlex.split(example(EVERY[name]).partition(" > ")[0])

    assert "counterfoil" == program
    assert name == parsed(words)


@pytest.mark.parametrize("name", [*EVERY, "", "decision", "quarantine", "map", "audit"])
def test_help_is_shown_and_ends_well(name: str) -> None:
    """
    Help needs no installation, and its example stands in it.
    """
    answer = call(*name.split(), "--help")

    assert (0, "") == (answer.code, answer.err)
    assert f"Usage: counterfoil {name}".rstrip() in answer.out
    if name in EVERY:
        assert f"Example: {example(EVERY[name])}" in " ".join(answer.out.split())


@pytest.mark.parametrize("name", EVERY)
def test_every_option_and_argument_says_what_it_is(name: str) -> None:
    """
    An option without a sentence is one that only its author can use.
    """
    unexplained = [each.name for each in EVERY[name].params if not each.help]

    assert [] == unexplained


@pytest.mark.parametrize("name", EVERY)
def test_a_command_has_json_if_and_only_if_it_answers_a_question(name: str) -> None:
    """
    What a person reads from a table a program reads from JSON.
    """
    options = {word for each in EVERY[name].params for word in each.opts}

    assert (name not in WITHOUT_A_TABLE) == ("--json" in options)


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["nights"], id="no such command"),
        pytest.param(["status", "--jsn"], id="a misspelt option"),
        pytest.param(["check", "--referrals", "r.csv"], id="an option left out"),
        pytest.param(["map", "suggest"], id="an argument left out"),
        pytest.param(["map", "preview", "r.csv", "--rows", "0"], id="a number out of range"),
        pytest.param(["map", "preview", "r.csv", "--feed", "arrests"], id="no such feed"),
        pytest.param(["demo", "--seed", "x"], id="no number"),
    ],
)
def test_what_cannot_be_parsed_ends_with_2_and_points_at_the_help(words: list[str]) -> None:
    """
    A schedule with a typing mistake must not look like one with work for somebody.
    """
    answer = call(*words)

    assert (2, "") == (answer.code, answer.out)
    assert "Error: " in answer.err
    assert "--help" in answer.err
