"""A filled worksheet against what it should hold: all that is wrong at once, or the answers.

Every item of the worksheet has to be there once, so that none can be dropped or slipped in; a
cell may be empty for as long as it was never filled.  What is wrong is told by row and column
and never by what a cell holds.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from domain.sampling.worksheet import FindingGiven, FindingsRefused, Problem
from domain.working_paper import Answer

LONGEST_REASON = 2_000
WORDS = {each.value: each for each in Answer}


@dataclass(frozen=True)
class Expected:
    """What the worksheet of one place should hold.

    `items` are the attributes to judge of each item.  `judged` has the answers that were given here
    before, by item and attribute.
    `others` are who judged an item in the other of the first two places; `replaced` the items
    that another came in for.  `columns` are all attributes and `primary` the one claimed; with
    `always_why` each answer on it needs a reason, so that none is given away by needing one.
    """

    items: Mapping[str, AbstractSet[str]]
    columns: Sequence[str]
    primary: str
    judged: Mapping[tuple[str, str], Answer] = field(default_factory=dict)
    others: Mapping[str, AbstractSet[str]] = field(default_factory=dict)
    replaced: AbstractSet[str] = frozenset()
    always_why: bool = False


@dataclass(frozen=True)
class Taken:
    """One answer as it can be stored."""

    draw_id: str
    attribute: str
    answer: Answer
    reason: str


def taken(expected: Expected, given: Iterable[FindingGiven], by: str) -> list[Taken]:
    """The answers of a filled worksheet; empty cells are none.

    Raises:
        FindingsRefused: Anything is wrong; it holds every problem there is.
    """
    cells = list(given)
    problems = [*_rows(expected, cells), *_people(expected, cells, by), *_cells(expected, cells)]
    if problems:
        raise FindingsRefused(sorted(problems, key=lambda each: (each.row, each.column)))
    return [
        Taken(cell.draw_id, cell.attribute, WORDS[word], cell.reason)
        for cell in cells
        if (word := _word(cell))
    ]


def _rows(expected: Expected, cells: list[FindingGiven]) -> Iterator[Problem]:
    """Items that are missing, added or there twice."""
    rows: dict[str, int] = {}
    seen: set[tuple[str, str]] = set()
    told: set[tuple[str, int]] = set()
    for cell in cells:
        first = rows.setdefault(cell.draw_id, cell.row)
        again = first != cell.row or (cell.draw_id, cell.attribute) in seen
        seen.add((cell.draw_id, cell.attribute))
        if (cell.draw_id, cell.row) in told:
            continue
        if cell.draw_id not in expected.items:
            told.add((cell.draw_id, cell.row))
            yield Problem(cell.row, "", "the item is not one of this worksheet's")
        elif again:
            told.add((cell.draw_id, cell.row))
            yield Problem(cell.row, "", f"the item stands already in row {first}")
    for draw_id in sorted(set(expected.items) - set(rows)):
        yield Problem(0, "", f"the row of item {draw_id} is missing")
    for draw_id in sorted(set(expected.items) & set(rows)):
        for attribute in sorted(expected.items[draw_id]):
            if (draw_id, attribute) not in seen:
                yield Problem(rows[draw_id], f"{attribute}: answer", "the column is missing")


def _people(expected: Expected, cells: list[FindingGiven], by: str) -> Iterator[Problem]:
    """Items whose first and second judgement would be of one person."""
    rows = {cell.draw_id: cell.row for cell in cells if _word(cell)}
    for draw_id, row in rows.items():
        if by.casefold() in {name.casefold() for name in expected.others.get(draw_id, ())}:
            yield Problem(row, "", "the same person judged the item in the other place")


def _cells(expected: Expected, cells: list[FindingGiven]) -> Iterator[Problem]:
    for cell in cells:
        if cell.draw_id in expected.items:
            for wrong in _reason(expected, cell):
                yield Problem(cell.row, f"{cell.attribute}: reason", wrong)
            for wrong in _answer(expected, cell):
                yield Problem(cell.row, f"{cell.attribute}: answer", wrong)


def _reason(expected: Expected, cell: FindingGiven) -> Iterator[str]:
    word, reason = _word(cell), cell.reason.strip()
    if cell.attribute not in expected.columns:
        return
    if len(reason) > LONGEST_REASON:
        yield f"the reason is longer than {LONGEST_REASON:,} characters"
    always = expected.always_why and cell.attribute == expected.primary
    if word in WORDS and (always or word != Answer.COMPLIANT) and not reason:
        yield f"the answer {word} needs a reason"
    if reason and not word and (cell.draw_id, cell.attribute) not in expected.judged:
        yield "a reason stands without an answer"


def _answer(expected: Expected, cell: FindingGiven) -> Iterator[str]:
    word, primary = _word(cell), cell.attribute == expected.primary
    if cell.attribute not in expected.columns:
        yield "the plan has no such attribute"
        return
    if not word:
        if (cell.draw_id, cell.attribute) in expected.judged:
            yield "the answer is empty and was given before; give it again or change it"
        return
    if word not in WORDS:
        yield f"the answer is none of {', '.join(WORDS)}"
        return
    if cell.attribute not in expected.items[cell.draw_id]:
        yield "the two judgements agree, so there is nothing to adjudicate"
    if word == Answer.OUT_OF_FRAME and not primary:
        yield f"that an item is out of frame is answered in the column {expected.primary} only"
    before = expected.judged.get((cell.draw_id, cell.attribute))
    if primary and word != before and cell.draw_id in expected.replaced:
        yield "the item was out of frame and another came in for it, so its answer stands"


def _word(cell: FindingGiven) -> str:
    return "_".join(cell.answer.lower().split())
