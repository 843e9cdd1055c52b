"""Decide which document answers which referral.

The best one-to-one assignment comes first, among the pairs that are strong enough by
themselves (bands); then a document that is already paired may cover further referrals of the
incident, and a second document that quotes the referral may be attached to one that already
has a document.  A pairing must also stand out from the alternatives: by the margin, and if
its document quotes no reference, by being the only one that tells of the event.  Otherwise
it is ambiguous and every rival is listed.  What a person confirmed stands.

Nothing is compared across components, so deciding some whole components gives exactly what
deciding everything gives for them.
"""

import numpy as np
import polars as pl

from domain.pairing.arrays import I64, NO_DAY, Flags
from domain.pairing.assign import Graph, assign, margins
from domain.pairing.board import Board, set_board
from domain.pairing.frames import PAIRING_SCHEMA, Decided, RecordsLike, records_of
from domain.pairing.outcomes import STRONGEST_FIRST, outcomes
from domain.pairing.weights import STEPS, Weights

NONE, REVIEW, AUTO = 0, 1, 2
BANDS = ("none", "review", "auto")
ROLES = ("primary", "cover", "second")
PRIMARY, COVER, SECOND = range(3)
RULES = ("", *STRONGEST_FIRST)
(
    CONFIRMED_BY_PERSON,
    REFERENCE_CORROBORATED,
    EVENT_AND_PERSON,
    OVERRIDE_CONFLICT,
    AMBIGUOUS,
    NEEDS_REVIEW,
) = range(1, 7)


class Verdicts:
    """The verdict on each edge of a board, filled in step by step."""

    def __init__(self, board: Board) -> None:
        """Nothing is decided yet."""
        count = len(board.w)
        self.board = board
        self.band = np.zeros(count, dtype=np.int8)
        self.role = np.zeros(count, dtype=np.int8)
        self.rule = np.zeros(count, dtype=np.int8)
        self.margin = np.full(count, np.nan)

    def give(self, edges: Flags | I64, role: int, band: int, rule: int | None = None) -> None:
        """Give some edges a role and a band; without a rule, the one that made them strong."""
        made = np.where(self.board.strength.told, REFERENCE_CORROBORATED, EVENT_AND_PERSON)
        self.role[edges] = role
        self.band[edges] = band
        self.rule[edges] = made[edges] if rule is None else rule

    def has(self, ends: I64, band: int = AUTO) -> Flags:
        """For each edge, whether its end (board.r or board.d) has a pairing of that band."""
        return np.isin(ends, ends[self.band >= band])


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
    board = set_board(edges, records, papers, decisions, weights)
    verdicts = Verdicts(board)
    _confirm(verdicts)
    graph_edges, chosen = _assign(verdicts)
    _attach(verdicts)
    _judge_margins(verdicts, graph_edges, chosen, weights)
    _judge_attached(verdicts, weights)
    _judge_doubles(verdicts, weights)
    _offer_for_review(verdicts)
    _mark_clashes(verdicts)
    pairings = _pairings(verdicts)
    return Decided(pairings, outcomes(pairings, edges, records, papers, decisions, weights))


def _confirm(verdicts: Verdicts) -> None:
    """Confirmed pairs; the first of a referral and of a document is primary."""
    board = verdicts.board
    confirmed = np.flatnonzero(board.confirmed)
    verdicts.give(confirmed, PRIMARY, AUTO, CONFIRMED_BY_PERSON)
    by_weight = confirmed[np.lexsort((confirmed, -board.w[confirmed]))]
    seen_r: set[int] = set()
    seen_d: set[int] = set()
    for edge in by_weight:
        r, d = int(board.r[edge]), int(board.d[edge])
        verdicts.role[edge] = COVER if d in seen_d else SECOND if r in seen_r else PRIMARY
        seen_r.add(r)
        seen_d.add(d)


def _assign(verdicts: Verdicts) -> tuple[I64, Flags]:
    """Primaries among edges that touch nothing confirmed: the graph's edges, and the chosen."""
    board, strength = verdicts.board, verdicts.board.strength
    taken = verdicts.has(board.r) | verdicts.has(board.d)
    able = strength.auto & ~taken & ~board.clash
    outdone = ~strength.told & np.isin(board.r, board.r[able & strength.told])
    graph_edges = np.flatnonzero(able & ~outdone)
    chosen = np.zeros(len(board.w), dtype=bool)
    chosen[graph_edges] = assign(Graph(board.r, board.d, board.w).only(graph_edges))
    verdicts.give(chosen, PRIMARY, AUTO)
    return graph_edges, chosen


