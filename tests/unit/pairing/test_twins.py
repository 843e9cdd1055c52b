"""Whether a document that quotes nothing answers beside another: counted, and then believed."""

import json
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings

from domain.pairing import (
    PairingResult,
    Records,
    TwinCount,
    Weights,
    WeightsRefused,
    count_twins,
    decided_anew,
    default_weights,
    pair,
    weights_with,
)
from domain.pairing.model_file import load_model, sealed
from domain.pairing.twins import LEAST, SURE
from tests.unit.pairing.pairings import assert_same_rows, paired, shuffled
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

COMMON = default_weights()
RARE = weights_with(COMMON, "twins", {"allowed": 0.03, "most": 0.02})
SILENT: dict[str, Any] = {"references": [], "custody": None}
IN_TEN = 7
"""Of ten documents, those that quote the referral."""


def one_referral(theirs: list[Row], weights: Weights) -> PairingResult:
    """One referral, and documents that name its person."""
    people = [a_person(row["key"]) for row in theirs]
    ours = referrals([a_referral()], [a_person()])
    return pair(ours, documents(theirs, people), decisions(), weights)


def made(result: PairingResult) -> list[tuple[int, str]]:
    """The documents paired without a person, and their roles."""
    auto = result.pairings.filter(band="auto").sort("document")
    return list(auto.select("document", "role").iter_rows())


def test_of_two_documents_that_quote_nothing_both_answer_where_twins_are_rare() -> None:
    """
    The better one first; where twins are common, or nobody knows, neither is chosen.
    """
    theirs = [a_document(1, **SILENT), a_document(2, **SILENT, postcode="ZA1")]

    assert made(one_referral(theirs, RARE)) == [(1, "primary"), (2, "second")]
    assert made(one_referral(theirs, COMMON)) == []


def test_a_second_document_needs_no_reference_where_twins_are_rare() -> None:
    """
    The first quotes the referral, the second agrees in event and people.
    """
    theirs = [a_document(1), a_document(2, **SILENT)]

    assert made(one_referral(theirs, RARE)) == [(1, "primary"), (2, "second")]
    assert made(one_referral(theirs, COMMON)) == [(1, "primary")]


def test_a_second_document_must_agree_more_than_a_first_one_even_so() -> None:
    """
    Its event is told by the day alone: enough for the only document, and no more.
    """
    little: Row = {"officer": "88", "incident": None, "incident_day": None}
    little |= {"vehicles": [], "postcode": None}
    theirs = [a_document(2, **(SILENT | little))]

    assert made(one_referral(theirs, RARE)) == [(2, "primary")]
    assert made(one_referral([a_document(1), *theirs], RARE)) == [(1, "primary")]


@pytest.mark.parametrize(
    ("written", "also"),
    [
        pytest.param({}, True, id="it is the officer's"),
        pytest.param({"officer": "88"}, False, id="a place may be the person's home"),
        pytest.param({"at": MONDAY - timedelta(hours=2)}, False, id="before the referral"),
        pytest.param({"day": None}, True, id="undated, within a day"),
        pytest.param(
            {"day": None, "at": MONDAY + timedelta(hours=40)}, False, id="undated, two days later"
        ),
    ],
)
def test_a_second_document_is_tied_by_more_than_the_day_and_a_place(
    written: Row, also: bool
) -> None:
    """
    The same person at home the same day may be another matter, and so is what came before, or
    what the same officer wrote some days later without saying when it happened.
    """
    unnumbered: Row = {"incident": None, "incident_day": None, "vehicles": []}
    second = a_document(2, **(SILENT | unnumbered | written))

    assert ((2, "second") in made(one_referral([a_document(1), second], RARE))) == also


def test_a_document_that_quotes_its_own_referral_is_no_second_of_another() -> None:
    """
    A person referred twice in a day has a document for each; neither answers both.
    """
    later = a_referral(2, reference="26-911", incident="907", custody=None)
    ours = referrals([a_referral(1), later], [a_person(1), a_person(2)])
    quoting = {"references": ["26-911"], "incident": None, "incident_day": None, "custody": None}
    theirs = documents([a_document(1), a_document(2, **quoting)], [a_person(1), a_person(2)])
    result = pair(ours, theirs, decisions(), RARE)

    auto = result.pairings.filter(band="auto").sort("referral")
    assert [(1, 1), (2, 2)] == list(auto.select("referral", "document").iter_rows())


def test_only_a_quoted_reference_makes_a_document_cover_a_referral_that_has_its_own() -> None:
    """
    One person referred twice of one incident, with a document for each: both fit both.
    """
    later = a_referral(2, reference="26-911", custody=None)
    ours = referrals([a_referral(1), later], [a_person(1), a_person(2)])

    def answers(*quoted: str) -> list[tuple[int, int]]:
        second = a_document(2, references=list(quoted), custody=None)
        theirs = documents([a_document(1), second], [a_person(1), a_person(2)])
        auto = pair(ours, theirs, decisions(), RARE).pairings.filter(band="auto")
        return sorted(auto.select("referral", "document").iter_rows())

    assert answers("26-911") == [(1, 1), (2, 2)]
    assert answers("26-911", "26-300417") == [(1, 1), (1, 2), (2, 2)]


def test_what_is_not_known_is_taken_to_be_common() -> None:
    """
    A wrong pairing hides a missing document; a question to a person does not.
    """
    assert not default_weights().twins.are_rare
    assert RARE.twins.are_rare
    assert RARE.version != COMMON.version


