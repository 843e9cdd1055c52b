"""A ticket is the item's own: order, size, other strata and later records do not change it."""

from hashlib import sha256
from itertools import pairwise
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assurance.tickets import Ticket, check_seed, draw, draw_strata, merge, number
from domain.errors import SampleRefused
from tests.unit.assurance.strategies import steady

SEED = "01382438112797316654"
plain = st.characters(codec="latin-1", min_codepoint=0x20, exclude_categories=("Cc", "Cs"))
ids = st.text(plain, min_size=1)
frames = st.sets(ids, min_size=1, max_size=40).map(sorted)


@steady
@given(frames, st.randoms(use_true_random=False))
def test_the_order_of_the_frame_does_not_matter(frame: list[str], random: object) -> None:
    """Two loads of the same referrals give the same draw."""
    shuffled = frame[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert draw(SEED, frame, len(frame)) == draw(SEED, shuffled, len(frame))


@steady
@given(frames, st.data())
def test_a_larger_draw_begins_with_the_smaller_one(frame: list[str], data: st.DataObject) -> None:
    """Extending a sample keeps the work already done on it."""
    size = data.draw(st.integers(0, len(frame)))
    more = data.draw(st.integers(0, len(frame) - size))
    whole = draw(SEED, frame, len(frame))

    assert whole[:size] == draw(SEED, frame, size)
    assert whole[size : size + more] == draw(SEED, frame, more, after=size)


@steady
@given(frames, st.data())
def test_striking_items_out_changes_nobody_elses_ticket(
    frame: list[str], data: st.DataObject
) -> None:
    """An item found not to belong is replaced by the next, and the rest stay."""
    kept = [draw_id for draw_id in frame if data.draw(st.booleans())]
    whole = [ticket for ticket in draw(SEED, frame, len(frame)) if ticket.draw_id in kept]

    assert whole == draw(SEED, kept, len(kept))


@steady
@given(frames, st.data())
def test_strata_and_late_records_merge_without_reshuffling(
    frame: list[str], data: st.DataObject
) -> None:
    """Districts drawn apart give the tickets that drawing them together would."""
    place = {draw_id: data.draw(st.sampled_from("abc")) for draw_id in frame}
    strata = {name: [d for d in frame if place[d] == name] for name in set(place.values())}
    parts = draw_strata(SEED, strata, {name: len(some) for name, some in strata.items()})

    assert draw(SEED, frame, len(frame)) == merge(parts.values())
    for name, some in strata.items():
        assert parts[name] == draw(SEED, some, len(some))


@steady
@given(ids)
def test_a_ticket_is_what_its_definition_says(draw_id: str) -> None:
    """By other means: hexadecimal digests, and digits taken one by one from the end."""
    inner = sha256(SEED.encode()).hexdigest()
    rest = int(sha256((inner + draw_id).encode()).hexdigest(), 16)
    digits = []
    while rest:
        rest, digit = divmod(rest, 10)
        digits.append(str(digit))

    assert number(SEED, draw_id) == "0." + "".join(digits).ljust(64, "0")


def test_tickets_are_in_order_and_full() -> None:
    """64 digits or more, as the auditor's own tools print them."""
    tickets = draw(SEED, [f"{i:032x}" for i in range(2000)], 2000)

    assert all(one < other for one, other in pairwise(tickets))
    assert all(len(ticket.number) >= 66 for ticket in tickets)
    assert len({ticket.number for ticket in tickets}) == 2000


def test_a_million_are_drawn_from_in_a_few_seconds() -> None:
    """A national year of referrals."""
    frame = [f"{i:032x}" for i in range(1_000_000)]
    before = perf_counter()
    tickets = draw(SEED, frame, 60)
    took = perf_counter() - before

    assert (60, tickets[:59]) == (len(tickets), draw(SEED, [t.draw_id for t in tickets], 59))
    assert took < 10


def test_equal_tickets_would_be_put_in_the_order_of_ids() -> None:
    """Nobody will see it; the order is whole all the same."""
    assert Ticket("0.1", "a") < Ticket("0.1", "b") < Ticket("0.10", "a")


@pytest.mark.parametrize(
    ("frame", "because"),
    [
        (["a", "b", "a"], "lists an item twice"),
        (["a", ""], "draw id that is empty"),
        (["a", "b\n"], "a character that is not printed"),
        (["a", "e\u0301"], "can be written in two ways"),
        (["a", "\ud800"], "a character that is not printed"),
    ],
)
def test_a_frame_that_could_be_read_in_two_ways_is_refused(frame: list[str], because: str) -> None:
    """Also under python -O, which would drop an assertion."""
    with pytest.raises(SampleRefused, match=rf"{because}.*Nothing was drawn\."):
        draw(SEED, frame, 1)


@pytest.mark.parametrize(("size", "after"), [(4, 0), (1, 3), (-1, 0), (1, -1)])
def test_more_than_the_frame_holds_is_refused(size: int, after: int) -> None:
    """The sample would be smaller than was planned."""
    with pytest.raises(SampleRefused, match=f"Cannot draw {size} items after {after} from a frame"):
        draw(SEED, ["a", "b", "c"], size, after)


def test_an_item_in_two_strata_is_refused() -> None:
    """It would have two chances."""
    with pytest.raises(SampleRefused, match="twice"):
        draw_strata(SEED, {"x": ["a"], "y": ["a", "b"]}, {"x": 1, "y": 1})


def test_sizes_for_other_strata_are_refused() -> None:
    """A stratum without a size would be left out unseen."""
    with pytest.raises(SampleRefused, match="not those that sizes were planned for"):
        draw_strata(SEED, {"x": ["a"], "y": ["b"]}, {"x": 1})


@pytest.mark.parametrize(
    ("seed", "because"),
    [
        ("", "has 0 characters"),
        ("1234567890123456789", "has 19 characters"),
        ("                                    ", "has 0 characters"),
        (SEED + " ", "begins or ends with a space"),
        (SEED[:10] + "\n" + SEED[10:], "not printed"),
        (SEED + "e\u0301", "two ways"),
    ],
)
def test_a_seed_that_is_short_or_unclear_is_refused(seed: str, because: str) -> None:
    """It could have been tried out beforehand, or typed again as another."""
    with pytest.raises(SampleRefused, match=because):
        check_seed(seed)
    with pytest.raises(SampleRefused, match=because):
        draw(seed, ["a"], 1)
