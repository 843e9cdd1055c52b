"""What the pages say of what is not there yet, held against what is."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOORS = ("cli", "flows", "tasks")


def imported(folder: str) -> Iterator[str]:
    """The dotted names that the files of a folder import."""
    for file in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                yield from (f"{node.module}.{name.name}" for name in node.names)


@pytest.mark.parametrize("page", ["docs/operating.md", "docs/weights.md"])
def test_a_page_that_speaks_of_deciding_says_whether_anybody_can(page: str) -> None:
    """
    A sergeant who is told to confirm a pair looks for the command; the day there is one, the
    sentence that there is none must go.
    """
    names = {name for folder in DOORS for name in imported(folder)}
    can = any(f"{name}.".startswith("services.decisions.") for name in names)
    said = " ".join((ROOT / page).read_text("utf-8").split()).lower()

    assert any(name.startswith("services.contradicted") for name in names)
    assert can is not ("nobody can decide yet" in said)
