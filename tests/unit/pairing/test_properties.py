"""What pairing promises for any records: order, copies, strangers, sums, keys, components."""

import sys
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from domain.pairing import (
    FIELDS,
    PairingResult,
    Records,
    Weights,
    blocking_keys,
    candidates,
    components,
    confirmed_pairs,
    decide,
    default_weights,
    engine,
    keep,
    kernel,
    pair,
    weigh,
)
from domain.pairing.candidates import all_candidates
from tests.unit.pairing.strategies import (
    MONDAY,
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
NOTHING = decisions()


def paired(world: World, weights: Weights = WEIGHTS) -> PairingResult:
    """The result for a world."""
    return pair(world.referrals, world.documents, world.decisions, weights)


def all_edges(left: Records, right: Records) -> pl.DataFrame:
    """The edge of every pair, candidates or not."""
    pairs = left.records.select(referral="key").join(
        right.records.select(document="key"), how="cross"
    )
    return weigh(pairs, left, right, WEIGHTS)


def assert_same_rows(one: pl.DataFrame, other: pl.DataFrame) -> None:
    """The same rows in any order."""
    by = ["referral", "document"] if "document" in one.columns else ["referral"]
    assert_frame_equal(one.sort(by), other.sort(by))


def shuffled(frame: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Other order of rows and of columns."""
    columns = pl.Series(frame.columns).shuffle(seed).to_list()
    return frame.sample(fraction=1, shuffle=True, seed=seed).select(columns)


@settings(deadline=None, max_examples=60)
@given(world=worlds(), seed=st.integers(0, 1000))
def test_the_order_of_rows_people_and_columns_changes_nothing(world: World, seed: int) -> None:
    """
    A re-sent file in another order must not move a single officer's flag (Splink #2691).
    """
    again = World(
        Records(shuffled(world.referrals.records, seed), shuffled(world.referrals.people, seed)),
        Records(shuffled(world.documents.records, seed), shuffled(world.documents.people, seed)),
        shuffled(world.decisions, seed),
    )
    one, other = paired(world), paired(again)

    assert_same_rows(one.pairings, other.pairings)
    assert_same_rows(one.nearest, other.nearest)
    assert_same_rows(one.edges, other.edges)
    assert_frame_equal(one.outcomes, other.outcomes)


@settings(deadline=None, max_examples=50)
@given(world=worlds())
def test_the_evidence_adds_up_exactly(world: World) -> None:
    """
    An auditor re-adds a weight by hand and gets the same number, to the last bit.
    """
    edges = all_edges(world.referrals, world.documents)
    total = edges.select(
        WEIGHTS.prior + pl.sum_horizontal(pl.col(f"w_{field}").cast(pl.Float64) for field in FIELDS)
    ).to_series()

    assert edges["weight"].to_list() == total.to_list()


@settings(deadline=None, max_examples=50)
@given(world=worlds(), stranger=worlds(decided=False))
def test_a_weight_depends_on_its_two_records_only(world: World, stranger: World) -> None:
    """
    Edges are stored and used again, so other records must never change one.
    """
    further = Records(
        pl.concat(
            [
                world.documents.records,
                stranger.documents.records.with_columns(pl.col("key") + 100),
            ]
        ),
        pl.concat(
            [
                world.documents.people,
                stranger.documents.people.with_columns(pl.col("record") + 100),
            ]
        ),
    )
    alone = all_edges(world.referrals, world.documents)
    among = all_edges(world.referrals, further).filter(pl.col("document") < 100)

    assert_same_rows(alone, among)


@settings(deadline=None, max_examples=60)
@given(world=worlds(), key=st.integers(100, 200))
def test_an_unrelated_document_changes_nothing(world: World, key: int) -> None:
    """
    Four documents in five answer no referral; none of them may disturb a pairing.
    """
    other = documents(
        [
            a_document(
                key,
                officer="9",
                references=["26-1"],
                incident="9999",
                custody="X-9-26",
                postcode="ZZ9 9ZZ",
                vehicles=["Q099QQQ"],
            )
        ],
        [a_person(key, names=[91], sounds=[92], dob=93, dob_ordered=94, initial_dob=[95])],
    )
    more = Records(
        pl.concat([world.documents.records, other.records]),
        pl.concat([world.documents.people, other.people]),
    )
    one, two = paired(world), paired(World(world.referrals, more, world.decisions))

    assert_same_rows(one.pairings, two.pairings)
    assert_frame_equal(one.outcomes, two.outcomes)


CHANGES: list[dict[str, Any]] = [
    {"officer": "88"},
    {"references": ["26-300418"]},
    {"references": []},
    {"incident": "513"},
    {"incident": None},
    {"postcode": "ZA1"},
    {"vehicles": []},
    {"custody": "EX-1002-26"},
    {"day": None},
]


@settings(deadline=None, max_examples=50)
@given(changes=st.lists(st.sampled_from(CHANGES), min_size=1, max_size=4), copy=st.integers(0, 4))
def test_an_exact_copy_wins(changes: list[dict[str, Any]], copy: int) -> None:
    """
    The document that says what the referral says is never beaten by one that says less.
    """
    rows = [a_document(10 + n, **change) for n, change in enumerate(changes)]
    rows.insert(min(copy, len(rows)), a_document(1))
    people = [a_person(row["key"]) for row in rows]
    ours = referrals([a_referral(1)], [a_person(1)])
    edges = all_edges(ours, documents(rows, people)).sort("weight", descending=True)
    best = pair(ours, documents(rows, people), NOTHING, WEIGHTS).pairings

    assert edges["document"][0] == 1
    assert best.filter(pl.col("role") == "primary", pl.col("document") == 1).height == 1


def rekeyed(tokens: pl.Expr) -> pl.Expr:
    """The same people under another key."""
    return tokens + 1_000_000


@settings(deadline=None, max_examples=50)
@given(world=worlds())
def test_tokens_of_another_key_agree_with_nobody(world: World) -> None:
    """
    A force whose key was changed by mistake gets no pairing by person, rather than wrong ones.
    """
    people = world.documents.people.with_columns(
        rekeyed(pl.col("dob", "dob_ordered")),
        *(
            pl.col(name).list.eval(rekeyed(pl.element()))
            for name in ("names", "sounds", "initial_dob")
        ),
    )
    edges = all_edges(world.referrals, Records(world.documents.records, people))

    assert edges.filter((pl.col("w_name") > 0) | (pl.col("w_dob") > 0)).is_empty()


@settings(deadline=None, max_examples=60)
@given(world=worlds(), data=st.data())
def test_deciding_whole_components_is_deciding_everything(world: World, data: Any) -> None:
    """
    The night decides only what it touched; the weekly rerun of everything must agree with it.
    """
    edges = paired(world).edges
    ours, theirs = world.referrals.records, world.documents.records
    whole = decide(edges, ours, theirs, world.decisions, WEIGHTS)
    joined = components(edges, ours, WEIGHTS, world.decisions)
    names = sorted(joined["component"].unique())
    wanted = data.draw(st.lists(st.sampled_from(names), unique=True)) if names else []
    inside = joined.filter(pl.col("component").is_in(wanted))
    some = inside.filter(pl.col("kind") == "referral").select("key")
    papers = inside.filter(pl.col("kind") == "document").select("key")
    part = decide(
        edges.join(some, left_on="referral", right_on="key", how="semi"),
        ours.join(some, on="key", how="semi"),
        theirs.join(papers, on="key", how="semi"),
        world.decisions.join(some, left_on="referral", right_on="key", how="semi"),
        WEIGHTS,
    )
    within = {"left_on": "referral", "right_on": "key", "how": "semi"}

    assert_same_rows(whole.pairings.join(some, **within), part.pairings)  # type: ignore[arg-type]
    assert_same_rows(whole.outcomes.join(some, **within), part.outcomes)  # type: ignore[arg-type]


@settings(deadline=None, max_examples=40)
@given(world=worlds(), night=st.integers(0, 3))
def test_night_by_night_is_all_at_once(world: World, night: int) -> None:
    """
    Stored keys and edges, with new records weighed as they come, lose and change nothing.
    """
    sides = (world.referrals, world.documents)
    new = [side.records.filter(pl.col("key") % 4 == night)["key"] for side in sides]
    keys = [blocking_keys(sides[0], "referral"), blocking_keys(sides[1], "document")]
    of_new = [k.filter(pl.col("record").is_in(n.implode())) for k, n in zip(keys, new, strict=True)]
    of_old = [
        k.filter(~pl.col("record").is_in(n.implode())) for k, n in zip(keys, new, strict=True)
    ]
    found = [
        candidates(left, right, *sides, WEIGHTS).pairs
        for left, right in ((of_old[0], of_old[1]), (of_new[0], keys[1]), (of_old[0], of_new[1]))
    ]
    edges = pl.concat([weigh(pairs, *sides, WEIGHTS) for pairs in found])
    stored = keep(edges, world.documents, WEIGHTS).select("referral", "document")
    pairs = pl.concat([stored, confirmed_pairs(world.decisions)]).unique()
    of_the_night = weigh(pairs, *sides, WEIGHTS)
    made = decide(of_the_night, *sides, world.decisions, WEIGHTS)
    whole = paired(world)

    assert_same_rows(whole.edges, of_the_night)
    assert_same_rows(whole.pairings, made.pairings)


@settings(deadline=None, max_examples=20)
@given(world=worlds())
def test_a_side_taken_in_stretches_is_paired_alike(world: World) -> None:
    """
    A force too large for memory is taken in parts, and nobody can tell.
    """
    whole = paired(world)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "_STRETCH", 2)
        parts = paired(world)

    assert_same_rows(whole.pairings, parts.pairings)
    assert_same_rows(whole.edges, parts.edges)


@settings(deadline=None, max_examples=60)
@given(world=worlds(), compiled=st.booleans())
def test_whole_sides_have_the_candidates_of_their_stored_keys(world: World, compiled: bool) -> None:
    """
    A full pass looks keys up as they come; a night joins those it stored. One answer.
    """
    sides = (world.referrals, world.documents)
    keys = (blocking_keys(sides[0], "referral"), blocking_keys(sides[1], "document"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "LARGE", 0 if compiled else sys.maxsize)
        found = all_candidates(*sides, WEIGHTS)

    stored = candidates(*keys, *sides, WEIGHTS)
    assert_same_rows(stored.pairs, found.pairs)
    assert stored.warnings == found.warnings


@settings(deadline=None, max_examples=60)
@given(world=worlds())
def test_the_compiled_loops_give_what_numpy_gives(world: World) -> None:
    """
    Large work is compiled and small work is not; the evidence is the same to the last bit.
    """
    sides = (world.referrals, world.documents)
    pairs = (
        sides[0]
        .records.select(referral="key")
        .join(sides[1].records.select(document="key"), how="cross")
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "LARGE", 0)
        compiled = weigh(pairs, *sides, WEIGHTS)
        patch.setattr(kernel, "LARGE", sys.maxsize)
        plain = weigh(pairs, *sides, WEIGHTS)

    assert_frame_equal(compiled, plain)


@settings(deadline=None, max_examples=50)
@given(world=worlds())
def test_one_document_is_primary_for_one_referral_and_no_dead_one_is_paired(world: World) -> None:
    """
    Two referrals never claim one document as their own (Blnk); a draft answers nothing.
    """
    made = paired(world).pairings
    primary = made.filter(pl.col("band") == "auto", pl.col("role") == "primary")
    dead = world.documents.records.filter(~pl.col("live"))

    assert primary["document"].is_unique().all()
    assert primary["referral"].is_unique().all()
    assert not made["document"].is_in(dead["key"].implode()).any()


@settings(deadline=None, max_examples=50)
@given(world=worlds())
def test_every_referral_has_one_outcome_that_its_pairings_bear_out(world: World) -> None:
    """
    The queue is built from outcomes: none may be missing, double or contradicted.
    """
    result = paired(world)
    auto = result.pairings.filter(pl.col("band") == "auto")["referral"]
    says_paired = result.outcomes.filter(pl.col("state") == "paired")["referral"]

    assert sorted(world.referrals.records["key"]) == sorted(result.outcomes["referral"])
    assert set(auto) == set(says_paired)


@settings(deadline=None, max_examples=50)
@given(world=worlds())
def test_blocking_keys_are_distinct(world: World) -> None:
    """
    The store's primary key is (record, key).
    """
    assert blocking_keys(world.referrals, "referral").is_unique().all()
    assert blocking_keys(world.documents, "document").is_unique().all()


def test_no_records_one_record_and_nothing_but_nulls() -> None:
    """
    The first night of a new force has little or nothing to go by, and must still run.
    """
    bare = dict.fromkeys(
        ("officer", "reference", "incident", "incident_day", "custody", "postcode", "vehicles")
    )
    nothing = {"references": None, "day": None, **bare}
    nothing.pop("reference")
    empty_person = a_person(
        1, names=None, sounds=None, dob=None, dob_ordered=None, initial_dob=None,
        dob_is_default=None, nationality=None, role=None,
    )  # fmt: skip
    ours = referrals([a_referral(1, **bare)], [empty_person])
    theirs = documents([a_document(1, **nothing)], [empty_person])

    assert pair(referrals([]), documents([]), NOTHING, WEIGHTS).outcomes.is_empty()
    assert pair(referrals([]), theirs, NOTHING, WEIGHTS).pairings.is_empty()
    for right in (documents([]), theirs):
        result = pair(ours, right, NOTHING, WEIGHTS)
        assert result.outcomes.rows() == [(1, "unpaired", "no_candidate")]
    assert all_edges(ours, theirs)["w_people_cap"].to_list() == [0.0]


def test_a_document_outside_the_window_is_no_candidate() -> None:
    """
    A report filed four months later, or two days before, answers another referral.
    """
    ours = referrals([a_referral(1)], [a_person(1)])
    for hours, expected in ((-25, 0), (-23, 1), (120 * 24 - 1, 1), (120 * 24 + 1, 0)):
        at = MONDAY + pl.duration(hours=hours)
        theirs = documents([a_document(1)], [a_person(1)])
        theirs = Records(theirs.records.with_columns(at=at), theirs.people)
        assert expected == pair(ours, theirs, NOTHING, WEIGHTS).edges.height
