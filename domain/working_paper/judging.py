"""Judge an exercise: the one way from its papers to its evaluation.

The service that stores an evaluation and the verification of a pack both come here, so what
is verified is what was computed.
"""

from collections import Counter
from datetime import datetime
from fractions import Fraction

from domain.assurance import bounds, sequential
from domain.assurance.agreement import agreement
from domain.assurance.claim import Design, Extension
from domain.assurance.conclusion import Words, conclusion, warning
from domain.assurance.domains import District, Told, by_district
from domain.assurance.evaluation import Evaluation
from domain.assurance.looks import Look
from domain.working_paper.bounding import HEADLINE, SEEN_ONLY, Counted, count
from domain.working_paper.canonical import sha256_hex
from domain.working_paper.coding import document, lines
from domain.working_paper.drawing import drawable
from domain.working_paper.exercise import Exercise
from domain.working_paper.findings import Answer, Finding, Judge
from domain.working_paper.items import Items, items_of
from domain.working_paper.limitations import limitations
from domain.working_paper.outcome import (
    AgreementResult,
    AttributeResult,
    DistrictResult,
    EvaluationDocument,
    Outcome,
    Replaced,
    UnplannedExtension,
)
from domain.working_paper.period import sampled
from domain.working_paper.plan import PlanDocument
from domain.working_paper.planned import plan_of


def judge(exercise: Exercise, *, by: str, at: datetime) -> EvaluationDocument:
    """What the exercise shows.

    Args:
        exercise: All its papers.
        by: Who evaluates, by the name they sign in with.
        at: When; aware UTC.

    Raises:
        SampleRefused: Judgements are missing or open, items out of frame were not replaced, or
            tickets, findings or replacements are not those of the draw.
    """
    plan, items = exercise.plan, items_of(exercise)
    codes = sorted(plan.attributes, key=lambda attribute: not attribute.primary)
    counted = {each.code: count(plan, items, each.code, HEADLINE, True) for each in codes}
    primary = counted[plan.primary.code]
    results = tuple(_attribute(plan, items, code, each) for code, each in counted.items())
    districts = _districts(exercise, items, primary)
    replaced = _replaced(plan, items, primary)
    unplanned = _unplanned(exercise, items, primary)
    unavailable = _unavailable(items, plan.primary.code, primary)
    return EvaluationDocument(
        sample=plan.sample,
        plan_sha256=sha256_hex(document(plan)),
        findings_sha256=sha256_hex(lines(sorted_findings(exercise.findings))),
        population=plan.population,
        counted=plan.counted,
        limit=primary.evaluation.claim.limit,
        outcome=_outcome(primary.evaluation),
        attributes=results,
        districts=districts,
        replaced=replaced,
        unplanned=unplanned,
        conclusion=conclusion(
            primary.evaluation, Words(sampled(plan), plan.deviates, plan.deviate), unavailable
        ),
        limitations=limitations(exercise, items, results, districts, replaced, unplanned),
        evaluated_by=by,
        evaluated_at=at,
    )


