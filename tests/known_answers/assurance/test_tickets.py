"""Tickets as consistent-sampler 1.0.10 gives them.

The package is a dependency of the tests alone.  Its answers to 10,000 fixed ids are also kept
as a file, so that they can be compared where it is not installed; the file was made by

    python -m tests.known_answers.assurance.make_tickets
"""

import random

import pytest
from consistent_sampler import sampler
from hypothesis import given
from hypothesis import strategies as st

from domain.assurance.tickets import draw, number
from tests.known_answers.assurance.make_tickets import ANSWERS, SEED, answers, frame
from tests.unit.assurance.strategies import steady

plain = st.characters(codec="latin-1", min_codepoint=0x20, exclude_categories=("Cc", "Cs"))


def theirs(seed: str, ids: list[str]) -> list[tuple[str, str]]:
    """Every ticket in full, in the order of the draw."""
    drawn = sampler(ids, seed=seed, output="tuple", digits=100)
    return [(ticket, draw_id) for ticket, draw_id, _ in drawn]


def ours(seed: str, ids: list[str]) -> list[tuple[str, str]]:
    """The same of our own."""
    return [(ticket.number, ticket.draw_id) for ticket in draw(seed, ids, len(ids))]


@steady
@given(st.text(plain, min_size=20).filter(lambda s: s == s.strip() and len(s) >= 20),
       st.sets(st.text(plain, min_size=1), max_size=30).map(sorted))  # fmt: skip
def test_any_draw_is_theirs(seed: str, ids: list[str]) -> None:
    """Whatever the seed and the ids are made of."""
    assert theirs(seed, ids) == ours(seed, ids)


@pytest.mark.parametrize("run", range(3))
def test_ten_thousand_ids_in_every_script_are_drawn_in_their_order(run: int) -> None:
    """Letters of any plane of Unicode, in composed form."""
    chooser = random.Random(f"consistent {run}")
    ids = frame(chooser)

    assert 10_000 == len(ids)
    assert theirs(f"{SEED}{run}", ids) == ours(f"{SEED}{run}", ids)


def test_the_kept_answers_are_still_ours() -> None:
    """The file was written from the package, never from here."""
    assert ANSWERS["draw"] == answers(ours(SEED, frame(random.Random("consistent"))))


def test_the_kept_answers_are_still_theirs() -> None:
    """And the package gives them today."""
    assert ANSWERS["draw"] == answers(theirs(SEED, frame(random.Random("consistent"))))
    assert "1.0.10" == ANSWERS["version"]


def test_the_documented_example_comes_out() -> None:
    """From the package's own documentation, which shows nine digits."""
    assert number("01382438112797316654", "AB-130") == (
        "0.26299714122838008416507544297546663599715395525154425586041245287750224561854"
    )
    assert number("314159", "cd-1").startswith("0.317685817")
    assert number("314159", "ef-3").startswith("0.832984519")
