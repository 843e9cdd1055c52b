"""Nobody is flagged on the strength of a feed that would not have shown the document.

The document feed is missing, abnormally small or stale: new flags are held until it
recovers, what was flagged before stays flagged, and the summary says so before it counts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from adapters import database
from domain.words import Settlement
from services import summary
from services.summary import Summary
from tests.builders import (
    AFTER_GRACE,
    DAY,
    FIRST_NIGHT,
    FORCE,
    HOUR,
    REFERRED,
    Record,
    a_document,
    a_night,
    a_referral,
    an_ordinary_document,
)
from tests.cli.calling import call
from tests.integration.lifecycle.looking import (
    assert_as_if_at_once,
    flag,
    history,
    judgements,
    looked_back,
    the_flag,
)
from tests.integration.nights.acting import stale_documents
from tests.orchestration.installations import install

USUAL = 10
GRACE_ENDS = REFERRED + 72 * HOUR
OUTAGE_BEGINS = AFTER_GRACE - DAY
"""The night before the grace period ends."""


@dataclass(frozen=True)
class Outage:
    """What the feed delivers while it is out, and how many nights that goes unnoticed."""

    documents: Callable[[datetime], list[Record] | None]
    unnoticed: int = 0

    def night(self, engine: Engine, as_of: datetime, *referrals: Record) -> None:
        """A night of the outage."""
        a_night(engine, as_of, referrals=referrals, documents=self.documents(as_of), ordinary=0)


MISSING = Outage(lambda _: None)
SMALL = Outage(lambda as_of: [an_ordinary_document(as_of)])
STALE = Outage(lambda as_of: stale_documents(as_of, 4, USUAL), unnoticed=2)
"""The newest document is trusted for three days, so two nights pass before it is stale."""
OUTAGES = {
    "missing": (MISSING, "No documents were delivered tonight"),
    "small": (SMALL, "abnormally few: 1 rows, where the median of the last"),
    "stale": (STALE, "The newest document delivered was submitted at"),
}
ANY = [pytest.param(outage, id=name) for name, (outage, _) in OUTAGES.items()]


def summary_of(engine: Engine) -> Summary:
    """What the sergeant reads after the last night."""
    with database.reading(engine) as session:
        return summary.of(session, FORCE)


def until_the_outage(
    engine: Engine, outage: Outage, *referrals: Record, since: datetime = FIRST_NIGHT
) -> None:
    """Nights of a usual feed up to where it goes out; the referrals come on the night `since`."""
    for back in reversed(range(1, 10)):
        as_of = OUTAGE_BEGINS - back * DAY
        tonight = referrals if as_of == since else ()
        if back <= outage.unnoticed:
            outage.night(engine, as_of, *tonight)
        else:
            a_night(engine, as_of, referrals=tonight, ordinary=USUAL)


@pytest.mark.parametrize(("outage", "says"), OUTAGES.values(), ids=OUTAGES)
def test_new_flags_are_held_and_the_summary_says_why(
    engine: Engine, outage: Outage, says: str
) -> None:
    """
    The document may well have been submitted; the feed that would show it did not come.
    """
    until_the_outage(engine, outage, a_referral())
    outage.night(engine, OUTAGE_BEGINS)
    outage.night(engine, AFTER_GRACE)

    found = summary_of(engine)
    assert found.feed_problem
    assert found.needs_a_person
    assert says in found.feed_sentence
    assert "held" in found.feed_sentence
    assert {"held": 1, "unmatched": 0, "overdue": 1, "flags_open": 0}.items() <= (
        found.counts.items()
    )
    assert [] == found.listed
    with database.reading(engine) as session:
        assert flag(session) is None
        it = judgements(session)["R1"]
    assert (True, "unmatched") == (it["held"], it["flag"])
    assert it["reason"].startswith("held: ")
    assert_as_if_at_once(engine, AFTER_GRACE)


@pytest.mark.parametrize("outage", ANY)
def test_recovery_flags_on_the_original_clock(engine: Engine, outage: Outage) -> None:
    """
    An outage gives nobody more time: the flag is opened late and counts from the referral.
    """
    until_the_outage(engine, outage, a_referral())
    for number in range(4):
        outage.night(engine, OUTAGE_BEGINS + number * DAY)
    recovered = OUTAGE_BEGINS + 4 * DAY
    a_night(engine, recovered, ordinary=USUAL)

    with database.reading(engine) as session:
        opened = the_flag(session)
        assert (recovered, "open") == (opened.opened_at, opened.state)
        assert (REFERRED, GRACE_ENDS) == (opened.clock_started_at, opened.grace_ends_at)
        assert ["opened"] == history(session)
    found = summary_of(engine)
    assert not found.feed_problem
    assert (0, 1) == (found.counts["held"], found.counts["unmatched"])
    assert_as_if_at_once(engine, recovered)


@pytest.mark.parametrize("outage", ANY)
def test_a_document_that_waited_at_the_source_was_never_missed(
    engine: Engine, outage: Outage
) -> None:
    """
    The officer submitted in time; the outage leaves no trace on the referral.
    """
    until_the_outage(engine, outage, a_referral())
    for number in range(3):
        outage.night(engine, OUTAGE_BEGINS + number * DAY)
    a_night(engine, OUTAGE_BEGINS + 3 * DAY, documents=[a_document()], ordinary=USUAL)

    with database.reading(engine) as session:
        assert flag(session) is None
        assert "satisfied" == judgements(session)["R1"]["obligation"]
    counts = summary_of(engine).counts
    assert (0, 0) == (counts["late"], counts["settled_late"])


@pytest.mark.parametrize("outage", ANY)
def test_flags_opened_before_the_outage_stay_open(engine: Engine, outage: Outage) -> None:
    """
    What a good feed has shown is not taken back by a bad one.
    """
    earlier = a_referral(2, referred_at=REFERRED - 7 * DAY)
    until_the_outage(engine, outage, earlier, a_referral())
    before = summary_of(engine)
    assert ["R2"] == [each.referral_id for each in before.oldest]
    for number in range(3):
        outage.night(engine, OUTAGE_BEGINS + number * DAY)

    found = summary_of(engine)
    assert before.oldest == found.oldest
    assert (1, 1) == (found.counts["unmatched"], found.counts["flags_open"])
    with database.reading(engine) as session:
        assert ["opened"] == history(session, "R2")


@pytest.mark.parametrize("outage", ANY)
@pytest.mark.parametrize("touched", [False, True], ids=["left alone", "judged again"])
def test_a_flag_opened_by_the_last_good_night_stays_open(
    engine: Engine, outage: Outage, touched: bool
) -> None:
    """
    Its grace period ended after the newest document was submitted and before the night: the
    night trusted the feed, and the next night's outage must not turn the flag into a held one,
    whether or not something makes the referral be judged again.
    """
    last_good = OUTAGE_BEGINS - DAY
    just_ended = a_referral(referred_at=last_good - HOUR - 72 * HOUR)
    until_the_outage(engine, outage, just_ended, since=last_good - 3 * DAY)
    with database.reading(engine) as session:
        assert last_good == the_flag(session).opened_at

    for number in range(2):
        outage.night(engine, OUTAGE_BEGINS + number * DAY)
    if touched:
        amended = {**just_ended, "district": "South"}
        a_night(engine, OUTAGE_BEGINS + 2 * DAY, referrals=[amended], documents=None)

    counts = summary_of(engine).counts
    assert (0, 1, 1) == (counts["held"], counts["unmatched"], counts["flags_open"])
    with database.reading(engine) as session:
        assert ["opened"] == history(session)
    last = OUTAGE_BEGINS + (2 if touched else 1) * DAY
    assert_as_if_at_once(engine, last)


@pytest.mark.parametrize("outage", ANY)
def test_looking_back_to_an_outage_that_is_over_finds_it(engine: Engine, outage: Outage) -> None:
    """
    What the feed brought afterwards was not known then, nor how far it was trusted since.
    """
    until_the_outage(engine, outage, a_referral())
    outage.night(engine, OUTAGE_BEGINS)
    outage.night(engine, AFTER_GRACE)
    with database.reading(engine) as session:
        said = judgements(session)
    a_night(engine, AFTER_GRACE + DAY, ordinary=USUAL)

    with database.reading(engine) as session:
        assert said["R1"]["held"]
        assert said == looked_back(session, AFTER_GRACE)


def test_an_outage_still_lets_a_late_document_settle_its_flag(engine: Engine) -> None:
    """
    That a document is there can be believed of any feed; only its absence cannot.
    """
    until_the_outage(engine, MISSING, a_referral(2, referred_at=REFERRED - 7 * DAY))
    late = a_document(2, submitted_at=REFERRED)
    a_night(engine, OUTAGE_BEGINS, documents=[late], ordinary=0)

    assert summary_of(engine).feed_problem
    with database.reading(engine) as session:
        assert Settlement.LATE == the_flag(session, "R2").settled_as


def test_a_feed_that_stays_small_does_not_become_usual(engine: Engine) -> None:
    """
    Twenty-five broken nights are no new normal; somebody has to say so in the policy.
    """
    until_the_outage(engine, SMALL, a_referral())
    for number in range(25):
        SMALL.night(engine, OUTAGE_BEGINS + number * DAY)

    counts = summary_of(engine).counts
    assert (1, 0) == (counts["held"], counts["flags_open"])


def test_the_screen_says_that_the_feed_is_out_before_any_count(
    engine: Engine, tmp_path: Path
) -> None:
    """
    A count of nought unmatched must not be read before the reason for it.
    """
    until_the_outage(engine, MISSING, a_referral())
    MISSING.night(engine, AFTER_GRACE)
    home = install(
        tmp_path / "home", FORCE, database_url=engine.url.render_as_string(hide_password=False)
    )

    answer = call("status", home=home)

    assert 1 == answer.code
    lines = [line.strip() for line in answer.out.splitlines() if line.strip()]
    assert lines[0].startswith(FORCE)
    assert lines[1].startswith("No documents were delivered tonight")
    assert "referrals made to NCCU" in lines[2]
