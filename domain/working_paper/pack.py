"""An exercise as the files of its pack, and those files as the exercise again.

Every file follows from the exercise, its evaluation and what the pack says of itself; so a
pack is verified by making it again (`domain.working_paper.verify`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from domain.errors import SampleRefused
from domain.working_paper import charts
from domain.working_paper.about import About
from domain.working_paper.canonical import sha256_hex
from domain.working_paper.coding import document, lines, read_document, read_lines
from domain.working_paper.drawing import draws_from, reserves
from domain.working_paper.drawn import Replacement, TicketLine, Use
from domain.working_paper.exercise import Exercise, FramePapers
from domain.working_paper.findings import Finding
from domain.working_paper.frame import Commitment, FrameHeader, FrameRecord
from domain.working_paper.outcome import EvaluationDocument
from domain.working_paper.paper import source
from domain.working_paper.plan import PlanDocument
from domain.working_paper.readme import readme
from domain.working_paper.redraw import REDRAW
from domain.working_paper.seed import SeedRecord
from domain.working_paper.sheets import worksheet

MANIFEST = "manifest.sha256"
PDF = "paper.pdf"
_FRAME = re.compile(r"frame-(0|[1-9][0-9]{0,2})/plan\.json")

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Packed:
    """What a pack holds, read again."""

    exercise: Exercise
    outcome: EvaluationDocument
    about: About


def files(packed: Packed) -> dict[str, bytes]:
    """The files but for the PDF and the manifest, by name.

    Raises:
        SampleRefused: The tickets in use are not those of frames and seeds.
    """
    exercise, outcome, about = packed.exercise, packed.outcome, packed.about
    made = {
        "about.json": document(about),
        "conclusion.txt": f"{outcome.conclusion}\n".encode(),
        "evaluation.json": document(outcome),
        "findings.jsonl": lines(exercise.findings),
        "limitations.txt": "".join(f"{each}\n" for each in outcome.limitations).encode(),
        "paper.typ": source(exercise, outcome, about).encode(),
        "README.txt": readme(exercise, outcome, about).encode(),
        "redraw.sh": REDRAW.encode(),
        "replacements.jsonl": lines(exercise.replacements),
        "worksheet.csv": worksheet(exercise),
    }
    for frame in exercise.frames:
        made |= _of_frame(exercise.plan, frame)
    made |= {f"charts/{name}.svg": text.encode() for name, text in _charts(packed).items()}
    return made


def finished(made: Files, pdf: bytes) -> dict[str, bytes]:
    """All the files: with the PDF, and the manifest of the hashes of all others."""
    every = {**made, PDF: pdf}
    return {**every, MANIFEST: manifest(every)}


def manifest(every: Files) -> bytes:
    """As `sha256sum` writes it, by name; the manifest itself is not in it."""
    return "".join(
        f"{sha256_hex(every[name])}  {name}\n" for name in sorted(every) if name != MANIFEST
    ).encode()


def read(given: Files) -> Packed:
    """What the files hold.

    Raises:
        SampleRefused: A document is missing, or is not written as this program writes it.
    """
    numbers = sorted(int(found[1]) for found in map(_FRAME.fullmatch, given) if found)
    if not numbers or numbers != list(range(len(numbers))):
        raise _missing("frame-0/plan.json" if not numbers else f"frame-{len(numbers) - 1}")
    return Packed(
        Exercise(
            tuple(_read_frame(given, number) for number in numbers),
            read_lines(Finding, _named(given, "findings.jsonl"), "findings.jsonl"),
            read_lines(Replacement, _named(given, "replacements.jsonl"), "replacements.jsonl"),
        ),
        read_document(EvaluationDocument, _named(given, "evaluation.json"), "evaluation.json"),
        read_document(About, _named(given, "about.json"), "about.json"),
    )


def _of_frame(plan: PlanDocument, frame: FramePapers) -> dict[str, bytes]:
    tickets = (*frame.tickets, *reserves(plan, frame))
    in_order = sorted(tickets, key=lambda line: (draws_from(plan, line.stratum), line.order))
    made = {
        "plan.json": document(frame.plan),
        "frame.header.json": document(frame.header),
        "frame.jsonl": lines(frame.records),
        "commitment.json": document(frame.commitment),
        "seed.json": document(frame.seed),
        "tickets.jsonl": lines(in_order),
    }
    return {f"frame-{frame.header.supplement}/{name}": made[name] for name in made}


def _read_frame(given: Files, number: int) -> FramePapers:
    def the(name: str) -> tuple[bytes, str]:
        name = f"frame-{number}/{name}"
        return _named(given, name), name

    header = read_document(FrameHeader, *the("frame.header.json"))
    if header.supplement != number:
        raise SampleRefused(
            f"frame-{number}/frame.header.json is of another frame. Nothing of it was used."
        )
    return FramePapers(
        read_document(PlanDocument, *the("plan.json")),
        header,
        read_lines(FrameRecord, *the("frame.jsonl")),
        read_document(Commitment, *the("commitment.json")),
        read_document(SeedRecord, *the("seed.json")),
        tuple(
            line
            for line in read_lines(TicketLine, *the("tickets.jsonl"))
            if line.use is not Use.RESERVE
        ),
    )


def _charts(packed: Packed) -> dict[str, str]:
    plan, outcome = packed.exercise.plan, packed.outcome
    everything = plan.population + plan.counted
    ahead = charts.ahead(plan, outcome.limit, everything)
    made = {"power": charts.power(plan), "attributes": charts.attributes(plan, outcome)}
    return made if ahead is None else made | {"ahead": ahead}


def _named(given: Files, name: str) -> bytes:
    if name not in given:
        raise _missing(name)
    return given[name]


def _missing(name: str) -> SampleRefused:
    return SampleRefused(f"The pack has no {name}. Take the whole pack again.")
