"""Whatever course an exercise takes, its papers are those of one order of tickets."""

import random
from collections.abc import Callable
from datetime import datetime
from functools import partial

import pytest
from sqlalchemy import Engine

from adapters import database
from domain.assurance import tickets
from domain.errors import SampleRefused
from domain.working_paper import Exercise, document
from domain.working_paper import judge as judge_papers
from services.sampling import papers
from tests.builders import DAY, a_document, a_night
from tests.integration.lifecycle.looking import assert_trail_is_whole, dump
from tests.integration.sampling.judged import (
    COMPLIANT,
    DEVIATION,
    FIRST,
    OUT,
    SECOND,
    UNAVAILABLE,
    bring,
    evaluate,
    extend,
    fill,
    replace,
    sheet,
)
from tests.integration.sampling.world import (
    AUDITOR,
    CODE,
    MINUTE,
    NOW,
    draw,
    drawn,
    freeze,
    referrals,
    seed,
)

SHARES = [COMPLIANT] * 16 + [DEVIATION] * 2 + [UNAVAILABLE, OUT]


class Course:
    """An exercise that goes on by chance; what every item turns out to be is settled at once."""

    def __init__(self, engine: Engine, chance: random.Random) -> None:
        self.engine, self.chance = engine, chance
        self.truth: dict[str, tuple[str, str]] = {}
        self.now: datetime = NOW + 9 * MINUTE
        self.referrals = 60

    def step(self) -> None:
        """One step, which may be refused."""
        self.now += MINUTE
        step = self.chance.choice([self.judge, self.judge, self.replace, self.extend, self.late])
        self.attempt(step)

    def attempt(self, step: Callable[[], object]) -> bool:
        """Take a step; False if it was refused, and then nothing was stored."""
        before = dump(self.engine)
        try:
            step()
        except SampleRefused:
            unchanged = before == dump(self.engine)
            assert unchanged
            return False
        return True

    def judge(self) -> None:
        """Both judges bring back a whole sheet."""
        for place in (FIRST, SECOND):
            paper = sheet(self.engine, place, self.now)
            for row in paper.rows:
                self.truth.setdefault(row.draw_id, self.chance.choice(SHARES))
            bring(self.engine, fill(paper, self.truth), place, now=self.now)

    def replace(self) -> None:
        """What is out of frame is replaced."""
        replace(self.engine, self.now)

    def extend(self) -> None:
        """The plan's next look, or a few more."""
        extend(self.engine, self.chance.choice([None, 1, 4]), self.now)

    def late(self) -> None:
        """Records become known late, once or twice."""
        if self.referrals >= 80:
            return
        self.now += DAY
        first, self.referrals = self.referrals + 1, self.referrals + 10
        answered = [a_document(n) for n in range(first, first + 10)]
        a_night(self.engine, self.now, referrals=referrals(10, first), documents=answered)
        freeze(self.engine, self.now + 6 * MINUTE, supplement=True)
        seed(self.engine, f"{self.now:%d}{'3141592653589793238'}", self.now + 7 * MINUTE)
        draw(self.engine, self.now + 8 * MINUTE)
        self.now += 9 * MINUTE

    def finish(self) -> Exercise:
        """Judge and replace until nothing is open; the papers."""
        for _ in range(20):
            self.now += MINUTE
            self.judge()
            goes_on = partial(extend, self.engine, None, self.now)
            if not replace(self.engine, self.now) and not self.attempt(goes_on):
                break
        with database.reading(self.engine) as session:
            return papers.exercise(session, CODE)


@pytest.mark.parametrize("extension", ["fixed", "two-stage", "anytime"])
@pytest.mark.parametrize("number", range(3))
def test_the_papers_are_those_of_the_draw(
    sqlite_engine: Engine, extension: str, number: int
) -> None:
    """
    In every frame the tickets in use are its first, each was judged, and each out of frame was
    replaced while there was a ticket left.
    """
    drawn(sqlite_engine, extension=extension)
    course = Course(sqlite_engine, random.Random(f"{extension} {number}"))
    for _ in range(8):
        course.step()
    made = course.finish()

    for frame in made.frames:
        ids = [record.draw_id for record in frame.records]
        its = [(line.number, line.draw_id) for line in frame.tickets]
        first = tickets.draw(frame.seed.seed, ids, len(its))
        assert [(ticket.number, ticket.draw_id) for ticket in first] == its
    out = {draw_id for draw_id, answer in course.truth.items() if answer is OUT}
    replaced = {each.draw_id_out for each in made.replacements}
    used_up = all(len(frame.tickets) == len(frame.records) for frame in made.frames)
    assert replaced == out or (used_up and replaced < out)
    found = evaluate(sqlite_engine, course.now + MINUTE)
    again = judge_papers(made, by=AUDITOR, at=found.evaluated_at)
    assert document(found) == document(again)
    counted = found.attributes[0].headline
    assert 0 <= counted.found <= counted.drawn <= found.population
    assert_trail_is_whole(sqlite_engine)
