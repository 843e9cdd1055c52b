"""The levels of single fields, the bounds of blocks and the words."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.pairing import (
    blocking_keys,
    candidates,
    default_weights,
    explain,
    pair,
    weigh,
)
from domain.pairing.arrays import mixed
from domain.pairing.edits import one_edit
from domain.pairing.texts import byte_matrix, packed
from domain.pairing.weights import LEVELS
from tests.unit.pairing.strategies import (
    MONDAY,
    a_document,
    a_person,
    a_referral,
    decisions,
    documents,
    referrals,
)

WEIGHTS = default_weights()
DAY = MONDAY.date()


def the_edge(
    referral: dict[str, Any],
    document: dict[str, Any],
    ours: dict[str, Any] | None = None,
    theirs: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The edge between two records with one person each, changed as given."""
    pairs = pl.DataFrame({"referral": [1], "document": [1]})
    left = referrals([a_referral(1, **referral)], [a_person(1, **(ours or {}))])
    right = documents([a_document(1, **document)], [a_person(1, **(theirs or {}))])
    return weigh(pairs, left, right, WEIGHTS).row(0, named=True)


def level(edge: dict[str, Any], field: str) -> str:
    """The name of a field's level, "" for nothing to compare."""
    number = edge[f"l_{field}"]
    return LEVELS[field][number - 1] if number else ""


@pytest.mark.parametrize(
    ("field", "ours", "theirs", "expected"),
    [
        ("reference", {}, {"references": ["26-1", "26-300417"]}, "exact"),
        ("reference", {}, {"references": ["300417"]}, "bare"),
        ("reference", {}, {"references": ["26-300471"]}, "near"),
        ("reference", {}, {"references": ["25-300417"]}, "near"),
        ("reference", {}, {"references": ["26-999999"]}, "other"),
        ("reference", {}, {"references": []}, ""),
        ("reference", {"reference": None}, {}, ""),
        ("officer", {}, {"officer": "99"}, "other"),
        ("incident", {}, {"incident_day": DAY + timedelta(days=1)}, "day_off"),
        ("incident", {}, {"incident_day": None}, "no_day"),
        ("incident", {}, {"incident": "513"}, "near"),
        ("incident", {}, {"incident_day": date(2026, 1, 1)}, "other_day"),
        ("incident", {}, {"incident": "77"}, "other"),
        ("incident", {}, {"incident": None}, ""),
        ("custody", {}, {"custody": "EX-1002-26"}, "near"),
        ("custody", {}, {"custody": "EX-9999-26"}, "other"),
        ("vehicle", {}, {"vehicles": ["X", "Q012ABC"]}, "same"),
        ("vehicle", {}, {"vehicles": ["X"]}, "other"),
        ("vehicle", {}, {"vehicles": None}, ""),
        ("postcode", {}, {"postcode": "ZA1 9ZZ"}, "sector"),
        ("postcode", {}, {"postcode": "ZA1"}, "outward"),
        ("postcode", {}, {"postcode": "ZB1 4AP"}, "other"),
        ("day", {}, {"day": DAY - timedelta(days=1)}, "one"),
        ("day", {}, {"day": DAY + timedelta(days=3)}, "three"),
        ("day", {}, {"day": DAY + timedelta(days=14)}, "fortnight"),
        ("day", {}, {"day": DAY + timedelta(days=15)}, "far"),
        ("day", {}, {"day": None}, ""),
        ("gap", {}, {"at": MONDAY - timedelta(minutes=1)}, "before"),
        ("gap", {}, {"at": MONDAY + timedelta(hours=71)}, "h72"),
        ("gap", {}, {"at": MONDAY + timedelta(hours=71), "day": None}, "undated_h72"),
        ("gap", {}, {"day": DAY + timedelta(days=4)}, ""),
    ],
)
def test_a_field_is_at_the_level_named(
    field: str, ours: dict[str, Any], theirs: dict[str, Any], expected: str
) -> None:
    """
    Each level is a claim that a reviewer reads; a missing value is worth nothing either way.
    """
    edge = the_edge(ours, theirs)

    assert expected == level(edge, field)
    assert expected or edge[f"w_{field}"] == 0


@pytest.mark.parametrize(
    ("field", "theirs", "expected"),
    [
        ("name", {}, "all"),
        ("name", {"names": [11, 19]}, "sounds_all"),
        ("name", {"names": [11, 12, 13], "sounds": [21, 22, 23]}, "most"),
        ("name", {"names": [11, 19], "sounds": [21, 29]}, "one"),
        ("name", {"names": [18, 19], "sounds": [21, 29]}, "sound_one"),
        ("name", {"names": [18, 19], "sounds": [28, 29]}, "initial"),
        ("name", {"names": [18], "sounds": [28], "initial_dob": []}, "none"),
        ("name", {"names": [], "sounds": []}, ""),
        ("dob", {"dob_is_default": True}, "same_default"),
        ("dob", {"dob": 39}, "swapped"),
        ("dob", {"dob": 39, "dob_ordered": 49}, "other"),
        ("dob", {"dob": 39, "dob_ordered": 49, "dob_is_default": True}, "other_default"),
        ("dob", {"dob": None}, ""),
        ("nationality", {"nationality": "VNM"}, "other"),
    ],
)
def test_a_person_is_at_the_level_named(field: str, theirs: dict[str, Any], expected: str) -> None:
    """
    People are compared by tokens alone, and still a misspelling or a swapped date is seen.
    """
    assert expected == level(the_edge({}, {}, {}, theirs), field)


