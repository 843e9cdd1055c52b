"""How the pairing benchmark counts: on a truth of a few pairs, and in a whole small run."""

import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from bench.pairing import cleaning, clear, contenders, night
from bench.pairing.generate import generate
from bench.pairing.quality import Share, Truth, judge, thresholds
from bench.pairing.runs import Measured, Run, exponents
from domain.pairing import default_weights, weigh
from domain.pairing.candidates import all_candidates
from domain.pairing.frames import FIELDS

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Truth:
    """The truth of 500 referrals."""
    folder = tmp_path_factory.mktemp("data")
    generate(folder, 500, "realistic", seed=4)
    return Truth(folder)


def a_run(seconds: float) -> Run:
    """A run of one stage."""
    return Run({"whole": seconds}, {"whole": 1})


def banded(pairs: pl.DataFrame, band: str = "auto") -> pl.DataFrame:
    """Pairs as a contender writes them."""
    return pairs.select("referral", "document").with_columns(
        weight=10.0, band=pl.lit(band), role=pl.lit("primary")
    )


@given(of=st.integers(1, 10_000), data=st.data())
def test_the_interval_is_scipys_exact_one(of: int, data: st.DataObject) -> None:
    """
    A rate is never printed without how far it can be trusted.
    """
    count = data.draw(st.integers(0, of))
    exact = binomtest(count, of).proportion_ci(method="exact")

    assert (exact.low, exact.high) == pytest.approx(Share(count, of).interval)


def test_the_truth_itself_is_found_to_be_right(truth: Truth) -> None:
    """
    Nothing is missed and nothing is false.
    """
    found = judge(banded(truth.pairs.filter("counts")), truth)

    assert 1 == found.found.value
    assert 0 == found.wrong.count
    assert 1 == found.precision
    assert {} == found.false
    assert 0 == found.review.count


def test_a_true_pair_that_does_not_count_is_neither_a_hit_nor_a_miss(truth: Truth) -> None:
    """
    A contender that pairs drafts and one that does not are judged alike.
    """
    with_drafts = judge(banded(truth.pairs), truth)
    without = judge(banded(truth.pairs.filter("counts")), truth)

    assert 0 < truth.pairs.filter(~pl.col("counts")).height
    assert with_drafts == without


def test_a_decoy_that_is_paired_is_false_and_named_by_its_kind(truth: Truth) -> None:
    """
    What goes wrong is read by what it was that looked right.
    """
    decoy = truth.decoys.filter(pl.col("decoy") == "incident").head(3)
    pairs = banded(decoy.with_columns(referral=pl.lit(0, dtype=pl.Int64)))

    found = judge(pairs, truth)
    assert {"incident": 3} == found.false
    assert (3, 3) == (found.wrong.count, found.wrong.of)
    assert 0 == found.found.count


def test_a_document_given_to_another_referral_is_false(truth: Truth) -> None:
    """
    The document is real and answers somebody, but not this one.
    """
    pair = truth.pairs.filter(kind="one-to-one", counts=True).head(1)
    other = pair.with_columns(referral=(pl.col("referral") + 1) % truth.referrals)

    assert {"another's document": 1} == judge(banded(other), truth).false


def test_review_is_of_referrals_without_a_pairing(truth: Truth) -> None:
    """
    A second document put to a person does not leave the referral open.
    """
    pairs = truth.pairs.filter(kind="one-to-one", counts=True).head(10)
    review = banded(pairs, "review")
    settled = pl.concat([banded(pairs.head(4)), review])

    assert 10 == judge(review, truth).review.count
    assert 6 == judge(settled, truth).review.count


def test_thresholds_are_the_best_f1_and_the_lowest_that_is_safe(truth: Truth) -> None:
    """
    Splink is shown at its best, and at the precision asked of us.
    """
    right = banded(truth.pairs.filter("counts")).with_row_index("n")
    scored = right.with_columns(weight=20 - pl.col("n") * 0.01).drop("n")
    decoys = banded(truth.decoys.head(50).with_columns(referral=pl.lit(0, dtype=pl.Int64)))
    low = decoys.with_columns(weight=pl.lit(1.0))
    high = decoys.head(1).with_columns(weight=pl.lit(18.005))

    best, safe = thresholds(pl.concat([scored, low]), truth)
    assert (1, 1) == (best.recall, best.precision)
    assert best == safe
    _, safe = thresholds(pl.concat([scored, low, high]), truth)
    assert pytest.approx(18.01) == safe.bits
    assert 1 == safe.precision


