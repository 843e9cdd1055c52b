"""Two judges are compared exactly, and no district's small number can be worked out."""

from fractions import Fraction
from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.assurance import bounds
from domain.assurance.agreement import agreement, allowing_for_missed, kappa
from domain.assurance.domains import FEW, District, Told, by_district
from domain.errors import SampleRefused
from tests.unit.assurance.strategies import steady

FIVE = Fraction(1, 20)
answers = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40)


def table(both: int, first: int, second: int, neither: int) -> list[tuple[bool, bool]]:
    """Answers by how often who said deviation."""
    return (
        [(True, True)] * both
        + [(True, False)] * first
        + [(False, True)] * second
        + [(False, False)] * neither
    )


def test_kappa_is_the_textbooks() -> None:
    """20 and 15 of 50 agreed, 5 and 10 not: 0.7 against 0.5 by chance is 0.4."""
    result = agreement(table(20, 5, 10, 15), FIVE)

    assert Fraction(2, 5) == result.kappa
    assert (50, 35, Fraction(7, 10)) == (result.items, result.agreed, result.rate)
    assert Fraction(40, 55) == result.on_deviations
    assert bounds.clopper_pearson_lower(35, 50, FIVE) == result.lowest


def test_kappa_takes_any_answers() -> None:
    """Which attribute failed is a word and not a yes or no."""
    pairs = [("late", "late"), ("none", "late"), ("wrong", "wrong"), ("none", "none")]

    assert Fraction(7, 11) == kappa(pairs)


def test_kappa_is_not_defined_where_nothing_varies() -> None:
    """All sound for both: full agreement, which nothing can be set against."""
    result = agreement(table(0, 0, 0, 57), FIVE)

    assert result.kappa is None
    assert result.on_deviations is None
    assert result.rate == result.by_chance == 1


def test_rare_deviations_make_kappa_low_and_agreement_high() -> None:
    """Why it does not stand alone."""
    result = agreement(table(0, 1, 1, 58), FIVE)

    assert result.rate > Fraction(96, 100)
    assert result.kappa is not None
    assert result.kappa < 0
    assert result.by_chance == 1


@steady
@given(answers)
def test_agreement_does_not_depend_on_who_was_first(pairs: list[tuple[bool, bool]]) -> None:
    """Nor on the order of the items; and kappa is at most 1, which is full agreement."""
    result = agreement(pairs, FIVE)

    assert result == agreement([(b, a) for a, b in reversed(pairs)], FIVE)
    assert result.kappa is None or result.kappa <= 1
    assert (result.kappa == 1) == (result.rate == 1 and result.kappa is not None)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=6))
def test_agreement_by_chance_is_the_share_of_all_rearrangements(
    pairs: list[tuple[bool, bool]],
) -> None:
    """Every order of the second judge's answers, one by one."""
    ours = [first for first, _ in pairs]
    theirs = [second for _, second in pairs]
    agreed = sum(a == b for a, b in pairs)
    orders = list(permutations(theirs))
    as_many = sum(
        sum(a == b for a, b in zip(ours, order, strict=True)) >= agreed for order in orders
    )

    assert Fraction(as_many, len(orders)) == agreement(pairs, FIVE).by_chance


def test_nothing_judged_twice_is_refused() -> None:
    """There is no agreement of one."""
    with pytest.raises(SampleRefused, match="No item was judged by two people"):
        agreement([], FIVE)


def test_judging_half_again_is_worth_little() -> None:
    """30 of 60 judged again, none turned: 5 may have been missed; the bound more than triples."""
    half = allowing_for_missed(0, 60, 1000, 30, 0, FIVE)
    all_again = allowing_for_missed(0, 60, 1000, 60, 0, FIVE)
    none_again = allowing_for_missed(0, 60, 1000, 0, 0, FIVE)

    assert (0, 47) == (all_again.in_sample, all_again.in_population)
    assert half.in_sample == bounds.upper(0, 30, 60, FIVE / 2) == 5
    assert half.in_population == bounds.upper(5, 60, 1000, FIVE / 2) > 3 * 47
    assert (60, 1000) == (none_again.in_sample, none_again.in_population)


