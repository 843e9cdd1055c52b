"""A text has one hash, whichever loop makes it."""

import sys

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.pairing import kernel
from domain.pairing.texts import text_hash

TEXTS = st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=90))


@settings(deadline=None)
@given(texts=TEXTS)
def test_the_compiled_hash_of_a_text_is_the_plain_one(texts: list[str | None]) -> None:
    """
    Stored keys are made of it by whichever a night or a full pass takes.
    """
    column = pl.Series(texts, dtype=pl.String)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "LARGE", 0)
        compiled = text_hash(column)
        patch.setattr(kernel, "LARGE", sys.maxsize)
        plain = text_hash(column)

    assert compiled.tolist() == plain.tolist()
