"""The generator's promises: repeatable, true to its own truth, and as bad as its table says."""

from pathlib import Path

import polars as pl
import pytest

from synthetic import TABLE, Feeds, Setting, generate, write_csv, write_jsonl, write_parquet
from synthetic.corruptions import DECOYS, SETTINGS

REFERRALS = 3000


@pytest.fixture(scope="module", params=SETTINGS)
def setting(request: pytest.FixtureRequest) -> Setting:
    """Each setting in turn."""
    chosen: Setting = request.param
    return chosen


def chance(share: float, count: int) -> float:
    """How far a share of `count` may stray by chance: 4.5 standard errors."""
    return 4.5 * float((share * (1 - share) / count) ** 0.5)


@pytest.fixture(scope="module")
def feeds(setting: Setting) -> Feeds:
    """A year of a few forces."""
    return generate(REFERRALS, seed=11, setting=setting)


def test_equal_seeds_give_equal_bytes(tmp_path: Path) -> None:
    """
    A benchmark's figures can be had again by whoever doubts them.
    """
    for folder in ("one", "two"):
        write_csv(generate(200, seed=5), tmp_path / folder)

    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert names == [
        "corruptions.csv", "decoys.csv", "documents.csv", "referrals.csv", "truth.csv",
    ]  # fmt: skip
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_another_seed_gives_other_feeds() -> None:
    """
    Thresholds chosen on one set are checked on a fresh one.
    """
    assert not generate(200, seed=5).documents.equals(generate(200, seed=6).documents)


def test_slices_put_together_are_the_whole(feeds: Feeds) -> None:
    """
    Five million documents are written a slice at a time.
    """
    middle = feeds.document_count // 3

    parts = [feeds.document_slice(0, middle), feeds.document_slice(middle, feeds.document_count)]

    assert feeds.documents.equals(pl.concat(parts))


def test_keys_are_unique_and_the_truth_names_only_records_that_exist(feeds: Feeds) -> None:
    """
    A truth about records that are not in the feeds would count every engine wrong.
    """
    referrals, documents, truth = feeds.referrals, feeds.documents, feeds.truth

    assert referrals["referral_id"].is_unique().all()
    assert documents["urn"].is_unique().all()
    assert not truth.select("referral_id", "urn").is_duplicated().any()
    assert set(truth["referral_id"]) <= set(referrals["referral_id"])
    assert set(truth["urn"]) | set(feeds.decoys["urn"]) == set(documents["urn"])
    assert not set(truth["urn"]) & set(feeds.decoys["urn"])


def test_a_pair_is_of_one_force_and_within_sixty_days(feeds: Feeds) -> None:
    """
    The pairing engine looks no further, so neither may the truth (a second document
    comes up to nine days after that).
    """
    pairs = feeds.truth.join(feeds.referrals, on="referral_id").join(
        feeds.documents, on="urn", suffix="_of_document"
    )

    waited = (pairs["submitted_at"] - pairs["referred_at"]).dt.total_hours(fractional=True)
    assert pairs["force"].equals(pairs["force_of_document"], check_names=False)
    assert waited.min() >= -24  # type: ignore[operator]  # hours, never null
    assert waited.max() <= 70 * 24  # type: ignore[operator]  # likewise


def test_a_document_is_the_primary_of_one_referral_or_the_second_of_one(feeds: Feeds) -> None:
    """
    What the words mean: covers are the further referrals of a document that has a primary.
    """
    kinds = feeds.truth.group_by("urn").agg(pl.col("kind").sort())["kind"].to_list()

    assert all(
        one == ["second"] or one == [*["cover"] * (len(one) - 1), "primary"] for one in kinds
    )


def test_four_documents_in_five_answer_nothing(feeds: Feeds) -> None:
    """
    The needle is in a haystack, as in an intelligence system.
    """
    assert feeds.document_count == 5 * REFERRALS
    assert feeds.decoys.height > 0.78 * feeds.document_count
    assert {*DECOYS, "unrelated"} == set(feeds.decoys["kind"])


