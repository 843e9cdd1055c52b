"""Margins in components too large to solve again for each pair, against trying everything."""

from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.pairing import assign as assigning
from domain.pairing.assign import Graph, assign, margins
from tests.unit.pairing.pairings import assert_same_rows, paired
from tests.unit.pairing.strategies import World, worlds


@pytest.fixture(autouse=True, scope="module")
def every_component_is_large() -> Iterator[None]:
    """Nothing is small enough to be solved again for each pair."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assigning, "_CELLS", 1)
        yield


@st.composite
def tangles(draw: st.DrawFn) -> Graph:
    """A ring of up to seven pairs, or most of one, with edges across it; ties are common."""
    size = draw(st.integers(2, 7))
    heaviest = draw(st.sampled_from([1, 3, 12, 1000]))
    weight = st.integers(1, heaviest)
    ends = st.integers(0, size - 1)
    edges = draw(st.dictionaries(st.tuples(ends, ends), weight, min_size=1, max_size=12))
    if draw(st.booleans()):
        for at in range(size):
            edges[at, at] = draw(weight) + heaviest // 2
            edges[at, (at + 1) % size] = draw(weight)
    return graph_of(edges)


def graph_of(edges: dict[tuple[int, int], int]) -> Graph:
    """The graph of some weights by ends."""
    r, d, w = zip(*sorted((*ends, weight) for ends, weight in edges.items()), strict=True)
    return Graph(*(np.array(values, dtype=np.int64) for values in (r, d, w)))


def best_total(graph: Graph, without: int, given: int | None = None) -> int:
    """The largest total without one edge, and with another if given, by trying everything."""
    options: dict[int, list[tuple[int, int]]] = {}
    for edge, (r, d, w) in enumerate(zip(graph.r, graph.d, graph.w, strict=True)):
        at_its_ends = given is not None and (r == graph.r[given] or d == graph.d[given])
        if edge != without and not at_its_ends:
            options.setdefault(int(r), []).append((int(d), int(w)))
    rows = list(options.values())

    @cache
    def best(row: int, taken: int) -> int:
        if row == len(rows):
            return 0
        free = [(d, w) for d, w in rows[row] if not taken >> d & 1]
        return max([best(row + 1, taken), *(w + best(row + 1, taken | 1 << d) for d, w in free)])

    return best(0, 0) + (0 if given is None else int(graph.w[given]))


@settings(deadline=None, max_examples=150)
@given(graph=tangles())
def test_a_margin_is_what_forbidding_the_pair_costs(graph: Graph) -> None:
    """
    A margin shown too large makes a pair that a person should have looked at.
    """
    chosen = assign(graph)
    found = margins(graph, chosen)
    total = graph.w[chosen].sum()

    assert sorted(found.edge) == list(np.flatnonzero(chosen))
    for edge, steps in zip(found.edge, found.steps, strict=True):
        assert total - best_total(graph, without=edge) == steps


@settings(deadline=None, max_examples=150)
@given(graph=tangles())
def test_a_rival_is_part_of_a_best_assignment_without_the_pair(graph: Graph) -> None:
    """
    What is listed beside an ambiguous pair is what would be taken in its stead.
    """
    chosen = assign(graph)
    found = margins(graph, chosen)
    steps = dict(zip(found.edge.tolist(), found.steps.tolist(), strict=True))
    total = graph.w[chosen].sum()

    for edge, rival in zip(found.beside.tolist(), found.rival.tolist(), strict=True):
        assert rival != edge
        assert graph.r[rival] == graph.r[edge] or graph.d[rival] == graph.d[edge]
        assert total - steps[edge] == best_total(graph, without=edge, given=rival)


@pytest.mark.parametrize("size", [3, 9, 40])
def test_a_round_through_every_record_is_found(size: int) -> None:
    """
    The alternative to a pair may begin far away: all move on by one, and it costs 1 in all.
    """
    edges = {(at, at): 100 for at in range(size)}
    edges |= {(at, (at + 1) % size): 100 - (at == 0) for at in range(size)}
    graph = graph_of(edges)

    assert {1} == set(margins(graph, assign(graph)).steps.tolist())


@settings(deadline=None, max_examples=30)
@given(world=worlds())
def test_the_order_of_the_records_does_not_matter(world: World) -> None:
    """
    Of equal alternatives the same one is listed, however the export was sorted.
    """
    sides = [
        type(side)(side.records.reverse(), side.people)
        for side in (world.referrals, world.documents)
    ]

    assert_same_rows(
        paired(world).pairings, paired(World(sides[0], sides[1], world.decisions)).pairings
    )
