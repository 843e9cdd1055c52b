"""The working paper as the source of a typst document, for print."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction

from domain.assurance.exact import percent
from domain.wording import number_of
from domain.working_paper.about import About
from domain.working_paper.exercise import Exercise, FramePapers
from domain.working_paper.outcome import AttributeResult, Bound, EvaluationDocument
from domain.working_paper.paper_items import deviations, items, replaced
from domain.working_paper.period import period
from domain.working_paper.plan import PlanDocument
from domain.working_paper.typesetting import facts, listed, text, when

_STYLE = """\
#set page(
  paper: "a4",
  margin: (x: 22mm, top: 26mm, bottom: 24mm),
  header: align(center, text(size: 10pt, weight: "bold", marking)),
  footer: context grid(
    columns: (1fr, 1fr, 1fr),
    align: (left, center, right),
    text(size: 8pt, sample),
    text(size: 10pt, weight: "bold", marking),
    text(size: 8pt, "Page " + str(here().page()) + " of " + str(counter(page).final().first())),
  ),
)
#set text(font: "Libertinus Serif", size: 10pt, lang: "en", region: "GB", ligatures: false)
#set par(justify: false, spacing: 8pt)
#show heading: set block(above: 16pt, below: 8pt, sticky: true)
#show raw: set text(size: 7.5pt)
#let facts(..cells) = table(
  columns: (30%, 70%), stroke: (x: none, y: 0.4pt + gray), inset: 4pt, ..cells)
#let listed(widths, aligns, head, ..cells) = table(
  columns: widths, align: aligns, stroke: (x: none, y: 0.4pt + gray), inset: 4pt,
  table.header(..head.map(each => text(weight: "bold", each))), ..cells)
