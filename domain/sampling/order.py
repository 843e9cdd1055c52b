"""The one order of the tickets of all frames, and what comes next in it.

Each frame has a seed of its own.  Its tickets do not depend on the other frames, so merging a
supplementary frame in changes nobody's ticket: it only puts new items between those there.
"""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from domain.assurance import tickets


@dataclass(frozen=True)
class Drawable:
    """A frame's seed, and the ids to draw from by what they are drawn from."""

    seed: str
    ids: Mapping[str, Collection[str]]


@dataclass(frozen=True, order=True)
class Place:
    """A ticket of the merged order; `order` counts from 1 in its own frame."""

    number: str
    draw_id: str
    frame: int
    order: int


def merged(frames: Sequence[Drawable], name: str, size: int) -> list[Place]:
    """The first `size` tickets of all frames in one order, or all if there are fewer."""
    found = [
        Place(ticket.number, ticket.draw_id, at, order)
        for at, frame in enumerate(frames)
        if (ids := frame.ids.get(name))
        for order, ticket in enumerate(tickets.draw(frame.seed, ids, min(size, len(ids))), 1)
    ]
    return sorted(found)[:size]


def first(
    frames: Sequence[Drawable], name: str, size: int, out: AbstractSet[str] = frozenset()
) -> list[Place]:
    """The tickets up to the `size`-th that is not `out` of frame, those out of it included.

    All if there are fewer.
    """
    kept: list[Place] = []
    left = size
    for place in merged(frames, name, size + len(out)):
        if not left:
            break
        kept.append(place)
        left -= place.draw_id not in out
    return kept


def undrawn(
    frames: Sequence[Drawable], name: str, more: int, drawn: AbstractSet[str]
) -> list[Place]:
    """The next `more` tickets that were not drawn yet, or all that are left."""
    ahead = merged(frames, name, len(drawn) + more)
    return [place for place in ahead if place.draw_id not in drawn][:more]
