"""Take the seed of a frame: once, by whom and when, and only after the frame was exported."""

from datetime import datetime

from sqlmodel import Session, col, select

from domain.audit_trail import Action
from domain.errors import SampleRefused
from domain.working_paper import Beacon, Receipt, SeedRecord, document, seed_string, sha256_hex
from models import SampleFrameRow
from services.sampling import stored


def enter(
    session: Session,
    code: str,
    *,
    dice: str,
    beacon: Beacon | None = None,
    receipt: Receipt | None = None,
    by: str,
    now: datetime,
) -> SeedRecord:
    """Enter the auditor's dice, and a beacon's round where there is one.

    Raises:
        SampleRefused: The frame was not exported yet or has a seed, the dice are too few or
            another frame's, or the receipt is of another time. Nothing was stored.
    """
    sample = stored.to_change(session, code)
    row = stored.newest(session, sample)
    if row.seed is not None:
        raise SampleRefused(
            f"Sample {code} has its seed already, and there is no second one. Nothing was stored."
        )
    if row.exported_at is None or row.exported_at >= now:
        raise SampleRefused(
            f"The frame of sample {code} was not exported yet, so a seed could have been chosen"
            " to suit it. Export and lodge it first. Nothing was stored."
        )
    record = SeedRecord(
        sample=code,
        supplement=row.supplement,
        dice=dice,
        beacon=beacon,
        seed=seed_string(code, row.supplement, dice, beacon),
        entered_by=by,
        entered_at=now,
    )
    _check_new(session, dice)
    if receipt is not None:
        _check_receipt(row, receipt, now)
        row.receipt = document(receipt).decode()
    row.seed, row.seeded_at = document(record).decode(), now
    session.add(row)
    session.flush()
    stored.say(
        session,
        sample,
        Action.SEED_ENTERED,
        by=by,
        now=now,
        supplement=row.supplement,
        seed=sha256_hex(document(record)),
        lodged=receipt is not None,
    )
    return record


def _check_new(session: Session, dice: str) -> None:
    used = session.exec(
        select(SampleFrameRow.id).where(col(SampleFrameRow.seed).contains(f'"dice":"{dice}"'))
    ).first()
    if used is not None:
        raise SampleRefused(
            "These dice are another frame's seed, and so are known. Roll them anew."
            " Nothing was stored."
        )


def _check_receipt(row: SampleFrameRow, receipt: Receipt, now: datetime) -> None:
    if row.exported_at is None or not row.exported_at <= receipt.lodged_at <= now:
        raise SampleRefused(
            "The commitment cannot have been lodged before it was exported, nor after now."
            " Give the time at which it was lodged. Nothing was stored."
        )
