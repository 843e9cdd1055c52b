"""Show how a file looks through a map, before anything is stored.

The first rows come in the contract's form, with the people only as "present", and every
problem of every row is found, just as it would be when the file is read in earnest.
"""

import secrets
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adapters.feeds.column_map import ColumnMap
from adapters.feeds.reading import door_of, open_rows, shaped_from
from adapters.feeds.shaping import Shaped
from domain.identifiers import DEFAULT_RULES
from schemas.validation import Problem

PRESENT = "present"
SHOWN = 20
"""Rows, unless the caller says otherwise."""
MOST_PROBLEMS = 1000
"""Rows whose problems are listed; beyond that they are counted."""


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row of the file: its fields, people as "present", and its problems."""

    number: int
    fields: dict[str, Any]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """A file through a map.

    `rows` are the first ones, good or not. `rejected` lists rows with problems, at most
    a thousand; `reasons` counts each (pointer, reason) over the whole file, people's
    places in the list left out ("/people/*/role"). `read` and `refused` count all rows.
    """

    rows: tuple[PreviewRow, ...]
    rejected: tuple[tuple[int, tuple[Problem, ...]], ...]
    reasons: tuple[tuple[Problem, int], ...]
    read: int
    refused: int


def preview(
    path: Path, column_map: ColumnMap, limit: int = SHOWN, *, force: str | None = None
) -> Preview:
    """Read the whole file through the map and keep nothing of it; FeedRefused as `read_feed`.

    Args:
        path: The file.
        column_map: The map to try.
        limit: Rows to show.
        force: As for `read_feed`; None does not ask for a force.
    """
    clock, rows = open_rows(path, column_map)
    # The door wants a key; no token is made here, so any will do and none is kept.
    door = door_of(column_map, clock, force=force, key=secrets.token_bytes(32), rules=DEFAULT_RULES)
    shown: list[PreviewRow] = []
    rejected: list[tuple[int, tuple[Problem, ...]]] = []
    reasons: Counter[Problem] = Counter()
    read = refused = 0
    for row in rows:
        shaped = shaped_from(row, column_map, clock)
        problems = door.check(shaped)
        if force is None:
            problems = tuple(one for one in problems if not _lacks_force(one))
        read += 1
        if len(shown) < limit:
            shown.append(PreviewRow(row.number, _shown(shaped), problems))
        if problems:
            refused += 1
            reasons.update({_anywhere(problem) for problem in problems})
            if len(rejected) < MOST_PROBLEMS:
                rejected.append((row.number, problems))
    return Preview(tuple(shown), tuple(rejected), tuple(reasons.most_common()), read, refused)


def _lacks_force(problem: Problem) -> bool:
    return problem == Problem("/force", "is required and is missing")


def _anywhere(problem: Problem) -> Problem:
    """The problem without the place of the person in the list."""
    parts = ["*" if part.isdigit() else part for part in problem.pointer.split("/")]
    return Problem("/".join(parts), problem.reason)


def _shown(shaped: Shaped) -> dict[str, Any]:
    """The record's fields; of each person only the role and which facts are present."""
    fields = {name: value for name, value in shaped.record.items() if name != "people"}
    people = shaped.record.get("people")
    if isinstance(people, list):
        fields["people"] = [
            dict.fromkeys(person, PRESENT) if isinstance(person, dict) else PRESENT
            for person in people
        ]
    elif people is not None:
        fields["people"] = PRESENT
    return fields
