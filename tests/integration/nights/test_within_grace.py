"""Not yet due is nobody's business: until the very instant that grace ends, a referral is in
no listing, count or message of what needs a person, however close its clock comes to a
change of the clocks or a bank holiday.
"""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from adapters import database
from domain.audit_trail import Action
from domain.pairing import default_weights
from domain.policy import Grace, Policy, PolicySet
from flows.night_report import markdown
from models import AuditEventRow, FlagEventRow, FlagRow
from services import replay, summary
from tests.builders import (
    AFTER_GRACE,
    DAY,
    FIRST_NIGHT,
    FORCE,
    HOUR,
    REFERRED,
    Night,
    a_document,
    a_night,
    a_referral,
)
from tests.cli.calling import call
from tests.integration.lifecycle.looking import assert_as_if_at_once, judgements
from tests.integration.nights.acting import fits_both, twins
from tests.orchestration.installations import install

TICK = timedelta(microseconds=1)
SECOND = timedelta(seconds=1)
NEEDS_A_PERSON = ("overdue", "unmatched", "ambiguous", "incomplete", "held", "flags_open")
ABOUT_FLAGS = (
    Action.FLAG_OPENED,
    Action.FLAG_CHANGED,
    Action.FLAG_REOPENED,
    Action.FLAGS_HELD,
)


def a_grace(hours: int | None = None, working_days: int | None = None) -> PolicySet:
    """A policy of 2026 with another grace period."""
    return PolicySet((Policy(date(2026, 1, 1), grace=Grace(hours, working_days)),))


