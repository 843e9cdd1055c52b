"""A document has one spelling: what was written is read, and nothing that is like it."""

import json
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import SampleRefused
from domain.sampling.choices import State
from domain.working_paper import (
    Answer,
    Commitment,
    EvaluationDocument,
    Finding,
    FrameHeader,
    FrameRecord,
    Judge,
    PlanDocument,
    SeedRecord,
    TicketLine,
    document,
    judge,
    lines,
    read_document,
    read_lines,
    seed_string,
    settled,
)
from domain.working_paper.canonical import from_bytes, to_bytes
from tests.unit.assurance.strategies import steady
from tests.unit.working_paper.builders import EVALUATED, JUDGED, TWO, an_exercise, deviating

STATES = {State.AUTO_PAIRED: 40, State.EXEMPT: 20, State.UNMATCHED: 2}
EXERCISE = an_exercise(STATES, deviating(1), attributes=TWO, design="proportional", tolerable="30%")
FRAME = EXERCISE.frames[0]
WRITTEN: dict[Any, Any] = {
    PlanDocument: FRAME.plan,
    FrameHeader: FRAME.header,
    Commitment: FRAME.commitment,
    SeedRecord: FRAME.seed,
    FrameRecord: FRAME.records[0],
    TicketLine: FRAME.tickets[0],
    Finding: EXERCISE.findings[0],
    EvaluationDocument: judge(EXERCISE, by="eve", at=EVALUATED),
}
letters = st.characters(exclude_categories=["Cs", "Cc"])
texts = st.text(letters, max_size=20).filter(lambda text: unicodedata.is_normalized("NFC", text))
values = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("kind", WRITTEN)
def test_a_document_that_was_written_is_read_as_it_was(kind: Any) -> None:
    """
    Every field of every kind.
    """
    assert read_document(kind, document(WRITTEN[kind]), "it") == WRITTEN[kind]
    many = (WRITTEN[kind],) * 3
    assert read_lines(kind, lines(many), "it") == many


@steady
@given(value=values)
def test_any_value_has_one_spelling_and_is_read_from_it(value: Any) -> None:
    """
    The same bytes for the same value, whatever the order in which it was put together.
    """
    written = to_bytes(value)
    assert from_bytes(written, "it") == value
    if isinstance(value, dict):
        assert to_bytes(dict(reversed(value.items()))) == written


@steady
@given(data=st.data())
def test_a_changed_byte_is_refused_or_is_another_document(data: st.DataObject) -> None:
    """
    No two spellings are one document.
    """
    kind = data.draw(st.sampled_from(list(WRITTEN)))
    content = bytearray(document(WRITTEN[kind]))
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        assert read_document(kind, bytes(content), "it") != WRITTEN[kind]
    except SampleRefused as why:
        assert str(why).startswith("it")  # noqa: PT017 - either answer is right


def _first_key(text: str) -> str:
    return str(next(iter(json.loads(text))))


