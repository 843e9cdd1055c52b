"""Whether plan, frame, commitment and seed of each frame are of one piece, in words."""

from collections import Counter
from collections.abc import Iterable, Iterator

from domain.errors import SampleRefused
from domain.working_paper.canonical import sha256_hex
from domain.working_paper.coding import document, lines, plain
from domain.working_paper.differences import first_difference
from domain.working_paper.exercise import Exercise, FramePapers
from domain.working_paper.frame import FrameRecord
from domain.working_paper.plan import Count, PlanDocument
from domain.working_paper.planned import planned_anew

_CHOSEN = (
    "sample", "force", "period_from", "period_until", "claim", "items", "deviates", "deviate",
    "attributes", "tolerable", "expected", "risk", "extension",
)  # fmt: skip


def frame_differences(exercise: Exercise) -> Iterator[str]:
    """What is not as it has to be, the main frame first."""
    records: list[FrameRecord] = []
    for frame in exercise.frames:
        records += frame.records
        name = f"frame-{frame.header.supplement}"
        yield from (f"{name}/{each}" for each in _header(frame))
        yield from (f"{name}/{each}" for each in _commitment(frame))
        yield from (f"{name}/plan.json: {each}" for each in _plan(frame.plan, records))
        for field in _CHOSEN:
            if getattr(frame.plan, field) != getattr(exercise.frames[0].plan, field):
                yield f"{name}/plan.json: {field} is not that of the main frame's plan"
    if len({record.draw_id for record in records}) < len(records):
        yield "frame-0/frame.jsonl: an item is in the frames twice"


def _header(frame: FramePapers) -> Iterator[str]:
    header, records = frame.header, frame.records
    if [r.draw_id for r in records] != sorted({r.draw_id for r in records}):
        yield "frame.jsonl: its items are not in order, or one is there twice"
    expected = {
        "sample": frame.plan.sample,
        "items": len(records),
        "strata": _counts(record.stratum for record in records),
        "districts": _counts(record.district for record in records),
        "plan_sha256": sha256_hex(document(frame.plan)),
        "frame_sha256": sha256_hex(lines(records)),
    }
    given = {name: plain(getattr(header, name)) for name in expected}
    told = first_difference(given, {name: plain(expected[name]) for name in expected})
    if told:
        yield f"frame.header.json: {told}"


def _commitment(frame: FramePapers) -> Iterator[str]:
    expected = {
        "sample": frame.plan.sample,
        "supplement": frame.header.supplement,
        "plan_sha256": frame.header.plan_sha256,
        "frame_header_sha256": sha256_hex(document(frame.header)),
    }
    given = {name: getattr(frame.commitment, name) for name in expected}
    told = first_difference(given, expected)
    if told:
        yield f"commitment.json: {told}"
    if (frame.seed.sample, frame.seed.supplement) != (frame.plan.sample, frame.header.supplement):
        yield "seed.json: it is the seed of another frame"


def _plan(plan: PlanDocument, records: list[FrameRecord]) -> Iterator[str]:
    """The counts of the frames up to this one, and all that follows from them."""
    whole = {stratum.name: stratum.items for stratum in plan.take_all}
    strata = Counter(record.stratum for record in records)
    for name, items in whole.items():
        if strata.pop(name, 0) != items:
            yield f"take_all: {name} has {items}, and the frame another number"
    if plan.population != sum(strata.values()):
        yield f"population is {plan.population}, and the frame has {sum(strata.values())}"
    if plan.parts and plan.parts != _of(strata):
        yield "parts are not the strata of the frame"
    try:
        anew = planned_anew(plan)
    except SampleRefused as why:
        yield f"it is no plan: {why}"
        return
    told = first_difference(plain(plan), plain(anew))
    if told:
        yield told


def _counts(names: Iterable[str]) -> tuple[Count, ...]:
    return _of(Counter(names))


def _of(found: Counter[str]) -> tuple[Count, ...]:
    return tuple(Count(name, number) for name, number in sorted(found.items()))
