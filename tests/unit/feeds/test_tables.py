"""A Parquet file read by whole columns says exactly what it says when it is read row by row.

The same file goes both ways: clean records, refused rows with their reasons, and times.
"""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from adapters.feeds import FeedRefused, map_from, read_feed, suggest_map
from adapters.feeds.heading import AGAIN
from adapters.feeds.parquet import NO_TEXT
from adapters.policies import load_policies
from domain.policy import Policy, PolicySet
from domain.words import Feed
from services import dry_run_reading
from services.dry_run_parts import Asked, Refusal
from services.dry_run_reading import Read, read
from tests.builders import asked_of
from tests.unit.feeds.typed_tables import tables

SETTINGS: list[dict[str, Any]] = [
    {},
    {"timezone": "Asia/Tokyo", "ambiguous_times": "later", "date_only_time": "09:00"},
    {"ambiguous_times": "refuse", "two_digit_years": True, "constants": {"force": "EX"}},
    {"constants": {"postcode": "ZA1 1AA", "incident_number": "77"}, "allow_empty": False},
]


@pytest.mark.parametrize("feed", Feed)
@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_columns_say_what_rows_say(feed: Feed, data: st.DataObject, tmp_path: Path) -> None:
    """
    A force that exports types, and a force that exports text, are told the same of one record.
    """
    path = tmp_path / "export.parquet"
    data.draw(tables(feed)).write_parquet(path)
    said = data.draw(st.sampled_from(SETTINGS))
    asked = asked_of(
        feed,
        path,
        column_map=map_from(said, feed.value, "map.toml"),
        force=data.draw(st.sampled_from([None, "EX"])),
        policies=data.draw(st.sampled_from([load_policies(None), LATE])),
    )
    by_columns, refusals = _read(asked, data.draw(st.sampled_from([2, 100])))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dry_run_reading, "open_table", lambda *_: None)
        by_rows, others = _read(asked, 100)

    assert others == refusals
    assert by_rows.refused == by_columns.refused
    assert by_rows.times == by_columns.times
    assert_frame_equal(by_rows.side.facts, by_columns.side.facts)
    assert_frame_equal(by_rows.side.records.records, by_columns.side.records.records)
    assert_frame_equal(by_rows.side.records.people, by_columns.side.records.people)


LATE = PolicySet((Policy(effective_from=date(2026, 4, 1)),))


def _read(asked: Asked, part: int) -> tuple[Read, list[Refusal]]:
    refusals: list[Refusal] = []
    return read(asked, refusals.append, lambda _: None, processes=1, part=part), refusals


def test_a_damaged_file_is_refused_whole(tmp_path: Path) -> None:
    """
    Whatever byte of it is another, it is read or refused as a file, and never ends the program.
    """
    path = tmp_path / "export.parquet"
    FEED.write_parquet(path)
    whole = path.read_bytes()
    ends = set()
    for at in range(4, len(whole), 29):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        for how in (_by_rows, _by_columns):
            try:
                ends.add(how(path) > 0)
            except FeedRefused as why:
                ends.add(AGAIN in str(why))
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(FeedRefused, match="is a Parquet file that is damaged or cut short"):
        _by_columns(path)
    assert ends == {True}


def test_a_file_without_rows_is_for_the_map_to_allow(tmp_path: Path) -> None:
    """
    A table has headings even when nothing happened that day.
    """
    path = tmp_path / "export.parquet"
    FEED.clear().write_parquet(path)
    assert 0 == _by_columns(path)
    strict = map_from({"allow_empty": False}, "referrals", "map.toml")
    with pytest.raises(FeedRefused, match="has headings and no rows"):
        _read(asked_of(Feed.REFERRALS, path, column_map=strict), 100)


def test_cells_that_are_no_text_are_named_and_the_rest_is_read(tmp_path: Path) -> None:
    """
    A column of pictures is dropped unless a field claims it.
    """
    path = tmp_path / "export.parquet"
    pictured = FEED.with_columns(picture=pl.lit(b"x"), district=pl.lit(b"y"))
    pictured.write_parquet(path)
    _, refusals = _read(asked_of(Feed.REFERRALS, path), 100)
    assert {("/district", NO_TEXT)} == {(pointer, reason) for _, pointer, reason in refusals}
    assert [1, 2, 3] == [number for number, _, _ in refusals]


def test_a_map_is_proposed_for_a_table(tmp_path: Path) -> None:
    """
    Its headings are the names of its columns.
    """
    path = tmp_path / "export.parquet"
    FEED.rename({"officer_id": "Reporting officer"}).write_parquet(path)
    assert 'officer_id = ["Reporting officer"]' in suggest_map(path, "referrals")


FEED = pl.DataFrame(
    {
        "referral_id": ["R1", "R2", "R3"],
        "force": "EX",
        "referred_at": datetime(2026, 4, 1, tzinfo=UTC),
        "officer_id": [1310, 1311, 1312],
        "people": [[{"surname": "Novák", "date_of_birth": date(1990, 1, 1)}], [], None],
    }
)


def _by_rows(path: Path) -> int:
    asked = asked_of(Feed.REFERRALS, path)
    return len(
        list(read_feed(path, asked.column_map, force=None, key=asked.key, rules=asked.rules))
    )


def _by_columns(path: Path) -> int:
    found, _ = _read(asked_of(Feed.REFERRALS, path), 100)
    return found.side.facts.height + found.refused