@pytest.mark.parametrize("name", [one.name for one in TABLE if one.of == "answer"])
def test_damage_to_answers_is_as_frequent_as_the_table_says(
    feeds: Feeds, setting: Setting, name: str
) -> None:
    """
    The table is the generator's documentation, so it must be true.
    """
    done = feeds.corruptions.filter(corruption=name).height
    share = done / feeds.truth["urn"].n_unique()

    stated = next(one for one in TABLE if one.name == name).rate(setting)
    assert stated == pytest.approx(share, abs=chance(stated, feeds.truth["urn"].n_unique()))


@pytest.mark.parametrize("name", [one.name for one in TABLE if one.of == "person"])
def test_damage_to_people_is_as_frequent_as_the_table_says(
    feeds: Feeds, setting: Setting, name: str
) -> None:
    """
    Likewise for names and dates of birth, of which a document has several.
    """
    bit = [one.name for one in TABLE].index(name)
    share = ((feeds.document_people.done >> bit) & 1).mean()

    stated = next(one for one in TABLE if one.name == name).rate(setting)
    assert stated == pytest.approx(share, abs=chance(stated, len(feeds.document_people.done)))


def test_omissions_come_together(feeds: Feeds) -> None:
    """
    A rushed officer leaves out everything; independent gaps would flatter the engine.
    """
    damage = feeds.corruptions.group_by("urn").agg("corruption")["corruption"]
    count = feeds.truth["urn"].n_unique()
    without = {
        field: damage.list.contains(f"{field}_missing") for field in ("reference", "incident")
    }
    both = int((without["reference"] & without["incident"]).sum())
    by_chance = int(without["reference"].sum()) * int(without["incident"].sum()) / count

    assert both > 1.1 * by_chance


def test_eight_in_a_hundred_referrals_have_no_document(feeds: Feeds) -> None:
    """
    Those are what the product is there to find.
    """
    undocumented = 1 - feeds.truth["referral_id"].n_unique() / REFERRALS

    assert pytest.approx(0.08, abs=0.015) == undocumented


def test_quoted_references_are_mostly_of_live_referrals() -> None:
    """
    Serials are dense: a wrong digit lands on somebody else's referral.
    """
    feeds = generate(REFERRALS, seed=3, setting="harsh")
    live = set(feeds.referrals["nccu_reference"].str.extract(r"(\d+)$").cast(pl.Int64))
    mistyped = feeds.corruptions.filter(corruption="reference_mistyped").select("urn")
    quoted = mistyped.join(feeds.documents, on="urn")["nccu_references"].explode()
    serials = quoted.drop_nulls().str.extract(r"(\d+)$").cast(pl.Int64)

    assert serials.is_in(list(live)).mean() > 0.5  # type: ignore[operator]  # never null


def test_incident_numbers_restart_every_day() -> None:
    """
    Without its day a log number means nothing.
    """
    feeds = generate(REFERRALS, seed=3, forces=["EX"])
    numbers = feeds.referrals["incident_number"].str.extract(r"(\d+)$").cast(pl.Int64)

    assert numbers.max() < 3000  # type: ignore[operator]  # never null
    assert numbers.n_unique() < feeds.referrals["incident_number"].n_unique()


def test_every_format_holds_the_same_records(tmp_path: Path) -> None:
    """
    A benchmark may read Parquet and a demo CSV, and they mean the same.
    """
    feeds = generate(50, seed=1)
    write_csv(feeds, tmp_path / "csv")
    write_jsonl(feeds, tmp_path / "jsonl")
    write_parquet(feeds, tmp_path / "parquet")

    csv = pl.read_csv(tmp_path / "csv" / "documents.csv")
    lines = pl.read_ndjson(tmp_path / "jsonl" / "documents.jsonl", infer_schema_length=None)
    parquet = pl.read_parquet(tmp_path / "parquet" / "documents.parquet" / "*.parquet")
    assert parquet.equals(feeds.documents)
    assert csv["submitted_at"].equals(lines["submitted_at"])
    assert csv.columns == lines.columns == parquet.columns
