"""A weights file says the same as when it was written, or is refused with the reason."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.pairing import WeightsRefused, default_weights
from domain.pairing.model_file import load_model, sealed
from domain.pairing.precision import precision
from domain.pairing.weights import LEVELS

BASE = default_weights()
CONTENT = json.loads(BASE.text)
Change = Callable[[dict[str, Any]], Any]


def changed(change: Change) -> str:
    """A file whose content was changed before it was sealed."""
    content = json.loads(BASE.text)
    change(content)
    return sealed(content)


def test_a_sealed_file_loads_with_the_same_weights_under_its_own_hash() -> None:
    """
    The hash that a pairing's weights are known by can be computed with any JSON library.
    """
    text = sealed(CONTENT)
    inside = json.loads(text)
    digest = inside.pop("sha256")

    weights = load_model(text)

    assert (BASE.bits, BASE.prior, BASE.bands) == (weights.bits, weights.prior, weights.bands)
    assert digest == weights.hash
    canonical = json.dumps(inside, sort_keys=True, separators=(",", ":"))
    assert digest == hashlib.sha256(canonical.encode()).hexdigest()


def test_two_contents_never_share_a_version() -> None:
    """
    A night weighs everything again when the version changes, and only then.
    """
    other = changed(lambda c: c["fields"]["dob"]["same"].update(bits=12.5))

    assert load_model(sealed(CONTENT)).version != load_model(other).version
    assert load_model(sealed({**CONTENT, "version": "mine"})).version == (
        load_model(sealed(CONTENT)).version
    )


def test_another_layout_is_the_same_file() -> None:
    """
    Mail and editors re-indent.
    """
    text = sealed(CONTENT)

    assert load_model(text).hash == load_model(json.dumps(json.loads(text))).hash


@given(data=st.data())
def test_any_changed_number_is_seen(data: st.DataObject) -> None:
    """
    One bit moved by hand, and the file is refused.
    """
    content = json.loads(sealed(CONTENT))
    field = data.draw(st.sampled_from(sorted(LEVELS)))
    level = content["fields"][field][data.draw(st.sampled_from(LEVELS[field]))]
    part = data.draw(st.sampled_from(sorted(level)))
    level[part] = data.draw(st.floats(0.001, 0.999).filter(lambda x: x != level[part]))

    with pytest.raises(WeightsRefused, match=r"its hash is .* it was changed after"):
        load_model(json.dumps(content))


@pytest.mark.parametrize(
    ("change", "because"),
    [
        pytest.param(lambda c: c["fields"].pop("dob"), "dob is missing", id="field"),
        pytest.param(
            lambda c: c["fields"]["dob"].pop("same"), "level same of dob is missing", id="level"
        ),
        pytest.param(
            lambda c: c["fields"]["officer"]["same"].update(m=1.0),
            "m of level same of officer is not a number between 0 and 1",
            id="m of 1",
        ),
        pytest.param(
            lambda c: c["fields"]["officer"]["same"].update(m=0),
            "m of level same of officer is not a number between 0 and 1",
            id="m of 0",
        ),
        pytest.param(
            lambda c: c["fields"]["officer"]["same"].update(u=1.5),
            "u of level same of officer is not a number between 0 and 1",
            id="u above 1",
        ),
        pytest.param(
            lambda c: c["fields"]["day"]["far"].update(u=-1.0),
            "u of level far of day is not a number above 0",
            id="u below 0",
        ),
        pytest.param(
            lambda c: c["fields"]["officer"]["same"].pop("u"),
            "u of level same of officer is not a number",
            id="no u",
        ),
        pytest.param(
            lambda c: c["fields"]["officer"]["same"].update(u="0.5"),
            "u of level same of officer is not a number",
            id="text",
        ),
        pytest.param(
            lambda c: c["fields"]["dob"]["same"].update(bits=True),
            "bits of level same of dob are not a finite number",
            id="truth value",
        ),
        pytest.param(
            lambda c: c["fields"]["dob"].update(odd={"bits": 1}),
            "unknown level odd of dob",
            id="unknown level",
        ),
        pytest.param(lambda c: c.update(fields=[]), "has no fields", id="no fields"),
        pytest.param(lambda c: c.pop("prior"), "prior", id="no prior"),
        pytest.param(lambda c: c["bands"].pop("auto"), "auto", id="no threshold"),
    ],
)
def test_what_is_missing_or_no_probability_is_named(change: Change, because: str) -> None:
    """
    A sound hash over nonsense is still nonsense.
    """
    with pytest.raises(WeightsRefused, match=because):
        load_model(changed(change))


@pytest.mark.parametrize(
    ("text", "because"),
    [
        pytest.param("", "not JSON", id="empty"),
        pytest.param("[]", "not a JSON object", id="a list"),
        pytest.param("{}", "does not say its own hash", id="no hash"),
        pytest.param('{"prior": NaN}', "NaN is not a number", id="NaN"),
        pytest.param('{"prior": Infinity}', "Infinity is not a number", id="infinity"),
        pytest.param(BASE.text, "does not say its own hash", id="unsealed"),
    ],
)
def test_a_text_that_is_no_weights_file_is_refused(text: str, because: str) -> None:
    """
    The wrong path in the settings is said in one sentence.
    """
    with pytest.raises(WeightsRefused, match=because):
        load_model(text)


@pytest.mark.parametrize(
    ("confirmed", "decided", "low", "high"),
    [
        pytest.param(9, 10, 0.5549839, 0.9974714, id="nine of ten"),
        pytest.param(0, 10, 0.0, 0.3084971, id="none of ten"),
        pytest.param(60, 60, 0.9403705, 1.0, id="all of sixty"),
        pytest.param(0, 0, 0.0, 1.0, id="none decided"),
    ],
)
def test_the_interval_is_that_of_clopper_and_pearson(
    confirmed: int, decided: int, low: float, high: float
) -> None:
    """
    From scipy: ``scipy.stats.binomtest(9, 10).proportion_ci(method="exact")``.
    """
    found = precision("auto", confirmed, decided)

    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-6)
    assert found.too_few == (decided < 30)
