"""Packs of several kinds, and a small one to be tampered with."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

from adapters.typeset import typesetter
from domain.sampling.choices import State
from domain.working_paper import (
    Answer,
    Beacon,
    Exercise,
    Use,
    judge,
    seed_string,
)
from domain.working_paper.about import About
from domain.working_paper.canonical import to_bytes
from domain.working_paper.pack import MANIFEST, Packed, files, finished, manifest
from tests.unit.working_paper.builders import (
    EVALUATED,
    TWO,
    an_exercise,
    chosen,
    deviating,
    drawn,
    judged,
    papers,
    some_records,
)

Files = dict[str, bytes]


def packed(exercise: Exercise) -> Packed:
    """With its evaluation."""
    outcome = judge(exercise, by="eve", at=EVALUATED)
    return Packed(exercise, outcome, About(exercise.plan.sample, "OFFICIAL", typesetter().name))


def whole(content: Packed) -> Files:
    """All the files, with the PDF."""
    made = files(content)
    return finished(made, typesetter().typeset(made))


@cache
def small() -> Files:
    """A pack of 40 items with a second attribute and two unavailable items."""
    states = {State.AUTO_PAIRED: 36, State.EXEMPT: 3, State.UNMATCHED: 1}
    return whole(
        packed(
            an_exercise(
                states,
                deviating(2, Answer.UNAVAILABLE),
                attributes=TWO,
                tolerable="30%",
                take_all=["exempt"],
            )
        )
    )


def two_frames() -> Exercise:
    """A main frame and a supplementary one, a beacon beside the dice of the first."""
    choices = chosen()
    main = papers(choices, some_records(choices, {State.AUTO_PAIRED: 200}))
    beacon = Beacon("a" * 64, 17, "b" * 64)
    seed = seed_string(main.seed.sample, 0, main.seed.dice, beacon)
    main = drawn(replace(main, seed=replace(main.seed, beacon=beacon, seed=seed)))
    late = some_records(choices, {State.AUTO_PAIRED: 100}, supplement=1)
    second = drawn(papers(choices, late, (main,)), 40, Use.EXTENSION)
    return judged(Exercise((main, second), (), ()))


KINDS: dict[str, Callable[[], Exercise]] = {
    "simple": lambda: an_exercise({State.AUTO_PAIRED: 300}, deviating(1)),
    "proportional": lambda: an_exercise(
        {State.AUTO_PAIRED: 200, State.PAIRED_BY_PERSON: 100}, design="proportional"
    ),
    "census": lambda: an_exercise({State.AUTO_PAIRED: 30}, deviating(1), design="census"),
    "two-stage": lambda: an_exercise({State.AUTO_PAIRED: 300}, extension="two-stage"),
    "anytime": lambda: an_exercise({State.AUTO_PAIRED: 300}, extension="anytime"),
    "two frames": two_frames,
}


def forged(name: str, content: bytes) -> Files:
    """The small pack with another file, and the manifest to suit."""
    made = {**small(), name: content}
    return {**made, MANIFEST: manifest(made)}


def changed_in(name: str, change: Callable[[Any], None], line: int | None = None) -> Files:
    """The small pack with a JSON file changed, written canonically, and the manifest to suit."""
    rows = small()[name].splitlines()
    at = 0 if line is None else line
    value = json.loads(rows[at])
    change(value)
    rows[at] = to_bytes(value)[:-1]
    return forged(name, b"".join(row + b"\n" for row in rows))
