"""The frame against another log of the same referrals: control totals that are lodged with it."""

from sqlalchemy import Engine

from adapters import database
from domain.sampling.reconciling import Compared
from services.sampling import reconciliations
from tests.builders import a_referral
from tests.integration.sampling.world import (
    CODE,
    NOW,
    PERIOD,
    chosen,
    freeze,
    judged,
    plan,
    refused,
)

LOG = "NCCU's log of references, March 2026"


def reconciled(engine: Engine, references: list[str], explanation: str = "") -> Compared:
    """The period against a log."""
    with database.session(engine) as session:
        return reconciliations.reconcile(
            session, CODE, source=LOG, references=references, explanation=explanation
        )


def test_a_log_of_the_same_referrals_needs_no_words(engine: Engine) -> None:
    """
    However it writes the references, and in whatever order.
    """
    judged(engine, 60, unmatched=2)
    plan(engine)
    log = [str(a_referral(n)["nccu_reference"]).lower().replace("/", "-") for n in range(60, 0, -1)]
    found = reconciled(engine, log)
    header = freeze(engine, reconciliation=found.totals).header

    assert (found.totals.ours, found.totals.theirs, found.totals.both) == (60, 60, 60)
    assert ((), ()) == (found.theirs_alone, found.ours_alone)
    assert header.reconciliation == found.totals


def test_what_differs_is_counted_and_wants_an_explanation(engine: Engine) -> None:
    """
    What the log alone has may be missing from the frame.
    """
    judged(engine, 60)
    plan(engine)
    log = [str(a_referral(n)["nccu_reference"]) for n in range(4, 64)]
    log += [log[0], " ", ""]
    with refused(engine, "3 references of the other source are not ours and 3 of ours"):
        reconciled(engine, log)
    compared = reconciled(engine, log, "Three were made\nby another force.")
    found = compared.totals

    assert (found.ours, found.theirs, found.both) == (60, 60, 57)
    assert set(compared.ours_alone) == {str(a_referral(n)["nccu_reference"]) for n in (1, 2, 3)}
    assert set(compared.theirs_alone) == set(log[57:60])
    assert found.explanation == (
        "3 theirs alone, 3 ours alone, 0 of ours without a reference, 0 of ours with the"
        " reference of another, 1 lines of theirs that repeat a reference, 0 lines of theirs that"
        " are no reference. Three were made by another force."
    )


def test_a_log_of_nothing_is_no_second_source(engine: Engine) -> None:
    """
    It would reconcile with anything.
    """
    judged(engine, 60)
    plan(engine)
    for log in ([], ["", " "], ["--"]):
        with refused(engine, "no reference in it"):
            reconciled(engine, log)


def test_pairs_are_not_reconciled_with_a_log_of_referrals(engine: Engine) -> None:
    """
    It says nothing of them.
    """
    judged(engine, 60)
    plan(engine, chosen(subject="auto-pairings", period=(PERIOD[0], NOW)))
    with refused(engine, "not of referrals"):
        reconciled(engine, ["NCCU/26/1"])
