"""What was judged of the items, in every version, and what that comes to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Judge(StrEnum):
    """In which of three places a judgement was made."""

    FIRST = "first"
    SECOND = "second"
    ADJUDICATION = "adjudication"


class Answer(StrEnum):
    """What was judged; `unavailable` counts as a deviation."""

    COMPLIANT = "compliant"
    DEVIATION = "deviation"
    UNAVAILABLE = "unavailable"
    OUT_OF_FRAME = "out_of_frame"


@dataclass(frozen=True)
class Finding:
    """One judgement of an attribute of an item; a later version replaces an earlier one."""

    draw_id: str
    attribute: str
    judge: Judge
    version: int
    answer: Answer
    reason: str
    by: str
    at: datetime


Key = tuple[str, str]
"""A draw id and the code of an attribute."""


def latest(findings: Iterable[Finding]) -> dict[Key, dict[Judge, Finding]]:
    """The last version of what each judge said of each attribute of each item."""
    last: dict[Key, dict[Judge, Finding]] = {}
    for each in sorted(findings, key=lambda finding: finding.version):
        last.setdefault((each.draw_id, each.attribute), {})[each.judge] = each
    return last


def settled(said: Mapping[Judge, Finding]) -> Answer | None:
    """The answer that stands: the adjudication, or what one judge said or both; else None."""
    if Judge.ADJUDICATION in said:
        return said[Judge.ADJUDICATION].answer
    answers = {finding.answer for finding in said.values()}
    return answers.pop() if len(answers) == 1 else None


def final(findings: Iterable[Finding]) -> dict[Key, Answer]:
    """The answers that stand; an item whose judges differ without an adjudication has none."""
    answers = ((key, settled(said)) for key, said in latest(findings).items())
    return {key: answer for key, answer in answers if answer is not None}
