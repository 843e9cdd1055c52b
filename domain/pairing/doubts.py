"""Pairings that do not stand out from the alternatives are put to a person, rivals beside them.

A primary must stand out by the margin and, if its document quotes no reference, be the only
one that tells of the event, unless twins are rare (ADR 15, ADR 17).
"""

import numpy as np

from domain.pairing.arrays import I64, Flags
from domain.pairing.assign import Graph, margins
from domain.pairing.board import Board
from domain.pairing.places import among
from domain.pairing.verdicts import (
    AMBIGUOUS,
    AUTO,
    COVER,
    NONE,
    OVERRIDE_CONFLICT,
    PERSON_OF_INCIDENT,
    PRIMARY,
    REVIEW,
    SECOND,
    Verdicts,
    heaviest,
)
from domain.pairing.weights import STEPS, Weights


def judge_margins(verdicts: Verdicts, graph_edges: I64, chosen: Flags, weights: Weights) -> None:
    """Primaries that do not stand out become ambiguous, with the rivals beside them."""
    board = verdicts.board
    attached = (verdicts.band == AUTO) & (verdicts.role != PRIMARY)
    kept = graph_edges[~attached[graph_edges]]
    found = margins(Graph(board.r, board.d, board.w).only(kept), chosen[kept])
    edge = kept[found.edge]
    verdicts.margin[edge] = found.steps / STEPS
    listed = (verdicts.band[edge] == AUTO) | board.strength.review[edge]
    close = edge[listed & (found.steps < weights.bands.margin * STEPS)]
    beside = np.isin(kept[found.beside], close)
    doubtful = np.concatenate((close, kept[found.rival[beside]]))
    verdicts.give(doubtful[~attached[doubtful]], PRIMARY, REVIEW, AMBIGUOUS)


def judge_outdone(verdicts: Verdicts, outdone: Flags, weights: Weights) -> None:
    """Primaries whose document fits another referral better, which others quote, are ambiguous.

    It was not chosen there because of those that quote, and may answer there all the same;
    unless its people are those of both referrals of one incident.
    """
    board, strength = verdicts.board, verdicts.board.strength
    made = (verdicts.band == AUTO) & (verdicts.role == PRIMARY) & ~board.confirmed
    covers = strength.auto_cover & among(board.within, outdone)
    asked = made & ~strength.told & ~covers
    best = heaviest(board.d, board.w, outdone & among(board.d, asked))
    better = np.full(int(board.d.max(initial=0)) + 1, -1)
    better[board.d[best]] = best
    rival = better[board.d]
    more = np.where(rival >= 0, board.w[rival] - board.w, 0)
    doubtful = np.flatnonzero(asked & (more > weights.bands.margin * STEPS))
    verdicts.give(doubtful, PRIMARY, REVIEW, AMBIGUOUS)
    verdicts.give(rival[doubtful], SECOND, REVIEW, AMBIGUOUS)


def judge_attached(verdicts: Verdicts, weights: Weights) -> None:
    """The margin of a cover or second document: over the best other one that would do too."""
    board, strength = verdicts.board, verdicts.board.strength
    for role, ends, able in (
        (COVER, board.r, strength.auto_cover),
        (SECOND, board.d, strength.auto_second),
    ):
        attached = (verdicts.band == AUTO) & (verdicts.role == role) & ~board.confirmed
        rivals = able & (verdicts.band != AUTO) & among(ends, attached)
        _must_stand_out(verdicts, np.flatnonzero(attached), rivals, role, ends, weights)


def cover_named(verdicts: Verdicts, weights: Weights) -> None:
    """Referrals without a document get the one that names their people, of their incident.

    It answers another referral of the incident, so the event need not be told once more (ADR
    22).  Only what is still sure by now counts, so this comes last.
    """
    board = verdicts.board
    free = ~board.clash & ~board.confirmed & (verdicts.band == NONE)
    named = free & board.strength.named & verdicts.has(board.within)
    named &= ~verdicts.has(board.r, REVIEW)
    best = heaviest(board.r, board.w, named)
    verdicts.give(best, COVER, AUTO, PERSON_OF_INCIDENT)
    named[best] = False
    _must_stand_out(verdicts, best, named, COVER, board.r, weights)


def _must_stand_out(
    verdicts: Verdicts, edges: I64, rivals: Flags, role: int, ends: I64, weights: Weights
) -> None:
    """Attached edges and their margin over the best rival at the same end: too close is a doubt."""
    w = verdicts.board.w
    best = heaviest(ends, w, rivals)
    rival_of = np.full(int(ends.max(initial=0)) + 1, -1)
    rival_of[ends[best]] = best
    rival = rival_of[ends[edges]]
    steps = w[edges] - np.where(rival >= 0, w[rival], 0)
    verdicts.margin[edges] = steps / STEPS
    close = (rival >= 0) & (steps < weights.bands.margin * STEPS)
    verdicts.give(np.append(edges[close], rival[close]), role, REVIEW, AMBIGUOUS)


def judge_doubles(verdicts: Verdicts, weights: Weights) -> None:
    """Pairings that do not stand out, since another document tells of the referral's event.

    Documents of one event agree on it, so what one of them leaves out does not make it less
    likely to be the answer: only the reference tells them apart.  A document that quotes none
    is ambiguous beside any other, unless twins are rare, and one that quotes the referral but
    does not agree on its people, beside one that agrees in event and people and quotes
    nothing; unless it has the number of an incident that no other referral is of.
    """
    board, strength = verdicts.board, verdicts.board.strength
    made = (verdicts.band == AUTO) & ~board.confirmed & (verdicts.role == PRIMARY)
    sibling = verdicts.has(board.within) & strength.auto_cover
    settled = among(board.d, board.confirmed)
    open_still = (~verdicts.has(board.d) | sibling) & ~settled & ~board.clash
    rivals = strength.rival & open_still & ~made
    stronger = rivals & strength.both & ~strength.told
    weak = ~strength.both & ~(strength.sure & _alone(board))
    doubtful = made & weak & among(board.r, stronger)
    if not weights.twins.are_rare:
        doubtful |= made & ~strength.quoting & among(board.r, rivals)
    shown = rivals & among(board.r, doubtful)
    verdicts.give(doubtful | shown, PRIMARY, REVIEW, AMBIGUOUS)


def _alone(board: Board) -> Flags:
    """Edges of a referral that is the only one of its incident, so its reference is not pasted."""
    of_r = np.zeros(int(board.r.max(initial=-1)) + 1, dtype=np.int64)
    of_r[board.r] = board.case
    found: Flags = np.bincount(of_r, minlength=1)[board.case] == 1
    return found


def mark_clashes(verdicts: Verdicts) -> None:
    """No guess where a document would undo what a person told apart."""
    board = verdicts.board
    held = among(board.r, board.clash) & (verdicts.band == AUTO) & ~board.confirmed
    settled = among(board.r, board.confirmed)
    doubtful = np.flatnonzero(held & ~settled)
    verdicts.band[doubtful] = REVIEW
    verdicts.rule[doubtful] = OVERRIDE_CONFLICT
    verdicts.give(board.clash, PRIMARY, REVIEW, OVERRIDE_CONFLICT)
