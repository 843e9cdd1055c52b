"""What pairing promises for any records: order, copies, strangers, sums, keys, components."""

from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from domain.pairing import (
    DOCUMENT_SCHEMA,
    FIELDS,
    Records,
    blocking_keys,
    engine,
    pair,
    weigh,
)
from domain.pairing.candidates import all_candidates
from domain.pairing.frames import PEOPLE_FIELDS
from domain.pairing.weights import LEVELS
from tests.unit.pairing.pairings import (
    NOTHING,
    WEIGHTS,
    all_edges,
    assert_same_rows,
    custody_of,
    levels_of,
    made_by,
    made_by_people,
    paired,
    shuffled,
)
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


def numbered_otherwise(side: Records, seed: int) -> Records:
    """The same people of each record under each other's numbers."""
    mixed = pl.col("person").shuffle(seed).over("record")
    return Records(side.records, side.people.with_columns(person=mixed))


@settings(deadline=None, max_examples=50)
@given(world=worlds(), seed=st.integers(0, 99))
def test_whom_a_record_names_first_changes_nothing(world: World, seed: int) -> None:
    """
    An export lists a record's people as it likes.
    """
    ours = numbered_otherwise(world.referrals, seed)
    theirs = numbered_otherwise(world.documents, seed)
    one, other = paired(world), paired(World(ours, theirs, world.decisions))

    assert_same_rows(one.pairings, other.pairings)
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
COPY = 100


def copies(ours: Records) -> Records:
    """A document for each referral, key COPY more, that says the same and came 3 hours later.

    Its day is the event's, which of a referral is that of its incident number (ADR 21).
    """
    called_after = (pl.col("day") - pl.col("incident_day")).dt.total_days()
    event_day = pl.when(called_after.is_between(0, 14)).then("incident_day").otherwise("day")
    records = ours.records.with_columns(
        key=pl.col("key") + COPY,
        day=event_day,
        order=pl.format("EX/INT/9{}", "key"),
        at=pl.col("at") + timedelta(hours=3),
        references=pl.concat_list("reference").list.drop_nulls(),
        live=pl.lit(True),
    )
    people = ours.people.with_columns(pl.col("record") + COPY)
    return Records(records.select(DOCUMENT_SCHEMA.keys()), people)


def changed(side: Records, change: dict[str, Any]) -> Records:
    """The same documents, key COPY more again, in which a field says something else."""
    said = {name: pl.lit(value, DOCUMENT_SCHEMA[name]) for name, value in change.items()}
    records = side.records.with_columns(key=pl.col("key") + COPY, **said)
    return Records(records, side.people.with_columns(pl.col("record") + COPY))


@settings(deadline=None, max_examples=50)
@given(world=worlds(decided=False), change=st.sampled_from(CHANGES))
def test_an_exact_copy_wins(world: World, change: dict[str, Any]) -> None:
    """
    By weight: the document that says what the referral says weighs no less than any other, however
    few of the fields either has, and whomever else the others name.  Nothing is said of what is
    paired, which weight alone does not settle (ADR 15); and edges whose dates of birth are swapped
    are left out, since of these made-up dates a placeholder can be another date swapped, which a
    real one cannot.
    """
    copied = copies(world.referrals)
    beside = (world.documents, copied, changed(copied, change))
    right = Records(
        pl.concat([side.records for side in beside]), pl.concat([side.people for side in beside])
    )
    edges = all_edges(world.referrals, right)
    fair = edges.filter(pl.col("l_dob") != LEVELS["dob"].index("swapped") + 1)
    best = fair.group_by("referral").agg(best=pl.col("weight").max())
    own = edges.filter(pl.col("document") == pl.col("referral") + COPY).join(best, on="referral")

    assert own.height == world.referrals.records.height
    assert own["weight"].to_list() == own["best"].to_list()


