"""A sample as it is stored, found by its code, and the documents in it read again."""

from datetime import datetime
from typing import TypeVar

from sqlmodel import Session, col, select

from domain.audit_trail import JSON, Action
from domain.errors import SampleRefused
from domain.sampling.choices import Choices
from domain.working_paper import (
    Commitment,
    FrameHeader,
    PlanDocument,
    Receipt,
    SeedRecord,
    read_document,
)
from models import SampleFrameRow, SampleRow
from services import audit_trail, turns

T = TypeVar("T")


def find(session: Session, code: str) -> SampleRow | None:
    """The sample of a code, if there is one."""
    return session.exec(select(SampleRow).where(col(SampleRow.code) == code)).one_or_none()


def named(session: Session, code: str) -> SampleRow:
    """The sample of a code; refused if there is none."""
    row = find(session, code)
    if row is None:
        raise SampleRefused(
            "There is no sample of this code. See which there are with `counterfoil sample list`."
            " Nothing was stored."
        )
    return row


def to_change(session: Session, code: str) -> SampleRow:
    """The same, after taking the force's turn to write."""
    row = named(session, code)
    turns.take(session, row.force)
    session.refresh(row)
    return row


def number(row: SampleRow | SampleFrameRow) -> int:
    """Our number of a stored sample or frame."""
    if row.id is None:
        raise ValueError("a row that was not stored")
    return row.id


def choices(row: SampleRow) -> Choices:
    """What was chosen of the sample."""
    return read_document(Choices, row.choices.encode(), "The choices of the sample")


def frames(session: Session, sample: SampleRow) -> list[SampleFrameRow]:
    """The sample's frames that stand, the main one first."""
    return list(
        session.exec(
            select(SampleFrameRow)
            .where(col(SampleFrameRow.sample) == sample.id)
            .where(col(SampleFrameRow.superseded_at).is_(None))
            .order_by(col(SampleFrameRow.supplement))
        )
    )


def newest(session: Session, sample: SampleRow) -> SampleFrameRow:
    """The sample's main frame, or its last supplementary one; refused if none was frozen."""
    found = frames(session, sample)
    if not found:
        raise SampleRefused(
            f"Sample {sample.code} has no frozen frame. Freeze it first: counterfoil sample freeze"
            f" {sample.code} --out FOLDER. Nothing was stored."
        )
    return found[-1]


def is_seeded(session: Session, sample: SampleRow) -> bool:
    """Whether some frame of the sample has its seed, so that the choices are final."""
    return any(found.seed is not None for found in frames(session, sample))


def plan(row: SampleFrameRow) -> PlanDocument:
    """The plan that was fixed from the frame."""
    return _read(PlanDocument, row.plan, "The plan")


def header(row: SampleFrameRow) -> FrameHeader:
    """The frame's header."""
    return _read(FrameHeader, row.header, "The frame's header")


def seed(row: SampleFrameRow) -> SeedRecord:
    """The frame's seed; refused if there is none yet."""
    if row.seed is None:
        raise SampleRefused(
            "The frame has no seed yet. Enter the auditor's dice first: counterfoil sample seed."
            " Nothing was stored."
        )
    return _read(SeedRecord, row.seed, "The seed")


def commitment(row: SampleFrameRow, code: str) -> Commitment:
    """Plan and frame bound by their hashes; with the receipt if there is one."""
    if row.frozen_at is None or row.exported_at is None:
        raise SampleRefused(
            f"The frame of sample {code} was not exported yet, so nothing is committed."
            " Freeze it again. Nothing was stored."
        )
    return Commitment(
        sample=code,
        supplement=row.supplement,
        plan_sha256=row.plan_sha256,
        frame_header_sha256=row.header_sha256,
        committed_by=row.frozen_by,
        committed_at=row.frozen_at,
        exported_at=row.exported_at,
        receipt=_read(Receipt, row.receipt, "The receipt") if row.receipt else None,
    )


def say(
    session: Session,
    sample: SampleRow,
    action: Action,
    *,
    by: str,
    now: datetime,
    **detail: JSON,
) -> None:
    """Append what was done to the sample to the audit trail."""
    audit_trail.append(
        session,
        at=now,
        actor=by,
        action=action,
        subject=f"sample/{sample.code}",
        detail={"force": sample.force, **detail},
    )


def _read(kind: type[T], text: str, name: str) -> T:
    return read_document(kind, text.encode(), name)