def utc(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """An instant of 2026."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


EDGES = [
    pytest.param(a_grace(72), REFERRED, REFERRED + 72 * HOUR, id="an ordinary week"),
    pytest.param(a_grace(72), utc(3, 27, 12), utc(3, 30, 12), id="72 h over the clocks forward"),
    pytest.param(a_grace(72), utc(10, 23, 11), utc(10, 26, 11), id="72 h over the clocks back"),
    pytest.param(
        a_grace(1), utc(10, 25, 0, 30), utc(10, 25, 1, 30), id="1 h between two half past ones"
    ),
    pytest.param(
        a_grace(working_days=1), utc(3, 27, 12), utc(3, 30, 23), id="a weekend, clocks forward"
    ),
    pytest.param(
        a_grace(working_days=1), utc(10, 24, 12), utc(10, 27), id="a Saturday, clocks back"
    ),
    pytest.param(a_grace(working_days=2), utc(4, 2, 14), utc(4, 8, 23), id="Easter"),
    pytest.param(a_grace(working_days=1), utc(5, 1, 9), utc(5, 5, 23), id="May Day"),
    pytest.param(
        a_grace(working_days=1), utc(12, 24, 9), utc(12, 30), id="Boxing Day on a Saturday"
    ),
]


def assert_flagged_nowhere(
    engine: Engine, night: Night, looked_back: dict[str, int], home: Path
) -> None:
    """R1 is in no table, list, count, screen, report or event of what needs a person."""
    for counts in (night.counts, looked_back):
        assert 1 == counts["referrals"] == counts["within_grace"]
        assert {0} == {counts[name] for name in NEEDS_A_PERSON if name in counts}
    with database.reading(engine) as session:
        found = summary.of(session, FORCE)
        assert not session.exec(select(FlagRow)).all()
        assert not session.exec(select(FlagEventRow)).all()
        assert not session.exec(
            select(AuditEventRow).where(col(AuditEventRow.action).in_(ABOUT_FLAGS))
        ).all()
        it = judgements(session)["R1"]
    assert (None, False, "expected") == (it["flag"], it["held"], it["obligation"])
    assert not found.needs_a_person
    assert [] == [*found.listed, *found.alarms]
    shown = call("status", home=home)
    assert 0 == shown.code
    assert "R1" not in shown.out
    assert 0 == call("status", "--json", home=home).code


def look_back(engine: Engine, as_of: datetime, policies: PolicySet) -> dict[str, int]:
    """The counts of what was known then."""
    with database.reading(engine) as session:
        return replay.counts(replay.judge_as_of(session, FORCE, as_of, policies, default_weights()))


@pytest.fixture
def home(engine: Engine, tmp_path: Path) -> Path:
    """An installation over the test's database."""
    url = engine.url.render_as_string(hide_password=False)
    return install(tmp_path / "home", FORCE, database_url=url)


@pytest.mark.parametrize(("policies", "referred_at", "grace_ends_at"), EDGES)
def test_nothing_is_said_until_the_instant_that_grace_ends(
    engine: Engine, home: Path, policies: PolicySet, referred_at: datetime, grace_ends_at: datetime
) -> None:
    """
    A second and a microsecond before there is nothing to see; at the instant there is a flag.
    """
    referral = a_referral(referred_at=referred_at)
    for early in (SECOND, TICK):
        as_of = grace_ends_at - early
        night = a_night(engine, as_of, referrals=[referral], policies=policies)
        assert_flagged_nowhere(engine, night, look_back(engine, as_of, policies), home)

    night = a_night(engine, grace_ends_at, policies=policies)

    assert {"overdue": 1, "unmatched": 1, "flags_open": 1}.items() <= night.counts.items()
    assert 0 == night.counts["within_grace"]
    with database.reading(engine) as session:
        (listed,) = summary.open_flags(session, FORCE)
    assert ("R1", grace_ends_at) == (listed.referral_id, listed.grace_ends_at)
    assert 1 == call("status", home=home).code
    assert_as_if_at_once(engine, grace_ends_at, policies=policies)


@pytest.mark.parametrize(
    ("documents", "pairing"),
    [
        pytest.param([a_document(handling_code=None)], "paired", id="incomplete"),
        pytest.param([a_document(status="draft")], "unpaired", id="draft"),
        pytest.param([fits_both()], "ambiguous", id="ambiguous"),
    ],
)
def test_what_would_be_flagged_later_is_no_flag_yet(
    engine: Engine, home: Path, documents: list[dict[str, Any]], pairing: str
) -> None:
    """
    The officer still has time to complete, submit or correct it.
    """
    night = a_night(engine, FIRST_NIGHT, referrals=twins(), documents=documents)

    assert {0} == {night.counts[name] for name in NEEDS_A_PERSON}
    with database.reading(engine) as session:
        assert pairing == judgements(session)["R1"]["pairing"]
        assert not session.exec(select(FlagRow)).all()
        assert not summary.of(session, FORCE).needs_a_person
    assert 0 == call("status", home=home).code
    assert 2 == a_night(engine, AFTER_GRACE).counts["flags_open"]


@pytest.mark.parametrize("outage", [None, ()], ids=["missing", "empty"])
def test_an_outage_holds_nothing_that_is_not_due(engine: Engine, outage: Any) -> None:
    """
    Held means would be flagged, and within grace nothing would be.
    """
    a_night(engine, FIRST_NIGHT - DAY)
    night = a_night(engine, FIRST_NIGHT, referrals=[a_referral()], documents=outage, ordinary=0)

    assert night.trust is not None
    assert night.trust.problem is not None
    assert (0, 1) == (night.counts["held"], night.counts["within_grace"])


def test_a_flagged_referral_that_turns_out_not_to_be_due_leaves_every_list(
    engine: Engine, home: Path
) -> None:
    """
    Its time was entered a week wrong: corrected, it is within grace, and the flag is settled
    as such, kept, and shown to nobody.
    """
    a_night(engine, FIRST_NIGHT, referrals=[a_referral(referred_at=REFERRED - 7 * DAY)])
    assert 1 == call("status", home=home).code
    night = a_night(engine, FIRST_NIGHT + DAY, referrals=[a_referral()])

    assert {0} == {night.counts[name] for name in NEEDS_A_PERSON}
    assert 1 == night.counts["within_grace"]
    with database.reading(engine) as session:
        assert [] == summary.open_flags(session, FORCE)
    assert 0 == call("status", home=home).code


def test_a_longer_grace_period_settles_what_is_no_longer_due(engine: Engine) -> None:
    """
    The policy is all that changed: every referral is judged by it on the next night.
    """
    a_night(engine, AFTER_GRACE, referrals=[a_referral()])
    longer = a_grace(hours=240)
    night = a_night(engine, AFTER_GRACE + DAY, policies=longer)

    assert {0} == {night.counts[name] for name in NEEDS_A_PERSON}
    assert 1 == night.counts["within_grace"]
    assert_as_if_at_once(engine, AFTER_GRACE + DAY, policies=longer)


def test_the_nights_report_counts_it_as_within_grace_only(engine: Engine) -> None:
    """
    The artifact is read by people who do not know the case.
    """
    night = a_night(engine, FIRST_NIGHT, referrals=[a_referral()])
    text = markdown(FIRST_NIGHT, {FORCE: {"feed": "fine", **night.counts}}, [])
    heading, row = (
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith(("| force", f"| {FORCE}"))
    )

    shown = dict(zip(heading, row, strict=True))
    assert ("1", "0", "0", "0") == tuple(
        shown[name] for name in ("within grace", "unmatched", "held", "flags open")
    )