@settings(deadline=None, max_examples=25)
@given(changes=st.lists(st.sampled_from(CHANGES), min_size=1, max_size=4), copy=st.integers(0, 4))
def test_an_exact_copy_is_paired(changes: list[dict[str, Any]], copy: int) -> None:
    """
    It stands out beside documents of the same people that each say one thing less or otherwise,
    when both have every field and the copy quotes the referral's reference.  Left out are
    referrals without a reference: there a copy is ambiguous beside another document of the event,
    unless twins are rare (ADR 15).
    """
    rows = [a_document(10 + n, **change) for n, change in enumerate(changes)]
    rows.insert(min(copy, len(rows)), a_document(1))
    people = [a_person(row["key"]) for row in rows]
    ours = referrals([a_referral(1)], [a_person(1)])
    best = pair(ours, documents(rows, people), NOTHING, WEIGHTS).pairings

    first = best.filter(pl.col("role") == "primary", pl.col("document") == 1)
    assert first["band"].to_list() == ["auto"]


def rekeyed(tokens: pl.Expr) -> pl.Expr:
    """The same people under another key."""
    return tokens + 1_000_000


@settings(deadline=None, max_examples=30)
@given(world=worlds())
def test_tokens_of_another_key_agree_with_nobody(world: World) -> None:
    """
    A force whose key was changed by mistake gets no pairing by names and births, rather than
    wrong ones.  What is paired because event and people agree has the same custody number on both
    sides: that is allowed, since a custody number is of one person's arrest and is stored as it
    is written, under no key.  What a quoted reference pairs, something else corroborates: of
    people only nationalities can agree, which do not reach what people have to be for that.
    """
    people = world.documents.people.with_columns(
        rekeyed(pl.col("dob", "dob_ordered")),
        *(
            pl.col(name).list.eval(rekeyed(pl.element()))
            for name in ("names", "sounds", "initial_dob")
        ),
    )
    strangers = Records(world.documents.records, people)
    edges = all_edges(world.referrals, strangers)

    assert levels_of(edges, "name") <= {"nothing", "none"}
    assert levels_of(edges, "dob") <= {"nothing", "other", "other_default"}
    result = pair(world.referrals, strangers, NOTHING, WEIGHTS)
    assert custody_of(made_by_people(result)) <= {"same"}
    by_reference = made_by(result, "reference_corroborated").select(
        people=pl.sum_horizontal(f"w_{field}" for field in PEOPLE_FIELDS)
    )
    least = WEIGHTS.bands.auto_reference_person
    assert by_reference.filter(pl.col("people") >= least).is_empty()


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
def test_a_pair_has_one_edge_and_whoever_is_not_paired_has_those_of_the_nearest(
    world: World,
) -> None:
    """
    Each is strong, or confirmed by a person whatever it weighs, or one of the three that came
    nearest: what was left out weighs no more than the third.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "_VERY_MANY", 0)
        result = paired(world)
    assert_same_rows(result.nearest, paired(world).nearest)
    pair_of = ["referral", "document"]
    found = all_candidates(world.referrals, world.documents, WEIGHTS).pairs
    without = result.outcomes.filter(pl.col("state") != "paired")
    near = weigh(found, world.referrals, world.documents, WEIGHTS)
    near = near.join(without, on="referral", how="semi")

    assert not result.edges.select(pair_of).is_duplicated().any()
    for edge in near.join(result.edges, on=pair_of, how="anti").iter_rows(named=True):
        kept = result.edges.filter(referral=edge["referral"])["weight"].top_k(3)
        assert edge["weight"] <= min(WEIGHTS.floor, kept.min())  # type: ignore[type-var]
        assert len(kept) == 3


def test_a_confirmed_document_that_was_withdrawn_is_weighed_once() -> None:
    """
    However little it weighs: it is kept for the decision and says what came near.
    """
    said: dict[str, Any] = {"references": [], "incident": "77", "custody": None, "vehicles": []}
    gone = a_document(officer="88", live=False, **said)
    left = referrals([a_referral()], [a_person()])
    right = documents([gone], [a_person(names=[13], sounds=[23], dob=32, dob_ordered=42)])
    result = pair(left, right, decisions((1, 1, "confirmed")), WEIGHTS)

    assert result.outcomes["state"].item() == "unpaired"
    assert result.edges["weight"].item() < WEIGHTS.floor
    assert result.nearest["rank"].to_list() == [1]


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
