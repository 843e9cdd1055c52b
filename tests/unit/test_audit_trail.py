"""The hash chain as arithmetic: anyone can compute it, and any change to it shows."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.audit_trail import (
    GENESIS,
    KINDS,
    Action,
    Broken,
    Checkpoint,
    Event,
    Intact,
    Kind,
    NewEvent,
    canonical,
    chain,
    event_hash,
    instant,
    verify,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TEXTS = ["at", "actor", "action", "subject", "body", "prev", "hash"]

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
details = st.dictionaries(st.text(), json_values, max_size=3)


def a_new_event(**changes: Any) -> NewEvent:
    event = NewEvent(NOON, "overnight", Action.NIGHT_STARTED, "13", {"force": "13"})
    return replace(event, **changes)


def a_trail(count: int) -> list[Event]:
    """`count` events; the last one's number is its position."""
    new = (a_new_event(subject=f"referral {n}", detail={"n": n}) for n in range(count))
    return list(chain(new, after=None))


def test_the_hash_is_the_one_that_sha256sum_gives() -> None:
    r"""
    A stranger checks the trail without this program. The expected value is from

    printf '%s' '["counterfoil audit event v1",1,"2026-03-02T12:00:00.000000+00:00",
    "overnight","night started","13","0000…","{\"force\":\"13\"}"]' | sha256sum

    written on one line, with the 64 zeros of the first event.
    """
    (event,) = chain([a_new_event()], after=None)

    assert event.hash == "da5e35f713dc1b662cc30d0efc5936835f78ec52ee764fd4c4bd46081e794b1f"


@given(st.lists(details, max_size=6), st.integers(0, 6))
def test_a_chain_made_in_two_parts_is_the_chain_made_at_once(
    given_details: list[dict[str, Any]], cut: int
) -> None:
    """
    Tonight's events follow last night's as if they had been written together.
    """
    new = [a_new_event(detail=detail) for detail in given_details]
    whole = list(chain(new, after=None))
    first = list(chain(new[:cut], after=None))
    after = Checkpoint(first[-1].seq, first[-1].hash) if first else None

    assert whole == first + list(chain(new[cut:], after=after))
    head = Checkpoint(len(whole), whole[-1].hash) if whole else None
    assert Intact(len(whole), head) == verify(whole, head)


@given(st.integers(1, 5), st.sampled_from(TEXTS), st.data())
def test_any_changed_character_is_found_at_its_event(
    seq: int, field: str, data: st.DataObject
) -> None:
    """
    What a log says is what was written when it happened, in every field.
    """
    trail = a_trail(5)
    text = getattr(trail[seq - 1], field)
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters())
    assume(other != text[place])
    trail[seq - 1] = replace(trail[seq - 1], **{field: text[:place] + other + text[place + 1 :]})

    verdict = verify(trail)
    assert isinstance(verdict, Broken)
    assert seq == verdict.seq


@pytest.mark.parametrize("seq", [1, 2, 5])
@pytest.mark.parametrize("to", [-1, 0, 3, 99])
def test_a_changed_number_is_found(seq: int, to: int) -> None:
    """
    An event cannot be moved to another place in the order.
    """
    trail = a_trail(5)
    assume_other = to if to != seq else 98
    trail[seq - 1] = replace(trail[seq - 1], seq=assume_other)

    verdict = verify(trail)
    assert isinstance(verdict, Broken)
    assert seq == verdict.seq


def test_a_text_cannot_run_over_into_the_next_field() -> None:
    """
    Two different events never have one hash because their texts join to the same letters.
    """
    parts = {"seq": 1, "at": "t", "action": "a", "prev": GENESIS, "body": "{}"}

    assert event_hash(actor="ab", subject="c", **parts) != event_hash(  # type: ignore[arg-type]
        actor="a",
        subject="bc",
        **parts,  # type: ignore[arg-type]
    )