def _attach(verdicts: Verdicts) -> None:
    """Covers, then second documents: the heaviest that will do for each record without one.

    Within one case a document may also cover a referral that has a document of its own.
    """
    board, strength = verdicts.board, verdicts.board.strength
    free = ~board.clash & ~board.confirmed
    covers = free & strength.auto_cover & verdicts.has(board.d) & ~verdicts.has(board.r)
    covers &= ~_of_another_incident(verdicts)
    verdicts.give(_heaviest(board.r, board.w, covers), COVER, AUTO)
    seconds = free & strength.auto_second & verdicts.has(board.r) & ~verdicts.has(board.d)
    verdicts.give(_heaviest(board.d, board.w, seconds), SECOND, AUTO)
    within = board.case * (board.d.max(initial=0) + 1) + board.d
    also = free & strength.auto_cover & strength.auto_second & verdicts.has(within)
    verdicts.give(also & (verdicts.band != AUTO) & verdicts.has(board.r), COVER, AUTO)


def _of_another_incident(verdicts: Verdicts) -> Flags:
    """Edges of a document that names no incident and answers a referral of another one.

    Such a document fits both referrals; that it answers both is not likely, so neither is
    chosen (the margin between them then makes the pairing ambiguous).
    """
    board = verdicts.board
    primaries = np.flatnonzero((verdicts.band == AUTO) & (verdicts.role == PRIMARY))
    answers = np.full(board.d.max(initial=0) + 1, -1)
    answers[board.d[primaries]] = primaries
    other = answers[board.d]
    known = (other >= 0) & (board.incident != 0) & (board.incident[other] != 0)
    dated = (board.incident_day != NO_DAY) & (board.incident_day[other] != NO_DAY)
    apart = dated & (np.abs(board.incident_day - board.incident_day[other]) > 1)
    differs = board.incident != board.incident[other]
    found: Flags = board.unplaced & known & (differs | apart)
    return found


def _judge_margins(verdicts: Verdicts, graph_edges: I64, chosen: Flags, weights: Weights) -> None:
    """Primaries that do not stand out become ambiguous, with the rivals beside them."""
    board = verdicts.board
    attached = (verdicts.band == AUTO) & (verdicts.role != PRIMARY)
    kept = graph_edges[~attached[graph_edges]]
    graph = Graph(board.r, board.d, board.w).only(kept)
    ambiguous: list[int] = []
    for margin in margins(graph, chosen[kept]):
        edge = kept[margin.edge]
        verdicts.margin[edge] = margin.steps / STEPS
        listed = verdicts.band[edge] == AUTO or board.strength.review[edge]
        if listed and margin.steps < weights.bands.margin * STEPS:
            ambiguous += [edge, *(kept[rival] for rival in margin.rivals)]
    doubtful = np.array(sorted(set(ambiguous)), dtype=np.int64)
    verdicts.give(doubtful[~attached[doubtful]], PRIMARY, REVIEW, AMBIGUOUS)


def _judge_doubles(verdicts: Verdicts, weights: Weights) -> None:
    """Pairings that do not stand out, since another document tells of the referral's event.

    Documents of one event agree on it, so what one of them leaves out does not make it less
    likely to be the answer: only the reference tells them apart.  A document that quotes none
    is ambiguous beside any other, and one that quotes the referral but does not agree on its
    people, beside one that agrees in event and people and quotes nothing; unless it has the
    number of an incident that no other referral is of.
    """
    board, strength = verdicts.board, verdicts.board.strength
    made = (verdicts.band == AUTO) & ~board.confirmed & (verdicts.role == PRIMARY)
    within = board.case * (board.d.max(initial=0) + 1) + board.d
    sibling = verdicts.has(within) & strength.auto_cover
    settled = np.isin(board.d, board.d[board.confirmed])
    open_still = (~verdicts.has(board.d) | sibling) & ~settled & ~board.clash
    rivals = strength.rival & open_still & ~made
    stronger = rivals & strength.both & ~strength.told
    doubtful = made & ~strength.quoting & np.isin(board.r, board.r[rivals])
    doubtful &= not weights.twins.are_rare
    weak = ~strength.both & ~(strength.sure & _alone(board))
    doubtful |= made & weak & np.isin(board.r, board.r[stronger])
    shown = rivals & np.isin(board.r, board.r[doubtful])
    verdicts.give(doubtful | shown, PRIMARY, REVIEW, AMBIGUOUS)


