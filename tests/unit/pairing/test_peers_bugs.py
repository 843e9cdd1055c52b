"""The mistakes of comparable systems, by their numbers in the comparison, not made here."""

import polars as pl

from domain.pairing import PAIRING_SCHEMA, Decided, components, decide, default_weights, pair
from domain.pairing.frames import EDGE_SCHEMA
from tests.unit.pairing.strategies import (
    Row,
    a_document,
    a_person,
    a_referral,
    decisions,
    documents,
    referrals,
)

WEIGHTS = default_weights()


def an_edge(
    referral: int, document: int, weight: float, person: float = 10.0, *, quoted: bool = False
) -> Row:
    """An edge that is strong in both families, of one officer and day, whatever its weight."""
    row: Row = dict.fromkeys(EDGE_SCHEMA, 0)
    return row | {
        "referral": referral,
        "document": document,
        "weight": weight,
        "w_officer": 7.0,
        "w_name": person,
        "l_officer": 1,
        "l_day": 1,
        "l_reference": int(quoted),
    }


def decided(edges: list[Row], said: pl.DataFrame | None = None) -> Decided:
    """The decision on these edges, of records that are otherwise plain."""
    ours = sorted({edge["referral"] for edge in edges})
    theirs = sorted({edge["document"] for edge in edges})
    return decide(
        pl.DataFrame(edges, schema=EDGE_SCHEMA),
        referrals([a_referral(key, incident=None) for key in ours]),
        documents([a_document(key) for key in theirs]),
        decisions() if said is None else said,
        WEIGHTS,
    )


def auto(result: Decided) -> set[tuple[int, int]]:
    """The pairs made without a person."""
    made = result.pairings.filter(pl.col("band") == "auto")
    return set(made.select("referral", "document").iter_rows())


def rows(result: Decided) -> list[tuple[int, int, str, str]]:
    """Pairings in short."""
    columns = ("referral", "document", "band", "rule")
    return sorted(result.pairings.select(columns).iter_rows())


def test_1_two_referrals_never_claim_one_document() -> None:
    """
    Peers 1: the second claimant is told so; it does not silently share.
    """
    result = decided([an_edge(1, 1, 30.0, person=9.5), an_edge(2, 1, 20.0, person=9.0)])

    assert auto(result) == {(1, 1)}
    assert result.outcomes["state"].to_list() == ["paired", "unpaired"]


def test_2_the_best_total_wins_over_the_best_single_pair() -> None:
    """
    Peers 2: (a1,b1) 20, (a1,b2) 19, (a2,b1) 18 pairs a1 with b2 and a2 with b1.
    """
    result = decided([an_edge(1, 1, 20.0), an_edge(1, 2, 19.0), an_edge(2, 1, 18.0)])

    assert {(1, 2), (2, 1)} <= auto(result)
    primary = result.pairings.filter(pl.col("role") == "primary")
    assert {(1, 2, 17.0), (2, 1, 17.0)} == set(
        primary.select("referral", "document", "margin").iter_rows()
    )


def test_2_two_documents_too_close_to_choose_are_both_listed() -> None:
    """
    A thin margin is a reviewer's to settle, with every rival in front of them.
    """
    result = decided([an_edge(1, 1, 20.0, 9.5), an_edge(1, 2, 18.0, 9.5)])

    assert rows(result) == [(1, 1, "review", "ambiguous"), (1, 2, "review", "ambiguous")]
    assert result.pairings["margin"].to_list() == [2.0, None]
    assert result.outcomes.rows() == [(1, "ambiguous", "ambiguous")]


def test_3_shuffled_ties_fall_the_same_way() -> None:
    """
    Peers 3: equal weights are settled by the records' own order, not by the file's.
    """
    edges = [an_edge(1, 1, 20.0), an_edge(1, 2, 20.0), an_edge(2, 1, 20.0), an_edge(2, 2, 20.0)]

    assert rows(decided(edges)) == rows(decided(edges[::-1]))


def test_4_confirming_a_pair_closes_its_rivals() -> None:
    """
    Peers 4: and rejecting a rival afterwards changes nothing more.
    """
    edges = [an_edge(1, 1, 20.0, 9.0), an_edge(1, 2, 19.0, 9.0), an_edge(2, 1, 19.0, 9.0)]
    once = decided(edges, decisions((1, 1, "confirmed")))
    again = decided(edges, decisions((1, 1, "confirmed"), (1, 2, "rejected")))

    assert rows(once) == [(1, 1, "auto", "confirmed_by_person")]
    assert rows(once) == rows(again)


def test_5_a_rejected_pair_is_not_proposed_again() -> None:
    """
    Peers 5: what a person turned down stays down while the records stay as they are.
    """
    result = decided([an_edge(1, 1, 30.0)], decisions((1, 1, "rejected")))

    assert rows(result) == []
    assert result.outcomes.rows() == [(1, "unpaired", "rejected_by_person")]