def sorted_findings(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """All versions in the order in which they are written."""
    return tuple(
        sorted(findings, key=lambda each: (each.draw_id, each.attribute, each.judge, each.version))
    )


def _outcome(evaluation: Evaluation) -> Outcome:
    if evaluation.shown:
        return Outcome.SHOWN
    return Outcome.REFUTED if evaluation.refuted else Outcome.NOT_SHOWN


def _attribute(plan: PlanDocument, items: Items, code: str, headline: Counted) -> AttributeResult:
    whole = (draw_id for ids in items.whole.values() for draw_id in ids)
    return AttributeResult(
        code,
        _unavailable(items, code, headline)
        + sum(items.final.get((draw_id, code)) is Answer.UNAVAILABLE for draw_id in whole),
        headline.bound,
        count(plan, items, code, SEEN_ONLY, False).bound,
        headline.strata,
        _agreement(items, code, plan.risk),
    )


def _unavailable(items: Items, code: str, counted: Counted) -> int:
    """Items drawn and counted that were not available."""
    answers = (items.final.get((line.draw_id, code)) for line in counted.lines)
    return sum(answer is Answer.UNAVAILABLE for answer in answers)


def _agreement(items: Items, code: str, risk: Fraction) -> AgreementResult | None:
    """How the first two judges agreed on what belongs; None if no item was judged by both."""
    pairs, once = [], 0
    for draw_id in items.judged:
        said = items.said.get((draw_id, code), {})
        both = [said[place].answer for place in (Judge.FIRST, Judge.SECOND) if place in said]
        if len(both) < 2:
            once += len(both)
        elif Answer.OUT_OF_FRAME not in both:
            pairs.append((both[0] in HEADLINE, both[1] in HEADLINE))
    if not pairs:
        return None
    found = agreement(pairs, risk)
    return AgreementResult(
        found.items,
        once,
        found.agreed,
        found.rate,
        found.kappa,
        found.on_deviations,
        found.by_chance,
        found.lowest,
    )


def _districts(exercise: Exercise, items: Items, primary: Counted) -> tuple[DistrictResult, ...]:
    """Each district of the first sample; no bound where it lies in several strata."""
    plan = exercise.plan
    of: dict[str, str] = {}
    strata: dict[str, set[str]] = {}
    for frame in exercise.frames:
        can = {draw_id for ids in drawable(plan, frame).values() for draw_id in ids}
        for record in frame.records:
            if record.draw_id in can:
                of[record.draw_id] = record.district
                strata.setdefault(record.district, set()).add(record.stratum)
    first = primary.lines
    if plan.design is Design.SIMPLE and not items.all_looked_at:
        first = first[: plan.looks[0].drawn]
    if len(first) < plan.looks[0].drawn and not items.all_looked_at:
        return ()
    population, drawn = Counter(of.values()), Counter(of[line.draw_id] for line in first)
    found = Counter(
        of[line.draw_id]
        for line in first
        if items.final[line.draw_id, plan.primary.code] in HEADLINE
    )
    told = by_district(
        [District(name, population[name], drawn[name], found[name]) for name in sorted(population)],
        plan.risk,
    )
    within = {name for name in strata if len(strata[name]) == 1}
    stratified = plan.design is Design.PROPORTIONAL
    return tuple(_told(each, not stratified or each.name in within) for each in told)


def _told(told: Told, bounded: bool) -> DistrictResult:
    return DistrictResult(
        told.name,
        told.population,
        told.drawn,
        told.found,
        told.fewer_than,
        told.upper if bounded else None,
    )


def _replaced(plan: PlanDocument, items: Items, primary: Counted) -> Replaced | None:
    """The headline's number holds with items out of frame struck out; its rate may not."""
    drawn = sum(1 for key in items.final if key[0] in items.out and key[1] == plan.primary.code)
    whole = sum(draw_id in items.out for ids in items.whole.values() for draw_id in ids)
    out, bound = drawn - whole, primary.bound
    if not out:
        return None
    if items.all_looked_at:
        left = plan.population - out
        rate = Fraction(bound.found, left) if left else None
        return Replaced(out, bound.upper, rate)
    if plan.design is Design.SIMPLE and plan.extension is Extension.FIXED:
        upper, rate = bounds.upper_after_replacement(
            bound.found, bound.drawn, plan.population, out, plan.risk
        )
        return Replaced(out, upper + bound.known, rate)
    return Replaced(out, bound.upper, None)


def _unplanned(exercise: Exercise, items: Items, primary: Counted) -> UnplannedExtension | None:
    """What looks beyond the plan would say of a simple sample, and their true error."""
    plan = plan_of(exercise.plan)
    if plan.design is not Design.SIMPLE or plan.extension is Extension.ANYTIME:
        return None
    if items.all_looked_at:
        return None
    lines = next(iter(items.order.values()), ())
    made: sequential.Unplanned | None = None
    earlier: list[Look] = []
    drawn = plan.most
    for look in sorted({line.look for line in lines if line.look > len(plan.looks)}):
        now = sum(line.look <= look for line in lines)
        if now > drawn:
            made = sequential.unplanned(plan, now, tuple(earlier))
            earlier.append(Look(now, made.taken))
            drawn = now
    if made is None:
        return None
    code = exercise.plan.primary.code
    found = sum(items.final[line.draw_id, code] in HEADLINE for line in lines[:drawn])
    claim = plan.claim
    return UnplannedExtension(
        drawn=drawn,
        found=found,
        upper=primary.bound.known + bounds.upper(found, drawn, claim.population, claim.risk),
        taken=made.taken,
        error=made.error,
        allowed=made.allowed,
        warning=warning(plan, made),
    )
