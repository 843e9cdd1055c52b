"""Weighing what is new against everything it shares a blocking key with, once.

A candidate's weight depends on its two records and the weights alone, so it is stored and
made again only when one of the two records changes.
"""

from collections.abc import Iterable, Sequence

import polars as pl
from sqlalchemy import delete, insert, update
from sqlmodel import Session, col, select

from domain import pairing
from domain.pairing import Weights
from domain.policy import PolicySet
from domain.words import Feed
from models import CandidateRow, DocumentRow, ReferralRow
from services import stored_frames, stored_keys
from services.neighbourhood import around, chunks

HEADS: dict[Feed, type[ReferralRow] | type[DocumentRow]] = {
    Feed.REFERRALS: ReferralRow,
    Feed.DOCUMENTS: DocumentRow,
}
BATCH = 5_000


def weigh_what_is_new(
    session: Session, force: str, policies: PolicySet, weights: Weights
) -> tuple[int, tuple[str, ...]]:
    """Weigh each record of the force that has not been; mark what must be decided again.

    Returns the number of records weighed and the engine's warnings.
    """
    fresh = {feed: _unweighed(session, feed, force) for feed in Feed}
    if not any(fresh.values()):
        return 0, ()
    old, _ = around(session, force, fresh[Feed.REFERRALS], fresh[Feed.DOCUMENTS], weights.floor)
    _unsettle(session, old | fresh[Feed.REFERRALS])
    for feed in Feed:
        _forget(session, feed, fresh[feed])
    for feed in Feed:
        _store_keys(session, feed, force, fresh[feed], policies)
    warnings: list[str] = []
    for referrals, documents in _parts(fresh):
        warnings += _weigh(session, force, referrals, documents, policies, weights)
    for feed in Feed:
        for some in chunks(fresh[feed]):
            session.execute(
                update(HEADS[feed]).where(col(HEADS[feed].id).in_(some)).values(weighed=True)
            )
    return sum(map(len, fresh.values())), tuple(dict.fromkeys(warnings))


def _unweighed(session: Session, feed: Feed, force: str) -> set[int]:
    head = HEADS[feed]
    found = session.exec(
        select(head.id).where(col(head.force) == force, col(head.weighed).is_(False))
    )
    return {number for number in found if number is not None}


def _unsettle(session: Session, referrals: Iterable[int]) -> None:
    for some in chunks(referrals):
        session.execute(
            update(ReferralRow).where(col(ReferralRow.id).in_(some)).values(settled=False)
        )


def _forget(session: Session, feed: Feed, records: set[int]) -> None:
    side = col(CandidateRow.referral if feed == Feed.REFERRALS else CandidateRow.document)
    for some in chunks(records):
        session.execute(delete(CandidateRow).where(side.in_(some)))
    stored_keys.forget(session, feed, records)


def _store_keys(
    session: Session, feed: Feed, force: str, records: set[int], policies: PolicySet
) -> None:
    for some in _slices(sorted(records), BATCH):
        side = stored_frames.current(session, feed, some, policies)
        stored_keys.store(session, feed, force, side)


def _parts(fresh: dict[Feed, set[int]]) -> Iterable[tuple[list[int] | None, list[int] | None]]:
    """New referrals against all documents, then new documents against all referrals."""
    for some in _slices(sorted(fresh[Feed.REFERRALS]), BATCH):
        yield some, None
    for some in _slices(sorted(fresh[Feed.DOCUMENTS]), BATCH):
        yield None, some


def _weigh(
    session: Session,
    force: str,
    referrals: list[int] | None,
    documents: list[int] | None,
    policies: PolicySet,
    weights: Weights,
) -> Sequence[str]:
    mine, feed = (referrals, Feed.REFERRALS) if referrals else (documents, Feed.DOCUMENTS)
    blocks = stored_keys.blocks(session, force, feed, mine or [], weights)
    if not blocks:
        return ()
    sides = {
        side: stored_frames.current(
            session, side, {key for each in blocks for key in each[side]["record"]}, policies
        )
        for side in Feed
    }
    found = [
        pairing.candidates(
            keys[Feed.REFERRALS],
            keys[Feed.DOCUMENTS],
            sides[Feed.REFERRALS],
            sides[Feed.DOCUMENTS],
            weights,
        )
        for keys in blocks
    ]
    pairs = pl.concat(each.pairs for each in found).unique()
    edges = pairing.weigh(pairs, sides[Feed.REFERRALS], sides[Feed.DOCUMENTS], weights)
    _store_candidates(session, edges, feed, set(mine or []))
    return [warning for each in found for warning in each.warnings]


def _store_candidates(session: Session, edges: pl.DataFrame, feed: Feed, mine: set[int]) -> None:
    """Add the candidates that are not there; a pair of two new records comes up twice."""
    rows = list(edges.select("referral", "document", "weight").iter_rows(named=True))
    if feed == Feed.DOCUMENTS and rows:
        there: set[tuple[int, int]] = set()
        for some in chunks(mine):
            there |= set(
                session.exec(
                    select(CandidateRow.referral, CandidateRow.document).where(
                        col(CandidateRow.document).in_(some)
                    )
                )
            )
        rows = [row for row in rows if (row["referral"], row["document"]) not in there]
    if rows:
        session.execute(insert(CandidateRow), rows)
        _unsettle(session, {row["referral"] for row in rows})


def _slices(values: Sequence[int], size: int) -> Iterable[list[int]]:
    for start in range(0, len(values), size):
        yield list(values[start : start + size])
