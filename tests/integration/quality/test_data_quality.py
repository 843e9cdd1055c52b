"""The data quality report, counted by the database, held against a count by hand on both."""

import csv
import io
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from adapters import database
from domain.words import Band, Feed
from models import PairingRow, ReferralRow
from services import data_quality, stored_records
from services.data_quality import Report, Share
from tests.builders import DAY, HOUR, REFERRED, a_document, a_referral
from tests.builders import a_night as any_night
from tests.cli.calling import call, said_once, stored
from tests.integration.lifecycle.looking import dump
from tests.integration.weights.world import (
    FORCE,
    SECOND,
    a_first_night,
    an_installation,
    current,
)


def report(engine: Engine, *forces: str) -> Report:
    """The report as Alice sees it."""
    with database.session(engine) as session:
        return data_quality.report(session, forces or (FORCE,), actor="user:alice", now=SECOND)


def by_hand(session: Session) -> tuple[list[Share], set[tuple[str, str]]]:
    """The same by reading every record: shares, and pairings (referral, URN) that disagree."""
    heads = {row.id: row for row in session.exec(select(ReferralRow))}
    ours = stored_records.current(session, Feed.REFERRALS, [n for n in heads if n is not None])
    pairs = [row for row in current(session) if row.band == Band.AUTO]
    theirs = stored_records.current(session, Feed.DOCUMENTS, {row.document for row in pairs})
    counted: Counter[tuple[str, ...]] = Counter()
    disagreeing = set()
    for number, record in ours.items():
        key = ("referrals", FORCE, heads[number].district or "", f"{record['referred_at']:%Y-%m}")
        counted[*key, "all"] += 1
        counted[*key, "reference"] += record["reference"] is None
        counted[*key, "incident"] += record["incident"] is None
    for pair in pairs:
        record, paper = ours[pair.referral], theirs[pair.document]
        key = (
            "documents", FORCE, heads[pair.referral].district or "",
            f"{record['referred_at']:%Y-%m}",
        )  # fmt: skip
        counted[*key, "all"] += 1
        counted[*key, "reference"] += not paper["references"]
        counted[*key, "incident"] += paper["incident"] is None
        serials = {quoted.split("-")[-1] for quoted in paper["references"]}
        if serials and record["reference"] and record["reference"].split("-")[-1] not in serials:
            disagreeing.add((record["referral_id"], paper["urn"]))
    keys = sorted({key[:4] for key in counted}, key=lambda key: (key[0] != "referrals", *key))
    shares = [
        Share(*key[:4], *(counted[*key, what] for what in ("all", "reference", "incident")))  # type: ignore[arg-type]
        for key in keys
    ]
    return shares, disagreeing


def test_the_report_is_what_a_count_by_hand_gives(engine: Engine) -> None:
    """
    February of a force in a hurry: every share and every disagreeing pairing.
    """
    a_first_night(engine)

    found = report(engine)

    with database.reading(engine) as session:
        shares, disagreeing = by_hand(session)
    assert shares == sorted(found.shares, key=lambda each: each.of != "referrals")
    assert disagreeing == {(each.referral_id, each.urn) for each in found.disagreeing}
    assert len(disagreeing) == len(found.disagreeing) > 0
    assert {"differs by one slip", "another reference"} >= {each.how for each in found.disagreeing}
    assert found.compared[FORCE] > len(disagreeing)


def test_a_pairing_that_ended_or_was_only_offered_is_not_counted(engine: Engine) -> None:
    """
    Nobody chases a reference on a pairing that does not stand.
    """
    a_first_night(engine)
    before = report(engine)
    with database.session(engine) as session:
        for row in session.exec(select(PairingRow).where(col(PairingRow.band) == Band.AUTO)):
            row.ended_at, row.ended_by, row.ended_why = SECOND, "user:alice", "a test"
            session.add(row)

    after = report(engine)

    assert before.disagreeing
    assert ([], {FORCE: 0}) == (after.disagreeing, after.compared)
    assert {"referrals"} == {each.of for each in after.shares}


