"""Verify a pack by doing everything again, from its frames, seeds and findings alone.

The first thing that differs is named: the manifest, then what was frozen and committed, the
draw, the evaluation, and last every file made anew and compared byte by byte.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from domain.errors import SampleRefused
from domain.working_paper.canonical import sha256_hex
from domain.working_paper.chronology import out_of_order
from domain.working_paper.coding import plain
from domain.working_paper.differences import first_difference, first_line
from domain.working_paper.drawing import in_order
from domain.working_paper.frame_checks import frame_differences
from domain.working_paper.judging import judge, sorted_findings
from domain.working_paper.lodged import as_lodged
from domain.working_paper.pack import MANIFEST, PDF, Files, Packed, files, manifest, read


@dataclass(frozen=True)
class Typesetter:
    """What a PDF is made with: its name and version, and how, from the files."""

    name: str
    typeset: Callable[[Files], bytes]


@dataclass(frozen=True)
class Verdict:
    """The first difference in words, None if there is none; and what could not be checked.

    `conclusion` is that of the pack and None where it differs.
    """

    difference: str | None
    notes: tuple[str, ...] = ()
    conclusion: str | None = None


def verify(
    given: Files, typesetter: Typesetter | None = None, lodged: tuple[str, ...] = ()
) -> Verdict:
    """Whether the files are those that their frames, seeds and findings give.

    Args:
        given: The files of a pack, by name.
        typesetter: To make the PDF again; without it, it is compared with the manifest only.
        lodged: SHA-256s of commitments as they were lodged; each has to be one of the pack's.
    """
    told = _manifest(given)
    if told:
        return Verdict(told)
    try:
        packed = read(given)
        told = next(_differences(given, packed, typesetter, lodged), None)
    except SampleRefused as why:
        return Verdict(str(why))
    if told:
        return Verdict(told)
    return Verdict(None, tuple(_notes(packed, typesetter, lodged)), packed.outcome.conclusion)


def _manifest(given: Files) -> str | None:
    """The first file that is not in the manifest as it is."""
    if MANIFEST not in given:
        return f"{MANIFEST}: the pack has none"
    expected = manifest(given)
    if given[MANIFEST] == expected:
        return None
    listed = {
        name: digest
        for digest, _, name in (
            line.partition("  ") for line in given[MANIFEST].decode("utf-8", "replace").splitlines()
        )
    }
    for name in sorted(given):
        if name != MANIFEST and listed.get(name) != sha256_hex(given[name]):
            return f"{name}: its SHA-256 is not the one in {MANIFEST}"
    return f"{MANIFEST}: {first_line(given[MANIFEST], expected)}"


def _differences(
    given: Files, packed: Packed, typesetter: Typesetter | None, lodged: tuple[str, ...]
) -> Iterator[str]:
    exercise, outcome = packed.exercise, packed.outcome
    yield from _lodging(packed, lodged)
    yield from frame_differences(exercise)
    if packed.about.sample != exercise.plan.sample:
        yield "about.json: it is of another sample"
    in_order(exercise)
    if exercise.findings != sorted_findings(exercise.findings):
        yield "findings.jsonl: its lines are not in order"
    early = out_of_order(exercise, outcome)
    if early:
        yield f"the order of the work: {early}"
    again = judge(exercise, by=outcome.evaluated_by, at=outcome.evaluated_at)
    told = first_difference(plain(outcome), plain(again))
    if told:
        yield f"evaluation.json: {told}"
    made = files(packed)
    yield from _bytes(given, made)
    same = typesetter if typesetter and typesetter.name == packed.about.typesetter else None
    if same is not None and same.typeset(made) != given[PDF]:
        yield f"{PDF}: typeset again from paper.typ it is another one"


def _lodging(packed: Packed, lodged: tuple[str, ...]) -> Iterator[str]:
    ours = {sha256_hex(as_lodged(frame.commitment)) for frame in packed.exercise.frames}
    for each in lodged:
        if each not in ours:
            yield f"commitment.json: no frame has the commitment that was lodged, {each}"


def _bytes(given: Files, made: Files) -> Iterator[str]:
    for name in sorted({*made, PDF, MANIFEST} | set(given)):
        if name not in given:
            yield f"{name}: the pack has none"
        elif name not in made:
            if name not in (PDF, MANIFEST):
                yield f"{name}: it is no file of a pack"
        elif given[name] != made[name]:
            yield f"{name}: {first_line(given[name], made[name])}"


def _notes(packed: Packed, typesetter: Typesetter | None, lodged: tuple[str, ...]) -> Iterator[str]:
    if typesetter is None or typesetter.name != packed.about.typesetter:
        yield (
            f"{PDF} was made with {packed.about.typesetter}, which is not here, and was compared"
            " with the manifest only."
        )
    if not lodged:
        yield (
            "No lodged commitment was given, so this says that the pack agrees with itself. Give"
            " the one that was lodged with --lodged."
        )
