"""What training makes of too little, of another key, and of what many share."""

from datetime import timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.pairing import (
    DECISION_SCHEMA,
    DOCUMENT_SCHEMA,
    PEOPLE_SCHEMA,
    REFERRAL_SCHEMA,
    Records,
    default_weights,
    pair,
)
from domain.pairing.model_file import load_model, sealed
from domain.pairing.samples import BLOCK, drawn, quoting
from domain.pairing.training import TrainingRefused, train
from domain.pairing.weights import LEVELS
from tests.unit.pairing import strategies as made
from tests.unit.pairing.made_up import sides

BASE = default_weights()
UNDECIDED = pl.DataFrame(schema=DECISION_SCHEMA)
PAIR = ["referral", "document"]
SHARES = tuple(field for field in LEVELS if field not in ("reference", "day", "gap"))
PERSON = ("name", "dob", "nationality")
EMPTY = (
    Records(pl.DataFrame(schema=REFERRAL_SCHEMA), pl.DataFrame(schema=PEOPLE_SCHEMA)),
    Records(pl.DataFrame(schema=DOCUMENT_SCHEMA), pl.DataFrame(schema=PEOPLE_SCHEMA)),
)


def test_tokens_under_another_key_teach_nothing_and_say_so() -> None:
    """
    Two feeds tokenised with different keys would otherwise teach that people never agree.
    """
    referrals, _, _ = sides(1_500, 23)
    _, documents, _ = sides(1_500, 23, key=b"another key, as long as the other one")

    with pytest.raises(TrainingRefused, match=r"different keys.*Nothing was learned"):
        train(referrals, documents, UNDECIDED, BASE)


def test_learned_weights_pair_nobody_under_another_key() -> None:
    """
    With no token in common, nothing about a person speaks for a pairing.
    """
    referrals, documents, _ = sides(1_500, 23)
    weights = load_model(sealed(train(referrals, documents, UNDECIDED, BASE)))
    _, strangers, _ = sides(1_500, 23, key=b"another key, as long as the other one")

    edges = pair(referrals, strangers, UNDECIDED, weights).edges

    assert edges.height > 1_000
    assert 0 >= edges["w_name"].max() + edges["w_dob"].max()  # type: ignore[operator]


@pytest.mark.parametrize("referrals", [0, 1, 60])
def test_too_little_to_learn_from_is_refused(referrals: int) -> None:
    """
    A small force keeps the weights that ship, and is told why.
    """
    left, right, _ = sides(referrals, 24) if referrals else (*EMPTY, None)

    with pytest.raises(TrainingRefused, match=r"at least 200 pairs .* there are \d+\. Nothing"):
        train(left, right, UNDECIDED, BASE)


def test_a_field_with_too_few_pairs_keeps_its_weights_and_says_so() -> None:
    """
    Custody numbers are rare outside custody suites.
    """
    referrals, documents, _ = sides(1_500, 23)
    few = documents.records.with_columns(custody=pl.lit(None, pl.String))

    fields = train(referrals, Records(few, documents.people), UNDECIDED, BASE)["fields"]

    assert {"m": 0.9, "u": 0.0004} == {name: fields["custody"]["same"][name] for name in "mu"}
    assert fields["custody"]["same"]["from"].startswith(
        f"kept from {default_weights().version}: 0 and 0 pairs"
    )
    assert "counted" == fields["officer"]["same"]["from"]


@settings(max_examples=100)
@given(world=made.worlds(decided=False), size=st.integers(0, 40))
def test_a_draw_is_of_distinct_pairs_of_one_force_within_the_time(
    world: made.World, size: int
) -> None:
    """
    Held against every pair there is, taken by hand.
    """
    every = {
        (left["key"], right["key"])
        for left in world.referrals.records.iter_rows(named=True)
        for right in world.documents.records.iter_rows(named=True)
        if left["force"] == right["force"]
        and timedelta(days=-1) <= right["at"] - left["at"] < timedelta(days=6)
    }

    some = drawn(world.referrals, world.documents, BASE, BLOCK, size)

    found = set(some.pairs.iter_rows())
    assert len(every) == some.total
    assert found <= every
    assert some.pairs.height == len(found) <= max(size, 0)
    if size >= len(every):
        assert found == every


def test_a_reference_that_thousands_share_is_no_label() -> None:
    """
    A pasted template would otherwise label every record of the force as true.
    """
    ours = made.referrals([made.a_referral(key) for key in range(150)])
    theirs = made.documents([made.a_document(key) for key in range(150)])

    assert quoting(ours, theirs, BASE).is_empty()
    assert 100 == quoting(
        made.referrals([made.a_referral(key) for key in range(10)]),
        made.documents([made.a_document(key) for key in range(10)]),
        BASE,
    ).height  # fmt: skip
