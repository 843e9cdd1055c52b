"""The items in the printed paper: what deviates and why, what was replaced, and all of them.

Reasons stand as the judges gave them.  Nothing here names an item otherwise than by its draw id.
"""

from collections.abc import Iterator, Mapping, Sequence

from domain.working_paper.drawing import in_order
from domain.working_paper.exercise import Exercise
from domain.working_paper.findings import Answer, Finding, Judge, final, latest, settled
from domain.working_paper.typesetting import listed, paragraph, when

_MOST_ROWS = 1_000
_OF_THE_ITEM = "(36%, 14%, 14%, 36%)"
_ALL_LEFT = "(left, left, left, left)"


def deviations(exercise: Exercise) -> Iterator[str]:
    """Every answer that stands and is not `compliant`, with its reasons."""
    said, attributes = latest(exercise.findings), exercise.plan.attributes
    rows = []
    for draw_id in _judged(exercise):
        for attribute in attributes:
            by = said.get((draw_id, attribute.code), {})
            answer = settled(by)
            if answer not in (None, Answer.COMPLIANT):
                rows.append((draw_id, attribute.code, _plain(answer), _reasons(by)))
    yield from _told(
        ("Draw id", "Attribute", "Answer", "Reason, as it was given"),
        rows,
        "every item judged is compliant",
    )


def replaced(exercise: Exercise) -> Iterator[str]:
    """What was out of frame, and what came in for it."""
    rows = [
        (each.draw_id_out, each.draw_id_in, f"{each.reason} ({each.by}, {when(each.at)})")
        for each in exercise.replacements
    ]
    head = ("Out", "In", "Reason, as it was given")
    yield from _told(head, rows, "no item was replaced", "(37%, 37%, 26%)", "(left, left, left)")


def items(exercise: Exercise) -> Iterator[str]:
    """Every item drawn, in ticket order, with the answers that stand."""
    answers, rows = final(exercise.findings), []
    for each in in_order(exercise).values():
        for line in (*each.lines, *each.left_over):
            given = {
                attribute.code: answers.get((line.draw_id, attribute.code))
                for attribute in exercise.plan.attributes
            }
            rows.append((line.draw_id, line.stratum, line.use.value, _together(given)))
    yield from _told(("Draw id", "Stratum", "Use", "Judged"), rows, "no item was drawn")


def _judged(exercise: Exercise) -> Iterator[str]:
    """The draw ids of what was drawn, in ticket order, then of strata looked at whole."""
    for each in in_order(exercise).values():
        yield from (line.draw_id for line in (*each.lines, *each.left_over))
    whole = {each.name for each in exercise.plan.take_all}
    for frame in exercise.frames:
        yield from (record.draw_id for record in frame.records if record.stratum in whole)


def _together(given: Mapping[str, Answer | None]) -> str:
    """One word if all answers are alike; else each by its attribute."""
    alike = set(given.values())
    if len(alike) == 1:
        return _plain(alike.pop())
    told = [
        f"{code} {_plain(answer)}"
        for code, answer in given.items()
        if answer is not Answer.COMPLIANT
    ]
    others = ["else compliant"] if Answer.COMPLIANT in alike else []
    return "; ".join([*told, *others])


def _plain(answer: Answer | None) -> str:
    return answer.value.replace("_", " ") if answer else "not settled"


def _reasons(by: Mapping[Judge, Finding]) -> str:
    """The adjudication's reason, or those of the judges, told once if they are alike."""
    if Judge.ADJUDICATION in by:
        return by[Judge.ADJUDICATION].reason
    return " / ".join(dict.fromkeys(each.reason for each in by.values() if each.reason))


def _told(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    none: str,
    widths: str = _OF_THE_ITEM,
    aligns: str = _ALL_LEFT,
) -> Iterator[str]:
    """The table, or where it would be too long to print, where else it stands."""
    if not rows:
        yield paragraph(f"{none[0].upper()}{none[1:]}.")
    elif len(rows) > _MOST_ROWS:
        yield paragraph(f"These are {len(rows):,}; see the files of the pack.")
    else:
        yield listed(head, rows, widths, aligns)
