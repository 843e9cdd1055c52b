"""How the ceiling of pairing is found: by a classifier that is shown the truth of other data."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bench.pairing import ceiling
from bench.pairing.ceiling import Set, recalls, seen
from bench.pairing.generate import frames, generate
from bench.pairing.quality import Truth
from domain.pairing import default_weights

PAIRS = 4_000


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Set:
    """A paired set of 300 referrals."""
    folder: Path = tmp_path_factory.mktemp("data")
    generate(folder, 300, "realistic", seed=7)
    return seen(folder, default_weights())


def a_set(small: Set, told: float, seed: int) -> Set:
    """Half of the pairs are true, and `l_told` says which, of as many as `told` says."""
    rng = np.random.default_rng(seed)
    right = rng.random(PAIRS) < 0.5
    said = np.where(rng.random(PAIRS) < told, right, rng.random(PAIRS) < 0.5)
    edges = pl.DataFrame({"l_told": said.astype(int), "right": right})
    truth = Truth.__new__(Truth)
    truth.pairs = pl.DataFrame({"counts": [True] * int(right.sum())})
    return Set(edges, truth, small.engine)


@pytest.mark.parametrize(("told", "least", "most"), [(1.0, 1.0, 1.0), (0.0, 0.0, 0.05)])
def test_what_is_reached_is_what_the_evidence_tells(
    small: Set, told: float, least: float, most: float
) -> None:
    """
    All of it where the evidence tells a true pair from a false one, and nothing where it does not.
    """
    asked, *taught = (a_set(small, told, seed) for seed in range(3))

    assert all(least <= recall <= most for recall in recalls(asked, taught, "^l_.*$"))


def test_the_classifier_never_sees_the_truth_or_a_record(small: Set) -> None:
    """
    Only evidence, its bits, and how the pair stands among the others.
    """
    hidden = {"referral", "document", "right", "fingerprint", "live"}

    for columns in ceiling.TOLD.values():
        assert hidden.isdisjoint(small.seen.select(pl.col(columns)).columns)


def test_an_edge_is_set_beside_those_of_its_two_records(small: Set) -> None:
    """
    Whether there is another that is heavier says much of a pair.
    """
    alone = small.seen.filter(pl.col("referral").is_unique())
    others = small.seen.filter(pl.col("referral").is_duplicated())

    assert (alone["by_referral_count"] == 1).all()
    assert (alone["by_referral_weight"] == alone["weight"]).all()
    assert others.height > 0
    assert (others["by_referral_weight"] >= others["weight"]).all()
    assert (others["by_referral_second"] <= others["by_referral_weight"]).all()


def test_a_name_that_both_have_is_told_by_its_rareness(small: Set) -> None:
    """
    In bits of all people, and nothing where no name is shared.
    """
    rare = small.seen.filter(pl.col("l_name") == 1)["rare_names"]

    assert rare.null_count() == 0
    assert rare.min() > 0  # type: ignore[operator]  # floats, by the schema of the frame


def test_what_has_no_twins_is_measured_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    And is not called anything but by its setting.
    """
    monkeypatch.setattr(ceiling, "TAUGHT", 1)
    (only,) = ceiling.ceilings(tmp_path, 100, "calibrated", 3)

    assert only.name == "calibrated, 100"
    assert all(0 <= recall <= 1 for each in only.reached.values() for recall in each)


def test_data_can_be_made_without_twins() -> None:
    """
    And with everything else that there is.
    """
    decoys = dict(frames(400, "harsh", 3, ("decoy_twin",)))["decoys"]

    assert "twin" not in decoys["kind"].unique()
    assert "incident" in decoys["kind"].unique()