def test_a_trail_cut_short_is_seen_only_against_an_earlier_head() -> None:
    """
    The limit that the documentation states: the chain alone cannot show a missing end.
    """
    trail = a_trail(5)
    noted = Checkpoint(5, trail[-1].hash)

    assert Intact(3, Checkpoint(3, trail[2].hash)) == verify(trail[:3])
    cut = verify(trail[:3], noted)
    assert isinstance(cut, Broken)
    assert cut.seq == 4
    assert "removed from its end" in cut.why


def test_a_rewritten_trail_is_seen_only_against_an_earlier_head() -> None:
    """
    Whoever can write everything can chain everything, but cannot reach what is held elsewhere.
    """
    trail = a_trail(5)
    forged = list(chain((a_new_event(actor="nobody") for _ in range(9)), after=None))

    assert isinstance(verify(forged), Intact)
    verdict = verify(forged, Checkpoint(5, trail[-1].hash))
    assert isinstance(verdict, Broken)
    assert verdict.seq == 5
    assert "rewritten" in verdict.why


def test_verifying_holds_one_event_and_stops_at_the_break() -> None:
    """
    Ten years of events fit in no memory, and the first break is the answer.
    """

    def events() -> Iterator[Event]:
        yield from a_trail(2)
        yield replace(a_trail(3)[2], actor="nobody")
        raise AssertionError("asked for more after the break")

    assert Broken(3, "Event 3 does not have the hash of its contents.") == verify(events())


@given(details)
def test_canonical_json_says_the_same_in_ascii(detail: dict[str, Any]) -> None:
    """
    No database's encoding or collation can touch it, and the order of filling does not matter.
    """
    text = canonical(detail)

    assert detail == json.loads(text)
    assert text.isascii()
    assert text == canonical(dict(reversed(detail.items())))


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        pytest.param(float("nan"), ValueError, id="not a number"),
        pytest.param(float("inf"), ValueError, id="infinity"),
        pytest.param({1: "a", "1": "b"}, TypeError, id="two keys that JSON cannot tell apart"),
        pytest.param({"at": NOON}, TypeError, id="a time"),
        pytest.param({"people": {"a"}}, TypeError, id="a set"),
    ],
)
def test_what_json_cannot_say_is_refused(value: Any, fault: type[Exception]) -> None:
    """
    A value that is read back as another value is no evidence.
    """
    with pytest.raises(fault):
        canonical(value)


@pytest.mark.parametrize(
    "at",
    [
        pytest.param(NOON.replace(tzinfo=None), id="naive"),
        pytest.param(NOON.astimezone(timezone(timedelta(hours=1))), id="British summer time"),
    ],
)
def test_a_time_that_is_not_utc_is_refused(at: datetime) -> None:
    """
    An event's time has one spelling, so it has one hash.
    """
    with pytest.raises(ValueError, match="UTC"):
        list(chain([a_new_event(at=at)], after=None))


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_instants_sort_as_their_texts_do(one: datetime, other: datetime) -> None:
    """
    A period of the trail is found by comparing texts, on either database.
    """
    assert len(instant(one)) == 32
    assert one == datetime.fromisoformat(instant(one))
    assert (one < other) == (instant(one) < instant(other))


@pytest.mark.parametrize("part", ["actor", "subject"])
@pytest.mark.parametrize("text", ["", "two\nlines", "a\x00b", "\x7f", "\ud800"])
def test_an_unnamed_or_unprintable_name_is_refused(part: str, text: str) -> None:
    """
    A name that breaks a log line or that one database cannot store is a fault, not an event.
    """
    with pytest.raises(ValueError, match=r"."):
        list(chain([a_new_event(**{part: text})], after=None))


def test_every_action_has_its_kind_and_the_law_its_six() -> None:
    """
    Section 62 of the Data Protection Act 2018 names six operations; each can be logged.
    """
    assert set(Action) == set(KINDS)
    assert set(Kind) == set(KINDS.values())
