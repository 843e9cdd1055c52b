"""A referral as it stands: its current version, and what the last run said of it."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from domain.words import Completeness, FlagKind, Obligation, PairingState
from models.base import JSONColumn, Table, enum_column, undone


class ReferralRow(Table, table=True):
    """One referral of one force; its facts are in `referral_version`.

    `weighed` is false while its candidates have still to be weighed, `settled` false while
    its pairing has still to be decided, `judged` false while its obligation has: the three
    together are the night's work list.  `recheck_at` is when time alone changes the state.
    `nearest` holds, for one that is not paired, its nearest documents and what disagrees.
    """

    __tablename__ = "referral"
    __table_args__ = (
        UniqueConstraint("force", "referral_id"),
        CheckConstraint(
            "(obligation IS NULL) = (policy_hash IS NULL)"
            " AND (obligation IS NULL) = (grace_ends_at IS NULL)",
            name="obligation_policy_and_grace_together",
        ),
        CheckConstraint(
            "completeness IS NULL OR (obligation IS NOT NULL"
            " AND obligation IN ('satisfied', 'satisfied_late', 'exempt'))",
            name="completeness_is_of_a_document",
        ),
        *(undone("referral", step) for step in ("weighed", "settled", "judged")),
        Index("ix_referral_force_recheck_at", "force", "recheck_at"),
        Index("ix_referral_case", "force", "incident", "incident_day"),
    )
    SAFE_TO_LOG: ClassVar[frozenset[str]] = frozenset(
        {"id", "force", "referral_id", "pairing", "obligation", "completeness", "flag", "held"}
    )

    id: int | None = Field(default=None, primary_key=True)
    force: str
    referral_id: str
    version: int
    referred_at: datetime
    incident: str | None = None
    incident_day: date | None = None
    district: str | None = None
    weighed: bool = False
    settled: bool = False
    judged: bool = False
    pairing: PairingState | None = Field(default=None, sa_type=enum_column(PairingState))
    pairing_rule: str | None = None
    nearest: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONColumn)
    obligation: Obligation | None = Field(default=None, sa_type=enum_column(Obligation))
    completeness: Completeness | None = Field(default=None, sa_type=enum_column(Completeness))
    missing: list[str] = Field(default_factory=list, sa_type=JSONColumn)
    flag: FlagKind | None = Field(default=None, sa_type=enum_column(FlagKind))
    held: bool = False
    reason: str = ""
    grace_ends_at: datetime | None = None
    recheck_at: datetime | None = None
    policy_hash: str | None = None
