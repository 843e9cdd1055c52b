"""Worksheets taken out, filled and brought back, by two judges and more."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Engine

from adapters import database
from domain.sampling.worksheet import FindingGiven, Worksheet
from domain.working_paper import EvaluationDocument, Finding, Judge, Replacement
from services.sampling import (
    evaluations,
    extensions,
    findings,
    items,
    replacements,
    stored,
    worksheets,
)
from services.sampling.extensions import Extended
from services.sampling.findings import Recorded
from tests.integration.sampling.world import AUDITOR, CODE, MINUTE, NOW

FIRST, SECOND, ADJUDICATION = Judge
ANNE, BEN, CLARE = "user:anne", "user:ben", "user:clare"
PEOPLE = {FIRST: ANNE, SECOND: BEN, ADJUDICATION: CLARE}
LATER = NOW + 10 * MINUTE
COMPLIANT, DEVIATION, UNAVAILABLE, OUT = (
    ("compliant", ""),
    ("deviation", "no such document"),
    ("unavailable", "the file was destroyed"),
    ("out_of_frame", "another force's referral"),
)
Answers = Mapping[str, tuple[str, str]]


def sheet(engine: Engine, judge: Judge = FIRST, now: datetime = LATER) -> Worksheet:
    """A worksheet as it is taken out."""
    with database.session(engine) as session:
        return worksheets.export(session, CODE, judge, by=AUDITOR, now=now)


def fill(sheet: Worksheet, answers: Answers | None = None) -> list[FindingGiven]:
    """The sheet filled: the primary attribute as `answers` say by draw id, the rest compliant.

    On an adjudication sheet only what is in dispute is filled.
    """
    given = []
    for place, row in enumerate(sheet.rows, 2):
        disputed = {each.attribute for each in row.disputed}
        for attribute in sheet.attributes:
            answer, reason = COMPLIANT
            if attribute.primary:
                answer, reason = (answers or {}).get(row.draw_id, COMPLIANT)
            if sheet.judge is ADJUDICATION and attribute.code not in disputed:
                answer, reason = "", ""
            given.append(FindingGiven(row.draw_id, attribute.code, answer, reason, place))
    return given


def bring(
    engine: Engine,
    given: list[FindingGiven],
    judge: Judge = FIRST,
    *,
    by: str | None = None,
    now: datetime = LATER,
) -> Recorded:
    """Bring a filled sheet back."""
    with database.session(engine) as session:
        return findings.record(session, CODE, judge, given, by=by or PEOPLE[judge], now=now)


def judge(engine: Engine, answers: Answers | None = None, *places: Judge) -> None:
    """Judge all items in the places given, the first two by default, alike."""
    for place in places or (FIRST, SECOND):
        bring(engine, fill(sheet(engine, place), answers), place)


def replace(engine: Engine, now: datetime = LATER) -> tuple[Replacement, ...]:
    """Replace what is out of frame."""
    with database.session(engine) as session:
        return replacements.replace(session, CODE, by=AUDITOR, now=now)


def extend(engine: Engine, more: int | None = None, now: datetime = LATER) -> Extended:
    """Draw on."""
    with database.session(engine) as session:
        return extensions.extend(session, CODE, more=more, by=AUDITOR, now=now)


def evaluate(engine: Engine, now: datetime = LATER) -> EvaluationDocument:
    """Evaluate."""
    with database.session(engine) as session:
        return evaluations.evaluate(session, CODE, by=AUDITOR, now=now)


def history(engine: Engine) -> tuple[Finding, ...]:
    """Every version of every judgement."""
    with database.reading(engine) as session:
        return items.findings(session, stored.named(session, CODE))
