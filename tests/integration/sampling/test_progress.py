"""How far a sample is: whoever looks sees what is missing, until nothing is."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine

from adapters import database
from domain.errors import SampleRefused
from domain.working_paper.outcome import Outcome
from services.sampling import progress
from services.sampling.progress import Progress
from tests.builders import FORCE
from tests.integration.sampling.judged import (
    ADJUDICATION,
    DEVIATION,
    FIRST,
    LATER,
    OUT,
    SECOND,
    bring,
    evaluate,
    fill,
    judge,
    replace,
    sheet,
)
from tests.integration.sampling.world import (
    CODE,
    MINUTE,
    draw,
    drawn,
    freeze,
    judged,
    plan,
    seed,
)


def seen(engine: Engine) -> Progress:
    """How far it is."""
    with database.reading(engine) as session:
        return progress.of(session, CODE)


def test_each_step_that_is_missing_is_named(engine: Engine) -> None:
    """
    A peer let the last one be forgotten.
    """
    judged(engine, 60)
    steps: list[tuple[Callable[..., Any], dict[str, Any], str]] = [
        (plan, {}, "the frame is not frozen"),
        (freeze, {"export": False}, "the frame is not exported"),
        (freeze, {}, "the frame is not seeded"),
        (seed, {}, "the frame is not drawn"),
    ]
    for step, more, missing in steps:
        step(engine, **more)
        assert seen(engine).missing == (missing, "it is not evaluated")
    size = len(draw(engine))
    each = f"{size:,} of {size:,} items have no"
    assert seen(engine).missing == (
        f"{each} first judgement",
        f"{each} second judgement",
        "it is not evaluated",
    )


def test_what_is_open_between_judges_is_counted(engine: Engine) -> None:
    """
    Until it is settled and evaluated, and again when an answer changes.
    """
    _, (one, two, *_) = drawn(engine)
    out = {one.draw_id: OUT}
    bring(engine, fill(sheet(engine), {**out, two.draw_id: DEVIATION}))
    bring(engine, fill(sheet(engine, SECOND), out), SECOND)
    assert (seen(engine).disputed, seen(engine).out_of_frame) == (1, 1)
    judge(engine, {}, ADJUDICATION)
    replace(engine)
    assert seen(engine).missing[:2] == (
        f"1 of {seen(engine).items} items have no first judgement",
        f"1 of {seen(engine).items} items have no second judgement",
    )
    judge(engine, out, SECOND)
    judge(engine, {**out, two.draw_id: DEVIATION}, FIRST)
    evaluate(engine)
    assert (seen(engine).missing, seen(engine).outcome) == ((), Outcome.SHOWN)
    judge(engine, {**out, two.draw_id: DEVIATION}, SECOND)

    assert seen(engine).missing == ("what was drawn or judged has changed since it was evaluated",)
    evaluate(engine, LATER + MINUTE)
    assert (seen(engine).missing, seen(engine).evaluations) == ((), 2)


def test_samples_are_listed_by_force(engine: Engine) -> None:
    """
    By the codes that auditors gave them.
    """
    judged(engine, 60)
    plan(engine)
    with database.reading(engine) as session:
        assert progress.codes(session) == progress.codes(session, FORCE) == [CODE]
        assert progress.codes(session, "WYP") == []
        with pytest.raises(SampleRefused, match="no sample"):
            progress.of(session, "2027-Q1")
