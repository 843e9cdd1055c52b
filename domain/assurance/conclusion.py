"""The one sentence that says what a sample showed, and no more.

It names the number that was at stake, what was drawn and found, the bound and the confidence.
A claim that was not shown is not thereby refuted, and the sentence says which of the two it
is.  Upper bounds are rounded up and confidence down, so that no figure says too much.
"""

from dataclasses import dataclass

from domain.assurance.claim import Claim, Design, Plan
from domain.assurance.evaluation import Evaluation
from domain.assurance.exact import percent
from domain.assurance.sequential import Unplanned


@dataclass(frozen=True)
class Words:
    """What the items are called, and what a deviation is: ``has no document``, ``have ...``."""

    items: str = "referrals"
    deviates: str = "deviates"
    deviate: str = "deviate"


def conclusion(evaluation: Evaluation, words: Words | None = None, unavailable: int = 0) -> str:
    """What was shown; `unavailable` items were counted as deviations."""
    words = words or Words()
    if evaluation.design is Design.CENSUS:
        return _counted_all(evaluation, words)
    claim = evaluation.claim
    sure = f"with {percent(1 - claim.risk, 2, up=False)} confidence"
    at_stake, seen = _at_stake(claim, words), _seen(evaluation, unavailable)
    share = percent(evaluation.upper_rate, 2)
    most = f"no more than {evaluation.upper:,} ({share}) {_does(evaluation.upper)}"
    if evaluation.shown:
        return f"W{sure[1:]}, {at_stake}: {seen}, so {most}{_known(evaluation)}."
    if evaluation.refuted:
        least = evaluation.lower or 0
        return (
            f"W{sure[1:]}, it is not so that {at_stake}: {seen},"
            f" so {least:,} or more do{_known(evaluation)}."
        )
    return (
        f"The sample does not show that {at_stake}: {seen}, and all that can be said {sure}"
        f" is that {most}{_known(evaluation)}."
    )


def _at_stake(claim: Claim, words: Words) -> str:
    return (
        f"fewer than {claim.limit:,} of {claim.everything:,} {words.items},"
        f" the tolerable {percent(claim.tolerable, 4)}, {words.deviate}"
    )


def _seen(evaluation: Evaluation, unavailable: int) -> str:
    found, drawn = evaluation.judged.found, evaluation.judged.drawn
    seen = f"{_number(found)} of {drawn:,} drawn at random {_does(found or 1)}"
    if not unavailable:
        return seen
    were = "one that was" if unavailable == 1 else f"{unavailable:,} that were"
    return f"{seen}, counting {were} not available"


def _known(evaluation: Evaluation) -> str:
    known = evaluation.known
    if not evaluation.claim.counted:
        return ""
    return f", including the {known:,} of {evaluation.claim.counted:,} counted beforehand that do"


def _number(number: int) -> str:
    return f"{number:,}" if number else "none"


def _does(number: int) -> str:
    return "does" if number == 1 else "do"


def _counted_all(evaluation: Evaluation, words: Words) -> str:
    claim, number = evaluation.claim, evaluation.upper
    deviate = words.deviates if number < 2 else words.deviate
    return (
        f"All {claim.everything:,} {words.items} were looked at: {_number(number)} {deviate},"
        f" and {claim.limit:,} or more would not have been tolerable."
    )


def warning(plan: Plan, extension: Unplanned) -> str:
    """What has to be printed with an extension that was not planned."""
    plural = "" if extension.taken == 1 else "s"
    return (
        f"This extension was not planned: to look again at {extension.drawn:,} items and accept"
        f" {extension.taken:,} deviation{plural} could show a false claim with a chance of"
        f" {percent(extension.error, 2)}, not {percent(plan.claim.risk, 2)}."
    )
