"""The referrals of a period against a second source of them, by reference: control totals.

What only the other source has is the sign that the frame is not complete; the numbers go into
the frame's header and are lodged with it, together with the words of whoever looked into them.
The references that differ are for the force alone, and are no part of the header.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from domain.errors import SampleRefused
from domain.identifiers import DEFAULT_RULES, IdentifierRules
from domain.working_paper import Reconciliation


@dataclass(frozen=True)
class Reference:
    """A reference of ours as it was written, and its normalised form; each is None for none."""

    written: str | None
    normal: str | None


@dataclass(frozen=True)
class Compared:
    """The control totals, and the references that one source alone has, as it writes them."""

    totals: Reconciliation
    theirs_alone: tuple[str, ...]
    ours_alone: tuple[str, ...]


def reconcile(
    source: str,
    ours: Iterable[Reference],
    theirs: Iterable[str],
    explanation: str,
    rules: IdentifierRules = DEFAULT_RULES,
) -> Compared:
    """The control totals, the words that explain them, and the references that differ.

    Args:
        source: What the other source is.
        ours: The reference of each referral of the period.
        theirs: The references of the other source, one a line, as written.  A line without a
            digit is none: a heading, or a remark.
        explanation: What was found of the difference.
        rules: How references are written.

    Returns:
        Of the totals, `ours` counts our referrals, `theirs` the other source's distinct
        references, `both` those of them that are a reference of ours.

    Raises:
        SampleRefused: The other source has no reference in it, or nothing explains the rest.
    """
    mine = list(ours)
    known = _as_written(mine)
    read = [Reference(line.strip(), _normal(line, rules)) for line in theirs if line.strip()]
    there = _as_written(read)
    if not there:
        raise SampleRefused(
            "The other source has no reference in it. Give its column of references, one a line."
            " Nothing was stored."
        )
    theirs_alone = tuple(there[each] for each in sorted(set(there) - set(known)))
    ours_alone = tuple(known[each] for each in sorted(set(known) - set(there)))
    both = len(set(known) & set(there))
    if not explanation.strip() and not both == len(there) == len(mine):
        raise SampleRefused(
            f"{len(theirs_alone):,} references of the other source are not ours and"
            f" {len(ours_alone):,} of ours are not there. Say what was found of them; to have"
            " them listed first, say that it is not known yet, and freeze again when it is."
            " Nothing was stored."
        )
    counts = _explained([each.normal for each in mine], [each.normal for each in read], both)
    totals = Reconciliation(
        source, len(mine), len(there), both, f"{counts}. {explanation.strip()}".strip()
    )
    return Compared(totals, theirs_alone, ours_alone)


def _normal(line: str, rules: IdentifierRules) -> str | None:
    return rules.normalise_reference(line) if any(map(str.isdigit, line)) else None


def _as_written(references: Iterable[Reference]) -> dict[str, str]:
    """How each reference was first written, by its normalised form."""
    found: dict[str, str] = {}
    for each in references:
        if each.normal:
            found.setdefault(each.normal, each.written or each.normal)
    return found


def _explained(mine: list[str | None], read: list[str | None], both: int) -> str:
    known = Counter(reference for reference in mine if reference)
    lines = Counter(reference for reference in read if reference)
    counts = (
        (len(lines) - both, "theirs alone"),
        (len(known) - both, "ours alone"),
        (len(mine) - known.total(), "of ours without a reference"),
        (known.total() - len(known), "of ours with the reference of another"),
        (lines.total() - len(lines), "lines of theirs that repeat a reference"),
        (len(read) - lines.total(), "lines of theirs that are no reference"),
    )
    return ", ".join(f"{number:,} {what}" for number, what in counts)