def test_growth_is_the_power_of_size_that_time_grows_with() -> None:
    """
    Ten times the referrals in ten times the time is a power of 1.
    """
    sizes = [
        Measured("easy", size, runs={"engine": [a_run(seconds), a_run(99)]})
        for size, seconds in ((100, 2.0), (1_000, 20.0), (10_000, 40.0))
    ]

    grown = exponents(sizes, "engine")
    assert [(100, 1_000), (1_000, 10_000)] == [(low, high) for low, high, _ in grown]
    assert [1, 0.30103] == pytest.approx([power for _, _, power in grown], abs=1e-5)
    assert [] == exponents(sizes, "splink")


def test_the_whole_benchmark_runs_in_little_and_writes_its_section(tmp_path: Path) -> None:
    """
    Every contender, Splink among them, on the same 1,000 referrals.
    """
    page = tmp_path / "benchmarks.md"
    page.write_text("# Benchmarks\n\nBy hand.\n")
    done = subprocess.run(
        [sys.executable, "-m", "bench.pairing", "--small", "--repetitions", "1",
         "--folder", tmp_path, "--page", page],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert 0 == done.returncode, done.stderr
    text = page.read_text()
    assert text.startswith("# Benchmarks\n\nBy hand.\n")
    assert "<!-- measured: pairing, realistic -->" in text
    for name in ("limit", "engine, raw", "engine, stored", "Splink"):
        assert f"| realistic, 1,000 | {name} |" in text
    for words in ("One night's work in the kernel", "keyed tokens", "names in clear"):
        assert words in text
    assert 2 == len(re.findall(r"Splink takes [\d.]+ times .*; warm, [\d.]+ times\.", text))
    outs = {
        name: pl.read_parquet(tmp_path / f"out-{name}" / "pairs.parquet")
        for name in ("engine", "stored", "splink")
    }
    order = ["referral", "document"]
    assert outs["engine"].sort(order).equals(outs["stored"].sort(order))
    truth = Truth(tmp_path / "realistic-1000-1")
    best, _ = thresholds(outs["splink"], truth)
    assert best.f1 > 0.85
    ours = judge(outs["engine"], truth)
    assert ours.found.value > 0.85
    assert ours.precision > 0.97


def test_names_in_clear_change_the_names_bits_and_nothing_else(tmp_path: Path) -> None:
    """
    The comparison says what the tokens cost, so all else must be equal and add up.
    """
    generate(tmp_path, 500, "harsh", seed=9)
    weights = default_weights()
    (ours, named), (theirs, also) = cleaning.referrals(tmp_path), cleaning.documents(tmp_path)
    pairs = all_candidates(ours, theirs, weights).pairs
    edges = weigh(pairs, ours, theirs, weights)

    changed = clear.in_clear(edges, (named, also), Truth(tmp_path), weights)
    fields = [f"w_{field}" for field in FIELDS]
    total = changed.select(pl.sum_horizontal(fields) + weights.prior).to_series()
    assert changed["weight"].to_list() == pytest.approx(total.to_list(), abs=1e-4)
    kept = [name for name in edges.columns if name not in ("weight", "w_name", "w_people_cap")]
    assert edges.select(kept).equals(changed.select(kept))
    best = clear.levels(pairs, (named, also)) == 1
    assert changed.filter(pl.Series(best))["w_name"].n_unique() == 1
    assert changed.filter(pl.Series(best))["w_name"][0] > 5


def test_a_nights_open_referrals_had_no_document_before_it(tmp_path: Path) -> None:
    """
    What is timed is what a night has to do, out of a longer history.
    """
    generate(tmp_path, 1_000, "realistic", seed=2)
    contenders.run("store", tmp_path, tmp_path)
    truth = Truth(tmp_path)

    found, *others = night.nights(tmp_path, truth)
    begun = found.new.records["at"].min()
    assert night.NEW == found.new.records.height
    assert 0 < found.open.records.height <= night.OPEN
    documents = pl.read_parquet(tmp_path / "cleaned" / "documents.parquet")
    before = documents.filter(pl.col("at") < begun).select(document="key")
    answered = truth.pairs.join(before, on="document", how="semi")["referral"]
    assert not found.open.records["key"].is_in(answered.implode()).any()
    for side in (found.open, found.new):
        assert side.people.join(
            side.records, left_on="record", right_on="key", how="anti"
        ).is_empty()
    seconds, pairs = night.timed(found)
    assert night.REPETITIONS == len(seconds)
    assert 0 < judge(pairs, truth).wrong.of
    times = [one.new.records["at"] for one in (found, *others)]
    assert len(times) == 3
    assert all(one.max() <= two.min() for one, two in pairwise(times))  # type: ignore[operator]