def _alone(board: Board) -> Flags:
    """Edges of a referral that is the only one of its incident, so its reference is not pasted."""
    case, of = np.unique(board.case, return_inverse=True)
    referrals = np.unique(np.column_stack((of, board.r)), axis=0)
    found: Flags = (np.bincount(referrals[:, 0], minlength=len(case)) == 1)[of]
    return found


def _judge_attached(verdicts: Verdicts, weights: Weights) -> None:
    """The margin of a cover or second document: over the best other one that would do too."""
    board, strength = verdicts.board, verdicts.board.strength
    for role, ends, able in (
        (COVER, board.r, strength.auto_cover),
        (SECOND, board.d, strength.auto_second),
    ):
        attached = (verdicts.band == AUTO) & (verdicts.role == role) & ~board.confirmed
        rivals = able & (verdicts.band != AUTO) & np.isin(ends, ends[attached])
        best = _heaviest(ends, board.w, rivals)
        least = dict(zip(ends[best].tolist(), best.tolist(), strict=True))
        for edge in np.flatnonzero(attached):
            rival = least.get(int(ends[edge]))
            steps = board.w[edge] - (board.w[rival] if rival is not None else 0)
            verdicts.margin[edge] = steps / STEPS
            if rival is not None and steps < weights.bands.margin * STEPS:
                verdicts.give(np.array([edge, rival]), role, REVIEW, AMBIGUOUS)


def _offer_for_review(verdicts: Verdicts) -> None:
    """What a person should look at: the best candidate of each record that has nothing yet.

    Confirming a pair settles both of its records, so their other candidates are not offered.
    """
    board, strength = verdicts.board, verdicts.board.strength
    settled = np.isin(board.r, board.r[board.confirmed]) | np.isin(
        board.d, board.d[board.confirmed]
    )
    free = ~board.clash & ~settled
    able = free & strength.review & ~verdicts.has(board.r, REVIEW)
    among = np.flatnonzero(able & ~verdicts.has(board.d))
    graph = Graph(board.r, board.d, board.w).only(among)
    verdicts.give(among[assign(graph)], PRIMARY, REVIEW, NEEDS_REVIEW)
    able &= ~verdicts.has(board.r, REVIEW)
    answers = verdicts.has(board.d)
    able &= ~answers | strength.people
    best = _heaviest(board.r, board.w, able)
    taken = verdicts.has(board.d, REVIEW)
    verdicts.give(best, PRIMARY, REVIEW, NEEDS_REVIEW)
    verdicts.role[best[taken[best]]] = COVER
    seconds = free & strength.review_second & verdicts.has(board.r) & ~verdicts.has(board.d, REVIEW)
    verdicts.give(_heaviest(board.d, board.w, seconds), SECOND, REVIEW, NEEDS_REVIEW)


def _mark_clashes(verdicts: Verdicts) -> None:
    """No guess where a document would undo what a person told apart."""
    board = verdicts.board
    held = np.isin(board.r, board.r[board.clash]) & (verdicts.band == AUTO) & ~board.confirmed
    settled = np.isin(board.r, board.r[board.confirmed])
    doubtful = np.flatnonzero(held & ~settled)
    verdicts.band[doubtful] = REVIEW
    verdicts.rule[doubtful] = OVERRIDE_CONFLICT
    verdicts.give(board.clash, PRIMARY, REVIEW, OVERRIDE_CONFLICT)


def _heaviest(ends: I64, w: I64, wanted: Flags) -> I64:
    """For each end that has wanted edges, the heaviest of them; the first one if several are."""
    edges = np.flatnonzero(wanted)
    by_weight = edges[np.lexsort((edges, -w[edges], ends[edges]))]
    first: Flags = np.diff(ends[by_weight], prepend=-1) != 0
    return by_weight[first]


def _pairings(verdicts: Verdicts) -> pl.DataFrame:
    listed = verdicts.band > NONE
    named = {
        "role": np.array(ROLES, dtype=object)[verdicts.role],
        "band": np.array(BANDS, dtype=object)[verdicts.band],
        "rule": np.array(RULES, dtype=object)[verdicts.rule],
    }
    return (
        verdicts.board.edges.with_columns(
            *(pl.Series(name, values, dtype=pl.String) for name, values in named.items()),
            pl.Series("margin", verdicts.margin).fill_nan(None),
        )
        .filter(pl.Series(listed, dtype=pl.Boolean))
        .select(PAIRING_SCHEMA.keys())
    )
