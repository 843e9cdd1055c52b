"""The setting `calibrated`: as hard as the data on which the design was chosen."""

from pathlib import Path

import pytest

from bench.pairing import contenders
from bench.pairing.corruptions import BY_NAME, CALIBRATED
from bench.pairing.generate import generate
from bench.pairing.joins import joins
from bench.pairing.quality import Truth


def test_plain_joins_find_what_they_were_measured_to_find(tmp_path: Path) -> None:
    """
    The setting `calibrated` is as hard as the data of ADR 18; and neither easier nor harder.
    """
    data = tmp_path / "data"
    generate(data, 5_000, "calibrated", seed=1)
    contenders.run("store", data, tmp_path)

    found = joins(data, Truth(data))
    assert [(round(each.precision, 3), round(each.recall, 3)) for each in found.values()] == [
        pytest.approx(pair, abs=0.015) for pair in ((0.951, 0.628), (0.709, 0.706), (0.734, 0.890))
    ]


def test_what_a_calibrated_setting_changes_is_in_the_table() -> None:
    """
    A rate that changes nothing, or is of no corruption, would be a slip.
    """
    assert all(BY_NAME[name].realistic != rate for name, rate in CALIBRATED.items())
    assert all(BY_NAME[name].rate("calibrated") == rate for name, rate in CALIBRATED.items())
