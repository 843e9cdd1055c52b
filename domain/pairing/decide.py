"""Decide which document answers which referral.

The best one-to-one assignment comes first, among the pairs that are strong enough by
themselves (bands); then a document that is already paired may cover further referrals of the
incident, and a second document may be attached to a referral that already has one.  A pairing
must also stand out from the alternatives (doubts).  Otherwise it is ambiguous and every rival
is listed.  Last, a document that answers a referral of an incident answers those others of it
whose people it names.  What a person confirmed stands.

Nothing is compared across components, so deciding some whole components gives exactly what
deciding everything gives for them.
"""

import numpy as np
import polars as pl

from domain.pairing.arrays import I64, Flags
from domain.pairing.assign import Graph, assign, load
from domain.pairing.board import set_board
from domain.pairing.doubts import (
    cover_named,
    judge_attached,
    judge_doubles,
    judge_margins,
    judge_outdone,
    mark_clashes,
)
from domain.pairing.frames import Decided, RecordsLike, records_of
from domain.pairing.kernel import is_worth_compiling, workers
from domain.pairing.outcomes import outcomes
from domain.pairing.places import among
from domain.pairing.verdicts import (
    AUTO,
    CONFIRMED_BY_PERSON,
    COVER,
    NEEDS_REVIEW,
    NONE,
    PRIMARY,
    REVIEW,
    SECOND,
    Verdicts,
    heaviest,
    pairings,
)
from domain.pairing.weights import Weights


def decide(
    edges: pl.DataFrame,
    referrals: RecordsLike,
    documents: RecordsLike,
    decisions: pl.DataFrame,
    weights: Weights,
) -> Decided:
    """The pairings, and one outcome for each referral.

    Args:
        edges: EDGE_SCHEMA; those under the floor are not used.
        referrals, documents: The records of whole components.
        decisions: DECISION_SCHEMA; what people confirmed or rejected.
    """
    records, papers = records_of(referrals), records_of(documents)
    with workers(edges.height) as pool:
        if is_worth_compiling(edges.height):
            pool.submit(load)
        board = set_board(edges, records, papers, decisions, weights)
    verdicts = Verdicts(board)
    _confirm(verdicts)
    graph_edges, chosen, outdone = _assign(verdicts)
    _attach(verdicts, records)
    judge_margins(verdicts, graph_edges, chosen, weights)
    judge_outdone(verdicts, outdone, weights)
    judge_attached(verdicts, weights)
    judge_doubles(verdicts, weights)
    cover_named(verdicts, weights)
    _offer_for_review(verdicts)
    mark_clashes(verdicts)
    listed = np.flatnonzero(verdicts.band > NONE)
    return Decided(
        pairings(verdicts, edges, records, papers),
        outcomes(
            records,
            of=board.at_r[listed],
            made=verdicts.band[listed] == AUTO,
            rule=verdicts.rule[listed].astype(np.int64) - 1,
            excuse=board.excuse,
        ),
    )


def _confirm(verdicts: Verdicts) -> None:
    """Confirmed pairs; the first of a referral and of a document is primary."""
    board = verdicts.board
    confirmed = np.flatnonzero(board.confirmed)
    verdicts.give(confirmed, PRIMARY, AUTO, CONFIRMED_BY_PERSON)
    by_weight = confirmed[np.lexsort((confirmed, -board.w[confirmed]))]
    first_r, first_d = _first(board.r[by_weight]), _first(board.d[by_weight])
    verdicts.role[by_weight[~first_r]] = SECOND
    verdicts.role[by_weight[~first_d]] = COVER


def _first(ends: I64) -> Flags:
    """Whether each end is there for the first time."""
    found = np.zeros(len(ends), dtype=np.bool_)
    found[np.unique(ends, return_index=True)[1]] = True
    return found