"""


def source(exercise: Exercise, outcome: EvaluationDocument, about: About) -> str:
    """The document; it takes its pictures from ``charts/``."""
    plan = exercise.plan
    title = f"Assurance sample {plan.sample}"
    at = outcome.evaluated_at
    lines = [
        f"#let marking = {text(about.marking)}",
        f"#let sample = {text(plan.sample)}",
        f"#set document(title: {text(title)}, date: datetime("
        f"year: {at.year}, month: {at.month}, day: {at.day}))",
        _STYLE,
        f'#align(center, text(size: 18pt, weight: "bold", {text(title)}))',
        f"#align(center, {text(f'Force {plan.force}, period {period(plan)}')})",
        *_section("Conclusion", [f"Claim: {plan.claim}", outcome.conclusion]),
        *_section("What the sample does not show", []),
        *(f"- #{text(each)}" for each in outcome.limitations),
        *_section("Plan", []),
        facts(_plan(plan)),
        *_section("Frame, commitment and seed", []),
        *(part for frame in exercise.frames for part in _frame(frame)),
        *_section("Result", []),
        *(part for each in outcome.attributes for part in _attribute(plan, each)),
        *_details(outcome),
        *_section("Pictures", []),
        *_pictures(plan),
        *_section("Deviations and their reasons", []),
        *deviations(exercise),
        *_section("Items replaced", []),
        *replaced(exercise),
        *_section("Items", []),
        *items(exercise),
        *_section("How to check this", ["README.txt of the pack says how, with public tools."]),
        f"#{text(f'Evaluated by {outcome.evaluated_by}, {when(at)}.')}",
    ]
    return "\n".join(lines) + "\n"


def _section(name: str, paragraphs: Iterable[str]) -> Iterator[str]:
    yield f"\n#heading(level: 1, {text(name)})"
    for each in paragraphs:
        yield f"#par({text(each)})"


def _plan(plan: PlanDocument) -> Iterator[tuple[str, str]]:
    yield "Tolerable rate", percent(plan.tolerable, 4)
    yield "Expected rate", percent(plan.expected, 4)
    yield "Risk", percent(plan.risk, 4)
    yield "Design, method, extension", f"{plan.design}, {plan.method}, {plan.extension}"
    yield "Items to sample from", f"{plan.population:,}"
    for stratum in plan.take_all:
        yield (
            f"Looked at whole: {stratum.name}",
            f"{stratum.items:,}, of which {stratum.known:,} known to deviate",
        )
    for place, look in enumerate(plan.looks, 1):
        yield f"Look {place}", f"{look.drawn:,} in all; shown with {look.accepted:,} or fewer"
    for size in plan.sizes:
        yield f"Of these from {size.name}", f"{size.number:,}"
    yield "Risk achieved", percent(plan.achieved, 7)
    for attribute in plan.attributes:
        primary = " (primary)" if attribute.primary else ""
        yield f"Deviation: {attribute.code}{primary}", attribute.deviation
    yield "Planned", f"{plan.planned_by}, {when(plan.planned_at)}"


def _frame(frame: FramePapers) -> Iterator[str]:
    header, told, number = frame.header, frame.commitment, frame.header.supplement
    name = f"Supplementary frame {number}" if number else "Main frame"
    yield f"#heading(level: 2, {text(name)})"
    yield facts(
        [
            ("As at", when(header.as_at)),
            ("Items", f"{header.items:,}"),
            *((f"Stratum {each.name}", f"{each.number:,}") for each in header.strata),
            *((f"Left out: {each.name}", f"{each.number:,}") for each in header.exclusions),
            *_second_source(frame),
            ("SHA-256 of the plan", header.plan_sha256),
            ("SHA-256 of the frame", header.frame_sha256),
            ("SHA-256 of the header", told.frame_header_sha256),
            ("Committed", f"{told.committed_by}, {when(told.committed_at)}"),
            ("Exported", when(told.exported_at)),
            ("Lodged", _lodged(frame)),
            ("Seed", _foldable(frame.seed.seed)),
            ("Seed entered", f"{frame.seed.entered_by}, {when(frame.seed.entered_at)}"),
        ]
    )


def _second_source(frame: FramePapers) -> Iterator[tuple[str, str]]:
    told = frame.header.reconciliation
    if told is not None:
        yield "Compared with", told.source
        yield "Ours, theirs, in both", f"{told.ours:,}, {told.theirs:,}, {told.both:,}"
        yield "Explanation", told.explanation


def _lodged(frame: FramePapers) -> str:
    receipt = frame.commitment.receipt
    if receipt is None:
        return "no receipt"
    return (
        f"with {receipt.lodged_with}, {receipt.reference}; {receipt.lodged_by},"
        f" {when(receipt.lodged_at)}"
    )


def _attribute(plan: PlanDocument, result: AttributeResult) -> Iterator[str]:
    name = next(each.name for each in plan.attributes if each.code == result.code)
    yield f"#heading(level: 2, {text(name)})"
    both = (result.headline, result.unavailable_not_counted)
    rows = [(label, *(show(bound) for bound in both)) for label, show in _FIGURES.items()]
    yield listed(
        ("", *_counted(result.unavailable)),
        rows,
        "(46%, 27%, 27%)",
        "(left, right, right)",
    )
    if result.strata:
        yield listed(
            ("Stratum", "Items", "Drawn", "Deviate"),
            [(s.name, f"{s.size:,}", f"{s.drawn:,}", f"{s.found:,}") for s in result.strata],
            "(46%, 18%, 18%, 18%)",
            "(left, right, right, right)",
        )
    told = result.agreement
    if told is not None:
        kappa = "not defined" if told.kappa is None else _share(told.kappa)
        said = (
            f"Two people judged {told.items:,} items and agreed on {told.agreed:,}"
            f" ({percent(told.rate, 2, up=False)}); kappa {kappa}."
            f" {number_of(told.once, 'item was', 'items were')} judged by one person."
        )
        yield f"#par({text(said)})"


def _counted(unavailable: int) -> tuple[str, str]:
    """What the two columns of figures are; both are the same if nothing was unavailable."""
    if not unavailable:
        return "as judged", "(none was unavailable)"
    return f"with {unavailable:,} unavailable", "without"


def _either(value: int | None) -> str:
    return "not given" if value is None else f"{value:,}"


_FIGURES: Mapping[str, Callable[[Bound], str]] = {
    "Items": lambda b: f"{b.items:,}",
    "Drawn": lambda b: f"{b.drawn:,}",
    "Deviate among them": lambda b: f"{b.found:,}",
    "Known among counted items": lambda b: f"{b.known:,}",
    "At most so many deviate": lambda b: f"{b.upper:,} ({percent(b.upper_rate, 2)})",
    "At least": lambda b: _either(b.lower),
    "Two-sided": lambda b: f"{_either(b.between_lower)} to {_either(b.between_upper)}",
    "Clopper and Pearson's rate, beside": lambda b: percent(b.clopper_pearson, 2),
    "Fisher's bound, beside": lambda b: _either(b.fisher),
    "p-value": lambda b: "not given" if b.p_value is None else percent(b.p_value, 4),
}


def _details(outcome: EvaluationDocument) -> Iterator[str]:
    if outcome.replaced is not None:
        told, rate = outcome.replaced, outcome.replaced.upper_rate
        share = "no rate is given" if rate is None else f"rate {percent(rate, 2)}"
        said = (
            f"{number_of(told.out_of_frame, 'item was', 'items were')} out of frame; struck out,"
            f" at most {told.upper:,} deviate ({share})."
        )
        yield f"#par({text(said)})"
    if outcome.unplanned is not None:
        yield f"#par({text(outcome.unplanned.warning)})"
    if outcome.districts:
        yield f"#heading(level: 2, {text('Districts')})"
        yield listed(
            ("District", "Items", "Drawn", "Deviate", "At most"),
            [
                (
                    each.name,
                    f"{each.population:,}",
                    f"{each.drawn:,}",
                    _few(each.found, each.fewer_than),
                    "" if each.upper is None else f"{each.upper:,}",
                )
                for each in outcome.districts
            ],
            "(36%, 16%, 16%, 16%, 16%)",
            "(left, right, right, right, right)",
        )


def _few(found: int | None, fewer: int | None) -> str:
    if fewer is not None:
        return f"fewer than {fewer}"
    return "not told" if found is None else f"{found:,}"


def _pictures(plan: PlanDocument) -> Iterator[str]:
    names = ["power", *(["ahead"] if plan.bounds_ahead else []), "attributes"]
    for name in names:
        yield f'#align(center, image("charts/{name}.svg", width: 128mm))'


def _share(value: Fraction) -> str:
    hundredths = (value * 100 + Fraction(1, 2)) // 1
    sign = "-" if hundredths < 0 else ""
    return f"{sign}{abs(hundredths) // 100}.{abs(hundredths) % 100:02}"


def _foldable(seed: str) -> str:
    """The seed with places to go on in the next line; to be copied from seed.json."""
    return seed.replace(":", ":\u200b").replace("|", "|\u200b")
