"""Why a pair was not made is said of what really kept it from being made, and of nothing else."""

import re
from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings

from domain.pairing import default_weights, disagreements, pair, with_obstacles
from domain.pairing.bands import lacking, strengths
from tests.unit.pairing.strategies import (
    MONDAY,
    Row,
    World,
    a_document,
    a_person,
    a_referral,
    decisions,
    documents,
    referrals,
    worlds,
)

WEIGHTS = default_weights()
NOBODY: Row = {
    **{"names": [], "sounds": [], "initial_dob": []},
    **{"dob": None, "dob_ordered": None},
}
SOMEBODY_ELSE = {"names": [1, 2], "sounds": [3, 4], "initial_dob": [], "dob": 9, "dob_ordered": 8}
NO_DATE: Row = {"dob": None, "dob_ordered": None, "initial_dob": [], "nationality": None}
LITTLE_OF_THE_EVENT: Row = {
    **{"references": ["26-300471"], "vehicles": [], "postcode": None},
    **dict.fromkeys(("officer", "incident", "incident_day", "custody")),
}
UNDATED_BY_ANOTHER: Row = {
    **LITTLE_OF_THE_EVENT,
    **{"references": [], "officer": "9", "day": None, "postcode": "ZA1 4AP"},
    "at": MONDAY + timedelta(days=6),
}
ANOTHER_EVENT: Row = {
    "incident": "77", "custody": "EX-9-26", "references": ["26-9"], "officer": "9",
}  # fmt: skip
REFERENCE_ALONE: Row = {**LITTLE_OF_THE_EVENT, "references": ["26-300417"], "day": None}
QUOTES_NOTHING: Row = {"references": []}
NO_ARREST: Row = {"references": [], "custody": None}
ANOTHER_INCIDENT: Row = {**NO_ARREST, "incident": "77"}


def said(
    papers: list[Row],
    person: Row | None = None,
    *,
    ours: tuple[Row, ...] = ({},),
    decided: tuple[tuple[int, int, str], ...] = (),
    status: str | None = None,
) -> dict[int, str]:
    """What is said of the documents nearest to referral 1, by document.

    Each document has one person, changed as given; the referrals are alike but for `ours`.
    """
    changed = dict(enumerate(ours, 1))
    left = referrals(
        [a_referral(key, **fields) for key, fields in changed.items()], [*map(a_person, changed)]
    )
    right = documents(papers, [a_person(row["key"], **(person or {})) for row in papers])
    found = pair(left, right, decisions(*decided), WEIGHTS)
    near = with_obstacles(found.nearest, found.edges, right, decisions(*decided), WEIGHTS)
    return {
        row["document"]: disagreements({**row, "status": status}, WEIGHTS)
        for row in near.iter_rows(named=True)
        if row["referral"] == 1
    }


@pytest.mark.parametrize(
    ("document", "person", "saying"),
    [
        (
            ANOTHER_EVENT,
            SOMEBODY_ELSE,
            r"^Another reference.*; but .*; -?\d+\.\d bits, and pairing by itself starts at 7.0\.$",
        ),
        (
            NO_ARREST,
            NOBODY,
            r"^Officer agrees, .*; .* bits, but \d\.\d bits too few about the people\.$",
        ),
        (LITTLE_OF_THE_EVENT, NO_DATE, r"bits, but \d\.\d bits too few about the event\.$"),
        (UNDATED_BY_ANOTHER, {}, r"neither incident, day nor time ties the two to one event\.$"),
        (ANOTHER_INCIDENT, {}, r"bits, but the document is of another incident\.$"),
        (REFERENCE_ALONE, NOBODY, r"bits, but too little agrees besides the reference\.$"),
    ],
)
def test_one_sentence_says_what_does_not_agree_and_what_was_short(
    document: Row, person: Row, saying: str
) -> None:
    """
    The list of unmatched referrals says of the nearest document why it was not taken.  There
    is one referral and one document, so nothing else can fit.
    """
    (words,) = said([a_document(1, **document)], person).values()

    assert re.search(saying, words), words
    assert "fits too" not in words


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("Draft", "enough by itself, but the document is a draft."),
        ("withdrawn", "enough by itself, but the document was withdrawn."),
        ("rejected", "enough by itself, but the document was rejected."),
        ("accepted", "enough by itself, but the document is not of a type that counts."),
        (None, "enough by itself, but the document is not of a type that counts."),
    ],
)
def test_a_document_that_does_not_count_is_said_not_to(status: str | None, words: str) -> None:
    """
    An officer whose document is still a draft is told to submit it, not that others fit.
    """
    assert said([a_document(1, live=False)], status=status)[1].endswith(words)


