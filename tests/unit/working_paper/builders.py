"""Whole exercises, small and in memory: planned, frozen, seeded, drawn and judged."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any

from domain.assurance.claim import Design
from domain.sampling.building import build
from domain.sampling.choices import Choices, State, choose
from domain.working_paper import (
    Answer,
    Attribute,
    Commitment,
    Count,
    Finding,
    FrameHeader,
    FrameRecord,
    Judge,
    PlanDocument,
    Receipt,
    SeedRecord,
    TicketLine,
    Use,
    document,
    lines,
    seed_string,
    sha256_hex,
)
from domain.working_paper.drawing import in_order, reserves, sizes
from domain.working_paper.exercise import Exercise, FramePapers

PLANNED = datetime(2026, 10, 1, 9, tzinfo=UTC)
FROZEN = datetime(2026, 10, 2, 9, tzinfo=UTC)
SEEDED = datetime(2026, 10, 3, 9, tzinfo=UTC)
JUDGED = datetime(2026, 10, 9, 9, tzinfo=UTC)
EVALUATED = datetime(2026, 10, 12, 9, tzinfo=UTC)
ONE = (Attribute("document", "Document exists", "No document answers the referral.", True),)
TWO = (*ONE, Attribute("late", "In time", "The document came after grace had ended."))
DICE = ("31415926535897932384", "27182818284590452353", "16180339887498948482")


def chosen(**given: Any) -> Choices:
    """Choices; one primary attribute, one simple look, unless told otherwise."""
    period = (datetime(2026, 6, 30, 23, tzinfo=UTC), datetime(2026, 9, 30, 23, tzinfo=UTC))
    return choose("KENT-2026-Q3", "KENT", period, **{"attributes": ONE} | given)


def some_records(
    choices: Choices, states: Mapping[State, int], supplement: int = 0, districts: int = 3
) -> tuple[FrameRecord, ...]:
    """So many records of each state, in turn of each district."""
    made = []
    for state, number in states.items():
        for at in range(number):
            district = f"District {at % districts + 1}"
            draw_id = sha256_hex(f"{supplement}|{state}|{at}".encode())[:32]
            stratum = choices.stratum(state, district)
            made.append(FrameRecord(draw_id, stratum, district, state.value, "2026-08"))
    return tuple(sorted(made, key=lambda record: record.draw_id))


def counts(names: Iterable[str]) -> tuple[Count, ...]:
    """How many there are of each name."""
    return tuple(Count(name, number) for name, number in sorted(Counter(names).items()))


def papers(
    choices: Choices,
    records: tuple[FrameRecord, ...],
    earlier: tuple[FramePapers, ...] = (),
    receipt: bool = True,
) -> FramePapers:
    """A frame with its plan for it and those before it, seeded; nothing is drawn yet."""
    everything = [record for frame in earlier for record in frame.records] + list(records)
    sampled = [r for r in everything if not choices.is_taken_whole(State(r.state))]
    taken = Counter(State(r.state) for r in everything if choices.is_taken_whole(State(r.state)))
    plan = build(
        choices,
        Counter(record.stratum for record in sampled),
        taken,
        planned_by="planner",
        planned_at=PLANNED,
    )
    number, later = len(earlier), timedelta(days=2 * len(earlier))
    header = _header(plan, records, number, FROZEN + later)
    hour = timedelta(hours=1)
    lodged = Receipt("The auditor", "mail of 2 October", "planner", FROZEN + later + 2 * hour)
    commitment = Commitment(
        plan.sample,
        number,
        header.plan_sha256,
        sha256_hex(document(header)),
        "planner",
        FROZEN + later,
        FROZEN + later + hour,
        lodged if receipt else None,
    )
    dice = DICE[number]
    seed = seed_string(plan.sample, number, dice, None)
    record = SeedRecord(plan.sample, number, dice, None, seed, "auditor", SEEDED + later)
    return FramePapers(plan, header, records, commitment, record, ())


def _header(
    plan: PlanDocument, records: tuple[FrameRecord, ...], supplement: int, at: datetime
) -> FrameHeader:
    return FrameHeader(
        sample=plan.sample,
        supplement=supplement,
        as_at=at,
        query_sha256="1" * 64,
        items=len(records),
        strata=counts(record.stratum for record in records),
        districts=counts(record.district for record in records),
        exclusions=(Count("not yet due", 2),),
        reconciliation=None,
        frame_key_sha256="2" * 64,
        plan_sha256=sha256_hex(document(plan)),
        frame_sha256=sha256_hex(lines(records)),
    )


def drawn(frame: FramePapers, more: int = 0, use: Use = Use.SAMPLE, look: int = 1) -> FramePapers:
    """The frame with its first sample drawn, or with `more` of the next tickets."""
    made = list(frame.tickets)
    asked = dict.fromkeys(sizes(frame.plan), more) if more else sizes(frame.plan)
    following = iter(reserves(frame.plan, frame, least=10**9))
    for line in following:
        name = line.stratum if frame.plan.design is Design.PROPORTIONAL else ""
        if asked[name]:
            asked[name] -= 1
            made.append(replace(line, use=use, look=look))
    return replace(frame, tickets=tuple(made))


def an_exercise(
    states: Mapping[State, int] | None = None,
    says: Callable[[TicketLine | FrameRecord, int], Answer] | None = None,
    districts: int = 3,
    **given: Any,
) -> Exercise:
    """An exercise of one frame; `says` gives the answer of each item, compliant by default."""
    choices = chosen(**given)
    records = some_records(choices, states or {State.AUTO_PAIRED: 200}, districts=districts)
    return judged(Exercise((drawn(papers(choices, records)),), (), ()), says)


def in_use(exercise: Exercise) -> list[TicketLine]:
    """All tickets in use, in the order of all frames."""
    made = [line for each in in_order(exercise).values() for line in (*each.lines, *each.left_over)]
    return sorted(made, key=lambda line: (line.number, line.draw_id))


def judged(
    exercise: Exercise,
    says: Callable[[TicketLine | FrameRecord, int], Answer] | None = None,
) -> Exercise:
    """Both judges answer alike of each item that has no finding yet."""
    say = says or (lambda _, __: Answer.COMPLIANT)
    plan = exercise.plan
    have = {finding.draw_id for finding in exercise.findings}
    whole = {each.name for each in plan.take_all if each.known < each.items}
    items: list[TicketLine | FrameRecord] = [*in_use(exercise)]
    items += [r for frame in exercise.frames for r in frame.records if r.stratum in whole]
    made = list(exercise.findings)
    for place, item in enumerate(items):
        if item.draw_id not in have:
            made += findings_of(plan, item.draw_id, say(item, place))
    return replace(exercise, findings=ordered(made))


def findings_of(plan: PlanDocument, draw_id: str, answer: Answer) -> list[Finding]:
    """What two judges say of an item: the same of each attribute."""
    out = answer is Answer.OUT_OF_FRAME
    return [
        Finding(draw_id, attribute.code, judge, 1, answer, reason(answer), by, JUDGED)
        for attribute in ([plan.primary] if out else plan.attributes)
        for judge, by in ((Judge.FIRST, "ann"), (Judge.SECOND, "bob"))
    ]


def reason(answer: Answer) -> str:
    """A reason where one has to be given."""
    return "" if answer is Answer.COMPLIANT else f"It is {answer.value}."


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """As `Exercise.findings` has them."""
    return tuple(sorted(findings, key=attrgetter("draw_id", "attribute", "judge", "version")))


def deviating(number: int, answer: Answer = Answer.DEVIATION) -> Callable[..., Answer]:
    """The first `number` items in ticket order are answered so, the others are compliant."""
    return lambda _, place: answer if place < number else Answer.COMPLIANT