def test_5_amended_evidence_shows_in_the_fingerprint() -> None:
    """
    Peers 5: the incident number is corrected, so the rejection can be put to a person again.
    """
    ours = referrals([a_referral(1)], [a_person(1)])
    before = documents([a_document(1, incident="99")], [a_person(1)])
    after = documents([a_document(1)], [a_person(1)])
    one, same, other = (
        pair(ours, theirs, decisions(), WEIGHTS).edges["fingerprint"][0]
        for theirs in (before, before, after)
    )

    assert one == same
    assert one != other


def test_6_a_document_that_undoes_a_separation_is_not_guessed() -> None:
    """
    Peers 6: a person told two referrals apart; a new document that fits both goes to a person.
    """
    edges = [an_edge(r, d, 30.0) for r in (1, 2) for d in (1, 2)]
    said = decisions((1, 1, "confirmed"), (2, 1, "rejected"))
    result = decided(edges, said)

    assert rows(result) == [
        (1, 1, "auto", "confirmed_by_person"),
        (1, 2, "review", "override_conflict"),
        (2, 2, "review", "override_conflict"),
    ]
    assert result.outcomes.rows() == [
        (1, "paired", "confirmed_by_person"),
        (2, "ambiguous", "override_conflict"),
    ]


def test_6_a_person_may_settle_the_conflict() -> None:
    """
    Peers 6: confirming one of the two ends it.
    """
    edges = [an_edge(r, d, 30.0) for r in (1, 2) for d in (1, 2)]
    said = decisions((1, 1, "confirmed"), (2, 1, "rejected"), (2, 2, "confirmed"))
    result = decided(edges, said)

    assert {(1, 1), (2, 2)} <= auto(result)
    assert result.outcomes["state"].to_list() == ["paired", "paired"]


def test_a_confirmed_pair_stands_without_any_evidence() -> None:
    """
    A reviewer knows things that no feed carries.
    """
    result = decide(
        pl.DataFrame(schema=EDGE_SCHEMA),
        referrals([a_referral(1)]),
        documents([a_document(7)]),
        decisions((1, 7, "confirmed")),
        WEIGHTS,
    )

    assert list(PAIRING_SCHEMA) == result.pairings.columns
    assert rows(result) == [(1, 7, "auto", "confirmed_by_person")]
    assert result.pairings["weight"].to_list() == [None]


def test_a_withdrawn_document_is_not_paired_even_if_confirmed() -> None:
    """
    A confirmation is of a document that counts; when it no longer does, the referral is open.
    """
    result = decide(
        pl.DataFrame([an_edge(1, 1, 30.0)], schema=EDGE_SCHEMA),
        referrals([a_referral(1)]),
        documents([a_document(1, live=False)]),
        decisions((1, 1, "confirmed")),
        WEIGHTS,
    )

    assert rows(result) == []
    assert result.outcomes.rows() == [(1, "unpaired", "document_not_live")]


def test_one_document_covers_the_referrals_of_an_incident() -> None:
    """
    An incident reported to NCCU in parts has one document that answers them all.
    """
    ours = referrals(
        [a_referral(1), a_referral(2, reference="26-300418", custody=None)],
        [a_person(1), a_person(2, names=[13, 14], sounds=[23, 24], dob=35, dob_ordered=45)],
    )
    theirs = documents(
        [a_document(1, custody=None)],
        [a_person(1), a_person(1, 1, names=[13, 14], sounds=[23, 24], dob=35, dob_ordered=45)],
    )
    made = pair(ours, theirs, decisions(), WEIGHTS).pairings.sort("referral")

    assert made["role"].to_list() == ["primary", "cover"]
    assert made["band"].to_list() == ["auto", "auto"]


def test_components_join_the_referrals_of_one_case_and_no_others() -> None:
    """
    A night that touches one incident decides that incident, not the whole force.
    """
    ours = referrals(
        [
            a_referral(4),
            a_referral(5, order="EX/another"),
            a_referral(6, incident="77"),
            a_referral(7, incident="78"),
            a_referral(8, incident=None),
        ]
    )
    floor = WEIGHTS.floor
    edges = pl.DataFrame([an_edge(6, 1, floor), an_edge(7, 1, floor - 0.1)], schema=EDGE_SCHEMA)
    found = components(edges, ours, WEIGHTS, decisions((8, 9, "rejected")))

    assert found.sort("kind", "key").rows() == [
        ("document", 1, 6),
        ("document", 9, 8),
        ("referral", 4, 4),
        ("referral", 5, 4),
        ("referral", 6, 6),
        ("referral", 7, 7),
        ("referral", 8, 8),
    ]


def test_a_second_document_needs_more_than_a_first() -> None:
    """
    Second documents are where false pairs are made, so they are held to a stricter rule.
    """
    first = an_edge(1, 1, 40.0, 17.0, quoted=True)
    silent = [first, an_edge(1, 2, 30.0, 17.0)]
    vague = [first, an_edge(1, 2, 30.0, 4.5, quoted=True)]
    quoting = [first, an_edge(1, 2, 30.0, 5.0, quoted=True)]

    assert auto(decided(silent)) == auto(decided(vague)) == {(1, 1)}
    assert auto(decided(quoting)) == {(1, 1), (1, 2)}
