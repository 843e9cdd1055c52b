"""The pairing benchmark's data: equal by seed, damaged at the rates it documents, true."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from adapters.feeds import DEFAULT_RULES
from bench.pairing.answers import SORT
from bench.pairing.corruptions import BY_NAME, SETTINGS, TABLE, Chooser, Setting, documented
from bench.pairing.generate import FILES, frames, generate
from bench.pairing.written import log_numbers

SIZE = 2_000
Frames = dict[str, pl.DataFrame]


@pytest.fixture(scope="module", params=[name for name in SETTINGS if name != "calibrated"])
def setting(request: pytest.FixtureRequest) -> Setting:
    """Each setting in turn in which everything happens."""
    found: Setting = request.param
    return found


@pytest.fixture(scope="module")
def made(setting: Setting) -> Frames:
    """Feeds of 2,000 referrals in that setting."""
    return dict(frames(SIZE, setting, seed=11))


def test_equal_seeds_write_equal_files_and_another_seed_others(tmp_path: Path) -> None:
    """
    A figure in the docs can be measured again on the very same data.
    """
    for place, seed in (("a", 5), ("b", 5), ("c", 6)):
        generate(tmp_path / place, 300, "harsh", seed)

    for name in FILES:
        one, same, other = (
            pl.read_parquet(tmp_path / place / f"{name}.parquet") for place in "abc"
        )
        assert one.equals(same)
        assert not one.equals(other)


def test_there_are_five_documents_a_referral_and_every_key_is_there_once(made: Frames) -> None:
    """
    Sizes are as asked for, and a person's row belongs to a record.
    """
    assert SIZE == made["referrals"].height
    assert 5 * SIZE == made["documents"].height
    for records, people, key in (
        ("referrals", "referral_people", "referral_id"),
        ("documents", "document_people", "urn"),
    ):
        keys = made[records].select("force", key)
        assert keys.n_unique() == keys.height
        assert made[people].join(keys, on=["force", key], how="anti").is_empty()
        assert made[people].select("force", key, "person").n_unique() == made[people].height


def test_each_corruption_of_a_document_happens_to_exactly_its_share(
    made: Frames, setting: Setting
) -> None:
    """
    The rates are counts, so that one seed is no worse than another.
    """
    truth = made["truth"].select("force", "urn").unique()
    answering = made["done"].join(truth, on=["force", "urn"], how="semi")
    counted = [kind for kind in TABLE if kind.of == "document"]

    assert {kind.name for kind in counted} == set(made["done"].columns) - {"force", "urn"}
    for kind in counted:
        wanted = round(kind.rate(setting) * answering.height)
        assert wanted == answering[kind.name].sum(), kind.name
        assert made["done"][kind.name].mean() == pytest.approx(kind.rate(setting), abs=2e-4)


def test_what_was_left_out_is_not_there(made: Frames) -> None:
    """
    The record of the damage is checked against the documents themselves.
    """
    both = made["documents"].join(made["done"], on=["force", "urn"])
    named = made["document_people"].select("force", "urn").unique()

    for name, column in (
        ("incident_missing", "incident_number"),
        ("event_day_missing", "event_date"),
        ("postcode_missing", "postcode"),
        ("custody_missing", "custody_number"),
    ):
        assert both.filter(name)[column].null_count() == both[name].sum()
    assert 0 == both.filter("reference_missing")["nccu_references"].list.len().sum()
    assert 0 == both.filter("vehicle_missing")["vehicle_registrations"].list.len().sum()
    unnamed = both.filter(pl.col("people_missing") & ~pl.col("person_extra"))
    assert unnamed.join(named, on=["force", "urn"], how="semi").is_empty()
    assert 0 < unnamed.height


def test_a_rushed_officer_leaves_out_everything_at_once(made: Frames) -> None:
    """
    Whoever leaves out one thing leaves out the others more often than by chance, too.
    """
    done = made["done"]
    omissions = [
        "reference_missing", "incident_missing", "event_day_missing", "postcode_missing",
        "vehicle_missing", "custody_missing",
    ]  # fmt: skip

    rushed = done.filter("rushed")
    assert 0 < rushed.height
    assert rushed.height * len(omissions) == sum(rushed[name].sum() for name in omissions)
    answering = rushed.join(made["truth"], on=["force", "urn"], how="semi")
    people = made["document_people"].join(answering, on=["force", "urn"], how="semi")
    assert people.select("urn").n_unique() == answering.height
    assert people["date_of_birth"].null_count() == people.height
    rest = done.filter(~pl.col("rushed"))
    for name in omissions[1:]:
        among = rest.filter("reference_missing")[name].mean()
        others = rest.filter(~pl.col("reference_missing"))[name].mean()
        assert among is not None
        assert others is not None
        assert float(str(among)) > float(str(others))


def test_omissions_differ_by_force_district_and_month() -> None:
    """
    A district's month in which references go missing is there to be found.
    """
    made = dict(frames(6_000, "realistic", seed=3))
    both = made["documents"].join(made["done"], on=["force", "urn"])
    by = both.group_by("force", pl.col("submitted_at").dt.truncate("1mo")).agg(
        share=pl.col("reference_missing").mean(), of=pl.len()
    )
    by = by.filter(pl.col("of") >= 400)
    share = BY_NAME["reference_missing"].realistic
    by_chance = (share * (1 - share) / by["of"]).sqrt()

    spread = ((by["share"] - share) / by_chance).to_numpy()
    assert np.sqrt((spread**2).mean()) > 2


def test_the_truth_names_records_that_are_there_and_no_pair_twice(made: Frames) -> None:
    """
    Recall and precision are counted on it.
    """
    truth = made["truth"]

    assert truth.select("force", "referral_id", "urn").n_unique() == truth.height
    for name, key in (("referrals", "referral_id"), ("documents", "urn")):
        assert truth.join(made[name], on=["force", key], how="anti").is_empty()
    sizes = truth.group_by("force", "urn").agg(pl.col("kind").first(), several=pl.len() > 1)
    covers = sizes.filter(pl.col("kind") == "cover")
    assert covers["several"].all()
    assert 0 < covers.height
    first = sizes.filter(pl.col("kind") == "one-to-one")
    assert not first["several"].any()


def test_a_document_that_does_not_count_is_marked_and_only_then(made: Frames) -> None:
    """
    A draft or a crime report answers nothing by rule, so it is not a miss.
    """
    pairs = made["truth"].join(made["documents"], on=["force", "urn"])
    good = pl.col("status").is_in(["submitted", "accepted"]) & pl.col(
        "document_type"
    ).str.starts_with("3x5x2")

    assert pairs.filter(good != pl.col("counts")).is_empty()
    assert 0 < pairs.filter(~pl.col("counts")).height
    replaced = pairs.filter(pl.col("kind") == "replacement")
    dead = pairs.filter(~pl.col("counts")).select("force", "referral_id")
    assert replaced.join(dead, on=["force", "referral_id"], how="anti").is_empty()


def test_decoys_are_as_many_as_documented_and_answer_nothing(
    made: Frames, setting: Setting
) -> None:
    """
    A pairing of a decoy is a false one, whatever it looks like.
    """
    decoys = made["decoys"]
    counts = dict(decoys["kind"].value_counts().iter_rows())

    assert decoys.join(made["truth"], on=["force", "urn"], how="semi").is_empty()
    for kind in TABLE:
        if kind.of == "referral" and kind.name.startswith("decoy_"):
            assert counts[kind.name.removeprefix("decoy_")] == round(kind.rate(setting) * SIZE)
    live = made["truth"].filter("counts")["referral_id"].n_unique()
    assert counts["twin"] == round(BY_NAME["decoy_twin"].rate(setting) * live)


def test_a_twin_has_the_people_the_officer_and_the_incident_of_its_referral(made: Frames) -> None:
    """
    Only what its own writer left out or got wrong tells it from a second document.
    """
    sides = (
        made["decoys"]
        .filter(pl.col("kind") == "twin")
        .join(made["done"], on=["force", "urn"])
        .join(made["documents"], on=["force", "urn"])
        .join(made["referrals"], left_on=["force", "apes"], right_on=["force", "referral_id"])
    )
    rules = DEFAULT_RULES
    same = sides.filter(~pl.col("author_other"))

    assert 0 < same.height
    assert all(
        rules.normalise_officer(a) == rules.normalise_officer(b)
        for a, b in same.select("author_officer_id", "officer_id").iter_rows()
    )
    logged = sides.filter(
        pl.col("incident_number").is_not_null()
        & pl.col("incident_number_right").is_not_null()
        & ~pl.col("incident_mistyped")
    )
    assert all(
        rules.normalise_incident(a).serial == rules.normalise_incident(b).serial
        for a, b in logged.select("incident_number", "incident_number_right").iter_rows()
    )
    assert 0 == sides["nccu_references"].list.len().sum()


def test_numbers_in_any_houses_form_are_read_as_the_same_incident() -> None:
    """
    The forms are those that a force's own rules would be written for.
    """
    made = dict(frames(SIZE, "easy", seed=2))
    truth = made["truth"].select("force", "urn", "referral_id", "kind")
    rules = DEFAULT_RULES
    numbered = {
        (force, key): rules.normalise_incident(number)
        for force, key, number in made["referrals"]
        .drop_nulls("incident_number")
        .select("force", "referral_id", "incident_number")
        .iter_rows()
    }
    done = made["done"].filter(
        ~pl.any_horizontal(
            "incident_missing", "incident_bare", "incident_mistyped", "incident_day_off"
        )
    )
    right = truth.join(done, on=["force", "urn"], how="semi").join(
        made["documents"].select("force", "urn", "incident_number"), on=["force", "urn"]
    )
    pairs = [
        (numbered[force, key], rules.normalise_incident(number))
        for force, key, number in right.select(
            "force", "referral_id", "incident_number"
        ).iter_rows()
        if (force, key) in numbered
    ]

    assert len(pairs) > SIZE / 2
    assert all(ours == theirs for ours, theirs in pairs)


def test_no_two_incidents_of_a_force_have_one_number_on_one_day() -> None:
    """
    Otherwise two strangers would share an incident, and evidence would be wrong by chance.
    """
    rng = np.random.default_rng(4)
    force, at = rng.integers(0, 3, 9_000), rng.integers(1_735_689_600, 1_735_862_400, 9_000)

    number, day = log_numbers(force, at)
    assert 9_000 == len(np.unique(np.column_stack((force, day, number)), axis=0))
    assert 1 == number.min()


def test_the_chooser_takes_the_lowest_scores_and_never_more_than_there_are() -> None:
    """
    A corruption that cannot happen to enough documents happens to all that it can.
    """
    chooser = Chooser(np.random.default_rng(1), "harsh")
    among = np.arange(10) < 3
    score = -np.arange(10.0)

    taken = chooser.choose("reference_missing", among, of=5, score=score)
    assert [0, 1, 2] == np.flatnonzero(taken).tolist()
    one = chooser.choose("incident_bare", among, of=5, score=score)
    assert [2] == np.flatnonzero(one).tolist()


def test_every_kind_of_damage_is_in_the_table_of_the_docs() -> None:
    """
    What a corruption is and how often it happens is read in one place.
    """
    lines = documented().splitlines()

    assert len(TABLE) + 2 == len(lines)
    assert all(f"`{kind.name}`" in line for kind, line in zip(TABLE, lines[2:], strict=True))
    assert SORT["answer"] == 0
