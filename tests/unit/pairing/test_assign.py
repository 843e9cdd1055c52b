"""The assignment is the best one, and margins are what they say, against brute force."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from domain.pairing import assign as assigning
from domain.pairing.assign import Graph, assign, margins


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Up to nine edges between four and four records; ties are common."""
    ends = st.tuples(st.integers(0, 3), st.integers(0, 3))
    edges = sorted(draw(st.dictionaries(ends, st.integers(1, 6), max_size=9)).items())
    r, d, w = ([end[0] for end, _ in edges], [end[1] for end, _ in edges], [w for _, w in edges])
    return Graph(*(np.array(values, dtype=np.int64) for values in (r, d, w)))


def best_total(graph: Graph, without: int = -1) -> int:
    """The largest total of any set of edges that shares no end, by trying them all."""
    edges = [e for e in range(len(graph.w)) if e != without]
    totals = [0]
    for size in range(1, 5):
        for some in combinations(edges, size):
            chosen = list(some)
            if len(set(graph.r[chosen])) == len(set(graph.d[chosen])) == size:
                totals.append(int(graph.w[chosen].sum()))
    return max(totals)


@given(graph=graphs())
def test_no_assignment_weighs_more(graph: Graph) -> None:
    """
    A greedy choice would leave a referral without the document that was written for it.
    """
    chosen = assign(graph)

    assert len(set(graph.r[chosen])) == len(set(graph.d[chosen])) == chosen.sum()
    assert best_total(graph) == graph.w[chosen].sum()


@given(graph=graphs())
def test_a_margin_is_what_forbidding_the_pair_costs(graph: Graph) -> None:
    """
    The number beside a pairing can be checked by solving the rest again.
    """
    chosen = assign(graph)
    found = margins(graph, chosen)

    assert sorted(found.edge) == list(np.flatnonzero(chosen))
    for edge, steps in zip(found.edge, found.steps, strict=True):
        assert best_total(graph) - best_total(graph, without=edge) == steps
    assert set(found.beside) <= set(found.edge)
    for edge, rival in zip(found.beside, found.rival, strict=True):
        assert graph.r[rival] == graph.r[edge] or graph.d[rival] == graph.d[edge]


def test_a_very_large_component_is_solved_as_well() -> None:
    """
    A crowded component must neither fill the memory nor lose its best assignment.
    """
    size = 600
    r = np.repeat(np.arange(size), 2)
    d = np.column_stack((np.arange(size), (np.arange(size) + 1) % size)).ravel()
    w = np.where(r == d, 10, 7)
    order = np.lexsort((d, r))
    graph = Graph(r[order], d[order], w[order])
    chosen = assign(graph)

    assert size * size > assigning._CELLS
    assert size * 10 == graph.w[chosen].sum()
    assert {10} == set(margins(graph, chosen).steps.tolist())
