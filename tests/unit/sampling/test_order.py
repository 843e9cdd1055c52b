"""The merged order of tickets: frames come in without moving anybody, draws only go on."""

from hypothesis import given
from hypothesis import strategies as st

from domain.assurance import tickets
from domain.sampling.order import Drawable, first, merged, undrawn

SEEDS = ("assure/1|S|dice:31415926535897932384", "assure/1|S+1|dice:62643383279502884197")
ids = st.lists(st.text("0123456789abcdef", min_size=4, max_size=8), unique=True, min_size=4)


@st.composite
def two_frames(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """The ids of a main frame and of a supplementary one, none in both."""
    found = draw(ids)
    cut = draw(st.integers(1, len(found) - 1))
    return found[:cut], found[cut:]


def frames(both: tuple[list[str], list[str]]) -> list[Drawable]:
    """The frames, each with its seed, all drawn from as one."""
    return [Drawable(seed, {"": some}) for seed, some in zip(SEEDS, both, strict=True)]


@given(both=two_frames())
def test_a_supplement_leaves_the_order_of_the_main_frame(both: tuple[list[str], list[str]]) -> None:
    """
    Merge without reshuffling.
    """
    alone = merged(frames(both)[:1], "", len(both[0]))
    together = merged(frames(both), "", sum(map(len, both)))

    assert alone == [place for place in together if place.frame == 0]
    assert sorted(place.number for place in together) == [place.number for place in together]


@given(both=two_frames(), data=st.data())
def test_what_is_drawn_of_each_frame_is_a_beginning_of_its_own_order(
    both: tuple[list[str], list[str]], data: st.DataObject
) -> None:
    """
    So anybody can draw each frame alone.
    """
    size = data.draw(st.integers(0, sum(map(len, both))))
    found = first(frames(both), "", size)
    for at, (seed, some) in enumerate(zip(SEEDS, both, strict=True)):
        own = [place.draw_id for place in found if place.frame == at]
        assert [each.draw_id for each in tickets.draw(seed, some, len(own))] == own


@given(both=two_frames(), data=st.data())
def test_the_next_tickets_go_on_where_the_draw_ended(
    both: tuple[list[str], list[str]], data: st.DataObject
) -> None:
    """
    A draw of so many and so many more is the larger draw.
    """
    whole = sum(map(len, both))
    size = data.draw(st.integers(0, whole))
    more = data.draw(st.integers(0, whole - size))
    start = first(frames(both), "", size)
    rest = undrawn(frames(both), "", more, {place.draw_id for place in start})

    assert first(frames(both), "", size + more) == start + rest


@given(both=two_frames(), data=st.data())
def test_items_out_of_frame_are_passed_over(
    both: tuple[list[str], list[str]], data: st.DataObject
) -> None:
    """
    The first so many that are in frame are the sample of those that are.
    """
    every = both[0] + both[1]
    out = data.draw(st.sets(st.sampled_from(every), max_size=len(every) - 1))
    size = data.draw(st.integers(0, len(every) - len(out)))
    kept = [place.draw_id for place in first(frames(both), "", size, out)]
    clean = ([each for each in some if each not in out] for some in both)
    only = [
        place.draw_id
        for place in merged(
            [Drawable(seed, {"": some}) for seed, some in zip(SEEDS, clean, strict=True)], "", size
        )
    ]

    assert only == [draw_id for draw_id in kept if draw_id not in out]