@pytest.mark.parametrize("kind", WRITTEN)
@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda t: t.replace(":", ": ", 1), id="a space"),
        pytest.param(lambda t: t[:-1], id="no line feed"),
        pytest.param(lambda t: t + "\n", id="a line feed more"),
        pytest.param(lambda t: "\ufeff" + t, id="a byte order mark"),
        pytest.param(lambda t: json.dumps(json.loads(t)) + "\n", id="other separators"),
        pytest.param(
            lambda t: (
                json.dumps(dict(reversed(json.loads(t).items())), separators=(",", ":")) + "\n"
            ),
            id="another order",
        ),
        pytest.param(lambda t: t.replace("{", '{"a":1,', 1), id="an unknown field"),
        pytest.param(lambda t: t.replace("{", '{"a":1.5,', 1), id="a float"),
        pytest.param(lambda t: t.replace("{", '{"a":NaN,', 1), id="no number"),
        pytest.param(
            lambda t: t.replace("{", '{"' + _first_key(t) + '":0,', 1), id="a field twice"
        ),
        pytest.param(lambda t: "[" + t[:-1] + "]\n", id="a list"),
        pytest.param(lambda t: "", id="nothing"),
        pytest.param(
            lambda t: (
                json.dumps(
                    {k: v for k, v in json.loads(t).items() if k != _first_key(t)},
                    separators=(",", ":"),
                )
                + "\n"
            ),
            id="a field missing",
        ),
    ],
)
def test_another_spelling_is_refused(kind: Any, spoil: Callable[[str], str]) -> None:
    """
    Or its hash would not name it.
    """
    spoilt = spoil(document(WRITTEN[kind]).decode()).encode()
    with pytest.raises(SampleRefused, match=r"^it[ ,:]"):
        read_document(kind, spoilt, "it")


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        (PlanDocument, "risk", "2/40"),
        (PlanDocument, "risk", "0.05"),
        (PlanDocument, "risk", "1/0"),
        (PlanDocument, "population", True),
        (PlanDocument, "population", "40"),
        (PlanDocument, "design", "some"),
        (PlanDocument, "planned_at", "2026-10-01T09:00:00+00:00"),
        (PlanDocument, "planned_at", "2026-10-01T09:00:00"),
        (PlanDocument, "attributes", []),
        (PlanDocument, "sample", "../x"),
        (PlanDocument, "period_until", "2020-01-01T00:00:00Z"),
        (PlanDocument, "schema", "counterfoil/plan/2"),
        (FrameHeader, "frame_sha256", "A" * 64),
        (FrameHeader, "reconciliation", 0),
        (SeedRecord, "dice", "31415926535897932385"),
        (SeedRecord, "beacon", {}),
        (Finding, "answer", "yes"),
        (Finding, "reason", "a\u0000b"),
        (Finding, "reason", "e\u0301"),
        (TicketLine, "look", None),
    ],
)
def test_a_value_of_another_kind_is_refused(kind: Any, field: str, value: Any) -> None:
    """
    Numbers are whole, rates reduced, times in UTC with a Z, and text composed.
    """
    written = json.loads(document(WRITTEN[kind])) | {field: value}
    content = json.dumps(written, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    with pytest.raises(SampleRefused):
        read_document(kind, content, "it")


@steady
@given(
    at=st.datetimes(
        datetime(2000, 1, 1),  # noqa: DTZ001 - the test adds the zone
        datetime(2100, 1, 1),  # noqa: DTZ001 - the test adds the zone
    ),
    hours=st.integers(-12, 12),
    rate=st.fractions(),
)
def test_times_and_rates_come_back_exactly(at: datetime, hours: int, rate: Fraction) -> None:
    """
    In whatever zone the time was, and whatever the rate's denominator.
    """
    zoned = at.replace(tzinfo=timezone(timedelta(hours=hours)))
    plan = replace(
        FRAME.plan,
        planned_at=zoned,
        period_from=zoned - timedelta(days=1),
        period_until=zoned,
        risk=rate,
    )
    again = read_document(PlanDocument, document(plan), "it")

    assert again == plan
    assert again.planned_at.tzinfo is UTC


@pytest.mark.parametrize("dice", ["", "1" * 30, "123", "1234567890123456789x", "1" * 19 + "\n2"])
def test_dice_that_are_none_make_no_seed(dice: str) -> None:
    """
    Twenty digits or more, and not all the same.
    """
    with pytest.raises(SampleRefused, match="dice"):
        seed_string("Q1", 0, dice, None)


def test_the_answer_that_stands() -> None:
    """
    The adjudication; else what both say, or the only one; else none.
    """

    def said(place: Judge, answer: Answer) -> tuple[Judge, Finding]:
        return place, Finding("a", "b", place, 1, answer, "", "ann", JUDGED)

    good, bad = Answer.COMPLIANT, Answer.DEVIATION
    first, second = said(Judge.FIRST, good), said(Judge.SECOND, bad)
    assert settled(dict([first])) is good
    assert settled(dict([second])) is bad
    assert settled(dict([first, second])) is None
    assert settled(dict([first, second, said(Judge.ADJUDICATION, bad)])) is bad
    assert settled({}) is None
