"""What one more document may change: what hangs together with it, and nothing else."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from domain.pairing import Records, components
from tests.unit.pairing.pairings import WEIGHTS, assert_same_rows, paired
from tests.unit.pairing.strategies import World, a_document, a_person, documents, worlds


@settings(deadline=None, max_examples=40)
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


@settings(deadline=None, max_examples=40)
@given(world=worlds(), others=worlds(decided=False))
def test_any_document_more_changes_nothing_but_where_it_is_a_rival(
    world: World, others: World
) -> None:
    """
    What hangs together with it may be decided otherwise, and nothing else.
    """
    new = others.documents.records.head(1).with_columns(
        key=pl.col("key") + 100, order=pl.format("Z{}", "order")
    )
    named = others.documents.people.with_columns(record=pl.col("record") + 100)
    more = Records(
        pl.concat([world.documents.records, new]),
        pl.concat(
            [world.documents.people, named.join(new, left_on="record", right_on="key", how="semi")]
        ),
    )
    one, two = paired(world), paired(World(world.referrals, more, world.decisions))
    whole = components(two.edges, world.referrals, WEIGHTS, world.decisions)
    its = whole.join(new.select("key"), on="key", how="semi").filter(kind="document")["component"]
    rivals = whole.filter(pl.col("component").is_in(its.implode()), kind="referral")
    apart = {"other": rivals["key"]}
    left = [
        found.pairings.join(pl.DataFrame(apart), left_on="referral", right_on="other", how="anti")
        for found in (one, two)
    ]

    assert_same_rows(*left)
