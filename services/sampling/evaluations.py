"""Evaluate a judged sample, and keep every evaluation that was ever made."""

from datetime import datetime

from sqlmodel import Session, col, select

from domain.audit_trail import Action
from domain.working_paper import EvaluationDocument, document, read_document, sha256_hex
from domain.working_paper.judging import judge
from models import SampleEvaluationRow
from services.sampling import papers, stored


def evaluate(session: Session, code: str, *, by: str, now: datetime) -> EvaluationDocument:
    """What the sample shows; stored beside the evaluations before it.

    Raises:
        SampleRefused: The sample is not drawn, judged and settled as a whole. Nothing was
            stored.
    """
    sample = stored.to_change(session, code)
    made = judge(papers.exercise(session, code), by=by, at=now)
    written = document(made)
    session.add(
        SampleEvaluationRow(
            sample=stored.number(sample),
            document=written.decode(),
            document_sha256=sha256_hex(written),
            evaluated_by=by,
            evaluated_at=now,
        )
    )
    session.flush()
    stored.say(
        session,
        sample,
        Action.SAMPLE_EVALUATED,
        by=by,
        now=now,
        evaluation=sha256_hex(written),
        outcome=made.outcome,
    )
    return made


def stored_ones(session: Session, code: str) -> tuple[EvaluationDocument, ...]:
    """Every evaluation of the sample, the oldest first."""
    row = SampleEvaluationRow
    query = (
        select(row.document)
        .where(col(row.sample) == stored.named(session, code).id)
        .order_by(col(row.id))
    )
    return tuple(
        read_document(EvaluationDocument, text.encode(), "The evaluation")
        for text in session.exec(query)
    )
