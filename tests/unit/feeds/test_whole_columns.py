"""A column of numbers is folded exactly as each of them is."""

import re
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.feeds.whole_columns import (
    INCIDENT,
    custodies,
    incidents,
    postcodes,
    references,
    vehicles,
)
from domain.identifiers import (
    DEFAULT_RULES,
    IdentifierRules,
    Incident,
    compiled,
    normalise_postcode,
    normalise_vehicle,
)

OWN = IdentifierRules(
    incident=compiled(r"(?P<serial>[0-9]+)-(?P<day>[0-9]{2})(?P<month>[0-9]{2})(?P<year>[0-9]{2})"),
    custody=compiled(r"(?P<prefix>[A-Z]+)(?!X)(?P<serial>[0-9]+)"),
)
"""A force's own: one pattern that polars runs, and one that looks ahead, which it does not."""
WORDS = ("NCCU", "nccu", "Ref:", "LOG", "of", "ON", "EX", "LS1", "4AP", "Mar", "march", "SEPT")
NUMBERS = ("0", "7", "26", "2026", "0012345", "300417", "20260302", "020326", "31", "02", "13")
SIGNS = (" ", "  ", "/", "-", ".", "_", ",", ":", "\t", "\n", "\u2013", "\u00e9", "\uff12", "")
TEXTS = st.lists(st.sampled_from(WORDS + NUMBERS + SIGNS), max_size=9).map("".join)
Rule = Callable[[str], Any]
Fast = Callable[[pl.Series], pl.Series]
KINDS: dict[str, tuple[Fast, Rule]] = {
    "postcode": (postcodes, normalise_postcode),
    "vehicle": (vehicles, normalise_vehicle),
} | {
    f"{name} {whose}": (fold, rule)
    for whose, rules in (("default", DEFAULT_RULES), ("own", OWN))
    for name, fold, rule in (
        ("reference", lambda column, rules=rules: references(column, rules),
         rules.normalise_reference),
        ("incident", lambda column, rules=rules: incidents(column, rules),
         rules.normalise_incident),
        ("custody", lambda column, rules=rules: custodies(column, rules),
         rules.normalise_custody),
    )
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None, max_examples=150)
@given(texts=st.lists(st.none() | TEXTS | st.text(max_size=12), max_size=12))
@example(texts=["EX-20260302-0512", "0512/31-02-2026", "Log 512 02/03/26", "512/02Mar26", "tbc"])
@example(texts=["NCCU/26/0300417", "26/12345", "NCCU 2026 12345", "0000", None, ""])
@example(
    texts=["2026.03.02 7", "2026_03_02/7", "2026/03/02-7", "2026-03/02-7", "EX1234/0000005/26"]
)
def test_a_column_is_folded_as_its_values_are(kind: str, texts: list[str | None]) -> None:
    """
    A million rows and one row give the same keys, or they would not find each other.
    """
    fold, rule = KINDS[kind]
    found = fold(pl.Series("number", texts, dtype=pl.String))
    expected = [None if text is None else rule(text) for text in texts]

    assert found.name == "number"
    if found.dtype == INCIDENT:
        none = Incident(None, None)
        assert [one or none for one in expected] == [
            Incident(one["serial"], one["day"]) if one else none for one in found.to_list()
        ]
    else:
        assert expected == found.to_list()


def test_the_default_patterns_are_such_that_polars_runs_them() -> None:
    """
    A pattern that it cannot run is right too, and several times as slow.
    """
    for patterns in (DEFAULT_RULES.reference, DEFAULT_RULES.incident, DEFAULT_RULES.custody):
        for pattern in patterns:
            assert isinstance(pattern, re.Pattern)
            pl.Series([""]).str.contains(f"(?i)^(?:{pattern.pattern})$")