@cache
def many(twos: int, twins: int) -> tuple[Records, Records]:
    """Referrals with one document and with two; so many of the latter have a twin as well.

    Of ten documents IN_TEN quote their referral, whichever they stand beside.
    """
    quotes = [[first < IN_TEN, second < IN_TEN] for first in range(10) for second in range(10)]
    ours, theirs, named = [], [], []
    for key in range(2 * twos + twins):
        both = quotes[key % 100]
        ours.append(of_its_own(a_referral(key), key))
        wanted = both if key < twos else both[:1] + [False] * (key >= 2 * twos)
        for place, quoting in enumerate(wanted):
            row = of_its_own(a_document(10 * key + place), key)
            theirs.append(row | {"references": [ours[-1]["reference"]] if quoting else []})
            named.append(somebody(10 * key + place, key))
    people = [somebody(key, key) for key in range(len(ours))]
    return referrals(ours, people), documents(theirs, named)


def of_its_own(row: Row, key: int) -> Row:
    """The record with an incident, a reference and an hour that no other referral has."""
    hour = MONDAY + timedelta(hours=5 * key)
    own = {
        "at": hour + (row["at"] - MONDAY),
        "day": hour.date(),
        "incident": str(10_000 + key),
        "incident_day": hour.date(),
        "custody": None,
        "vehicles": [],
    }
    return row | own | ({"reference": f"26-{300_000 + 7 * key}"} if "reference" in row else {})


def somebody(record: int, key: int) -> Row:
    """The person of referral `key`."""
    token = 1_000 + 10 * key
    return a_person(
        record,
        names=[token, token + 1],
        sounds=[token + 2, token + 3],
        dob=token + 4,
        dob_ordered=token + 5,
        initial_dob=[token + 6],
    )


def counted(twos: int, twins: int) -> TwinCount:
    """What is counted there."""
    sides = many(twos, twins)
    return count_twins(pair(*sides, decisions(), COMMON).edges, *sides, COMMON)


def test_documents_that_quote_as_often_in_twos_as_alone_are_no_twins() -> None:
    """
    1,000 referrals with two documents and 1,000 with one: the estimate is 0, and its error is
    that of a share, each pair of documents being one draw of two.
    """
    found = counted(1_000, 0)

    assert (1_000, 2_000) == (found.alone, found.documents)
    assert found.twins == pytest.approx(0.0, abs=2.0)
    assert found.error == pytest.approx((1_000 * 2 * 0.7 * 0.3) ** 0.5 / 0.7, rel=0.02)
    said = found.content(COMMON)
    assert said["most"] == pytest.approx((found.twins + SURE * found.error) / 2_000, rel=1e-5)
    assert weights_with(COMMON, "twins", said).twins.are_rare


@pytest.mark.parametrize("twins", [100, 300])
def test_twins_among_them_are_counted_and_keep_the_rules_strict(twins: int) -> None:
    """
    Nobody says which they are; that so many quote nothing tells how many.
    """
    found = counted(1_000, twins)

    assert found.twins == pytest.approx(twins, abs=2 * found.error)
    assert not weights_with(COMMON, "twins", found.content(COMMON)).twins.are_rare


def test_too_few_to_tell_keep_what_the_weights_say() -> None:
    """
    And the file says how many there were.
    """
    found = counted(LEAST // 2 - 1, 0)

    assert not found.enough
    assert found.content(RARE)["most"] == RARE.twins.most
    assert found.content(RARE)["documents"] == LEAST - 2
    assert found.content(RARE)["from"] == (
        f"kept from {RARE.version}: {LEAST - 2} documents in twos to count on"
    )


def test_nothing_is_counted_on_nothing() -> None:
    """
    No documents in twos, or none at all.
    """
    ours, theirs = many(30, 0)
    none = replace(theirs, records=theirs.records.clear(), people=theirs.people.clear())
    edges = pair(ours, theirs, decisions(), COMMON).edges

    assert count_twins(edges.clear(), ours, none, COMMON).documents == 0
    assert not count_twins(edges, ours, none, COMMON).enough


def test_the_count_depends_on_no_order() -> None:
    """
    Rows and columns in any order give the same value to the last digit.
    """
    ours, theirs = many(600, 20)
    edges = pair(ours, theirs, decisions(), COMMON).edges
    one = count_twins(edges, ours, theirs, COMMON)
    other = count_twins(
        shuffled(edges, 1), shuffled(ours.records, 2), shuffled(theirs.records, 3), COMMON
    )

    assert one == other


@settings(deadline=None, max_examples=60)
@given(world=worlds())
def test_deciding_anew_is_pairing_with_those_weights(world: World) -> None:
    """
    A dry run learns after everything was weighed, and weighs nothing twice.
    """
    sides = (world.referrals, world.documents)
    anew = decided_anew(paired(world, COMMON), *sides, world.decisions, RARE)
    whole = paired(world, RARE)

    assert_same_rows(whole.pairings, anew.pairings)
    assert_same_rows(whole.outcomes, anew.outcomes)
    assert set(whole.nearest["referral"]) == set(anew.nearest["referral"])


@pytest.mark.parametrize(
    "twins",
    [
        {"most": 1.5, "allowed": 0.03},
        {"most": -0.1, "allowed": 0.03},
        {"most": 0.1, "allowed": 1.0},
        {"most": 0.1},
        None,
    ],
)
def test_a_share_that_is_none_is_refused(twins: dict[str, float] | None) -> None:
    """
    A file that does not say how common twins are is of another time: train again.
    """
    content = json.loads(COMMON.text)
    with pytest.raises(WeightsRefused):
        load_model(sealed(content | {"twins": twins}))
