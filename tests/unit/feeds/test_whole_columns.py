"""A column of numbers is folded exactly as each of them is, by patterns and byte by byte."""

import re
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.feeds.packed_numbers import Kind, column_of, lists_of, numbers, several
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
from domain.pairing import kernel
from domain.pairing.arrays import NO_DAY

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
@settings(deadline=None, max_examples=80)
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


RULES: dict[Kind, Callable[[IdentifierRules], Rule]] = {
    Kind.REFERENCE: lambda rules: rules.normalise_reference,
    Kind.INCIDENT: lambda rules: rules.normalise_incident,
    Kind.CUSTODY: lambda rules: rules.normalise_custody,
    Kind.POSTCODE: lambda _: normalise_postcode,
    Kind.VEHICLE: lambda _: normalise_vehicle,
}
PREFIXES = st.sampled_from(["", "", "WYP-", "Log ", "nccu/", "NCCU ", "NCCU", "Q", "ref no:", "2"])
GAPS = st.sampled_from(["/", "-", " ", ".", "_", ",", " of ", " ON ", "of", "", "  ", "/ "])
DIGITS = st.text("0123456789", max_size=9) | st.sampled_from(
    ["20260302", "02032026", "020326", "300226", "2026", "26", "02", "3", "0300417", "000"]
)
MIDDLES = st.sampled_from(["Mar", "february", "SEPTE", "XYZ", "of", "ma", "1", "12", "13", ""])
FORMS = st.one_of(
    st.builds("{}{}{}{}".format, PREFIXES, DIGITS, GAPS, DIGITS),
    st.builds("{}{}{}{}".format, st.text("ABNORECUF", max_size=7), GAPS, DIGITS, GAPS).flatmap(
        lambda begun: DIGITS.map(lambda year: begun + year)
    ),
    st.tuples(PREFIXES, DIGITS, GAPS, DIGITS, GAPS, MIDDLES | DIGITS, GAPS, DIGITS).map("".join),
    st.from_regex(r"[A-Z]{1,2}[0-9][A-Z0-9]? ?([0-9]([A-Z]{2})?)?", fullmatch=True),
    st.text("AO1IZS -é", max_size=9),
)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("rules", [DEFAULT_RULES, OWN], ids=["default", "own"])
@settings(deadline=None, max_examples=80)
@given(texts=st.lists(st.none() | FORMS | TEXTS, max_size=12))
@example(texts=["2026-02-03/12", "2026/02/03/26", "2026 02/03/26", "2026-02Mar26", "20260302"])
@example(texts=["12 of 31/04/2026", "of 12/02/03/2026", "a-1", "ab cd ef gh 1", "x" * 60, "1" * 50])
@example(texts=["REF/123/24", "NO12/24", "AB-00-04", "000/04", "12AB/3/24", "ABCDEFG/3/24"])
@example(texts=["NCCU 210042661", "NCCU:210042661", "26/12345", "12345/26", "26/000", "2126-1234"])
@example(texts=["LS1 4AP", "LS14AP", "LS1A 4AP", "LS1 4", "L1", "L11AA", "LS", "4AP", "LSX1 4AP"])
def test_a_number_is_told_byte_by_byte_as_its_pattern_tells_it(
    kind: Kind, rules: IdentifierRules, texts: list[str | None]
) -> None:
    """
    What is told in the fast way must be what the rules say, whatever was written.
    """
    rule = RULES[kind](rules)
    expected = [None if text is None else rule(text) for text in texts]
    column = pl.Series(texts, dtype=pl.String)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "LARGE", 0)
        found = numbers(kind, column, rules)
        listed = several(kind, pl.Series([texts, [], None], dtype=pl.List(pl.String)), rules)

    if kind == Kind.INCIDENT:
        days = pl.Series(found.days).replace(int(NO_DAY), None).cast(pl.Int32).cast(pl.Date)
        told = zip(column_of(found.texts).to_list(), days.to_list(), strict=True)
        assert [one or (None, None) for one in expected] == list(told)
    else:
        assert expected == column_of(found.texts).to_list()
        once = list(dict.fromkeys(one for one in expected if one is not None))
        assert [once, [], []] == lists_of(listed).to_list()


def test_the_default_patterns_are_such_that_polars_runs_them() -> None:
    """
    A pattern that it cannot run is right too, and several times as slow.
    """
    for patterns in (DEFAULT_RULES.reference, DEFAULT_RULES.incident, DEFAULT_RULES.custody):
        for pattern in patterns:
            assert isinstance(pattern, re.Pattern)
            pl.Series([""]).str.contains(f"(?i)^(?:{pattern.pattern})$")
