"""What has to come before what, so that nobody could choose a seed to suit a frame."""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from domain.working_paper.exercise import Exercise
from domain.working_paper.outcome import EvaluationDocument

Step = tuple[str, datetime]


def out_of_order(exercise: Exercise, outcome: EvaluationDocument) -> str | None:
    """The first two steps in the wrong order, in words; None if all is as it has to be."""
    for steps in _chains(exercise, outcome):
        for (before, earlier), (after, later) in pairwise(steps):
            if later < earlier:
                return f"{after} is before {before}"
    for frame in exercise.frames:
        if frame.commitment.exported_at == frame.seed.entered_at:
            return f"the seed of frame {frame.header.supplement} is no later than its export"
    return None


def _chains(exercise: Exercise, outcome: EvaluationDocument) -> Iterator[list[Step]]:
    for frame in exercise.frames:
        of = f"of frame {frame.header.supplement}"
        told = frame.commitment
        lodged: list[Step] = [(f"the lodging {of}", told.receipt.lodged_at)] if told.receipt else []
        yield [
            (f"the plan {of}", frame.plan.planned_at),
            (f"the commitment {of}", told.committed_at),
            (f"the export {of}", told.exported_at),
            *lodged,
            (f"the seed {of}", frame.seed.entered_at),
            ("the evaluation", outcome.evaluated_at),
        ]
    seeded: Step = ("the first seed", exercise.frames[0].seed.entered_at)
    evaluated: Step = ("the evaluation", outcome.evaluated_at)
    for finding in exercise.findings:
        yield [seeded, (f"a finding of item {finding.draw_id}", finding.at), evaluated]
    for each in exercise.replacements:
        yield [seeded, (f"the replacement of item {each.draw_id_out}", each.at), evaluated]
