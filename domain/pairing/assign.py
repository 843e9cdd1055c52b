"""The best one-to-one assignment, and by how much it beats the best one without each pair.

Edges are (r, d, w): two whole numbers that name the ends and a weight in whole steps.  They
must come sorted by (r, d), numbered in an order that is not an accident of the input; then
the answer is the same for the same edges, ties included.  Weights are above zero.

A component is solved by itself.  Most are stars, with one record on one side, where the
best edge is simply the largest; the rest go to scipy's ``linear_sum_assignment``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np

from domain.pairing.arrays import I64, Bits, Flags
from domain.pairing.components import labels
from domain.pairing.detours import detours

_CELLS = 250_000
"""A component with more cells than this is solved as a sparse matrix, its margins by detours."""


@dataclass(frozen=True)
class Graph:
    """Edges sorted by (r, d): the ends' numbers, and the weight in whole steps above zero."""

    r: I64
    d: I64
    w: I64

    def only(self, kept: Flags | I64) -> "Graph":
        """Some of the edges."""
        return Graph(self.r[kept], self.d[kept], self.w[kept])


@dataclass(frozen=True)
class Margins:
    """How far the assignment stands above the best one without each chosen edge, in steps.

    `rival` are edges at either end of the edge in `beside`, chosen in its stead.
    """

    edge: I64
    steps: I64
    beside: I64
    rival: I64


def load() -> None:
    """Load what large work is sure to need, which takes a while, beside something else."""
    import scipy.optimize
    import scipy.sparse.csgraph  # noqa: F401 - only to be there, as is the other


def assign(graph: Graph) -> Flags:
    """Which edges make up an assignment of the largest total weight."""
    chosen = _alone(graph)
    rest = np.flatnonzero(~chosen)
    if len(rest):
        part, component, star = _parted(graph.only(rest))
        chosen[rest[_first_of_each(component, part.w, star)]] = True
        for edges in _groups(component, ~star):
            chosen[rest[edges[_solve(part.only(edges))]]] = True
    return chosen


def margins(graph: Graph, chosen: Flags) -> Margins:
    """The margin of each chosen edge; `chosen` must be an assignment of the largest total."""
    alone = _alone(graph)
    nothing = np.zeros(0, dtype=np.int64)
    by_itself = np.flatnonzero(alone)
    parts = [Margins(by_itself, graph.w[by_itself], nothing, nothing)]
    rest = np.flatnonzero(~alone)
    if len(rest):
        mine = chosen[rest]
        part, component, star = _parted(graph.only(rest))
        found = [_star_margins(part, component, star, mine)]
        for edges in _groups(component, ~star):
            found += [_within(one, edges) for one in _each(part.only(edges), mine[edges])]
        parts += [_within(one, rest) for one in found]
    return Margins(
        *(np.concatenate([getattr(one, each.name) for one in parts]) for each in fields(Margins))
    )


def _within(found: Margins, edges: I64) -> Margins:
    """Margins of some of the edges, in numbers of all."""
    return Margins(edges[found.edge], found.steps, edges[found.beside], edges[found.rival])


def _alone(graph: Graph) -> Flags:
    """Edges that share no end with another."""
    if not len(graph.w):
        return np.zeros(0, dtype=bool)
    found: Flags = np.bincount(graph.r)[graph.r] == 1
    found &= np.bincount(graph.d)[graph.d] == 1
    return found


def _parted(graph: Graph) -> tuple[Graph, I64, Flags]:
    """The edges with the ends numbered by component; each edge's component, and whether a star."""
    r, rs = _numbered(graph.r)
    d, ds = _numbered(graph.d)
    label = labels(r, d + rs, rs + ds)
    of_r, of_d = label[:rs], label[rs:]
    count = int(label.max()) + 1
    single = (np.bincount(of_r, minlength=count) == 1) | (np.bincount(of_d, minlength=count) == 1)
    component = label[r]
    within = Graph(_places(of_r)[r], _places(of_d)[d], graph.w)
    return within, component, single[component]


def _numbered(values: I64) -> tuple[I64, int]:
    distinct, number = np.unique(values, return_inverse=True)
    return number.astype(np.int64), len(distinct)


def _places(component: I64) -> I64:
    """The place of each end among those of its component."""
    order = np.argsort(component, kind="stable")
    first = np.flatnonzero(np.diff(component[order], prepend=-1))
    sizes = np.diff(np.append(first, len(order)))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order)) - np.repeat(first, sizes)
    return place


