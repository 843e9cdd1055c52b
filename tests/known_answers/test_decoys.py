"""What is made of 10,000 made-up referrals with decoys among their 50,000 documents.

The data are always the same, so a rule or a weight that lets a kind of decoy in, or no longer
makes a kind of true pair, is told here by the name of that kind.
"""

from pathlib import Path

import pytest

from bench.pairing import cleaning
from bench.pairing.contenders import NO_DECISIONS
from bench.pairing.corruptions import DECOYS
from bench.pairing.generate import generate
from bench.pairing.quality import Quality, Truth, judge
from domain.pairing import default_weights, pair_prepared
from domain.words import Feed

LEAST_MADE = {
    "one-to-one": 0.95,
    "cover": 0.90,
    "second": 0.60,
    "replacement": 0.91,
    "rushed": 0.65,
}
"""Of the true pairs of each kind; a second document that quotes nothing is for a person."""
LEAST_DECOYS = 30
"""Documents of a kind, so that one of them that is believed would show."""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[Truth, Quality]:
    """The truth, and how right the pairs are."""
    folder: Path = tmp_path_factory.mktemp("data")
    generate(folder, 10_000, "realistic", seed=1)
    weights, truth = default_weights(), Truth(folder)
    ours, theirs = (cleaning.side(folder, feed).side(weights) for feed in Feed)
    made = pair_prepared(ours, theirs, NO_DECISIONS, weights)
    return truth, judge(made.pairings, truth)


@pytest.mark.parametrize("kind", [name.removeprefix("decoy_") for name in DECOYS])
def test_a_decoy_is_not_believed(found: tuple[Truth, Quality], kind: str) -> None:
    """
    However much it looks like an answer: it goes to a person or to nobody.
    """
    truth, quality = found

    assert (truth.decoys["decoy"] == kind).sum() >= LEAST_DECOYS
    assert quality.false.get(kind, 0) == 0


@pytest.mark.parametrize("kind", ["another's document", "unrelated"])
def test_no_other_document_is_given_to_the_wrong_referral(
    found: tuple[Truth, Quality], kind: str
) -> None:
    """
    Neither the answer to another referral nor one that has to do with none.
    """
    assert found[1].false.get(kind, 0) == 0


@pytest.mark.parametrize(("kind", "least"), LEAST_MADE.items())
def test_a_true_pair_is_made(found: tuple[Truth, Quality], kind: str, least: float) -> None:
    """
    By itself, whatever was left out or mistyped, in all but the share that a person settles.
    """
    share = found[1].recall[kind]

    assert share.of > 100
    assert share.value >= least
