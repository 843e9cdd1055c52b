"""Record what was judged: whole or not at all, every version kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert
from sqlmodel import Session

from domain.audit_trail import Action
from domain.errors import SampleRefused
from domain.sampling import filled
from domain.sampling.choices import Choices, Subject
from domain.sampling.filled import Expected, Taken
from domain.sampling.worksheet import FindingGiven, turned
from domain.working_paper import Answer, Finding, Judge
from models import METADATA, SampleRow
from services.sampling import drawing, items, stored
from services.sampling.items import Item, Last
from services.sampling.texts import plain

FINDINGS = METADATA.tables["sample_finding"]
OTHER = {Judge.FIRST: Judge.SECOND, Judge.SECOND: Judge.FIRST}


@dataclass(frozen=True)
class Recorded:
    """How many answers are new, changed (the earlier version is kept), and as they were."""

    new: int
    changed: int
    same: int


def record(
    session: Session,
    code: str,
    judge: Judge,
    given: Iterable[FindingGiven],
    *,
    by: str,
    now: datetime,
) -> Recorded:
    """Record a filled worksheet of one place.

    Raises:
        FindingsRefused: The worksheet is not whole, or an answer cannot be; says all that is
            wrong. Nothing was stored.
        SampleRefused: The sample was not drawn. Nothing was stored.
    """
    sample = stored.to_change(session, code)
    _check_judge(session, sample, by)
    choices, found = stored.choices(sample), items.to_judge(session, sample)
    history = items.findings(session, sample)
    latest = items.last(history)
    expected = _expected(session, sample, judge, found, history)
    cells = [
        FindingGiven(cell.draw_id, cell.attribute, cell.answer, plain(cell.reason), cell.row)
        for cell in given
    ]
    answers = _turned(choices, found, filled.taken(expected, cells, by))
    counts = {"new": 0, "changed": 0, "same": 0}
    rows = []
    frames = {item.draw_id: item.frame for item in found}
    for answer in answers:
        before = latest.get((answer.draw_id, answer.attribute, judge))
        kind = _kind(before, answer)
        counts[kind] += 1
        if kind != "same":
            version = before.version + 1 if before else 1
            rows.append(_row(frames, judge, version, answer, by, now))
    if rows:
        session.connection().execute(insert(FINDINGS), rows)
        stored.say(
            session,
            sample,
            Action.FINDINGS_RECORDED,
            by=by,
            now=now,
            judge=judge,
            **counts,
        )
    return Recorded(**counts)


def expected_of(
    choices: Choices,
    judge: Judge,
    found: Iterable[Item],
    latest: Last,
) -> dict[str, frozenset[str]]:
    """The items of one place's worksheet, each with the attributes to judge."""
    codes = [attribute.code for attribute in choices.attributes]
    if judge is not Judge.ADJUDICATION:
        return {item.draw_id: frozenset(codes) for item in found}
    disputed = {
        item.draw_id: frozenset(code for code in codes if items.differ(latest, item.draw_id, code))
        for item in found
    }
    return {draw_id: those for draw_id, those in disputed.items() if those}


def _expected(
    session: Session,
    sample: SampleRow,
    judge: Judge,
    found: list[Item],
    history: Iterable[Finding],
) -> Expected:
    choices, latest = stored.choices(sample), items.last(history)
    others: dict[str, set[str]] = {}
    for each in history:
        if each.judge is OTHER.get(judge):
            others.setdefault(each.draw_id, set()).add(each.by)
    return Expected(
        items=expected_of(choices, judge, found, latest),
        columns=[attribute.code for attribute in choices.attributes],
        primary=next(each.code for each in choices.attributes if each.primary),
        judged=_judged(choices, judge, found, latest),
        others=others,
        replaced={each.draw_id_out for each in drawing.replaced(session, sample)},
        always_why=choices.subject is Subject.DECISIONS,
    )


def _judged(
    choices: Choices, judge: Judge, found: Iterable[Item], latest: Last
) -> dict[tuple[str, str], Answer]:
    """The answers given in this place before, as they were given."""
    return {
        (item.draw_id, attribute.code): turned(choices.subject, item.state, attribute, said.answer)
        for item in found
        for attribute in choices.attributes
        if (said := latest.get((item.draw_id, attribute.code, judge)))
    }


def _check_judge(session: Session, sample: SampleRow, by: str) -> None:
    if not stored.frames(session, sample) or stored.frames(session, sample)[0].drawn_at is None:
        raise SampleRefused(
            f"Sample {sample.code} was not drawn yet, so there is nothing to judge."
            f" Draw it first: counterfoil sample draw {sample.code}. Nothing was stored."
        )
    if not by or plain(by) != by:
        raise SampleRefused(
            "A judgement is somebody's: give the name that the judge signs in with."
            " Nothing was stored."
        )


def _turned(choices: Choices, found: Iterable[Item], answers: Iterable[Taken]) -> list[Taken]:
    """Answers about pairs as answers about the decisions on them, in a blind check."""
    states = {item.draw_id: item.state for item in found}
    attributes = {attribute.code: attribute for attribute in choices.attributes}
    return [
        Taken(
            each.draw_id,
            each.attribute,
            turned(choices.subject, states[each.draw_id], attributes[each.attribute], each.answer),
            each.reason,
        )
        for each in answers
    ]


def _kind(before: Finding | None, answer: Taken) -> str:
    if before is None:
        return "new"
    return "same" if (before.answer, before.reason) == (answer.answer, answer.reason) else "changed"


def _row(
    frames: dict[str, int], judge: Judge, version: int, answer: Taken, by: str, now: datetime
) -> dict[str, object]:
    return {
        "frame": frames[answer.draw_id],
        "draw_id": answer.draw_id,
        "attribute": answer.attribute,
        "judge": judge,
        "version": version,
        "answer": answer.answer,
        "reason": answer.reason,
        "given_by": by,
        "given_at": now,
    }
