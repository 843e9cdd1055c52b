"""What it costs to do without each pair of an assignment, for components of any size.

Without its pair a record takes another's partner, that one a third's, and so on, until
somebody goes without or the round closes at the first pair.  So the pairs, and one more node
for going without, are the nodes of a graph; an arc costs what is lost by the step, and the
margin of a pair is the cheapest round through its node.  One set of prices makes all costs
zero or more, and then the rounds are shortest paths (Johnson, "Efficient algorithms for
shortest paths in sparse networks", 1977; for assignments Ahuja, Magnanti and Orlin, "Network
Flows", 1993, section 12.4).

Most rounds are found for all pairs at once: those that cost nothing, those in which somebody
goes without, and swaps of two.  Only where a longer round might be cheaper is it looked for
pair by pair, and no further than it would have to be.  Whole numbers, so nothing is rounded.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from domain.pairing.arrays import I64, Bits, Flags

_NONE = -1
"""In place of an edge, where a record goes without."""
_AT_ONCE = 4_000_000
"""Distances kept in memory at once."""


@dataclass(frozen=True)
class Arcs:
    """Steps from node to node, sorted by (tail, head); the edge that each takes, or _NONE."""

    tail: I64
    head: I64
    cost: I64
    edge: I64
    nodes: int

    def only(self, kept: Flags) -> "Arcs":
        """Some of the arcs."""
        tail, head, cost, edge = (
            values[kept] for values in (self.tail, self.head, self.cost, self.edge)
        )
        return Arcs(tail, head, cost, edge, self.nodes)

    def places(self, tail: I64, head: I64) -> I64:
        """Where the arc is from each tail to each head; anywhere if there is none."""
        key = self.tail * self.nodes + self.head
        return np.minimum(np.searchsorted(key, tail * self.nodes + head), len(key) - 1)

    def matrix(self) -> Any:
        """For scipy, which takes a zero that is written down for an arc."""
        # Here and not above: scipy takes half a second to load, and most commands pair nothing.
        from scipy.sparse import csr_array

        where = (self.tail, self.head)
        return csr_array((self.cost.astype(np.float64), where), shape=(self.nodes, self.nodes))


@dataclass(frozen=True)
class Rounds:
    """The cheapest round known through each node, the node after it and the one before it."""

    cost: Bits
    after: I64
    before: I64

    def improve(self, node: I64, cost: Bits, after: I64, before: I64) -> None:
        """Put down rounds through some nodes where they are cheaper than those known."""
        better = cost < self.cost[node]
        node = node[better]
        self.cost[node] = cost[better]
        self.after[node], self.before[node] = after[better], before[better]


def detours(r: I64, d: I64, w: I64, chosen: Flags) -> tuple[I64, I64, I64]:
    """What doing without each chosen edge costs, and the edges taken in its stead.

    Args:
        r, d, w: One component's edges as in `assign`, with the ends numbered from 0.
        chosen: An assignment of the largest total.

    Returns:
        For each chosen edge, in order: the cost; the edge that its r then takes and the one
        that its d does, -1 for a record that goes without.
    """
    arcs = _priced(_arcs(r, d, w, chosen))
    pairs = np.arange(arcs.nodes - 1)
    free = arcs.only(arcs.cost == 0)
    of = _strong(free)
    inside = free.only(of[free.tail] == of[free.head])
    tied = np.bincount(of)[of[pairs]] > 1
    outer = _between(arcs, of)
    cost = np.zeros(len(pairs), dtype=np.int64)
    out, back = _first(inside.tail, inside), _first(inside.head, inside)
    out, back = out[pairs], back[pairs]
    if not tied.all():
        rounds = _rounds(outer, int(of[-1]))
        node = of[pairs[~tied]]
        cost[~tied] = rounds.cost[node].astype(np.int64)
        out[~tied] = outer.edge[outer.places(node, rounds.after[node])]
        back[~tied] = outer.edge[outer.places(rounds.before[node], node)]
    return cost, out, back


def _between(arcs: Arcs, of: I64) -> Arcs:
    """The arcs between groups of nodes, `of` saying which group each node is of."""
    some = arcs.only(of[arcs.tail] != of[arcs.head])
    return _cheapest(of[some.tail], of[some.head], some.cost, some.edge, int(of.max()) + 1)


def _arcs(r: I64, d: I64, w: I64, chosen: Flags) -> Arcs:
    """The steps between chosen edges, numbered in order; the last node is going without."""
    pairs = np.flatnonzero(chosen)
    without = len(pairs)
    node = np.arange(without)
    of_r, of_d = np.full(int(r.max()) + 1, without), np.full(int(d.max()) + 1, without)
    of_r[r[pairs]], of_d[d[pairs]] = node, node
    lost = np.append(w[pairs], 0)
    other = np.flatnonzero(~chosen)
    head = of_d[d[other]]
    nobody = np.full(without, without)
    return _cheapest(
        np.concatenate((of_r[r[other]], node, nobody)),
        np.concatenate((head, nobody, node)),
        np.concatenate((lost[head] - w[other], np.zeros(without, dtype=np.int64), w[pairs])),
        np.concatenate((other, np.full(2 * without, _NONE))),
        without + 1,
    )


def _cheapest(tail: I64, head: I64, cost: I64, edge: I64, nodes: int) -> Arcs:
    """The cheapest arc from each node to each; of several one with an edge, and the first."""
    order = np.lexsort((edge, edge == _NONE, cost, head, tail))
    arcs = Arcs(tail[order], head[order], cost[order], edge[order], nodes)
    return arcs.only(np.diff(arcs.tail * nodes + arcs.head, prepend=-1) != 0)


def _priced(arcs: Arcs) -> Arcs:
    """The arcs with prices put on the nodes that leave no cost below zero, nor a round changed.

    By Bellman and Ford, from everywhere at once.
    """
    price = np.zeros(arcs.nodes, dtype=np.int64)
    start = np.searchsorted(arcs.tail, np.arange(arcs.nodes + 1))
    changed = np.arange(arcs.nodes)
    for _ in range(arcs.nodes):
        counts = start[changed + 1] - start[changed]
        skipped = start[changed] - (np.cumsum(counts) - counts)
        leaving = np.arange(counts.sum()) + np.repeat(skipped, counts)
        before = price.copy()
        np.minimum.at(price, arcs.head[leaving], before[arcs.tail[leaving]] + arcs.cost[leaving])
        changed = np.flatnonzero(price < before)
        if not len(changed):
            break
    cost = arcs.cost + price[arcs.tail] - price[arcs.head]
    return Arcs(arcs.tail, arcs.head, cost, arcs.edge, arcs.nodes)


def _strong(arcs: Arcs) -> I64:
    """The number of the strongly connected component of each node."""
    # As in `matrix`.
    from scipy.sparse.csgraph import connected_components

    _, label = connected_components(arcs.matrix(), directed=True, connection="strong")
    return np.asarray(label, dtype=np.int64)


def _first(ends: I64, arcs: Arcs) -> I64:
    """The first edge among the arcs at each node, _NONE if there is none."""
    found = np.full(arcs.nodes, _NONE)
    order = np.lexsort((arcs.edge, arcs.edge == _NONE, ends))
    node, first = np.unique(ends[order], return_index=True)
    found[node] = arcs.edge[order[first]]
    return found


def _rounds(arcs: Arcs, without: int) -> Rounds:
    """The cheapest round through each node but `without`, none of which costs nothing."""
    # As in `matrix`.
    from scipy.sparse.csgraph import dijkstra

    matrix = arcs.matrix()
    there, after = dijkstra(matrix.T.tocsr(), indices=without, return_predecessors=True)
    back, before = dijkstra(matrix, indices=without, return_predecessors=True)
    rounds = Rounds(there + back, after.astype(np.int64), before.astype(np.int64))
    others = arcs.only((arcs.tail != without) & (arcs.head != without))
    if len(others.tail):
        _swaps(others, rounds)
        _longer(others, rounds)
    return rounds


def _swaps(arcs: Arcs, rounds: Rounds) -> None:
    """Rounds of two nodes."""
    reverse = arcs.places(arcs.head, arcs.tail)
    both = (arcs.tail[reverse] == arcs.head) & (arcs.head[reverse] == arcs.tail)
    cost = np.where(both, arcs.cost + arcs.cost[reverse], np.inf)
    order = np.lexsort((cost, arcs.tail))
    node, first = np.unique(arcs.tail[order], return_index=True)
    best = order[first]
    rounds.improve(node, cost[best], arcs.head[best], arcs.head[best])


def _longer(arcs: Arcs, rounds: Rounds) -> None:
    """Rounds of more nodes, the cheap ones first: those of one cost are a small part to search."""
    least_out, least_in = np.full(arcs.nodes, np.inf), np.full(arcs.nodes, np.inf)
    np.minimum.at(least_out, arcs.tail, arcs.cost)
    np.minimum.at(least_in, arcs.head, arcs.cost)
    least = least_out + least_in
    unsettled = least < rounds.cost
    most = max(1.0, float(np.median(least[unsettled]))) if unsettled.any() else 1.0
    while unsettled.any():
        asked = unsettled & (least <= most)
        _up_to(most, arcs.only(arcs.cost <= most), asked, least_in, rounds)
        unsettled &= (rounds.cost > most) & (least < rounds.cost)
        most *= 2


def _up_to(most: float, arcs: Arcs, asked: Flags, least_in: Bits, rounds: Rounds) -> None:
    """The cheapest round through each node that is asked about, if it costs no more than this."""
    matrix = arcs.matrix()
    for group in _groups(_strong(arcs)):
        nodes = np.flatnonzero(asked[group])
        if len(group) > 2 and len(nodes):
            reach = np.minimum(rounds.cost[group], most) - least_in[group]
            nodes = nodes[np.argsort(reach[nodes], kind="stable")]
            _search(matrix[group][:, group], group, nodes, reach, rounds)


def _groups(label: I64) -> Iterator[I64]:
    """The nodes of each label."""
    order = np.argsort(label, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(label[order])) + 1)


def _search(matrix: Any, group: I64, asked: I64, reach: Bits, rounds: Rounds) -> None:
    """The cheapest round through each node that is asked about, no further than `reach`."""
    # As in `matrix`.
    from scipy.sparse.csgraph import dijkstra

    into = matrix.T.tocsr()
    at_once = max(1, _AT_ONCE // len(group))
    for begin in range(0, len(asked), at_once):
        some = asked[begin : begin + at_once]
        far = reach[some].max()
        costs, before = dijkstra(matrix, indices=some, limit=far, return_predecessors=True)
        last, cost = np.empty_like(some), np.empty(len(some))
        for row, node in enumerate(some):
            entry = slice(into.indptr[node], into.indptr[node + 1])
            total = costs[row, into.indices[entry]] + into.data[entry]
            best = int(np.argmin(total))
            last[row], cost[row] = into.indices[entry][best], total[best]
        closed = np.flatnonzero(cost < rounds.cost[group[some]])
        node, last = some[closed], last[closed]
        after = _second(before, closed, node, last)
        rounds.improve(group[node], cost[closed], group[after], group[last])


def _second(before: I64, row: I64, first: I64, last: I64) -> I64:
    """The second node of each path from `first` to `last`."""
    at = last
    while True:
        previous = before[row, at]
        if (previous == first).all():
            return at
        at = np.where(previous == first, at, previous)
