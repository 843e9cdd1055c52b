"""The referrals of a period against a second source of them, by reference: control totals.

What only the other source has is the sign that the frame is not complete; the numbers go into
the frame's header and are lodged with it, together with the words of whoever looked into them.
"""

from collections import Counter
from collections.abc import Iterable

from domain.errors import SampleRefused
from domain.identifiers import IdentifierRules
from domain.working_paper import Reconciliation


def reconcile(
    source: str,
    ours: Iterable[str | None],
    theirs: Iterable[str],
    explanation: str,
    rules: IdentifierRules | None = None,
) -> Reconciliation:
    """The control totals, and the words that explain them.

    Args:
        source: What the other source is.
        ours: The normalised reference of each referral of the period, None for none.
        theirs: The references of the other source, one a line, as written.
        explanation: What was found of the difference.
        rules: How references are written.

    Returns:
        `ours` counts our referrals, `theirs` the other source's distinct references, `both`
        those of them that are a reference of ours.

    Raises:
        SampleRefused: The other source has no reference in it, or nothing explains the rest.
    """
    normalise = (rules or IdentifierRules()).normalise_reference
    mine = list(ours)
    known = {reference for reference in mine if reference}
    read = [normalise(line) for line in theirs if line.strip()]
    lines = Counter(reference for reference in read if reference)
    if not lines:
        raise SampleRefused(
            "The other source has no reference in it. Give its column of references, one a line."
            " Nothing was stored."
        )
    both = len(known & set(lines))
    if not explanation.strip() and not both == len(lines) == len(mine):
        raise SampleRefused(
            f"{len(lines) - both:,} references of the other source are not ours and"
            f" {len(known) - both:,} of ours are not there. Say what was found of them."
            " Nothing was stored."
        )
    return Reconciliation(
        source, len(mine), len(lines), both, _explained(mine, read, lines, both, explanation)
    )


def _explained(
    mine: list[str | None],
    read: list[str | None],
    lines: Counter[str],
    both: int,
    explanation: str,
) -> str:
    known = Counter(reference for reference in mine if reference)
    counts = (
        (len(lines) - both, "theirs alone"),
        (len(known) - both, "ours alone"),
        (len(mine) - known.total(), "of ours without a reference"),
        (known.total() - len(known), "of ours with the reference of another"),
        (lines.total() - len(lines), "lines of theirs that repeat a reference"),
        (len(read) - lines.total(), "lines of theirs that are no reference"),
    )
    told = ", ".join(f"{number:,} {what}" for number, what in counts)
    return f"{told}. {explanation.strip()}".strip()