def test_a_reference_quoted_without_its_year_does_not_disagree(engine: Engine) -> None:
    """
    Officers write what they remember, and it is the same reference.
    """
    right = a_referral(1)["nccu_reference"]
    bare = right.rpartition("/")[2]
    a_month_of(engine, [a_referral(1)], [a_document(1, nccu_references=[bare])])

    found = report(engine, "KEN")

    assert ({"KEN": 1}, []) == (found.compared, found.disagreeing)


def test_one_right_reference_among_several_does_not_disagree(engine: Engine) -> None:
    """
    A document for three referrals quotes three references.
    """
    several = [a_referral(n)["nccu_reference"] for n in (5, 1, 7)]
    a_month_of(engine, [a_referral(1)], [a_document(1, nccu_references=several)])

    assert [] == report(engine, "KEN").disagreeing


def test_months_are_londons(engine: Engine) -> None:
    """
    Half past midnight on 1 June in London is still May in UTC.
    """
    at = datetime(2026, 5, 31, 23, 30, tzinfo=UTC)
    before = at - 31 * DAY
    made = [
        a_referral(1, referred_at=at),
        a_referral(2, referred_at=at - HOUR),
        a_referral(3, referred_at=before, district=None, nccu_reference=None),
    ]
    any_night(engine, datetime(2026, 6, 2, 2, 30, tzinfo=UTC), referrals=made)

    shares = {(each.month, each.district): each for each in report(engine, "KEN").shares}

    assert {("2026-06", "North"), ("2026-05", "North"), ("2026-05", "")} == set(shares)
    assert 1 == shares["2026-05", ""].without_reference


def test_nothing_stored_is_an_empty_report(engine: Engine) -> None:
    """
    The first morning of a force.
    """
    found = report(engine, "EX", "XA")

    assert ([], [], {"EX": 0, "XA": 0}) == (found.disagreeing, found.shares, found.compared)
    assert [] == dump(engine)["audit_event"]


def test_that_pairings_were_listed_is_in_the_trail(engine: Engine) -> None:
    """
    The list names referrals, so showing it is a consultation.
    """
    a_first_night(engine)

    found = report(engine)

    (event,) = [row for row in dump(engine)["audit_event"] if "user:alice" in row]
    assert "list read" in event
    assert f'"pairings":{len(found.disagreeing)}' in event


def a_month_of(
    engine: Engine, referrals: list[dict[str, object]], documents: list[dict[str, object]]
) -> None:
    """One night of the builders' own force."""
    any_night(engine, REFERRED + 2 * DAY, referrals=referrals, documents=documents)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An installation that has had one night."""
    return an_installation(tmp_path / "home", "EX")


def test_the_command_says_the_same_as_a_table_as_json_and_as_csv(home: Path) -> None:
    """
    The sergeant reads it, a script parses it, an analyst opens it in a spreadsheet.
    """
    answer = call("quality", "--json", home=home).json
    rows = list(csv.DictReader(io.StringIO(call("quality", "--csv", home=home).out)))
    said = call("quality", home=home)

    listed = [row for row in rows if row["measure"].startswith("reference disagrees: ")]
    assert len(answer["disagreeing"]) == len(listed) > 0
    assert 2 * len(answer["shares"]) == len(rows) - len(listed)
    total = sum(each["without_incident"] for each in answer["shares"] if each["of"] == "documents")
    counted = [row for row in rows if row["measure"] == "documents without incident number"]
    assert total == sum(int(row["count"]) for row in counted)
    assert all(int(row["count"]) <= int(row["of"]) for row in rows if row["of"])
    assert f"{len(listed):,} quote another one" in said.out
    assert 0 == said.code
    assert all(each["urn"] in said.out for each in answer["disagreeing"])
    assert 3 == sum("list read" in row for row in stored(home)["audit_event"])


def test_one_form_at_a_time(home: Path) -> None:
    """
    Two forms on one standard output would be neither.
    """
    assert "not for both" in said_once(call("quality", "--json", "--csv", home=home))
