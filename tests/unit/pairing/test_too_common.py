"""What very many records share makes no flood of candidates, and the warning names the cause."""

import tracemalloc
from dataclasses import dataclass
from typing import Any

import polars as pl
import pytest

from domain.pairing import DOCUMENT_SCHEMA, REFERRAL_SCHEMA, Records, engine
from domain.pairing.candidates import all_candidates
from domain.pairing.evidence import edges_of
from tests.unit.pairing.pairings import NOTHING, WEIGHTS
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


@pytest.mark.parametrize(
    ("shared", "left", "right"),
    [
        pytest.param("a reference", ALL_SHARE, ALL_SHARE, id="a reference, on both sides"),
        pytest.param("a reference", 1, ALL_SHARE, id="a reference that all documents quote"),
        pytest.param("a reference", ALL_SHARE, 1, id="a reference that all referrals have"),
        pytest.param("an officer", ALL_SHARE, ALL_SHARE, id="an officer"),
    ],
)
def test_a_value_that_ten_thousand_records_share_gives_no_candidates(
    shared: str, left: int, right: int
) -> None:
    """Each against each would be a hundred million pairs, and one of them is no sign of any."""
    value: dict[str, Any] = {"officer": None} if shared == "a reference" else {"reference": None}
    quoted: dict[str, Any] = {"officer": None} if shared == "a reference" else {"references": []}
    ours = many(referrals([a_referral(0, **BARE, **value)]), left)
    theirs = many(documents([a_document(0, **BARE, **quoted)]), right)
    found = all_candidates(ours, theirs, WEIGHTS)

    assert found.pairs.is_empty()
    (warning,) = found.warnings
    cause = "quoted reference" if shared == "a reference" else "officer and day"
    assert warning.startswith(f"Not compared by {cause}: 1 value is shared by too many records")
    referral, document = (
        f"{count:,} {word}{'s' * (count > 1)}"
        for count, word in ((left, "referral"), (right, "document"))
    )
    assert f"up to {referral} and {document};" in warning


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


@dataclass(frozen=True)
class Work:
    """What pairing took: pairs compared, the most bytes held in arrays at once, the warnings."""

    pairs: int
    held: int
    warnings: tuple[str, ...]


def work_of_one_officer(count: int, a_day: int, monkeypatch: pytest.MonkeyPatch) -> Work:
    """Pair `count` records a side of which nothing is known but one officer and the day."""
    at = pl.lit(MONDAY) + pl.duration(days=pl.int_range(count, dtype=pl.Int64) // a_day)
    own = {"at": at, "day": at.dt.date()}
    ours = many(referrals([a_referral(0, **BARE, reference=None)]), count, **own)
    theirs = many(documents([a_document(0, **BARE, references=[])]), count, **own)
    compared: list[int] = []

    def counted(weighed: Any, left: Any, *more: Any) -> pl.DataFrame:
        compared.append(len(left))
        return edges_of(weighed, left, *more)

    with monkeypatch.context() as patch:
        patch.setattr(engine, "edges_of", counted)
        tracemalloc.start()
        try:
            found = engine.pair(ours, theirs, NOTHING, WEIGHTS)
            held = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    return Work(sum(compared), held, found.warnings)


@pytest.mark.parametrize(
    ("count", "a_day", "pairs_each"),
    [
        pytest.param(10_000, 1_000, 0, id="a thousand a day, too many to compare"),
        pytest.param(500, 57, 2 * 3 * 57, id="57 a day, just few enough"),
    ],
)
def test_the_work_for_one_officer_grows_with_the_records_and_not_with_their_square(
    count: int, a_day: int, pairs_each: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A million rows under one placeholder would otherwise be 10^12 pairs. A referral is compared
    with documents of its day and the two beside it, at most twice: by the officer and, where it
    stays without a document, to say what came near.
    """
    once, twice = (work_of_one_officer(size, a_day, monkeypatch) for size in (count, 2 * count))

    for size, work in ((count, once), (2 * count, twice)):
        days = -(-size // a_day)
        assert work.pairs <= pairs_each * size
        assert work.held < 1_000 * size + 500 * work.pairs
        if pairs_each:
            assert (work.pairs > 0, work.warnings) == (True, ())
        else:
            (warning,) = work.warnings
            assert warning.startswith(f"Not compared by officer and day: {days} values are shared")
            assert "up to 3,000 referrals and 1,000 documents; the limits are 10,000" in warning
    assert twice.held < 2.3 * once.held
