"""The weights file: what it is worth in bits, what is refused, and what its hash is of."""

import json
from typing import Any

import pytest

from domain.pairing import WeightsRefused, default_weights, load_weights

WEIGHTS = default_weights()


def test_a_weight_is_the_log_ratio_of_its_two_probabilities() -> None:
    """
    log2(m / u), as Fellegi and Sunter (1969) have it; 0.85 over 0.0067 is 6.987 bits.
    """
    assert WEIGHTS.bits["officer"][1] == pytest.approx(6.987, abs=0.001)
    assert WEIGHTS.bits["reference"][:2] == (0.0, 15.0)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda d: d.pop("prior"), id="nothing before"),
        pytest.param(lambda d: d["fields"].pop("dob"), id="a field missing"),
        pytest.param(lambda d: d["fields"]["dob"].update(odd={"bits": 1}), id="an unknown level"),
        pytest.param(lambda d: d["fields"]["dob"]["same"].update(bits="x"), id="not a number"),
        pytest.param(lambda d: d["bands"].update(odd=1), id="an unknown threshold"),
        pytest.param(lambda d: d["limits"].pop("floor"), id="a limit missing"),
    ],
)
def test_a_weights_file_that_cannot_be_used_is_refused(change: Any) -> None:
    """
    A typo in a weights file must stop the run, not weigh a field at nothing.
    """
    data = json.loads(WEIGHTS.text)
    change(data)

    with pytest.raises(WeightsRefused, match="cannot be used"):
        load_weights(json.dumps(data))


def test_the_hash_is_of_the_content_and_not_of_the_layout() -> None:
    """
    Each pairing names the weights that made it; re-indenting the file is not a change.
    """
    data = json.loads(WEIGHTS.text)

    assert load_weights(json.dumps(data, indent=4)).hash == WEIGHTS.hash
    data["prior"] = -8
    assert load_weights(json.dumps(data)).hash != WEIGHTS.hash
