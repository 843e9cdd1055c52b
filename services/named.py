"""Records found by the keys that their source systems and people use: a referral's id, a URN."""

from collections.abc import Collection

from sqlmodel import Session, col, select

from domain.errors import Refused
from domain.words import Feed
from models import ReferralRow
from services import stored_records


def referral(session: Session, force: str, referral_id: str) -> ReferralRow:
    """A force's referral; Refused if there is none of that id."""
    head = session.exec(
        select(ReferralRow).where(
            col(ReferralRow.force) == force, col(ReferralRow.referral_id) == referral_id
        )
    ).first()
    if head is None:
        raise Refused(
            f"Force {force} has no referral {referral_id}. Write its id as the feed does."
            " Nothing was changed."
        )
    return head


def document(session: Session, force: str, urn: str) -> int:
    """Our number for a force's document; Refused if there is none of that URN."""
    found = stored_records.ids(session, Feed.DOCUMENTS, force, [urn])
    if not found:
        raise Refused(
            f"Force {force} has no document {urn}. Write its URN as the feed does."
            " Nothing was changed."
        )
    return found[urn]


def pair(session: Session, force: str, referral_id: str, urn: str) -> tuple[int, int]:
    """Our numbers for a referral and a document of a force; Refused if either is not there."""
    head = referral(session, force, referral_id)
    theirs = document(session, force, urn)
    return stored_records.ids(session, Feed.REFERRALS, force, [head.referral_id])[
        referral_id
    ], theirs


def forces_with(session: Session, referral_id: str, forces: Collection[str]) -> list[str]:
    """Those of some forces that have a referral of this id."""
    return list(
        session.exec(
            select(ReferralRow.force)
            .where(col(ReferralRow.referral_id) == referral_id, col(ReferralRow.force).in_(forces))
            .order_by(col(ReferralRow.force))
        )
    )
