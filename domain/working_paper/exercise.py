"""All papers of one assurance exercise, from which it is judged and its pack is made."""

from dataclasses import dataclass

from domain.working_paper.drawn import Replacement, TicketLine
from domain.working_paper.findings import Finding
from domain.working_paper.frame import Commitment, FrameHeader, FrameRecord
from domain.working_paper.plan import PlanDocument
from domain.working_paper.seed import SeedRecord


@dataclass(frozen=True)
class FramePapers:
    """One frame, the main one or a supplementary one of late records, and what was drawn of it.

    `plan` was fixed from all frames up to this one.  `records` are by draw id.  `tickets` are
    those in use, by what they were drawn from and in their order; reserves are computed.
    """

    plan: PlanDocument
    header: FrameHeader
    records: tuple[FrameRecord, ...]
    commitment: Commitment
    seed: SeedRecord
    tickets: tuple[TicketLine, ...]


@dataclass(frozen=True)
class Exercise:
    """One exercise; the plan in force is that of the last frame.

    Args:
        frames: The main frame first.
        findings: All versions, by draw id, attribute, judge and version.
        replacements: In the order in which they were made.
    """

    frames: tuple[FramePapers, ...]
    findings: tuple[Finding, ...]
    replacements: tuple[Replacement, ...]

    @property
    def plan(self) -> PlanDocument:
        """The plan in force."""
        return self.frames[-1].plan
