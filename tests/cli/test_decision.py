"""`counterfoil decision`: a person settles one pair, and every later night goes by it."""

import os
import pwd
from pathlib import Path
from typing import Any

import pytest

from cli.decision import DOES_NOT_COUNT
from tests.cli.calling import call, said_once, stored
from tests.cli.test_reads import events, numbers
from tests.orchestration.installations import deliver, made_up

ME = f"user:{pwd.getpwuid(os.getuid()).pw_name}"
NEXT_NIGHT = "2026-03-02T02:30Z"
"""After every document of the made-up month was submitted."""
WHY = ("--reason", "seen both")


def night(home: Path) -> None:
    """One more night, on which nothing is delivered but what the test put there."""
    assert 1 == call("run", "--no-prefect", "--as-of", NEXT_NIGHT, home=home).code


def explained(home: Path, *words: str) -> Any:
    """What stands between a referral and its documents."""
    return call("explain", *words, "--json", home=home).json


def a_pairing(home: Path) -> tuple[str, str]:
    """A referral and the one document that the engine paired it with."""
    for referral in [row["referral_id"] for row in made_up()[0]]:
        found = explained(home, referral)
        if found["state"] == "paired" and len(found["pairs"]) == 1:
            return referral, found["pairs"][0]["urn"]
    raise AssertionError("no referral has a document of its own")


def an_unmatched(home: Path, live: bool = True) -> tuple[str, str]:
    """A referral without a document, and the one nearest to it, which counts or does not."""
    (force,) = call("status", "--json", "--all", home=home).json
    return next(
        (flag["referral_id"], flag["nearest"][0]["urn"])
        for flag in force["oldest"]
        if flag["nearest"] and flag["nearest"][0]["live"] is live
    )


def test_an_unmatched_referral_is_settled_by_a_person(judged_on_either: Path) -> None:
    """
    1. Alice sees in the morning that a referral is unmatched, and looks at the nearest document.
    2. She knows that it answers, and confirms it: the night pairs it and settles the flag.
    3. The decision is a label: `weights check` counts it.
    """
    home = judged_on_either
    referral, urn = an_unmatched(home)

    said = call("decision", "confirm", referral, urn, *WHY, home=home)

    assert (0, "") == (said.code, said.err)
    assert f"Referral {referral} and document {urn}: confirmed. The next run" in said.out
    night(home)
    found = explained(home, referral)
    assert ("paired", [urn]) == (found["state"], [pair["urn"] for pair in found["pairs"]])
    assert "confirmed_by_person" == found["pairs"][0]["rule"]
    (force,) = call("status", "--json", "--all", home=home).json
    assert referral not in {flag["referral_id"] for flag in force["oldest"]}
    bands = call("weights", "check", "--json", home=home).json
    assert [(1, 1)] == [(band["confirmed"], band["decided"]) for band in bands if band["decided"]]
    assert [ME] == [actor for actor, _, _ in events(home, "pairing confirmed")]


def test_a_document_that_does_not_count_is_paired_when_it_does(judged: Path) -> None:
    """
    1. Alice confirms a document that was rejected, and is told that this pairs nothing yet.
    2. It is accepted after all: the night pairs it.
    """
    referral, urn = an_unmatched(judged, live=False)

    said = call("decision", "confirm", referral, urn, *WHY, home=judged)

    assert (0, DOES_NOT_COUNT) == (said.code, said.out.splitlines()[-1])
    night(judged)
    assert "unpaired" == explained(judged, referral)["state"]
    (paper,) = [each for each in made_up()[1] if each["urn"] == urn]
    deliver(judged, "accepted.csv", [{**paper, "status": "accepted"}])
    night(judged)
    assert "confirmed_by_person" == explained(judged, referral)["pairs"][0]["rule"]


def test_a_rejected_pairing_is_not_made_again_until_the_decision_is_ended(
    judged_on_either: Path,
) -> None:
    """
    1. Bob sees that a pairing is wrong, and rejects it: the night ends it.
    2. He was mistaken, and ends the decision: the night makes it as before.
    """
    home = judged_on_either
    referral, urn = a_pairing(home)

    assert 0 == call("decision", "reject", referral, urn, *WHY, home=home).code
    night(home)
    apart = explained(home, referral)
    assert urn not in [pair["urn"] for pair in apart["pairs"] if pair["made_at"]]
    ended = call("decision", "end", referral, urn, home=home)
    night(home)

    assert f"The decision on referral {referral} and document {urn} has ended." in ended.out
    assert [urn] == [pair["urn"] for pair in explained(home, referral)["pairs"]]
    assert "Decisions in force: 0\n" == call("decision", "list", home=home).out
    assert 0 == call("audit", "verify", home=home).code


def test_the_list_says_whose_decision_the_records_have_overtaken(judged: Path) -> None:
    """
    1. Carol confirms a pair. The list has it, and that it was shown is in the trail.
    2. The document is amended to say something else: the list ends with 1.
    """
    referral, urn = a_pairing(judged)
    call("decision", "confirm", referral, urn, *WHY, home=judged)

    (row,) = call("decision", "list", "--json", home=judged).json

    assert (referral, urn, "confirmed", "seen both", ME, None) == tuple(
        row[name]
        for name in ("referral_id", "urn", "verdict", "reason", "decided_by", "overtaken_at")
    )
    shown = {"list": "decisions", "referrals": numbers(judged, {referral})}
    assert [(ME, "force/EX", shown)] == events(judged, "list read")

    (paper,) = [each for each in made_up()[1] if each["urn"] == urn]
    deliver(judged, "amended.csv", [{**paper, "postcode": "ZZ9 9ZZ"}])
    night(judged)
    said = call("decision", "list", home=judged)

    assert 1 == said.code
    assert f"EX: {referral} and {urn}: confirmed\n  by {ME}, " in said.out
    assert "A record says something else since; decided anew by the run of " in said.out


def test_the_same_again_changes_nothing_and_the_opposite_is_refused(judged: Path) -> None:
    """
    Nobody overrules a colleague without noticing.
    """
    pair = a_pairing(judged)
    call("decision", "confirm", *pair, *WHY, home=judged)
    before = stored(judged)

    again = call("decision", "confirm", *pair, *WHY, home=judged)
    opposite = said_once(call("decision", "reject", *pair, *WHY, home=judged))

    assert (0, True) == (again.code, "confirmed already. Nothing was stored." in again.out)
    assert "Take that decision back first (counterfoil decision end)" in opposite
    assert before == stored(judged)


@pytest.mark.parametrize(
    ("words", "because"),
    [
        (["confirm", "R-0", "URN", *WHY], "Force EX has no referral R-0. Write its id as"),
        (["reject", "REFERRAL", "U-0", *WHY], "Force EX has no document U-0. Write its URN as"),
        (["confirm", "REFERRAL", "URN", "--reason", "  "], "needs a reason in words"),
        (["end", "REFERRAL", "URN"], "Nobody has decided on referral"),
        (["list", "--force", "XE"], "Force XE is not set up"),
    ],
    ids=["referral", "document", "reason", "undecided", "force"],
)
def test_what_cannot_be_decided(words: list[str], because: str, judged: Path) -> None:
    """
    A mistyped key decides nothing about another pair.
    """
    meant = dict(zip(("REFERRAL", "URN"), a_pairing(judged), strict=True))
    before = stored(judged)

    said = said_once(call("decision", *(meant.get(word, word) for word in words), home=judged))

    assert because in said
    assert before == stored(judged)
