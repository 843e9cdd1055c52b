"""Rows found by key, and numbers that do not depend on how the rows came."""

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from domain.pairing.places import among, numbered, places

KEYS = st.lists(st.integers(-5, 30), unique=True, max_size=12)


@given(keys=KEYS, wanted=st.lists(st.integers(-7, 32), max_size=12), ordered=st.booleans())
def test_a_place_is_where_the_key_is_or_nowhere(
    keys: list[int], wanted: list[int], ordered: bool
) -> None:
    """
    Keys that follow each other, that only ascend, or that come in any order.
    """
    keys = sorted(keys) if ordered else keys
    expected = [keys.index(key) if key in keys else -1 for key in wanted]
    found = places(pl.Series(keys, dtype=pl.Int64), pl.Series(wanted, dtype=pl.Int64))

    assert expected == found.tolist()


@given(data=st.data())
def test_records_with_rivals_are_numbered_as_their_texts_are_sorted(data: st.DataObject) -> None:
    """
    The others follow, each with a number of its own.
    """
    texts = data.draw(st.lists(st.text("abc", min_size=1), unique=True, min_size=1, max_size=9))
    rows = data.draw(st.lists(st.integers(0, len(texts) - 1), min_size=1))
    rivals = np.array(data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows))))
    number = numbered(pl.Series(texts), np.array(rows), rivals).tolist()
    of = dict(zip(rows, number, strict=True))
    first = sorted(
        {row for row, rival in zip(rows, rivals, strict=True) if rival}, key=texts.__getitem__
    )

    assert [of[row] for row in rows] == number
    assert list(range(len(first))) == [of[row] for row in first]
    assert sorted(of.values()) == list(range(len(of)))


@given(ends=st.lists(st.integers(0, 6)), data=st.data())
def test_an_end_is_among_some_if_one_of_them_is_the_same(
    ends: list[int], data: st.DataObject
) -> None:
    """
    Said for each edge, of edges marked or listed.
    """
    flags = data.draw(st.lists(st.booleans(), min_size=len(ends), max_size=len(ends)))
    some = {end for end, flag in zip(ends, flags, strict=True) if flag}
    array, marked = np.array(ends, dtype=np.int64), np.array(flags, dtype=np.bool_)

    assert [end in some for end in ends] == among(array, marked).tolist()
    assert among(array, marked).tolist() == among(array, np.flatnonzero(marked)).tolist()
