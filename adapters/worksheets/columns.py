"""The columns of a worksheet, the same in XLSX and in CSV."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from adapters.clock import LONDON
from domain.sampling.worksheet import Dispute, Judgement, Worksheet, WorksheetRow
from domain.working_paper import Attribute, Judge

SHEET = "Worksheet"
DRAW_ID, PLACE = "draw_id", "judgement"
GRACE = "grace_ends_at"
ANSWER, REASON = ": answer", ": reason"


@dataclass(frozen=True)
class Column:
    """A heading, and whether a person fills the column."""

    heading: str
    filled: bool = False
    answer: bool = False


LOOK_UP = (
    DRAW_ID,
    PLACE,
    "order",
    "supplement",
    "stratum",
    "referral_id",
    "nccu_reference",
    "incident_number",
    "referred_at",
    GRACE,
    "officer_id",
    "district",
    "document",
    "amended since the freeze",
)


def columns(sheet: Worksheet) -> list[Column]:
    """What to look up; in an adjudication what two people said; what to fill."""
    found = [Column(name) for name in LOOK_UP]
    for attribute in asked(sheet):
        if sheet.judge is Judge.ADJUDICATION:
            for place in ("first", "second"):
                found.append(Column(f"{attribute.code}: {place}"))
                found.append(Column(f"{attribute.code}: {place} reason"))
        found.append(Column(attribute.code + ANSWER, filled=True, answer=True))
        found.append(Column(attribute.code + REASON, filled=True))
    return found


def cells(sheet: Worksheet, row: WorksheetRow) -> list[str]:
    """The row's texts, one a column; a time as London's."""
    look, judged = row.look_up, {each.attribute: each for each in row.judgements}
    disputed = {each.attribute: each for each in row.disputed}
    found = [
        row.draw_id,
        sheet.judge.value,
        str(row.order) if row.order else "",
        str(row.supplement),
        row.stratum,
        look.referral_id,
        look.nccu_reference,
        look.incident_number,
        f"{look.referred_at.astimezone(LONDON):%d/%m/%Y %H:%M}",
        _with_offset(look.grace_ends_at),
        look.officer_id,
        look.district,
        look.document,
        "yes" if look.amended else "no",
    ]
    for attribute in asked(sheet):
        if sheet.judge is Judge.ADJUDICATION:
            found += _said(disputed.get(attribute.code))
        found += _answered(judged.get(attribute.code))
    return found


def asked(sheet: Worksheet) -> list[Attribute]:
    """The attributes that have columns: in an adjudication those that somebody differs on."""
    if sheet.judge is not Judge.ADJUDICATION:
        return list(sheet.attributes)
    disputed = {each.attribute for row in sheet.rows for each in row.disputed}
    return [attribute for attribute in sheet.attributes if attribute.code in disputed]


def instructions(sheet: Worksheet) -> Iterator[tuple[str, str]]:
    """What each thing to judge means, and each answer."""
    yield "Sample", f"{sheet.sample}, force {sheet.force}, {sheet.judge.value} judgement"
    for attribute in asked(sheet):
        yield attribute.code, f"{attribute.name}. Deviates when: {attribute.deviation}"
    yield "referral_id", "The referral in the system that the force keeps its referrals in."
    yield "nccu_reference", "NCCU's reference; ask NCCU by it."
    yield "incident_number", "The incident in the command-and-control log."
    yield "referred_at", "When the referral was made, London time."
    yield (
        GRACE,
        "When the officer's time was up, as it was judged when the frame was frozen: London time,"
        " with what it is ahead of UTC. Submitted at that instant is in time. Empty: not known.",
    )
    yield "document", "The URN in the intelligence system that the program paired; empty: none."
    yield "amended since the freeze", "yes: the referral says something else today."
    yield "compliant", "You looked, and it does not deviate."
    yield "deviation", "You looked, and it deviates. Say why in the reason."
    yield "unavailable", "You could not see what you needed. It counts as a deviation. Say why."
    yield "out_of_frame", "The item does not belong to what is sampled. Say why."
    yield "Rows", "Leave every row where it is and add none. Cells may wait empty."
    yield "Judges", "First and second judgement are of two people who do not confer."


def _with_offset(at: datetime | None) -> str:
    """Day, time and offset, as an hour of the night in which clocks go back happens twice."""
    if at is None:
        return ""
    written = at.astimezone(LONDON).isoformat(timespec="seconds")
    return f"{at.astimezone(LONDON):%d/%m/%Y %H:%M:%S} {written[-6:]}"


def _said(dispute: Dispute | None) -> tuple[str, str, str, str]:
    if dispute is None:
        return "", "", "", ""
    return dispute.first, dispute.first_reason, dispute.second, dispute.second_reason


def _answered(judgement: Judgement | None) -> tuple[str, str]:
    return (judgement.answer, judgement.reason) if judgement else ("", "")