def test_a_weak_document_that_does_not_count_is_told_both() -> None:
    """
    Submitting it would not be enough.
    """
    words = said([a_document(1, **ANOTHER_EVENT, live=False)], SOMEBODY_ELSE, status="draft")[1]

    assert words.endswith("and pairing by itself starts at 7.0, and the document is a draft.")


def test_a_pair_that_a_person_rejected_is_said_to_be() -> None:
    """
    A reviewer who said no reads that somebody did.
    """
    words = said([a_document(1)], decided=((1, 1, "rejected"),))[1]

    assert words.endswith("enough by itself, but a person rejected the pair.")


def test_another_fits_too_only_if_there_is_one_and_which() -> None:
    """
    A rival that does not count, or that a person rejected, is none.
    """
    two = [a_document(key, **QUOTES_NOTHING) for key in (1, 2)]
    dead = [two[0], {**two[1], "live": False}]

    unplaced = [a_document(1, **NO_ARREST, incident=None, incident_day=None)]
    other = {"incident": "77", "custody": None}

    assert said(two)[1].endswith("enough by itself, but another document fits too.")
    assert said(unplaced, ours=({}, other))[1].endswith("itself, but another referral fits too.")
    assert said(two, ours=({}, {}, {}))[1].endswith(
        "another document and another referral fit too."
    )
    alone = said(dead, decided=((1, 1, "rejected"),), status="draft")
    assert alone[1].endswith("but a person rejected the pair.")
    assert alone[2].endswith("but the document is a draft.")


@pytest.mark.parametrize(
    ("decided", "words"),
    [
        ((2, 1, "confirmed"), "a person confirmed the document for another referral."),
        ((1, 9, "confirmed"), "a person confirmed another document for the referral."),
    ],
)
def test_what_a_person_settled_is_said_to_be(decided: tuple[int, int, str], words: str) -> None:
    """
    Nothing is close there, and there may be no evidence at all for what was confirmed.
    """
    left = referrals([a_referral(k) for k in (1, 2)], [a_person(k) for k in (1, 2)])
    right = documents([a_document(1, **QUOTES_NOTHING)], [a_person(1)])
    found = pair(left, right, decisions(), WEIGHTS)
    near = found.edges.filter(pl.col("referral") == 1)
    row = with_obstacles(near, found.edges, right, decisions(decided), WEIGHTS).row(0, named=True)

    assert disagreements(row | {"status": None}, WEIGHTS).endswith(f"enough by itself, but {words}")


def test_a_pair_that_was_never_compared_is_told_so() -> None:
    """
    Any two records can be asked about, also such as are months apart.
    """
    left, right = referrals([a_referral()], [a_person()]), documents([a_document()], [a_person()])
    found = pair(left, right, decisions((1, 1, "rejected")), WEIGHTS)
    near = with_obstacles(found.nearest, found.edges.clear(), right, decisions(), WEIGHTS)
    again = with_obstacles(found.nearest, found.edges, right, decisions(), WEIGHTS)

    (row,), (other,) = (list(each.iter_rows(named=True)) for each in (near, again))
    assert "but no night compares the two" in disagreements(row | {"status": None}, WEIGHTS)
    assert disagreements(other | {"status": None}, WEIGHTS).endswith("the next night decides.")


@settings(max_examples=25)
@given(worlds())
def test_what_is_said_is_true_of_any_world(world: World) -> None:
    """
    Enough by itself is kept back by something that is named; bits are short only where they are.
    """
    found = pair(world.referrals, world.documents, world.decisions, WEIGHTS)
    near = with_obstacles(found.nearest, found.edges, world.documents, world.decisions, WEIGHTS)
    live = dict(world.documents.records.select("key", "live").iter_rows())
    made: set[Any] = set(
        found.pairings.filter(pl.col("band") == "auto").select("referral", "document").iter_rows()
    )

    assert near.height == found.nearest.height
    for row in near.iter_rows(named=True):
        assert (row["referral"], row["document"]) not in made
        assert row["live"] == live[row["document"]]
        assert disagreements({**row, "status": None}, WEIGHTS)
        if row["live"] and not row["rejected"] and not row["lack"]:
            assert row["beside"] not in ("", "uncompared")
        if row["lack"] == "bits":
            assert row["person_short"] > 0 or row["event_short"] > 0
    lack, alone = lacking(found.edges, WEIGHTS), np.arange(found.edges.height)
    agree = lack.one_event & (lack.person == 0) & (lack.event == 0)
    assert agree.tolist() == strengths(found.edges, alone, WEIGHTS).both.tolist()


def test_the_same_document_with_its_day_is_made() -> None:
    """
    What is said to be missing is what was missing.
    """
    at_once = {**UNDATED_BY_ANOTHER, "day": MONDAY.date(), "at": MONDAY + timedelta(hours=1)}

    assert {} == said([a_document(1, **at_once)])
