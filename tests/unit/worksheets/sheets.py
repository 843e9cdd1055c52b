"""Worksheets to write, and what should be read of them again."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from domain.sampling.worksheet import (
    Dispute,
    FindingGiven,
    Judgement,
    LookUp,
    Worksheet,
    WorksheetRow,
)
from domain.working_paper import Attribute, Judge

ATTRIBUTES = (
    Attribute("document", "Document exists", "None answers the referral.", True),
    Attribute("late", "In time", "It came after grace."),
)
CODES = tuple(attribute.code for attribute in ATTRIBUTES)
JULY = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
GRACE = timedelta(hours=72)

Said = tuple[str, str]
"""An answer and its reason."""


def draw_id(place: int) -> str:
    """The opaque id of an item."""
    return f"{place:032x}"


def a_sheet(
    said: Sequence[Sequence[Said]], judge: Judge = Judge.FIRST, referral: str = "R-1"
) -> Worksheet:
    """A worksheet of an item for each of `said`, which has an answer for each attribute."""
    return Worksheet(
        "2026-Q1",
        "EX",
        judge,
        ATTRIBUTES,
        tuple(a_row(place, judged, judge, referral) for place, judged in enumerate(said, 1)),
    )


def a_row(place: int, said: Sequence[Said], judge: Judge, referral: str) -> WorksheetRow:
    """One item; in an adjudication its first attribute is disputed."""
    ends = JULY + GRACE
    look_up = LookUp(referral, referral, referral, JULY, ends, referral, referral, referral, True)
    judgements = tuple(Judgement(code, *each) for code, each in zip(CODES, said, strict=True))
    disputed = (Dispute("document", "compliant", "", "deviation", "no such document"),)
    return WorksheetRow(
        draw_id(place),
        0,
        place,
        "auto-paired",
        look_up,
        judgements,
        disputed if judge is Judge.ADJUDICATION else (),
    )


def expected(said: Sequence[Sequence[Said]]) -> list[FindingGiven]:
    """What is read of the file that such a worksheet was written to."""
    return [
        FindingGiven(draw_id(row - 1), code, answer, reason, row)
        for row, judged in enumerate(said, 2)
        for code, (answer, reason) in zip(CODES, judged, strict=True)
    ]