def test_a_missed_deviation_counts() -> None:
    """Turned by the second judge, it is one found."""
    assert (
        bounds.upper(2, 60, 1000, FIVE)
        == allowing_for_missed(1, 60, 1000, 59, 1, FIVE).in_population
    )


@pytest.mark.parametrize(("again", "turned"), [(61, 0), (30, 31), (30, -1)])
def test_more_judged_again_than_were_sound_is_refused(again: int, turned: int) -> None:
    """A second judgement is of an item judged sound."""
    with pytest.raises(SampleRefused, match="judged again cannot have turned"):
        allowing_for_missed(0, 60, 1000, again, turned, FIVE)


drawn_by_district = st.lists(st.integers(0, 7), min_size=1, max_size=4)


@st.composite
def districts(draw: st.DrawFn) -> list[District]:
    """Up to four districts, of which up to seven items each were drawn."""
    drawn = draw(drawn_by_district)
    return [
        District(str(place), 20 + place, some, draw(st.integers(0, some)))
        for place, some in enumerate(drawn)
    ]


@pytest.mark.parametrize("few", [2, 3])
@pytest.mark.parametrize("how_many", [1, 2, 3])
def test_no_small_number_can_be_worked_out(how_many: int, few: int) -> None:
    """
    A reader who knows the total and the rule compares every table there can be: two numbers or
    more remain for each district that has few, or nothing is told.
    """
    for drawn in product(range(1, 6), repeat=how_many):
        alike: dict[object, list[tuple[int, ...]]] = {}
        for numbers in product(*(range(some + 1) for some in drawn)):
            told = by_district(
                [District("", 9, d, n) for d, n in zip(drawn, numbers, strict=True)], FIVE, few
            )
            if any(row.found is not None or row.fewer_than for row in told):
                alike.setdefault((sum(numbers), tuple(told)), []).append(numbers)
        for tables in alike.values():
            for place in range(how_many):
                numbers_there = {numbers[place] for numbers in tables}
                assert len(numbers_there) > 1 or not 0 < min(numbers_there) < few
        assert alike


@settings(deadline=None, max_examples=60)
@given(districts())
def test_what_is_told_is_true(some: list[District]) -> None:
    """A number as it is, or that it is below one, with a bound that holds for either."""
    for district, row in zip(some, by_district(some, FIVE), strict=True):
        assert (district.name, district.drawn) == (row.name, row.drawn)
        assert row.found in (None, district.found)
        assert row.fewer_than is None or district.found < row.fewer_than == FEW
        if row.upper is not None:
            exact = bounds.upper(district.found, row.drawn, row.population, FIVE)
            assert row.upper >= exact
            assert row.found is None or row.upper == exact


def test_nothing_found_is_told_everywhere() -> None:
    """The total says as much."""
    told = by_district([District("north", 200, 20, 0), District("south", 300, 0, 0)], FIVE)

    assert [0, 0] == [row.found for row in told]
    assert [bounds.upper(0, 20, 200, FIVE), None] == [row.upper for row in told]


def test_many_everywhere_are_told_as_they_are() -> None:
    """There is nobody to protect."""
    told = by_district([District("north", 200, 20, 6), District("south", 300, 30, 7)], FIVE)

    assert [6, 7] == [row.found for row in told]


def test_few_are_told_as_fewer_than_five_and_the_largest_sample_is_not_told() -> None:
    """Otherwise the total would give the few away."""
    told = by_district(
        [
            District("north", 200, 20, 2),
            District("south", 300, 30, 9),
            District("east", 300, 25, 6),
            District("west", 300, 28, 0),
        ],
        FIVE,
    )

    assert [None, None, 6, None] == [row.found for row in told]
    assert [5, None, None, 5] == [row.fewer_than for row in told]
    assert told[0].upper == bounds.upper(4, 20, 200, FIVE)
    assert told[1].upper is None


def test_one_district_with_few_is_not_told() -> None:
    """The total is its number, and there is nothing to hide it among."""
    assert [Told("north", 200, 20)] == by_district([District("north", 200, 20, 2)], FIVE)


def test_a_district_that_cannot_be_is_refused() -> None:
    """A slip in a worksheet's totals does not become a table."""
    with pytest.raises(SampleRefused, match="3 deviations among 2 drawn of 10 items cannot be in"):
        District("north", 10, 2, 3)
