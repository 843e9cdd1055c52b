"""The documents of an assurance exercise, and the pack from which a stranger recomputes it."""

from domain.working_paper.canonical import sha256_hex
from domain.working_paper.coding import document, lines, read_document, read_lines
from domain.working_paper.drawn import Replacement, TicketLine, Use
from domain.working_paper.exercise import Exercise, FramePapers
from domain.working_paper.findings import Answer, Finding, Judge, final, latest, settled
from domain.working_paper.frame import Commitment, FrameHeader, FrameRecord, Receipt, Reconciliation
from domain.working_paper.judging import judge, sorted_findings
from domain.working_paper.outcome import EvaluationDocument
from domain.working_paper.plan import (
    Ahead,
    Attribute,
    Count,
    PlanDocument,
    PlannedLook,
    Point,
    TakeAll,
)
from domain.working_paper.seed import Beacon, SeedRecord, seed_string

__all__ = [
    "Ahead",
    "Answer",
    "Attribute",
    "Beacon",
    "Commitment",
    "Count",
    "EvaluationDocument",
    "Exercise",
    "Finding",
    "FrameHeader",
    "FramePapers",
    "FrameRecord",
    "Judge",
    "PlanDocument",
    "PlannedLook",
    "Point",
    "Receipt",
    "Reconciliation",
    "Replacement",
    "SeedRecord",
    "TakeAll",
    "TicketLine",
    "Use",
    "document",
    "final",
    "judge",
    "latest",
    "lines",
    "read_document",
    "read_lines",
    "seed_string",
    "settled",
    "sha256_hex",
    "sorted_findings",
]