def _assign(verdicts: Verdicts) -> tuple[I64, Flags, Flags]:
    """Primaries among edges that touch nothing confirmed.

    Returns: the graph's edges, the chosen, and those outdone by a document that quotes the
    referral, as theirs quotes nothing.
    """
    board, strength = verdicts.board, verdicts.board.strength
    taken = verdicts.has(board.r) | verdicts.has(board.d)
    able = strength.auto & ~taken & ~board.clash
    outdone = able & ~strength.told & among(board.r, able & strength.told)
    graph_edges = np.flatnonzero(able & ~outdone)
    chosen = np.zeros(len(board.w), dtype=bool)
    chosen[graph_edges] = assign(Graph(board.r, board.d, board.w).only(graph_edges))
    verdicts.give(chosen, PRIMARY, AUTO)
    return graph_edges, chosen, outdone


def _attach(verdicts: Verdicts, referrals: pl.DataFrame) -> None:
    """Covers, then second documents: the heaviest that will do for each record without one.

    Within one case a document may also cover a referral that has a document of its own.
    """
    board, strength = verdicts.board, verdicts.board.strength
    free = ~board.clash & ~board.confirmed
    covers = free & strength.auto_cover & verdicts.has(board.d) & ~verdicts.has(board.r)
    covers[_of_another_incident(verdicts, np.flatnonzero(covers & board.unplaced), referrals)] = 0
    verdicts.give(heaviest(board.r, board.w, covers), COVER, AUTO)
    seconds = free & strength.auto_second & verdicts.has(board.r) & ~verdicts.has(board.d)
    verdicts.give(heaviest(board.d, board.w, seconds), SECOND, AUTO)
    also = free & strength.auto_cover & strength.auto_also & verdicts.has(board.within)
    verdicts.give(also & (verdicts.band != AUTO) & verdicts.has(board.r), COVER, AUTO)


def _of_another_incident(verdicts: Verdicts, unplaced: I64, referrals: pl.DataFrame) -> I64:
    """Those of some edges whose document answers a referral of another incident.

    A document that names no incident fits both referrals; that it answers both is not likely,
    so neither is chosen (the margin between them then makes the pairing ambiguous).
    """
    board = verdicts.board
    primaries = np.flatnonzero((verdicts.band == AUTO) & (verdicts.role == PRIMARY))
    answers = np.full(int(board.d.max(initial=0)) + 1, -1)
    answers[board.d[primaries]] = primaries
    unplaced = unplaced[answers[board.d[unplaced]] >= 0]
    here, there = (
        referrals[at].select("incident", "incident_day")
        for at in (board.at_r[unplaced], board.at_r[answers[board.d[unplaced]]])
    )
    known = here["incident"].is_not_null() & there["incident"].is_not_null()
    apart = (here["incident_day"] - there["incident_day"]).dt.total_days().abs() > 1
    other = known & ((here["incident"] != there["incident"]) | apart.fill_null(False))
    found: I64 = unplaced[other.fill_null(False).to_numpy()]
    return found


def _offer_for_review(verdicts: Verdicts) -> None:
    """What a person should look at: the best candidate of each record that has nothing yet.

    Confirming a pair settles both of its records, so their other candidates are not offered.
    """
    board, strength = verdicts.board, verdicts.board.strength
    settled = among(board.r, board.confirmed) | among(board.d, board.confirmed)
    free = ~board.clash & ~settled
    able = free & strength.review & ~verdicts.has(board.r, REVIEW)
    spare = np.flatnonzero(able & ~verdicts.has(board.d))
    graph = Graph(board.r, board.d, board.w).only(spare)
    verdicts.give(spare[assign(graph)], PRIMARY, REVIEW, NEEDS_REVIEW)
    able &= ~verdicts.has(board.r, REVIEW)
    answers = verdicts.has(board.d)
    able &= ~answers | strength.people
    best = heaviest(board.r, board.w, able)
    taken = verdicts.has(board.d, REVIEW)
    verdicts.give(best, PRIMARY, REVIEW, NEEDS_REVIEW)
    verdicts.role[best[taken[best]]] = COVER
    seconds = free & strength.review_second & verdicts.has(board.r) & ~verdicts.has(board.d, REVIEW)
    verdicts.give(heaviest(board.d, board.w, seconds), SECOND, REVIEW, NEEDS_REVIEW)
