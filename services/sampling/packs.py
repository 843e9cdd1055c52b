"""The working paper of a sample as one file, and its disclosure in the audit trail."""

from datetime import datetime

from sqlmodel import Session

from adapters import pack_file
from adapters.typeset import typesetter
from domain.audit_trail import Action
from domain.errors import SampleRefused
from domain.working_paper import EvaluationDocument, Exercise, document, judge, sha256_hex
from domain.working_paper.about import About
from domain.working_paper.pack import Packed, files, finished
from domain.working_paper.verify import verify
from services.sampling import evaluations, papers, stored


def pack(session: Session, code: str, *, marking: str, by: str, now: datetime) -> bytes:
    """The pack of the sample's last evaluation, verified before it is given out.

    Args:
        session: The transaction; that the pack was exported is said in it.
        code: The sample's.
        marking: What stands on each page, as ``OFFICIAL``.
        by: Who exports, by the name they sign in with.
        now: Aware UTC.

    Raises:
        SampleRefused: The sample was not evaluated, or something was changed since. Nothing
            was written.
    """
    sample = stored.to_change(session, code)
    exercise, outcome = _evaluated(session, code)
    typist = typesetter()
    written = files(Packed(exercise, outcome, About(code, marking, typist.name)))
    every = finished(written, typist.typeset(written))
    found = verify(every)
    if found.difference is not None:
        raise SampleRefused(
            f"The papers of sample {code} do not agree: {found.difference}. Find out who changed"
            " the database, or restore it from a backup. Nothing was written."
        )
    content = pack_file.write(every)
    stored.say(
        session,
        sample,
        Action.PACK_EXPORTED,
        by=by,
        now=now,
        pack=sha256_hex(content),
        evaluation=sha256_hex(document(outcome)),
        marking=marking,
    )
    return content


def _evaluated(session: Session, code: str) -> tuple[Exercise, EvaluationDocument]:
    """The papers and their last evaluation, which they still give."""
    made = evaluations.stored_ones(session, code)
    if not made:
        raise SampleRefused(
            f"Sample {code} was not evaluated yet, so there is nothing to pack. Evaluate it"
            f" first: counterfoil sample evaluate {code}. Nothing was written."
        )
    outcome, exercise = made[-1], papers.exercise(session, code)
    if judge(exercise, by=outcome.evaluated_by, at=outcome.evaluated_at) != outcome:
        raise SampleRefused(
            f"Sample {code} was changed since it was evaluated. Evaluate it again: counterfoil"
            f" sample evaluate {code}. Nothing was written."
        )
    return exercise, outcome
