"""What a sample shows follows from its plan, and is said in one sentence and no more."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assurance import bounds
from domain.assurance.anytime import anytime_upper, plan_anytime
from domain.assurance.bounds import Limits
from domain.assurance.claim import Claim, Method, Plan
from domain.assurance.conclusion import Words, conclusion, warning
from domain.assurance.evaluation import Evaluation, Judged, beside, evaluate
from domain.assurance.planning import plan_census, plan_fixed
from domain.assurance.proportional import Part, plan_proportional, strata_of
from domain.assurance.sequential import plan_two_stage, two_stage_upper, unplanned
from domain.assurance.strata import Stratum
from domain.errors import SampleRefused
from tests.unit.assurance.strategies import claims, steady

FIVE = Fraction(1, 20)
CLAIM = Claim(1000, FIVE, Fraction(0), FIVE)
PARTS = [Part("auto", 600), Part("person", 300), Part("exempt", 100)]
NO_DOCUMENT = Words("referrals", "has no document", "have no document")


def judged(plan: Plan, found: int, **more: int) -> Judged:
    """A sample of a simple plan's size."""
    return Judged(plan.drawn, found, **more)  # type: ignore[arg-type]


def test_a_simple_sample_has_all_three_bounds() -> None:
    """Each by its own question."""
    plan = plan_fixed(CLAIM)
    evaluation = evaluate(plan, judged(plan, 2))

    assert (104, 7) == (evaluation.upper, evaluation.lower)
    assert bounds.two_sided(2, 57, 1000, FIVE) == evaluation.between
    assert not evaluation.shown
    assert not evaluation.refuted
    assert Fraction(104, 1000) == evaluation.upper_rate


@steady
@given(claims(), st.data())
def test_the_claim_is_shown_exactly_for_the_accepted_results(
    claim: Claim, data: st.DataObject
) -> None:
    """The acceptance number of the plan and the bound of the evaluation are one rule."""
    try:
        plan = plan_fixed(claim)
    except SampleRefused:
        return
    found = data.draw(st.integers(0, plan.drawn))
    evaluation = evaluate(plan, judged(plan, found))

    assert (found <= plan.acceptance) == evaluation.shown
    assert not (evaluation.shown and evaluation.refuted)
    assert ("does not show" in conclusion(evaluation)) == (
        not evaluation.shown and not evaluation.refuted
    )


def test_known_deviations_are_in_every_bound() -> None:
    """12 of 30 counted beforehand."""
    plan = plan_fixed(replace(CLAIM, counted=30, known=12))
    evaluation = evaluate(plan, judged(plan, 0))

    assert 12 + bounds.upper(0, plan.drawn, 1000, FIVE) == evaluation.upper
    assert 12 == evaluation.lower
    assert evaluation.between == Limits(12, 12 + bounds.upper(0, plan.drawn, 1000, FIVE / 2), 1030)
    assert evaluation.shown


def test_deviations_found_by_counting_after_the_plan_count_too() -> None:
    """Take-all strata are judged with the sample; a worse count can undo the claim."""
    plan = plan_fixed(replace(CLAIM, counted=30))
    fine = evaluate(plan, judged(plan, 0, known=0))
    worse = evaluate(plan, judged(plan, 0, known=3))

    assert fine.shown
    assert fine.upper + 3 == worse.upper
    assert not worse.shown
    with pytest.raises(SampleRefused, match="31 known deviations among 30 counted"):
        evaluate(plan, judged(plan, 0, known=31))


def test_strata_are_judged_by_the_plans_method() -> None:
    """And Fisher's published bound stands beside it."""
    plan = plan_proportional(CLAIM, PARTS)
    strata = tuple(strata_of(plan, PARTS, {"person": 1}))
    sample = Judged(plan.drawn, 1, strata)
    evaluation = evaluate(plan, sample)
    reference = beside(plan, sample)

    assert Method.WENDELL_SCHMEE is plan.method
    assert evaluation.lower == 1
    assert evaluation.between
    assert evaluation.between.upper >= evaluation.upper > CLAIM.intolerable
    assert reference.fisher
    assert reference.fisher > evaluation.upper
    assert reference.p_value is None


def test_two_stages_are_judged_as_planned() -> None:
    """First sample alone, or both together."""
    plan = plan_two_stage(CLAIM)
    alone = evaluate(plan, Judged(59, 0))
    both = evaluate(plan, Judged(118, 1, found_first=1))

    assert two_stage_upper(plan, 0) == alone.upper
    assert two_stage_upper(plan, 1, 1) == both.upper
    assert alone.shown
    assert both.shown
    assert (None, None) == (both.lower, both.between)
    with pytest.raises(SampleRefused, match="59 items were judged and the plan asks for 118"):
        evaluate(plan, Judged(59, 1, found_first=1))


def test_an_anytime_sample_is_judged_after_any_item() -> None:
    """At 60 not yet, at 61 yes."""
    plan = plan_anytime(CLAIM)

    assert [False, True] == [evaluate(plan, Judged(drawn, 0)).shown for drawn in (60, 61)]
    assert anytime_upper(CLAIM, 1, 80) == evaluate(plan, Judged(80, 1)).upper


def test_a_census_is_a_count() -> None:
    """No more and no less than was found."""
    plan = plan_census(Claim(40, FIVE, Fraction(0), FIVE))
    evaluation = evaluate(plan, Judged(40, 1))

    assert (1, 1) == (evaluation.lower, evaluation.upper)
    assert evaluation.shown
    assert evaluate(plan, Judged(40, 2)).refuted


