"""What a test looks at after a night: rows, states, and the answer of judging all at once."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from adapters import database
from domain.audit_trail import Intact
from domain.pairing import default_weights
from domain.policy import PolicySet
from models import METADATA, FlagEventRow, FlagRow, PairingRow, ReferralRow
from services import audit_trail, full_pass, replay
from services.full_pass import Judged
from tests.builders import FORCE, POLICIES

JUDGED = (
    "pairing",
    "obligation",
    "completeness",
    "missing",
    "flag",
    "held",
    "reason",
    "grace_ends_at",
)
"""The parts of a judgement that a referral keeps and a look back gives again."""
PAIRED = ("referral", "document", "role", "band", "rule", "weight", "margin")


def dump(engine: Engine, leaving_out: Collection[str] = ()) -> dict[str, list[str]]:
    """Every row of every table but `leaving_out`, as sorted texts of what is stored."""
    with engine.connect() as connection:
        return {
            name: sorted(
                repr(tuple(row))
                for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"').all()
            )
            for name in METADATA.tables
            if name not in leaving_out
        }


def referral(session: Session, referral_id: str = "R1", force: str = FORCE) -> ReferralRow:
    """The referral as it stands."""
    return session.exec(
        select(ReferralRow).where(
            col(ReferralRow.force) == force, col(ReferralRow.referral_id) == referral_id
        )
    ).one()


def flag(session: Session, referral_id: str = "R1", force: str = FORCE) -> FlagRow | None:
    """The referral's one flag, if it ever had one."""
    head = referral(session, referral_id, force)
    return session.exec(select(FlagRow).where(col(FlagRow.referral) == head.id)).one_or_none()


def the_flag(session: Session, referral_id: str = "R1", force: str = FORCE) -> FlagRow:
    """The referral's one flag, which must be there."""
    found = flag(session, referral_id, force)
    assert found is not None, f"{referral_id} was never flagged"
    return found


def history(session: Session, referral_id: str = "R1", force: str = FORCE) -> list[str]:
    """What happened to the referral's flag, first first."""
    rows = session.exec(
        select(FlagEventRow)
        .where(FlagEventRow.flag == the_flag(session, referral_id, force).id)
        .order_by(col(FlagEventRow.id))
    )
    return [row.change.value for row in rows]


def judgements(session: Session, force: str = FORCE) -> dict[str, dict[str, Any]]:
    """What the last night said of each referral, by its own id."""
    rows = session.exec(select(ReferralRow).where(col(ReferralRow.force) == force))
    return {row.referral_id: {part: getattr(row, part) for part in JUDGED} for row in rows}


def pairings(session: Session, force: str = FORCE) -> list[tuple[Any, ...]]:
    """The current pairings, whole but for when and by whom they were made."""
    rows = session.exec(
        select(PairingRow).where(col(PairingRow.force) == force, col(PairingRow.ended_at).is_(None))
    )
    return sorted(tuple(getattr(row, part) for part in PAIRED) for row in rows)


def looked_back(
    session: Session, as_of: datetime, force: str = FORCE, policies: PolicySet = POLICIES
) -> dict[str, dict[str, Any]]:
    """What a look back to `as_of` says of each referral, as `judgements` has it."""
    return _answers(replay.judge_as_of(session, force, as_of, policies, default_weights()))


def assert_as_if_at_once(
    engine: Engine, as_of: datetime, force: str = FORCE, policies: PolicySet = POLICIES
) -> None:
    """What the nights have led to is what pairing and judging everything at `as_of` gives."""
    weights = default_weights()
    with database.reading(engine) as session:
        known = replay.known(session, force, as_of, policies)
        at_once = full_pass.pair(known, weights)
        judged = full_pass.judge_all(
            known, at_once, as_of=as_of, policies={force: policies}, weights=weights
        )
        assert _answers(judged) == judgements(session, force)
        assert sorted(at_once.pairings.select(PAIRED).iter_rows()) == pairings(session, force)


def _answers(judged: Iterable[Judged]) -> dict[str, dict[str, Any]]:
    return {
        each.referral_id: {
            **{part: getattr(each.judgement, part) for part in JUDGED},
            "missing": list(each.judgement.missing),
        }
        for each in judged
    }


def assert_trail_is_whole(engine: Engine) -> None:
    """Every event of the audit trail still has the hash that was recorded."""
    with database.reading(engine) as session:
        assert isinstance(audit_trail.verify(session), Intact)
