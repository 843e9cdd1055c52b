"""What a test looks at after a night: rows, states, and the answer of judging all at once."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from adapters import database
from domain.audit_trail import Intact
from domain.pairing import Weights, default_weights
from domain.policy import PolicySet
from models import METADATA, FlagEventRow, FlagRow, PairingRow, ReferralRow
from services import audit_trail, full_pass, replay
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


def dump(engine: Engine, leaving_out: Collection[str] = ()) -> dict[str, list[str]]:
    """Every row of every table but `leaving_out`, as sorted texts."""
    with engine.connect() as connection:
        return {
            table.name: sorted(
                json.dumps(dict(row), default=str, sort_keys=True)
                for row in connection.execute(select(table)).mappings()
            )
            for table in METADATA.sorted_tables
            if table.name not in leaving_out
        }


def referral(session: Session, referral_id: str = "R1", force: str = FORCE) -> ReferralRow:
    """The referral as it stands."""
    return session.exec(
        select_rows(ReferralRow).where(
            col(ReferralRow.force) == force, col(ReferralRow.referral_id) == referral_id
        )
    ).one()


def flag(session: Session, referral_id: str = "R1", force: str = FORCE) -> FlagRow | None:
    """The referral's one flag, if it ever had one."""
    head = referral(session, referral_id, force)
    return session.exec(select_rows(FlagRow).where(col(FlagRow.referral) == head.id)).one_or_none()


def the_flag(session: Session, referral_id: str = "R1", force: str = FORCE) -> FlagRow:
    """The referral's one flag, which must be there."""
    found = flag(session, referral_id, force)
    assert found is not None, f"{referral_id} was never flagged"
    return found


def history(session: Session, referral_id: str = "R1", force: str = FORCE) -> list[str]:
    """What happened to the referral's flag, first first."""
    rows = session.exec(
        select_rows(FlagEventRow)
        .where(FlagEventRow.flag == the_flag(session, referral_id, force).id)
        .order_by(col(FlagEventRow.id))
    )
    return [row.change.value for row in rows]


def judgements(session: Session, force: str = FORCE) -> dict[str, dict[str, Any]]:
    """What the last night said of each referral, by its own id."""
    rows = session.exec(select_rows(ReferralRow).where(col(ReferralRow.force) == force))
    return {row.referral_id: {part: getattr(row, part) for part in JUDGED} for row in rows}


def pairings(session: Session, force: str = FORCE) -> list[tuple[Any, ...]]:
    """The current pairings, whole but for when and by whom they were made."""
    rows = session.exec(
        select_rows(PairingRow).where(
            col(PairingRow.force) == force, col(PairingRow.ended_at).is_(None)
        )
    )
    return sorted(
        (row.referral, row.document, row.role, row.band, row.rule, row.weight, row.margin)
        for row in rows
    )


def looked_back(
    session: Session, as_of: datetime, force: str = FORCE, policies: PolicySet = POLICIES
) -> dict[str, dict[str, Any]]:
    """What a look back to `as_of` says of each referral, as `judgements` has it."""
    found = replay.judge_as_of(session, force, as_of, policies, default_weights())
    return {
        each.referral_id: {
            **{part: getattr(each.judgement, part) for part in JUDGED},
            "missing": list(each.judgement.missing),
        }
        for each in found
    }


def paired_at_once(
    session: Session,
    as_of: datetime,
    force: str = FORCE,
    policies: PolicySet = POLICIES,
    weights: Weights | None = None,
) -> list[tuple[Any, ...]]:
    """What pairing everything known at `as_of` in one go gives, as `pairings` has it."""
    known = replay.known(session, force, as_of, policies)
    result = full_pass.pair(known, weights or default_weights())
    columns = ("referral", "document", "role", "band", "rule", "weight", "margin")
    return sorted(result.pairings.select(columns).iter_rows())


def assert_as_if_at_once(
    engine: Engine, as_of: datetime, force: str = FORCE, policies: PolicySet = POLICIES
) -> None:
    """What the nights have led to is what judging everything at `as_of` gives."""
    with database.reading(engine) as session:
        assert looked_back(session, as_of, force, policies) == judgements(session, force)
        assert paired_at_once(session, as_of, force, policies) == pairings(session, force)


def assert_trail_is_whole(engine: Engine) -> None:
    """Every event of the audit trail still has the hash that was recorded."""
    with database.reading(engine) as session:
        assert isinstance(audit_trail.verify(session), Intact)
