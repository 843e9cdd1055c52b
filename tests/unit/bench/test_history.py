"""The benchmark's feeds: cut into nights without a loss, alike however long the history."""

from datetime import timedelta

import polars as pl
import pytest

from bench.history import DAYS_BACK, History, as_of

DAYS = 9
A_NIGHT = 50


@pytest.fixture(scope="module")
def history() -> History:
    return History(DAYS, A_NIGHT, seed=3)


def test_every_record_made_by_the_last_night_comes_new_on_one_night(history: History) -> None:
    """
    A gap between two nights would make the work of a night smaller than it is.
    """
    nights = [history.night(day) for day in range(DAYS)]
    referrals = pl.concat(night.referrals for night in nights)
    documents = pl.concat(night.documents for night in nights)

    last = as_of(DAYS - 1)
    all_referrals = history._feeds.referrals.filter(pl.col("referred_at") < last)
    all_documents = history._feeds.documents.filter(pl.col("submitted_at") < last)
    assert set(all_referrals["referral_id"]) == set(referrals["referral_id"])
    assert set(all_documents["urn"]) == set(documents["urn"])
    new = pl.concat(history.new_documents(day) for day in range(DAYS))
    assert all_documents["urn"].to_list() == new["urn"].to_list()


def test_a_night_brings_what_was_made_in_its_24_hours(history: History) -> None:
    """
    A record from the future would make the feed untrusted and hold every flag.
    """
    for day in range(1, DAYS):
        submitted = history.new_documents(day)["submitted_at"].to_list()
        assert as_of(day - 1) <= min(submitted)
        assert max(submitted) < as_of(day) == as_of(day - 1) + timedelta(days=1)


def test_a_night_amends_and_withdraws_what_came_some_days_before(history: History) -> None:
    """
    Amendments cost more than new rows, so a night without any would flatter.
    """
    day = DAYS_BACK + 3
    night, new = history.night(day), set(history.new_documents(day)["urn"])
    old = history.new_documents(day - DAYS_BACK)

    again = night.documents.filter(~pl.col("urn").is_in(new))
    moved = again.filter(pl.col("postcode") == "ZZ9 9ZZ")
    withdrawn = again.filter(pl.col("status") == "withdrawn")
    assert set(again["urn"]) <= set(old["urn"])
    assert moved.height == round(old.height * 0.02) > 0
    assert withdrawn.height >= round(old.height * 0.005) > 0
    assert again["urn"].is_unique().all()


def test_equal_arguments_make_equal_nights() -> None:
    """
    Both installations, and whoever measures again, are given the same work.
    """
    one, other = (History(6, 20, seed=11).night(5) for _ in range(2))

    assert one.as_of == other.as_of
    assert one.referrals.equals(other.referrals)
    assert one.documents.equals(other.documents)
