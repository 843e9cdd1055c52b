"""What was judged of the items, in every version, and what that comes to."""

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
