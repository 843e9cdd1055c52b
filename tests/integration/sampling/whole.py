"""A whole exercise, looked at: its headline, and whether its papers give it again."""

from sqlalchemy import Engine

from adapters import database
from domain.working_paper import (
    EvaluationDocument,
    FrameRecord,
    TicketLine,
    document,
    lines,
    read_lines,
    sha256_hex,
)
from domain.working_paper import judge as judge_papers
from domain.working_paper.outcome import Bound
from services.sampling import evaluations, papers
from tests.integration.lifecycle.looking import assert_trail_is_whole
from tests.integration.sampling.world import AUDITOR, CODE


def headline(found: EvaluationDocument) -> Bound:
    """The primary attribute's bound."""
    return found.attributes[0].headline


def assert_reproducible(engine: Engine, found: EvaluationDocument) -> None:
    """The stored papers give the evaluation again, byte by byte, and it was kept as it is."""
    with database.reading(engine) as session:
        one, two = papers.exercise(session, CODE), papers.exercise(session, CODE)
        assert one == two
        kept = evaluations.stored_ones(session, CODE)
    again = judge_papers(one, by=AUDITOR, at=found.evaluated_at)
    assert document(again) == document(found) == document(kept[-1])
    for frame in one.frames:
        assert frame.header.plan_sha256 == sha256_hex(document(frame.plan))
        assert frame.header.frame_sha256 == sha256_hex(lines(frame.records))
        assert frame.records == read_lines(FrameRecord, lines(frame.records), "frame.jsonl")
        assert frame.tickets == read_lines(TicketLine, lines(frame.tickets), "tickets.jsonl")
    assert_trail_is_whole(engine)
