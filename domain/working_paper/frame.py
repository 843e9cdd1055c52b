"""What was frozen, and how it was committed to before anybody knew the seed.

A frame holds draw ids and no referral's data; a district and a month are those of the frozen
referral.  Who committed or lodged is named by the name that person signs in with.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from domain.working_paper.codes import check_code, check_sha256
from domain.working_paper.plan import Count


@dataclass(frozen=True)
class FrameRecord:
    """One referral of the frame; `month` as ``2026-03``."""

    draw_id: str
    stratum: str
    district: str
    state: str
    month: str


@dataclass(frozen=True)
class Reconciliation:
    """The frame against a second source: control totals, and what was found of the difference."""

    source: str
    ours: int
    theirs: int
    both: int
    explanation: str


@dataclass(frozen=True)
class FrameHeader:
    """What is lodged of a frame: `supplement` is 0 for the main one, then 1, 2, ..."""

    SCHEMA: ClassVar = "counterfoil/frame-header/1"

    sample: str
    supplement: int
    as_at: datetime
    query_sha256: str
    items: int
    strata: tuple[Count, ...]
    districts: tuple[Count, ...]
    exclusions: tuple[Count, ...]
    reconciliation: Reconciliation | None
    frame_key_sha256: str
    plan_sha256: str
    frame_sha256: str

    def __post_init__(self) -> None:
        check_code(self.sample)
        for value in (
            self.query_sha256,
            self.frame_key_sha256,
            self.plan_sha256,
            self.frame_sha256,
        ):
            check_sha256(value)


@dataclass(frozen=True)
class Receipt:
    """Where the commitment was lodged, by whom and when; `reference` finds it there."""

    lodged_with: str
    reference: str
    lodged_by: str
    lodged_at: datetime


@dataclass(frozen=True)
class Commitment:
    """Plan and frame bound by their hashes, before anybody knew the seed."""

    SCHEMA: ClassVar = "counterfoil/commitment/1"

    sample: str
    supplement: int
    plan_sha256: str
    frame_header_sha256: str
    committed_by: str
    committed_at: datetime
    exported_at: datetime
    receipt: Receipt | None

    def __post_init__(self) -> None:
        check_sha256(self.plan_sha256)
        check_sha256(self.frame_header_sha256)
