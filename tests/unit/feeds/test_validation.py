"""The published contracts, and the two validators that read them."""

from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.validation import CONTRACTS, contract, explainer, is_valid, problems

texts = st.one_of(
    st.none(),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=25),
    st.sampled_from(["WYP", "WYP\n", "2026-03-02", "2026-03-02\n", "2026-03-02T10:00:00Z", "B"]),
    st.sampled_from(["2026-03-02T10:00:00Z\n", "\u0662026-03-02", "suspect", "draft", "P"]),
    st.integers(-3, 5),
    st.floats(allow_nan=False),
    st.booleans(),
)
people = st.dictionaries(st.sampled_from(["role", "forename", "date_of_birth", "other"]), texts)
values = texts | st.lists(texts | people, max_size=4)


def records(feed: str) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with some of the feed's properties, and values that are often nearly right."""
    return st.fixed_dictionaries({}, optional=dict.fromkeys(contract(feed)["properties"], values))


@pytest.mark.parametrize("feed", CONTRACTS)
@given(data=st.data())
def test_both_validators_give_the_same_verdict(feed: str, data: st.DataObject) -> None:
    """The fast one decides and the other explains, so they may not differ."""
    record = data.draw(records(feed))

    assert is_valid(feed, record) == (not list(explainer(feed).iter_errors(record)))
    assert is_valid(feed, record) == (problems(feed, record) == [])


@pytest.mark.parametrize("feed", CONTRACTS)
@given(data=st.data())
def test_no_reason_repeats_a_value(feed: str, data: st.DataObject) -> None:
    """A reason goes into pages, logs and e-mails; a value may be a name."""
    canary = data.draw(st.text("qxzj", min_size=5, max_size=25))
    fields = contract(feed)["properties"]
    wrong: dict[str, Any] = {
        name: canary if name == "people" else [{canary: canary}] for name in fields
    }
    wrong["people"] = [{"role": canary, "date_of_birth": canary, "forename": [canary]}]

    assert problems(feed, wrong)
    assert canary not in repr(problems(feed, wrong))


@pytest.mark.parametrize("feed", CONTRACTS)
def test_the_contract_is_a_schema_that_explains_itself(feed: str) -> None:
    """Whoever writes an export reads the contract and nothing else."""
    schema = contract(feed)

    jsonschema.Draft202012Validator.check_schema(schema)
    for name, rules in schema["properties"].items():
        assert rules["description"], name
        assert name == "people" or rules["examples"], name
    for example in schema["examples"]:
        assert is_valid(feed, example)


@pytest.mark.parametrize("feed", CONTRACTS)
def test_only_the_keys_the_time_and_the_officer_are_required(feed: str) -> None:
    """A missing fact is no evidence, and no reason to lose the duty."""
    required = {pointer.pointer for pointer in problems(feed, {})}

    assert required == {f"/{name}" for name in contract(feed)["required"]}
    assert len(required) == 4


def test_a_line_end_is_not_swallowed() -> None:
    """Python's dollar sign would let "WYP" and a line end pass for a force."""
    record = {**contract("referrals")["examples"][1], "force": "WYP\n"}

    (problem,) = problems("referrals", record)

    assert "/force" == problem.pointer
