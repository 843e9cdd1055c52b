"""Drawing more after a look at the results, with the error counted and not hoped for.

A two-stage plan says beforehand what happens: few deviations end it, a few more lead to a
second sample as large as the first, many end it too.  Its error is the chance to accept at
either look, counted jointly: the second sample comes from what the first left.

The bound after two stages orders the results by the stage and then by the count: those
accepted at the first look, those that went on, those given up.  The chance of a result as
good or better then falls with each deviating item, so the bound is exact in this order, and
is below the claim's limit whenever the plan accepts.

Drawing more without a plan, and judging as if the larger sample had been meant from the
start, breaks the promise.  `unplanned` computes by how much.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from domain.assurance.bounds import upper
from domain.assurance.claim import Claim, Design, Extension, Method, Plan
from domain.assurance.exact import ceiling, first, percent, within
from domain.assurance.looks import Look, acceptance
from domain.assurance.planning import size_for
from domain.assurance.tails import at_most_within, rounded
from domain.errors import SampleRefused


def plan_two_stage(claim: Claim, more: int = 1) -> Plan:
    """The plan for a sample and, if it is not enough, one more of the same size.

    At the expected rate neither look is expected to hold more deviations than it accepts;
    the second accepts at least `more` beyond the first.

    Raises:
        SampleRefused: No two samples from this population are enough.
    """
    if more < 1:
        raise SampleRefused(
            "A second stage has to accept at least one deviation more than the first."
            " Nothing was stored."
        )
    early, late = 0, more
    while late < claim.intolerable:
        looks = _two(claim, early, late)
        if looks is None:
            break
        awaited = [ceiling(claim.expected * look.drawn) for look in looks]
        if awaited[0] <= early and awaited[1] <= late:
            return _plan(claim, Extension.TWO_STAGE, looks)
        early = max(early, awaited[0])
        late = max(late, awaited[1], early + more)
    raise SampleRefused(
        f"No two equal samples from {claim.population} items show the claim at the expected rate"
        f" of {percent(claim.expected, 4)}. Plan one look, or look at every item."
        " Nothing was stored."
    )


def _two(claim: Claim, early: int, late: int) -> tuple[Look, Look] | None:
    """The smallest two equal samples that accept so many deviations; None if there are none."""

    def looks(drawn: int) -> tuple[Look, Look]:
        return Look(drawn, early, late), Look(2 * drawn, late)

    least = size_for(claim, early)
    drawn = first(least, claim.population // 2, lambda n: _within(claim, looks(n)), least)
    return looks(drawn) if 2 * drawn <= claim.population else None


def _within(claim: Claim, looks: tuple[Look, ...]) -> bool:
    return within(acceptance(looks, claim.population, claim.intolerable), claim.risk)


def _plan(claim: Claim, extension: Extension, looks: tuple[Look, ...]) -> Plan:
    error = acceptance(looks, claim.population, claim.intolerable)
    return Plan(
        claim,
        Design.SIMPLE,
        Method.HYPERGEOMETRIC,
        extension,
        looks,
        rounded(error, up=True),
    )


def two_stage_upper(plan: Plan, found_first: int, found_in_all: int | None = None) -> int:
    """The largest number of deviating items of the population that the results do not rule out.

    Args:
        plan: A two-stage plan.
        found_first: Deviations in the first sample.
        found_in_all: Deviations in both, if the plan went on to the second.

    Raises:
        SampleRefused: The second sample was drawn against the plan, or has not been yet.
    """
    look, last = plan.looks
    claim, risk = plan.claim, plan.claim.risk
    goes_on = look.accepted < found_first <= last.accepted
    if goes_on != (found_in_all is not None):
        raise SampleRefused(_out_of_step(goes_on, found_first))
    if found_in_all is None:
        return upper(found_first, look.drawn, claim.population, risk)
    if not found_first <= found_in_all <= found_first + last.drawn - look.drawn:
        raise SampleRefused(
            f"{found_in_all} deviations in both samples cannot be with {found_first} in the first."
            " Count them again. Nothing was stored."
        )
    as_good = (look, Look(last.drawn, found_in_all))

    def ruled_out(deviating: int) -> bool:
        return within(acceptance(as_good, claim.population, deviating), risk)

    highest = claim.population - last.drawn + found_in_all
    return first(found_in_all + 1, highest, ruled_out) - 1


def _out_of_step(goes_on: bool, found: int) -> str:
    if goes_on:
        return (
            f"With {found} deviations in the first sample the plan goes on to the second."
            " Draw and judge it first. Nothing was stored."
        )
    return (
        f"With {found} deviations in the first sample the plan has no second one."
        " Judge the first alone. Nothing was stored."
    )


@dataclass(frozen=True)
class Unplanned:
    """What an extension that nobody planned would be worth.

    `taken` is what a single look at so many items would accept, and `error` the chance to
    accept wrongly at one of all the looks if that were taken; `allowed` is the most that can
    be accepted with the promised risk kept, -1 if nothing.
    """

    drawn: int
    taken: int
    error: Fraction
    allowed: int


def unplanned(plan: Plan, drawn: int, earlier: tuple[Look, ...] = ()) -> Unplanned:
    """The true error of looking again, after `drawn` items in all, when no look accepted.

    `earlier` are looks that were already added to the plan's without having been planned.
    """
    claim = plan.claim
    looks = tuple(Look(look.drawn, look.accepted) for look in (*plan.looks, *earlier))
    if plan.design is not Design.SIMPLE or not looks[-1].drawn < drawn <= claim.population:
        raise SampleRefused(
            f"The error of drawing on to {drawn} items can be computed only for a simple random"
            f" sample, above the {looks[-1].drawn} looked at and within the"
            f" {claim.population} there are. Nothing was stored."
        )
    taken = _last(
        lambda c: at_most_within(c, claim.population, claim.intolerable, drawn, claim.risk), drawn
    )
    error = acceptance((*looks, Look(drawn, taken)), claim.population, claim.intolerable)
    allowed = _last(lambda c: _within(claim, (*looks, Look(drawn, c))), taken)
    return Unplanned(drawn, taken, rounded(error, up=True), allowed)


def _last(holds: Callable[[int], bool], high: int) -> int:
    """The largest number from 0 to `high` up to which `holds` is true, -1 if none."""
    return first(0, high, lambda c: not holds(c)) - 1