def _first_of_each(component: I64, w: I64, star: Flags) -> I64:
    """The heaviest edge of each star, the first one if several are."""
    edges = np.flatnonzero(star)
    by_weight = edges[np.lexsort((edges, -w[edges], component[edges]))]
    first: Flags = np.diff(component[by_weight], prepend=-1) != 0
    return by_weight[first]


def _groups(component: I64, wanted: Flags) -> Iterator[I64]:
    """The edges of each wanted component, in order."""
    edges = np.flatnonzero(wanted)
    edges = edges[np.argsort(component[edges], kind="stable")]
    yield from (
        group
        for group in np.split(edges, np.flatnonzero(np.diff(component[edges])) + 1)
        if len(group)
    )


def _star_margins(graph: Graph, component: I64, star: Flags, chosen: Flags) -> Margins:
    second = np.full(int(component.max()) + 1, -1)
    runners_up = _first_of_each(component, graph.w, star & ~chosen)
    second[component[runners_up]] = runners_up
    edge = np.flatnonzero(star & chosen)
    rival = second[component[edge]]
    has = rival >= 0
    steps = graph.w[edge] - np.where(has, graph.w[rival], 0)
    return Margins(edge, steps, edge[has], rival[has])


def _each(graph: Graph, chosen: Flags) -> Iterator[Margins]:
    """The margins of one component's chosen edges; of a small one, solved again without each."""
    places = np.flatnonzero(chosen)
    if _cells(graph) > _CELLS:
        steps, *others = detours(graph.r, graph.d, graph.w, chosen)
        rival, beside = np.concatenate(others), np.tile(places, 2)
        there = rival >= 0
        yield Margins(places, steps, beside[there], rival[there])
        return
    weight, edge = _matrix(graph)
    total = graph.w[chosen].sum()
    for place in places:
        cell = graph.r[place], graph.d[place]
        weight[cell] = 0
        other = _best(weight, edge)
        weight[cell] = graph.w[place]
        other = np.sort(other[(other >= 0) & (other != place)])
        rival = other[(graph.r[other] == graph.r[place]) | (graph.d[other] == graph.d[place])]
        steps = np.array([total - graph.w[other].sum()])
        yield Margins(np.array([place]), steps, np.full(len(rival), place), rival)


def _best(weight: Bits, edge: I64) -> I64:
    """The edges that the best assignment takes, and -1 where it takes none."""
    # Here and not above: scipy takes half a second to load, and most commands pair nothing.
    from scipy.optimize import linear_sum_assignment

    found: I64 = edge[linear_sum_assignment(weight, maximize=True)]
    return found


def _cells(graph: Graph) -> int:
    """Of the matrix of one component."""
    return (int(graph.r.max()) + 1) * (int(graph.d.max()) + 1)


def _matrix(graph: Graph) -> tuple[Bits, I64]:
    """The weight and the edge (-1 if there is none) between each r and each d."""
    size = int(graph.r.max()) + 1, int(graph.d.max()) + 1
    weight, edge = np.zeros(size), np.full(size, -1)
    weight[graph.r, graph.d] = graph.w
    edge[graph.r, graph.d] = np.arange(len(graph.w))
    return weight, edge


def _solve(graph: Graph) -> I64:
    """The edges of the best assignment of one component, whose ends are numbered from 0."""
    if _cells(graph) > _CELLS:
        return _solve_sparse(graph)
    found = _best(*_matrix(graph))
    result: I64 = np.sort(found[found >= 0])
    return result


def _solve_sparse(graph: Graph) -> I64:
    """The same by a sparse method; each r may also take a place of its own, worth nothing."""
    # As in `_best`.
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    r, d, w = graph.r, graph.d, graph.w
    rs, ds = int(r.max()) + 1, int(d.max()) + 1
    own = np.arange(rs)
    cost = csr_array(
        (
            np.concatenate((1.0 + w, np.ones(rs))),
            (np.concatenate((r, own)), np.concatenate((d, ds + own))),
        ),
        shape=(rs, ds + rs),
    )
    rows, columns = min_weight_full_bipartite_matching(cost, maximize=True)
    taken = np.full(rs, -1)
    taken[rows] = columns
    return np.flatnonzero(taken[r] == d)
