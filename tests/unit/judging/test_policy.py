"""What a policy means, and the hash that stands for it."""

import json
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import PolicyRefused
from domain.policy import (
    DOCUMENT_FIELDS,
    AlarmPolicy,
    DocumentFeedPolicy,
    Grace,
    Policy,
    PolicySet,
    normal,
)
from tests.unit.judging.builders import a_policy

CANONICAL = (
    '{"alarms":{"gap_margin_days":1,"min_history":5,"newest_margin_days":3,'
    '"range_margin_days":30,"rows_above":2.0,"rows_below":0.5,"rows_margin":10},'
    '"bank_holidays":"england-and-wales","document_feed":{"max_age_hours":20,'
    '"min_history":5,"normal_since":null,"small_below":0.3,"stale_after_hours":72},'
    '"document_types":[],"effective_from":"2026-01-01","event_types_under_duty":[],'
    '"extra_bank_holidays":[],"grace":{"hours":72,"working_days":null},'
    '"grace_by_event_type":{},"required_fields":["handling_code",'
    '"intelligence_assessment","source_evaluation"]}'
)
CHANGES: dict[str, Any] = {
    "effective_from": date(2026, 1, 2),
    "grace": Grace(working_days=3),
    "grace_by_event_type": (("arrest", Grace(hours=24)),),
    "event_types_under_duty": ("arrest",),
    "document_types": ("3x5x2",),
    "required_fields": ("handling_code",),
    "bank_holidays": "scotland",
    "extra_bank_holidays": (date(2026, 9, 14),),
    "document_feed": DocumentFeedPolicy(normal_since=date(2026, 6, 1)),
    "alarms": AlarmPolicy(rows_below=0.4),
}


def test_every_part_of_a_policy_changes_its_hash() -> None:
    """
    A run record that names a hash names everything that run was judged by.
    """
    changed = {a_policy(**{name: value}).hash for name, value in CHANGES.items()}

    assert {field.name for field in fields(Policy)} == set(CHANGES)
    assert len(CHANGES) == len(changed - {a_policy().hash})


@given(types=st.lists(st.sampled_from(["3x5x2", "3 X 5 X 2", "IR"])), data=st.data())
def test_order_repeats_and_letter_case_do_not_change_the_hash(
    types: list[str], data: st.DataObject
) -> None:
    """
    A tidied file is the same policy.
    """
    tidied = [each.lower() for each in data.draw(st.permutations([*types, *types]))]

    assert a_policy(document_types=tuple(types)).hash == a_policy(document_types=tuple(tidied)).hash


def test_the_hash_is_the_sha256_of_canonical_json() -> None:
    """
    The expected value is from `printf %s "$CANONICAL" | sha256sum`, so a hash in an old
    run record can be worked out without this program.
    """
    expected = "c7833bef0aead9de798da488553f024af3d9b3781767376edab034bb5f5d6732"

    assert CANONICAL == json.dumps(a_policy().canonical(), sort_keys=True, separators=(",", ":"))
    assert expected == a_policy().hash


def test_a_set_has_one_hash_whatever_its_order() -> None:
    """
    Two policies in one file may stand in any order.
    """
    one, two = a_policy(), a_policy(effective_from=date(2027, 1, 1))

    assert PolicySet((one, two)).hash == PolicySet((two, one)).hash
    assert PolicySet((one,)).hash != PolicySet((two,)).hash


def test_the_policy_is_the_one_in_force_on_the_london_date() -> None:
    """
    Just after midnight on 1 July in London is 30 June in UTC, and the new policy applies.
    """
    old, new = a_policy(), a_policy(effective_from=date(2026, 7, 1))
    policies = PolicySet((new, old))

    assert old is policies.at(datetime(2026, 6, 30, 22, 59, tzinfo=UTC))
    assert new is policies.at(datetime(2026, 6, 30, 23, 0, tzinfo=UTC))
    assert new is policies.at(datetime(2036, 1, 1, tzinfo=UTC))


def test_a_referral_before_the_first_policy_is_refused() -> None:
    """
    No policy is stretched back over referrals it was not written for.
    """
    with pytest.raises(PolicyRefused, match="the first applies from 2026-01-01"):
        PolicySet((a_policy(),)).at(datetime(2025, 12, 31, 12, tzinfo=UTC))


def test_which_documents_count_before_the_first_policy_is_told_by_the_first() -> None:
    """
    One old document must not stop a night.
    """
    first, second = a_policy(), a_policy(effective_from=date(2027, 1, 1))
    policies = PolicySet((first, second))

    assert first is policies.counting(datetime(1900, 1, 1, tzinfo=UTC))
    assert first is policies.counting(datetime(2026, 12, 31, tzinfo=UTC))
    assert second is policies.counting(datetime(2027, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("policies", [(), (a_policy(), a_policy())])
def test_a_set_needs_distinct_dates(policies: tuple[Policy, ...]) -> None:
    """
    Two policies of one day would leave the choice to chance.
    """
    with pytest.raises(ValueError, match="each from its own date"):
        PolicySet(policies)


@pytest.mark.parametrize("values", [{}, {"hours": 72, "working_days": 3}])
def test_a_grace_period_is_one_thing(values: dict[str, int]) -> None:
    """
    Hours and working days together would need a rule about which wins.
    """
    with pytest.raises(ValueError, match="one of the two"):
        Grace(**values)


@pytest.mark.parametrize(
    ("grace", "words"),
    [
        (Grace(hours=1), "1 hour"),
        (Grace(hours=72), "72 hours"),
        (Grace(working_days=1), "1 working day"),
        (Grace(working_days=3), "3 working days"),
    ],
)
def test_a_grace_period_in_words(grace: Grace, words: str) -> None:
    """
    As it stands on the page.
    """
    assert words == str(grace)


@pytest.mark.parametrize(
    ("document_type", "accepted"),
    [
        pytest.param("3X5X2  Report ", True, id="case and spaces"),
        pytest.param("3\N{MULTIPLICATION SIGN}5\N{MULTIPLICATION SIGN}2 report", True, id="times"),
        pytest.param("5x5x5 report", False, id="another"),
        pytest.param(None, False, id="none given"),
    ],
)
def test_a_document_type_is_compared_as_a_person_would(
    document_type: str | None, accepted: bool
) -> None:
    """
    Systems spell the 3x5x2 in their own ways.
    """
    assert accepted == a_policy(document_types=("3x5x2 report",)).accepts_type(document_type)
    assert a_policy().accepts_type(document_type)


def test_an_event_type_that_is_not_given_is_under_the_duty() -> None:
    """
    Nothing is excused because a feed left a column empty.
    """
    policy = a_policy(event_types_under_duty=("arrest",))

    assert [True, True, True, False] == [
        policy.is_under_duty(name) for name in (None, " ", "ARREST", "status check")
    ]


def test_policies_are_values() -> None:
    """
    Equal policies are interchangeable, used hash or not.
    """
    used = a_policy()
    assert used.hash

    assert used == a_policy()
    assert hash(used) == hash(a_policy())
    assert used != replace(used, grace=Grace(hours=1))


@given(text=st.text())
def test_normal_text_stays_as_it_is(text: str) -> None:
    """
    Comparing twice is comparing once.
    """
    assert normal(normal(text)) == normal(text)


def test_fields_that_can_be_required_are_fields_of_the_feed() -> None:
    """
    A policy cannot ask for what no document can hold.
    """
    schema = Path(__file__).parents[3] / "schemas" / "intelligence_document.v1.schema.json"
    properties = json.loads(schema.read_text(encoding="utf-8"))["properties"]

    assert set(DOCUMENT_FIELDS) <= set(properties)
