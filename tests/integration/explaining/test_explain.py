"""Every pairing and every near miss is explained by numbers that add up, on both databases."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from adapters import database
from domain.errors import Refused
from domain.pairing import default_weights
from domain.pairing.outcomes import STRONGEST_FIRST
from domain.words import Band, PairingState
from models import ReferralRow
from services import explaining
from services.explaining import DOUBLED, UNDER_THE_FLOOR, WHY, Explained
from tests.builders import POLICIES
from tests.cli.calling import call, said_once, stored
from tests.integration.lifecycle.looking import assert_trail_is_whole, dump
from tests.integration.weights.world import (
    FIRST,
    FORCE,
    SECOND,
    a_first_night,
    a_night,
    an_installation,
    current,
    deliver,
    month,
    other_weights,
)

SHIPPED = default_weights()


def explained(engine: Engine, referral_id: str, urn: str | None = None) -> Explained:
    """One referral as Alice sees it."""
    with database.session(engine) as session:
        return explaining.explain(
            session,
            FORCE,
            referral_id,
            urn,
            policies=POLICIES,
            weights=SHIPPED,
            actor="user:alice",
            now=SECOND,
        )


def heads(engine: Engine) -> list[ReferralRow]:
    """Every referral as the night left it."""
    with database.reading(engine) as session:
        rows = list(session.exec(select(ReferralRow)))
        session.expunge_all()
    return rows


def test_everything_shown_adds_up_and_is_what_was_stored(engine: Engine) -> None:
    """
    Of every referral: its pairings with the evidence they were made on, or its nearest
    documents with the weights that the night noted.
    """
    a_first_night(engine)
    with database.reading(engine) as session:
        made = {(row.referral, row.weight): row.evidence for row in current(session)}

    for head in heads(engine):
        found = explained(engine, head.referral_id)
        also = {"ambiguous": DOUBLED, "no_candidate": UNDER_THE_FLOOR}
        rule = head.pairing_rule or ""
        assert head.pairing == found.state
        assert found.why in (WHY[rule], also.get(rule))
        for pair in found.pairs:
            assert sum(item.bits for item in pair.evidence) == pair.weight
            if pair.made_at is not None:
                shown = [vars(item) for item in pair.evidence]
                assert shown == made[head.id, pair.weight]  # type: ignore[index]
        if found.state == PairingState.PAIRED:
            assert Band.AUTO == found.pairs[0].band
        else:
            near = {each["urn"]: (each["weight"], each["words"]) for each in head.nearest}
            offered = {pair.urn for pair in found.pairs if pair.made_at is not None}
            assert {pair.urn for pair in found.pairs} == set(near) | offered
            for pair in found.pairs:
                if pair.made_at is None:
                    assert near[pair.urn] == (pair.weight, pair.words)


def test_a_pairing_is_explained_by_the_weights_that_made_it(sqlite_engine: Engine) -> None:
    """
    Adopting other weights does not rewrite why a pairing was made before.
    """
    other = other_weights()
    a_first_night(sqlite_engine)
    a_night(sqlite_engine, SECOND, other)
    paired = next(head for head in heads(sqlite_engine) if head.pairing == PairingState.PAIRED)

    found = explained(sqlite_engine, paired.referral_id)

    assert {other.version} == {pair.weights_version for pair in found.pairs}


def test_any_two_records_can_be_asked_about(engine: Engine) -> None:
    """
    "Why not this one?" is answered for a document that shares nothing, too.
    """
    a_first_night(engine)
    paired = next(head for head in heads(engine) if head.pairing == PairingState.PAIRED)
    stranger = month()[1][-1]["urn"]

    (pair,) = explained(engine, paired.referral_id, stranger).pairs

    assert (stranger, None) == (pair.urn, pair.made_at)
    assert pair.weight == sum(item.bits for item in pair.evidence) < 0
    assert pair.words
    (itself,) = explained(
        engine, paired.referral_id, explained(engine, paired.referral_id).pairs[0].urn
    ).pairs
    assert Band.AUTO == itself.band


def test_what_was_read_and_by_whom_is_in_the_trail_and_nothing_else_changes(
    engine: Engine,
) -> None:
    """
    Consultation is logged by section 62, with the number of the referral and nobody's name.
    """
    a_first_night(engine)
    head = heads(engine)[0]
    before = dump(engine, leaving_out={"audit_event"})

    explained(engine, head.referral_id)

    assert before == dump(engine, leaving_out={"audit_event"})
    (event,) = [row for row in dump(engine)["audit_event"] if "user:alice" in row]
    assert "referral read" in event
    assert f"referral/{head.id}" in event
    assert head.referral_id not in event
    assert_trail_is_whole(engine)


def test_what_is_not_there_or_not_paired_yet_is_refused(engine: Engine) -> None:
    """
    A mistyped id is told from a referral that no night has seen.
    """
    referrals, documents = month()
    deliver(engine, referrals[:3], documents[:3])

    with pytest.raises(Refused, match="has no referral nix"):
        explained(engine, "nix")
    with pytest.raises(Refused, match="not been paired yet"):
        explained(engine, referrals[0]["referral_id"])
    a_night(engine, FIRST)
    with pytest.raises(Refused, match="has no document nix"):
        explained(engine, referrals[0]["referral_id"], "nix")


def test_every_rule_and_every_reason_has_words() -> None:
    """
    A code that only its author can read explains nothing.
    """
    without = {"below_review", "document_not_live", "rejected_by_person", "no_candidate"}

    assert set(STRONGEST_FIRST) | without == set(WHY)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An installation of two forces, one of which has had a night."""
    return an_installation(tmp_path / "home", "EX", "XA")