def test_people_count_no_further_than_the_cap() -> None:
    """
    The same person met twice is no proof of the same event.
    """
    edge = the_edge({}, {})

    assert edge["w_name"] + edge["w_dob"] + edge["w_nationality"] > WEIGHTS.people.most
    assert WEIGHTS.people.most == sum(
        edge[f"w_{f}"] for f in ("name", "dob", "nationality", "people_cap", "people_more")
    )


def damerau(a: str, b: str) -> bool:
    """Whether one slip turns a into b, by trying every slip."""
    letters = "012"
    slips = {a[:i] + a[i + 1 :] for i in range(len(a))}
    slips |= {a[:i] + c + a[i + 1 :] for i in range(len(a)) for c in letters}
    slips |= {a[:i] + c + a[i:] for i in range(len(a) + 1) for c in letters}
    slips |= {a[:i] + a[i + 1] + a[i] + a[i + 2 :] for i in range(len(a) - 1)}
    return a != b and b in slips


@given(pairs=st.lists(st.tuples(*[st.text("012", min_size=3, max_size=9)] * 2), min_size=1))
def test_one_slip_is_seen_and_two_are_not(pairs: list[tuple[str, str]]) -> None:
    """
    A mistyped serial is near; a serial that merely resembles it is another referral's.
    """
    sides = (packed(pl.Series(list(side))) for side in zip(*pairs, strict=True))
    left, right = (byte_matrix(side, 24) for side in sides)

    assert [damerau(a, b) for a, b in pairs] == one_edit(left, right).tolist()


def test_the_mixing_is_the_published_one() -> None:
    """
    The first outputs of splitmix64 from seed 0, as its authors' C program prints them.
    """
    step = 0x9E3779B97F4A7C15
    seeds = np.array([0, step, 2 * step % 2**64], dtype=np.uint64)

    assert [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F] == mixed(seeds).tolist()


def test_blocking_keys_never_change() -> None:
    """
    Keys are stored: a new version of a library or of this code must make the same ones.
    """
    found = blocking_keys(referrals([a_referral(1)], [a_person(1)]), "referral")
    total = int(np.bitwise_xor.reduce(found["key"].to_numpy()))

    assert found.height == 19
    assert total == 1854955810828132541


def test_a_block_shared_by_thousands_is_left_out_and_named() -> None:
    """
    A reference pasted into every report, or one log-in used by all, must not stop the night.
    """
    count = 3000
    same: dict[str, Any] = {
        "officer": "1",
        "postcode": None,
        "incident": None,
        "custody": None,
        "vehicles": [],
    }
    ours = referrals([a_referral(n, **same) for n in range(count)])
    theirs = documents([a_document(n, **same) for n in range(count)])
    found = candidates(
        blocking_keys(ours, "referral"), blocking_keys(theirs, "document"), ours, theirs, WEIGHTS
    )

    assert found.pairs.is_empty()
    said = [warning.split(": 1 value is shared")[0] for warning in found.warnings]
    assert said == ["Not compared by quoted reference", "Not compared by officer and day"]


def test_the_words_add_up_and_name_no_value() -> None:
    """
    A reviewer reads why; a screenshot of it gives nobody away.
    """
    edge = the_edge({}, {"incident": "513", "at": MONDAY + timedelta(hours=31)}, {}, {"dob": None})
    said = explain(edge, WEIGHTS)
    words = [item.words for item in said]

    assert edge["weight"] == sum(item.bits for item in said)
    assert "incident number differs by one digit" in words
    assert "officer agrees" in words
    assert "submitted 31 h after the referral" in words
    assert "no date of birth to compare" in words
    assert not any(value in " ".join(words) for value in ("513", "1234", "300417", "ZA1"))


def test_the_nearest_documents_are_listed_best_first_with_those_that_do_not_count() -> None:
    """
    "There is a draft" is the most useful thing to tell an officer who is about to be chased.
    """
    ours = referrals([a_referral(1)], [a_person(1)])
    theirs = documents(
        [a_document(n, live=n > 1, custody=None if n == 3 else "X") for n in (1, 2, 3, 4)]
    )
    theirs = documents(theirs.records.to_dicts(), [a_person(1)])
    near = pair(ours, theirs, decisions((1, 2, "rejected"), (1, 3, "rejected"),
                                        (1, 4, "rejected")), WEIGHTS).nearest  # fmt: skip

    assert near["rank"].to_list() == [1, 2, 3]
    assert near["live"].to_list()[0] is False
    assert near["weight"].is_sorted(descending=True)
