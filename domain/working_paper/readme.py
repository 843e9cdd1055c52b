"""What the auditor reads first: what each file is, and how to check it without this program."""

from collections.abc import Iterator

from domain.assurance.claim import Design, Extension
from domain.assurance.exact import percent
from domain.working_paper.about import About
from domain.working_paper.canonical import sha256_hex
from domain.working_paper.coding import document
from domain.working_paper.drawing import drawable, draws_from
from domain.working_paper.exercise import Exercise, FramePapers
from domain.working_paper.lodged import as_lodged
from domain.working_paper.outcome import EvaluationDocument

_FILES = """\
FILES

README.txt              this
about.json              the marking, and what typeset the PDF
conclusion.txt          the conclusion, one sentence
limitations.txt         what the sample does not show
evaluation.json         every number of the evaluation; rates as fractions
findings.jsonl          every judgement in every version; the last one of each judge stands
replacements.jsonl      items out of frame, and the tickets that came in for them
worksheet.csv           the judgements, a row for each item
frame-0/                the main frame; frame-1/ and on are supplementary ones of late records
  plan.json             the plan, fixed from this frame and those before it
  frame.header.json     the frame's counts and hashes
  frame.jsonl           the frame, a line for each item, by draw id
  commitment.json       the hashes committed to, and the receipt
  seed.json             the seed, who entered it and when
  tickets.jsonl         the tickets in use, and the reserves that would come next
charts/                 pictures of the plan and of the result
redraw.sh               draws the sample again
paper.typ, paper.pdf    the working paper, as source and for print
manifest.sha256         the SHA-256 of each other file
"""
_CHECKS = """\
CHECK IT WITHOUT THIS PROGRAM

1. Every file is as it was packed:

     sha256sum -c manifest.sha256

2. Plan and frame are those that were lodged before the seed. Take from whoever holds it the
   file that was lodged, and compare; the first hash was lodged, the second is of this pack:
"""
_AGAIN = """\
4. The sizes and the bounds. In R, with N items to sample from, n drawn, k found, K of them
   deviating:

     phyper(k, K, N - K, n)          # the chance of so few; the bound is the largest K with
                                     # more than the risk
     qbeta(1 - risk, k + 1, n - k)   # Clopper and Pearson's rate

   In a spreadsheet: =HYPGEOM.DIST(k,n,K,N,TRUE) and =BETA.INV(1-risk,k+1,n-k). Add the known
   deviations to the bound. The bound of a stratified sample, and the rules for drawing more,
   are derived in the program's documentation, docs/assurance/.

5. The judgements. Every ticket in use is in worksheet.csv, in order, and every deviation in it
   is in findings.jsonl. Ask the judges whether the answers are theirs.

6. Or all of it at once, with the program, without any database:

     counterfoil sample verify PACK.zip --lodged commitment.json
"""
_LIMITS = """\
WHAT NO CHECK OF THIS PACK ALONE CAN FIND

Whoever has the program could make another pack, consistent in itself: with a finding changed
and every hash computed anew, or with another frame and another seed. So

- the commitment has to be compared with the one that was lodged before the seed (2.); it finds
  a changed plan, frame or key, and not a changed finding;
- the seed has to be the one the auditor threw; the auditor keeps the digits;
- the judgements have to be those the judges made (5.); so that they cannot be changed later,
  lodge the SHA-256 of this pack when it is handed over: sha256sum PACK.zip.
"""


def readme(exercise: Exercise, outcome: EvaluationDocument, about: About) -> str:
    """The text, with the hashes, seeds and numbers of this exercise in it."""
    plan = exercise.plan
    parts = [
        f"{about.marking}\n",
        f"WORKING PAPER OF THE ASSURANCE SAMPLE {plan.sample}\n",
        f"Claim: {plan.claim}\n{outcome.conclusion}\n",
        _FILES,
        _CHECKS + "\n".join(_lodged(exercise)) + "\n",
        _draw_again(exercise),
        _AGAIN,
        "The numbers of this exercise:\n\n" + "\n".join(_numbers(exercise, outcome)) + "\n",
        _LIMITS,
    ]
    return "\n".join(parts)


def _lodged(exercise: Exercise) -> Iterator[str]:
    yield ""
    for frame in exercise.frames:
        yield f"     frame {frame.header.supplement}, the commitment as it was lodged:"
        yield f"     {sha256_hex(as_lodged(frame.commitment))}"
        yield "     its frame.header.json:"
        yield f"     {sha256_hex(document(frame.header))}"
        receipt = frame.commitment.receipt
        if receipt is None:
            yield "     There is no receipt: nobody outside is said to hold it."
        else:
            yield f"     Lodged with {receipt.lodged_with}, {receipt.reference}."
    yield ""
    yield "   commitment.json of this pack has the receipt too, if there is one, and the file that"
    yield "   was lodged has null in its place. The hashes in it are those of"
    yield "     sha256sum frame-0/plan.json frame-0/frame.header.json"
    yield "   and the header's are those of"
    yield "     sha256sum frame-0/plan.json frame-0/frame.jsonl"


def _draw_again(exercise: Exercise) -> str:
    lines = [
        "3. The draw, from frame and seed. The tickets have to be the first of tickets.jsonl, in",
        "   the same order; every other item's ticket comes after. redraw.sh is short: read it.",
        "",
    ]
    for frame in exercise.frames:
        lines += _commands(exercise, frame)
    if len(exercise.frames) > 1:
        lines += [
            "   The tickets of all frames make one order, by number; the sample is its first.",
            "",
        ]
    return "\n".join(lines)


def _commands(exercise: Exercise, frame: FramePapers) -> Iterator[str]:
    plan, folder = exercise.plan, f"frame-{frame.header.supplement}"
    for name, ids in sorted(drawable(plan, frame).items()):
        used = sum(draws_from(plan, line.stratum) == name for line in frame.tickets)
        strata = sorted(set(ids.values()))
        yield f"   {used:,} of {len(ids):,} items" + (f" of {name}" if name else "") + ":"
        yield ""
        patterns = "".join(_pattern(stratum) for stratum in strata)
        yield f"     grep -F{patterns} {folder}/frame.jsonl |"
        yield '       sed \'s/.*"draw_id":"\\([^"]*\\)","month".*/\\1/\' |'
        yield f"       sh redraw.sh '{frame.seed.seed}' {used}"
        yield ""


def _pattern(stratum: str) -> str:
    """The stratum as it stands at the end of a line of the frame, quoted for a shell."""
    written = document({"stratum": stratum}).decode()[1:-1]
    return " -e '" + written.replace("'", "'\\''") + "'"


def _numbers(exercise: Exercise, outcome: EvaluationDocument) -> Iterator[str]:
    plan, bound = exercise.plan, outcome.attributes[0].headline
    yield f"     items to sample from, N     {plan.population:,}"
    yield f"     drawn, n                    {bound.drawn:,}"
    yield f"     found, k                    {bound.found:,}"
    yield f"     known beforehand            {bound.known:,} of {plan.counted:,} counted"
    yield f"     risk                        {percent(plan.risk, 4)}"
    yield f"     at most so many deviate     {bound.upper:,} of {bound.items:,}"
    yield f"     too many would be           {outcome.limit:,}"
    yield f"     method                      {plan.design}, {plan.method}, {plan.extension}"
    if plan.design is Design.SIMPLE and plan.extension is Extension.FIXED:
        yield f"     phyper's K                  {bound.upper - bound.known:,}, the bound without"
        yield "                                 the known ones; one more is at the risk or below"