def test_clopper_and_pearson_stand_beside_a_simple_sample() -> None:
    """With the chance of so good a result."""
    plan = plan_fixed(CLAIM)
    reference = beside(plan, judged(plan, 0))

    assert bounds.clopper_pearson_upper(0, 57, FIVE) == reference.clopper_pearson
    assert plan.achieved == reference.p_value
    assert reference.fisher is None


@pytest.mark.parametrize(
    ("sample", "because"),
    [
        (Judged(56, 0), "56 items were judged and the plan asks for 57.*counts as a deviation"),
        (Judged(58, 0), "58 items were judged and the plan asks for 57"),
        (Judged(57, 58), "58 deviations among 57 judged items cannot be"),
        (Judged(57, -1), "-1 deviations among 57"),
    ],
)
def test_a_sample_that_is_not_the_planned_one_is_refused(sample: Judged, because: str) -> None:
    """An item cannot be left unjudged, nor one added."""
    with pytest.raises(SampleRefused, match=because):
        evaluate(plan_fixed(CLAIM), sample)


def test_strata_that_do_not_add_up_are_refused() -> None:
    """Totals, names and sizes are the plan's."""
    plan = plan_proportional(CLAIM, PARTS)
    strata = tuple(strata_of(plan, PARTS, {}))
    other = (Stratum("other", 600, strata[0].drawn), *strata[1:])
    smaller = (replace(strata[0], size=599), *strata[1:])

    for sample in (
        Judged(plan.drawn, 1, strata),
        Judged(plan.drawn, 0, other),
        Judged(plan.drawn, 0, smaller),
        Judged(plan.drawn, 0),
    ):
        with pytest.raises(SampleRefused, match="strata judged are not those of the plan"):
            evaluate(plan, sample)


def said(found: int, unavailable: int = 0, words: Words | None = None) -> str:
    """The sentence of a simple sample of 57 from 1,000."""
    plan = plan_fixed(CLAIM)
    return conclusion(evaluate(plan, judged(plan, found)), words, unavailable)


def test_a_claim_that_is_shown_is_said_to_be() -> None:
    """With what was drawn, what was found and the bound."""
    assert said(0, words=NO_DOCUMENT) == (
        "With 95% confidence, fewer than 50 of 1,000 referrals, the tolerable 5%, have no"
        " document: none of 57 drawn at random does, so no more than 49 (4.9%) do."
    )


def test_a_claim_that_is_not_shown_is_not_said_to_be_wrong() -> None:
    """Two deviations show neither the one nor the other."""
    assert said(2, unavailable=1) == (
        "The sample does not show that fewer than 50 of 1,000 referrals, the tolerable 5%,"
        " deviate: 2 of 57 drawn at random do, counting one that was not available, and all"
        " that can be said with 95% confidence is that no more than 104 (10.4%) do."
    )


def test_a_claim_that_is_refuted_is_said_to_be() -> None:
    """Twenty of 57 leave no doubt, and the number is the lower bound."""
    assert said(20, unavailable=3) == (
        "With 95% confidence, it is not so that fewer than 50 of 1,000 referrals, the tolerable"
        " 5%, deviate: 20 of 57 drawn at random do, counting 3 that were not available, so 249"
        " or more do."
    )


def test_counted_items_are_named() -> None:
    """What was known beforehand is told apart from what was inferred."""
    plan = plan_fixed(replace(CLAIM, counted=30, known=12))

    assert conclusion(evaluate(plan, judged(plan, 0)), NO_DOCUMENT) == (
        "With 95% confidence, fewer than 52 of 1,030 referrals, the tolerable 5%, have no"
        " document: none of 71 drawn at random does, so no more than 51 (4.96%) do, including"
        " the 12 of 30 counted beforehand that do."
    )


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (0, "none deviates, and 2 or more would not have been tolerable."),
        (1, "1 deviates, and 2 or more would not have been tolerable."),
        (2, "2 deviate, and 2 or more would not have been tolerable."),
    ],
)
def test_a_census_infers_nothing(found: int, sentence: str) -> None:
    """No confidence is claimed where none is needed."""
    plan = plan_census(Claim(40, FIVE, Fraction(0), FIVE))

    assert f"All 40 referrals were looked at: {sentence}" == conclusion(
        evaluate(plan, Judged(40, found))
    )


def test_confidence_is_never_told_too_high() -> None:
    """A risk of a third is a confidence of 66.66%, not 66.67%."""
    claim = replace(CLAIM, risk=Fraction(1, 3))
    plan = plan_fixed(claim)

    assert "With 66.66% confidence" in conclusion(evaluate(plan, judged(plan, 0)))


def test_an_unplanned_extension_is_printed_with_its_error() -> None:
    """The number that the next reader has to see."""
    plan = plan_fixed(CLAIM)

    assert warning(plan, unplanned(plan, 90)) == (
        "This extension was not planned: to look again at 90 items and accept 1 deviation could"
        " show a false claim with a chance of 7.54%, not 5%."
    )
    assert "accept 2 deviations" in warning(plan, unplanned(plan, 120))


def test_an_evaluation_knows_its_claim() -> None:
    """The sentence can be made again from what is kept."""
    plan = plan_fixed(CLAIM)
    evaluation = evaluate(plan, judged(plan, 0))

    assert evaluation == Evaluation(
        CLAIM, judged(plan, 0), 49, 0, bounds.two_sided(0, 57, 1000, FIVE), 0, plan.design
    )
