"""What training makes of too little, of another key, and of what many share."""

from datetime import timedelta

import numpy as np
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
from domain.pairing.counting import Counted
from domain.pairing.model_file import load_model, sealed
from domain.pairing.samples import BLOCK, drawn, quoting
from domain.pairing.training import TrainingRefused, _levels, train
from domain.pairing.weights import LEVELS
from tests.unit.pairing import strategies as made
from tests.unit.pairing.made_up import sides
from tests.unit.pairing.pairings import custody_of, made_by_people

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
    With no token in common, no name and no birth speaks for a pairing: event and people are
    said to agree only where a custody number does, which is of one person's arrest.
    """
    referrals, documents, _ = sides(1_500, 23)
    weights = load_model(sealed(train(referrals, documents, UNDECIDED, BASE)))
    _, strangers, _ = sides(1_500, 23, key=b"another key, as long as the other one")

    result = pair(referrals, strangers, UNDECIDED, weights)
    edges = result.edges

    assert edges.height > 1_000
    assert 0 >= edges["w_name"].max() + edges["w_dob"].max()  # type: ignore[operator]
    assert {"same"} == custody_of(made_by_people(result))


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


def test_a_level_with_too_few_pairs_keeps_its_bits_and_says_so() -> None:
    """
    Of an incident number without its day a year of one force has some five true pairs.
    """
    referrals, documents, _ = sides(1_500, 23)

    content = train(referrals, documents, UNDECIDED, BASE)

    bits = load_model(sealed(content)).bits
    for field, names in LEVELS.items():
        for name, used, now in zip(names, BASE.bits[field][1:], bits[field][1:], strict=True):
            level = content["fields"][field][name]
            if "m_of" in level and level["m_count"] + level["u_count"] < 20:
                assert level["from"].startswith(f"kept from {BASE.version}: too few pairs")
                assert (now < used) if "lowered" in level["from"] else (now == used), (field, name)
            elif "m_of" in level and name != "initial":
                assert "counted" == level["from"], (field, name)
    rare = content["fields"]["incident"]["no_day"]
    assert 20 > rare["m_count"] + rare["u_count"]
    assert bits["incident"][LEVELS["incident"].index("exact") + 1] >= 8.32


def test_a_birth_is_not_counted_twice() -> None:
    """
    An initial is compared together with the birth, so it is met where births agree and hardly
    in pairs drawn at random: by that count it would be worth as much as the birth itself.
    """
    counted = Counted(np.array([900.0, 9, 9, 9, 9, 9, 90, 9]), np.full(8, 1_000.0), 1_044, 8e6)

    levels = _levels("name", LEVELS["name"], counted, BASE)

    initial = levels["initial"]
    bits = BASE.bits["name"][LEVELS["name"].index("initial") + 1]
    assert np.log2(initial["m"] / initial["u"]) == pytest.approx(bits, abs=1e-5)
    assert initial["from"] == f"kept from {BASE.version}: the birth in it is counted already"
    assert levels["all"]["from"] == "counted"


def test_a_level_that_is_kept_is_worth_no_more_than_one_that_was_worth_more() -> None:
    """
    An incident number without its day must not outweigh the number with it.
    """
    counted = Counted(
        np.array([5.0, 60, 2, 40, 3, 1]), np.array([50.0, 9, 1, 90, 90, 9e4]), 111, 9e4
    )

    levels = _levels("incident", LEVELS["incident"], counted, BASE)

    bits = {name: np.log2(level["m"] / level["u"]) for name, level in levels.items()}
    assert "lowered" in levels["no_day"]["from"]
    assert bits["exact"] == pytest.approx(bits["no_day"], abs=1e-5)


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
