"""What the stored candidates of some records say, weighed again from current versions.

A stored candidate keeps its weight only; its evidence is made again where it is needed.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl
from sqlmodel import Session, col, select

from domain import pairing
from domain.pairing import Records, Weights
from domain.policy import PolicySet
from domain.words import Feed
from models import CandidateRow, DecisionRow
from services import decisions_in_force, stored_records
from services.decisions_in_force import InForce
from services.neighbourhood import chunks
from services.stored_records import Stored


@dataclass(frozen=True)
class Compared:
    """Records as stored and as frames, the edges between them, and what people decided."""

    referrals: dict[int, Stored]
    documents: dict[int, Stored]
    left: Records
    right: Records
    edges: pl.DataFrame
    in_force: InForce


def again(
    session: Session,
    referral_ids: set[int],
    document_ids: set[int],
    policies: PolicySet,
    weights: Weights,
) -> Compared:
    """The candidates of some referrals, and the pairs of them that a person confirmed.

    The documents given are among the records even if nothing joins them to the referrals.
    """
    decisions, pairs = _decisions(session, referral_ids), _pairs(session, referral_ids)
    concerned = {row.document for row in decisions} | {document for _, document in pairs}
    referrals = stored_records.current(session, Feed.REFERRALS, referral_ids)
    documents = stored_records.current(session, Feed.DOCUMENTS, document_ids | concerned)
    in_force = decisions_in_force.split(decisions, referrals, documents)
    pairs |= set(pairing.confirmed_pairs(in_force.frame()).iter_rows())
    left = stored_records.frames(Feed.REFERRALS, referrals, policies)
    right = stored_records.frames(Feed.DOCUMENTS, documents, policies)
    edges = pairing.weigh(pair_frame(pairs), left, right, weights)
    return Compared(referrals, documents, left, right, edges, in_force)


def pair_frame(pairs: Iterable[tuple[int, int]]) -> pl.DataFrame:
    """Pairs as pairing reads them."""
    schema = {"referral": pl.Int64(), "document": pl.Int64()}
    return pl.DataFrame(sorted(pairs), schema=schema, orient="row")


def _decisions(session: Session, referrals: set[int]) -> list[DecisionRow]:
    found: list[DecisionRow] = []
    for some in chunks(referrals):
        found += session.exec(
            select(DecisionRow)
            .where(col(DecisionRow.referral).in_(some), col(DecisionRow.ended_at).is_(None))
            .order_by(col(DecisionRow.id))
        )
    return found


def _pairs(session: Session, referrals: set[int]) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    for some in chunks(referrals):
        found |= set(
            session.exec(
                select(CandidateRow.referral, CandidateRow.document).where(
                    col(CandidateRow.referral).in_(some)
                )
            )
        )
    return found
