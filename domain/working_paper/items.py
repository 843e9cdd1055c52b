"""Which items count: those that were drawn and belong, and those looked at without a draw.

An item found out of frame is left out and the next ticket takes its place, so the sample is
the first so many items, in ticket order, that belong.  Where everything was looked at nothing
can take its place: in a census, in a stratum that is taken whole, and where a sample has come
to the last ticket.  There it counts as an item that does not deviate.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from domain.assurance.claim import Extension
from domain.errors import SampleRefused
from domain.working_paper.drawing import InOrder, in_order
from domain.working_paper.drawn import TicketLine
from domain.working_paper.exercise import Exercise
from domain.working_paper.findings import (
    Answer,
    Finding,
    Judge,
    Key,
    latest,
    settled,
)
from domain.working_paper.plan import PlanDocument

Lines = tuple[TicketLine, ...]


@dataclass(frozen=True)
class Items:
    """The items of an exercise, judged.

    `order` are the items that count, in ticket order, by what they were drawn from, and `used_up`
    those of these names of which every item was drawn and looked at; `whole` the draw ids of each
    stratum taken whole that had to be looked at; `out` those out of frame, drawn or not.
    `left_over` were drawn and are not counted, `waiting` not looked at yet.
    """

    order: Mapping[str, Lines]
    used_up: frozenset[str]
    whole: Mapping[str, tuple[str, ...]]
    out: frozenset[str]
    left_over: int
    waiting: int
    said: Mapping[Key, Mapping[Judge, Finding]]
    final: Mapping[Key, Answer]

    @property
    def all_looked_at(self) -> bool:
        """Whether nothing that may be drawn was left out, so that the sample is a census."""
        return set(self.order) <= self.used_up

    @property
    def judged(self) -> Iterator[str]:
        """The draw ids of all items that count."""
        for lines in self.order.values():
            yield from (line.draw_id for line in lines)
        for ids in self.whole.values():
            yield from ids


def items_of(exercise: Exercise) -> Items:
    """The items that count.

    Raises:
        SampleRefused: Tickets are not those of the draw, or judgements are missing, open, or
            cannot be.
    """
    plan, said = exercise.plan, latest(exercise.findings)
    answers = ((key, settled(each)) for key, each in said.items())
    final = {key: answer for key, answer in answers if answer is not None}
    order = in_order(exercise)
    whole = _whole(exercise)
    _check_findings(exercise, order, whole)
    drawn = {name: each.lines for name, each in order.items()}
    used_up = frozenset(name for name, each in order.items() if each.used_up)
    waiting = 0
    if plan.extension is Extension.ANYTIME:
        drawn, waiting = _looked_at(drawn, {draw_id for draw_id, _ in said})
        used_up = used_up if not waiting else frozenset()
    _check_answered(plan, said, final, _ids(drawn, whole))
    code = plan.primary.code
    out = frozenset(
        draw_id for draw_id, of in final if of == code and final[draw_id, of] is Answer.OUT_OF_FRAME
    )
    _check_two_people(plan, said, out)
    struck_out = {
        line.draw_id
        for name, lines in drawn.items()
        if name not in used_up
        for line in lines
        if line.draw_id in out
    }
    _check_replaced(exercise, out, struck_out)
    return Items(
        {
            name: tuple(line for line in lines if line.draw_id not in struck_out)
            for name, lines in drawn.items()
        },
        used_up,
        whole,
        out,
        sum(len(each.left_over) for each in order.values()),
        waiting,
        said,
        final,
    )


def _whole(exercise: Exercise) -> dict[str, tuple[str, ...]]:
    """The items of strata taken whole, but for those known to deviate, all of them, beforehand."""
    names = {each.name for each in exercise.plan.take_all if each.known < each.items}
    found: dict[str, list[str]] = {name: [] for name in sorted(names)}
    for frame in exercise.frames:
        for record in frame.records:
            if record.stratum in names:
                found[record.stratum].append(record.draw_id)
    return {name: tuple(ids) for name, ids in found.items()}


def _looked_at(drawn: Mapping[str, Lines], judged: set[str]) -> tuple[dict[str, Lines], int]:
    """The lines up to the first that nobody looked at, and how many come after."""
    kept, waiting = {}, 0
    for name, lines in drawn.items():
        until = next((at for at, line in enumerate(lines) if line.draw_id not in judged), None)
        kept[name] = lines[:until]
        rest = lines[len(kept[name]) :]
        waiting += len(rest)
        if any(line.draw_id in judged for line in rest):
            raise SampleRefused(
                "Items were judged out of ticket order, and with a plan that may stop at any time"
                " each has to be judged before the next. Judge the ones left out."
                " Nothing was judged."
            )
    return kept, waiting


def _ids(drawn: Mapping[str, Lines], whole: Mapping[str, tuple[str, ...]]) -> list[str]:
    in_use = [line.draw_id for lines in drawn.values() for line in lines]
    return in_use + [draw_id for ids in whole.values() for draw_id in ids]


def _check_findings(
    exercise: Exercise, order: Mapping[str, InOrder], whole: Mapping[str, tuple[str, ...]]
) -> None:
    """Each is of an item in use and of an attribute, and no version is missing."""
    ids = {draw_id for found in whole.values() for draw_id in found}
    for each in order.values():
        ids.update(line.draw_id for line in (*each.lines, *each.left_over))
    codes = {attribute.code for attribute in exercise.plan.attributes}
    primary = exercise.plan.primary.code
    versions: dict[tuple[str, str, Judge], list[int]] = {}
    for finding in exercise.findings:
        if finding.draw_id not in ids or finding.attribute not in codes:
            raise SampleRefused(
                "There is a finding of an item that is not in use, or of an attribute that is not"
                " in the plan. Judge what was drawn, as planned. Nothing was judged."
            )
        if finding.answer is Answer.OUT_OF_FRAME and finding.attribute != primary:
            raise SampleRefused(
                f"An item is said to be out of frame of the attribute {primary} only."
                " Answer the others for what they ask. Nothing was judged."
            )
        key = (finding.draw_id, finding.attribute, finding.judge)
        versions.setdefault(key, []).append(finding.version)
    if any(sorted(found) != list(range(1, len(found) + 1)) for found in versions.values()):
        raise SampleRefused(
            "A version of a finding is missing or there twice, and none is ever removed."
            " Restore the findings from a backup. Nothing was judged."
        )


def _check_answered(
    plan: PlanDocument,
    said: Mapping[Key, Mapping[Judge, Finding]],
    final: Mapping[Key, Answer],
    ids: Iterable[str],
) -> None:
    primary = plan.primary.code
    missing: list[str] = []
    open_: list[str] = []
    for draw_id in ids:
        gone = final.get((draw_id, primary)) is Answer.OUT_OF_FRAME
        for code in [primary] if gone else [attribute.code for attribute in plan.attributes]:
            if (draw_id, code) not in final:
                (open_ if (draw_id, code) in said else missing).append(draw_id)
    if missing:
        raise SampleRefused(
            f"{len(missing):,} judgements are missing, the first of item {missing[0]}. Judge every"
            " item; one that is not available is answered so. Nothing was judged."
        )
    if open_:
        raise SampleRefused(
            f"The two judges differ {len(open_):,} times, first on item {open_[0]}, and nobody"
            " has adjudicated. Print the adjudication sheet. Nothing was judged."
        )


def _check_two_people(
    plan: PlanDocument, said: Mapping[Key, Mapping[Judge, Finding]], out: frozenset[str]
) -> None:
    alone = 0
    for (draw_id, code), by in said.items():
        first, second = by.get(Judge.FIRST), by.get(Judge.SECOND)
        if first and second and first.by == second.by:
            raise SampleRefused(
                f"Item {draw_id} was judged twice by one person. Have another person judge it."
                " Nothing was judged."
            )
        one = not (first and second) and Judge.ADJUDICATION not in by
        alone += code == plan.primary.code and draw_id in out and one
    if alone:
        raise SampleRefused(
            f"{alone:,} items were found out of frame by one person alone. Have another person"
            " judge them. Nothing was judged."
        )


def _check_replaced(exercise: Exercise, out: frozenset[str], struck_out: set[str]) -> None:
    given = [replacement.draw_id_out for replacement in exercise.replacements]
    came = [replacement.draw_id_in for replacement in exercise.replacements]
    in_use = {line.draw_id for frame in exercise.frames for line in frame.tickets}
    open_ = struck_out - set(given)
    if open_:
        raise SampleRefused(
            f"{len(open_):,} items are out of frame and were not replaced. Draw the next tickets"
            " for them: counterfoil sample extend. Nothing was judged."
        )
    twice = len(set(given)) < len(given) or len(set(came)) < len(came)
    if twice or not set(given) <= out or not set(came) <= in_use:
        raise SampleRefused(
            "The log of replacements has an item twice, one that is not out of frame, or one"
            " that was not drawn. Nothing was judged."
        )
