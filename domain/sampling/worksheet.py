"""A worksheet: what to look up of each item, what to judge of it, and what comes back filled.

One worksheet is of one place to judge from: the first, the second, or the adjudication of what
these two answered differently.  It is the one paper of an exercise that holds source keys.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.errors import SampleRefused
from domain.sampling.choices import State, Subject
from domain.working_paper import Answer, Attribute, Judge

BLIND_QUESTION = "The document does not answer the referral."
"""What is asked of a decision, so that the verdict is not told."""
TURNED = {Answer.COMPLIANT: Answer.DEVIATION, Answer.DEVIATION: Answer.COMPLIANT}


@dataclass(frozen=True)
class LookUp:
    """Where to look an item up, as it stood when it was frozen; times are London's.

    `grace_ends_at` is as it was judged then, None where that is not known.
    `document` is the URN of what the engine says answers it, empty for none; `amended` tells
    that the referral has a later version.
    """

    referral_id: str
    nccu_reference: str
    incident_number: str
    referred_at: datetime
    grace_ends_at: datetime | None
    officer_id: str
    district: str
    document: str
    amended: bool


@dataclass(frozen=True)
class Judgement:
    """What was answered so far of one attribute; both are empty where nothing was."""

    attribute: str
    answer: str
    reason: str


@dataclass(frozen=True)
class Dispute:
    """An attribute that two people judged differently."""

    attribute: str
    first: str
    first_reason: str
    second: str
    second_reason: str


@dataclass(frozen=True)
class WorksheetRow:
    """One item; `order` counts from 1 in ticket order, 0 for one of a stratum taken whole.

    `stratum` is empty where it would tell what is to be judged.
    """

    draw_id: str
    supplement: int
    order: int
    stratum: str
    look_up: LookUp
    judgements: tuple[Judgement, ...]
    disputed: tuple[Dispute, ...]


@dataclass(frozen=True)
class Worksheet:
    """The worksheet of one place; `attributes` say what to ask."""

    sample: str
    force: str
    judge: Judge
    attributes: tuple[Attribute, ...]
    rows: tuple[WorksheetRow, ...]


@dataclass(frozen=True)
class FindingGiven:
    """One cell as it was filled: `answer` as written, empty for not judged yet.

    `row` is the row of the file that it stands in, 0 for none.
    """

    draw_id: str
    attribute: str
    answer: str
    reason: str
    row: int = 0


@dataclass(frozen=True)
class Problem:
    """What is wrong in a column of a row; row 0 and no column are of the whole worksheet."""

    row: int
    column: str
    wrong: str

    def __str__(self) -> str:
        place = f"row {self.row}" if self.row else "the worksheet"
        column = f", column {self.column}" if self.column else ""
        return f"{place}{column}: {self.wrong}"


class FindingsRefused(SampleRefused):
    """A filled worksheet that cannot be taken, with all that is wrong in it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        told = "; ".join(map(str, self.problems))
        super().__init__(
            f"The worksheet cannot be taken: {told}. Correct it and import it again."
            " Nothing was stored."
        )


def asked(subject: Subject, attributes: Iterable[Attribute]) -> tuple[Attribute, ...]:
    """The attributes as a worksheet asks for them."""
    if subject is not Subject.DECISIONS:
        return tuple(attributes)
    return tuple(
        Attribute(each.code, "Answers the referral", BLIND_QUESTION, True) if each.primary else each
        for each in attributes
    )


def turned(subject: Subject, state: State, attribute: Attribute, answer: Answer) -> Answer:
    """The answer about a pair as one about the decision on it, and the other way round.

    Who judges a rejected pair is not told of the rejection, and answers of the pair itself.
    """
    if subject is Subject.DECISIONS and state is State.REJECTED and attribute.primary:
        return TURNED.get(answer, answer)
    return answer
