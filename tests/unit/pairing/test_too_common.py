"""What very many records share makes no flood of candidates, and the warning names the cause."""

from typing import Any

import polars as pl
import pytest

from domain.pairing import DOCUMENT_SCHEMA, REFERRAL_SCHEMA, Records
from domain.pairing.candidates import all_candidates
from tests.unit.pairing.pairings import WEIGHTS
from tests.unit.pairing.strategies import MONDAY, a_document, a_referral, documents, referrals

BARE: dict[str, Any] = {
    "incident": None,
    "incident_day": None,
    "custody": None,
    "postcode": None,
    "vehicles": [],
}
ALL_SHARE = 10_000


def many(side: Records, count: int, **own: pl.Expr) -> Records:
    """`count` records that differ from the one given in their keys, and in `own`."""
    schema = REFERRAL_SCHEMA if "reference" in side.records.columns else DOCUMENT_SCHEMA
    number = pl.int_range(count, dtype=pl.Int64)
    records = pl.concat([side.records] * count).with_columns(
        key=number, order=pl.format("EX/{}", number), **own
    )
    return Records(records.select(schema.keys()), side.people)


@pytest.mark.parametrize("shared", ["a reference", "an officer"])
def test_a_value_that_ten_thousand_records_share_gives_no_candidates(shared: str) -> None:
    """Each against each would be a hundred million pairs."""
    value: dict[str, Any] = {"officer": None} if shared == "a reference" else {"reference": None}
    quoted: dict[str, Any] = {"officer": None} if shared == "a reference" else {"references": []}
    ours = many(referrals([a_referral(0, **BARE, **value)]), ALL_SHARE)
    theirs = many(documents([a_document(0, **BARE, **quoted)]), ALL_SHARE)
    found = all_candidates(ours, theirs, WEIGHTS)

    assert found.pairs.is_empty()
    (warning,) = found.warnings
    cause = "quoted reference" if shared == "a reference" else "officer and day"
    assert warning.startswith(f"Not compared by {cause}: 1 value is shared by too many records")
    assert f"up to {ALL_SHARE * ALL_SHARE:,} pairs" in warning


def test_a_common_value_hides_no_pair_that_another_value_shows() -> None:
    """The incident number still brings its two records together among ten thousand."""
    numbered = pl.format("{}", pl.int_range(ALL_SHARE))
    bare: dict[str, Any] = {"custody": None, "postcode": None, "vehicles": []}
    sides = [
        many(side, ALL_SHARE, incident=numbered, incident_day=pl.lit(MONDAY.date()))
        for side in (referrals([a_referral(0, **bare)]), documents([a_document(0, **bare)]))
    ]
    found = all_candidates(sides[0], sides[1], WEIGHTS)

    assert found.pairs.height == ALL_SHARE
    assert (found.pairs["referral"] == found.pairs["document"]).all()