def test_the_command_says_it_in_words_in_json_and_as_a_picture(home: Path, tmp_path: Path) -> None:
    """
    1. Bob asks about a referral without naming its force.
    2. The bits that he reads add up to the total that he reads.
    3. He draws the evidence for a meeting.
    """
    referral_id = month()[0][0]["referral_id"]
    svg = tmp_path / "evidence.svg"

    said = call("explain", referral_id, "--svg", svg, home=home)
    answer = call("explain", referral_id, "--json", home=home).json

    assert 0 == said.code
    assert f"Referral {referral_id} is " in said.out
    block = said.out.split("\n\n")[1].replace("\u2212", "-").splitlines()
    numbers = [line.split()[0] for line in block if line[:10].strip()[:1] in ("+", "-", "0")]
    assert f"{sum(float(number) for number in numbers[:-1]):.2f}" == f"{float(numbers[-1]):.2f}"
    first = answer["pairs"][0]
    assert sum(item["bits"] for item in first["evidence"]) == first["weight"]
    title = ElementTree.fromstring(svg.read_bytes()).findtext("{http://www.w3.org/2000/svg}title")
    assert f"Referral {referral_id} and document {first['urn']}" == title
    assert 2 == sum("referral read" in row for row in stored(home)["audit_event"])


def test_the_command_refuses_in_one_sentence(home: Path) -> None:
    """
    No traceback, and what to type instead.
    """
    assert "No force has a referral nix" in said_once(call("explain", "nix", home=home))
    referral_id = month()[0][0]["referral_id"]
    wrong = said_once(call("explain", referral_id, "--force", "XA", home=home))
    assert "Force XA has no referral" in wrong
    assert "no document nix" in said_once(call("explain", referral_id, "nix", home=home))


def test_no_value_of_a_field_is_ever_shown(home: Path) -> None:
    """
    What is shown names the officer, a vehicle or a name, and never which.
    """
    for record in month()[0][:12]:
        shown = json.dumps(call("explain", record["referral_id"], "--json", home=home).json)
        values = [record[name] for name in ("officer_id", "nccu_reference", "incident_number")]
        values += [record["custody_number"], record["postcode"], *record["vehicle_registrations"]]
        assert not [value for value in values if value and str(value) in shown]
