"""A Parquet file read by whole columns says exactly what it says when it is read row by row.

The same file goes both ways: clean records, refused rows with their reasons, and times.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from adapters.feeds import FeedRefused, map_from, read_feed, suggest_map
from adapters.feeds import tables as feed_tables
from adapters.feeds.aliases import FIELDS
from adapters.feeds.heading import AGAIN
from adapters.feeds.parquet import NO_TEXT
from adapters.feeds.parquet_pages import pages_can_be
from adapters.policies import load_policies
from domain.policy import Policy, PolicySet
from domain.words import Feed
from services import dry_run_columns, dry_run_reading
from services.dry_run_parts import Asked, Refusal
from services.dry_run_reading import Read, read
from tests.builders import asked_of
from tests.unit.feeds.typed_tables import tables

DAMAGED = "is a Parquet file that is damaged or cut short"
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
    _check_damaged(path, [_other(whole, at, 0xFF) for at in range(4, len(whole), 29)])
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(FeedRefused, match=DAMAGED):
        _by_columns(path)


def test_a_damaged_file_of_every_type_is_refused_whole(tmp_path: Path) -> None:
    """
    Not compressed, so that a value is another one and not only bytes that cannot be unpacked.
    """
    path = tmp_path / "export.parquet"
    FEED.with_columns(**TYPED).write_parquet(path, compression="uncompressed")
    whole = path.read_bytes()
    _check_damaged(path, [_other(whole, at, 0xFF) for at in range(4, len(whole), 131)])


def test_a_page_that_says_fewer_values_than_none_does_not_end_the_program(tmp_path: Path) -> None:
    """
    Polars asks for so much memory then that the process is ended, and no night would be run.
    """
    path = tmp_path / "export.parquet"
    FEED.write_parquet(path)
    whole = path.read_bytes()
    three = [at for at in range(1, len(whole)) if whole[at - 1 : at + 1] == b"\x15\x06"]
    assert len(three) > 2 * FEED.width
    fewer = [_other(whole, at, 1) for at in three]
    _check_damaged(path, fewer)
    # A byte and no number of 32 bits, says the header; Polars takes it for one all the same.
    _check_damaged(path, [_other(one, at - 1, 0x06) for one, at in zip(fewer, three, strict=True)])


def test_a_dictionary_of_more_entries_than_bytes_is_refused(tmp_path: Path) -> None:
    """
    For two thousand million of them, too, Polars would end the process.
    """
    path = tmp_path / "export.parquet"
    FEED.write_parquet(path)
    whole = path.read_bytes()
    assert pages_can_be(path)
    path.write_bytes(whole.replace(b"\x4c\x15\x06", b"\x4c\x15\x7e", 1))
    assert not pages_can_be(path)
    with pytest.raises(FeedRefused, match=DAMAGED):
        _by_columns(path)


def _day(days: int) -> pl.Expr:
    return pl.lit(days, pl.Int32).cast(pl.Date)


def _instant(days: int, unit: Literal["ms", "us"], zone: str | None) -> pl.Expr:
    a_day = {"ms": 86_400_000, "us": 86_400_000_000}[unit]
    return pl.lit(days * a_day, pl.Int64).cast(pl.Datetime(unit, zone))


@pytest.mark.parametrize("days", [95_000_000, -95_000_000])
@pytest.mark.parametrize(
    ("name", "at"),
    [
        pytest.param("referred_at", lambda days: _instant(days, "us", "UTC"), id="an instant"),
        pytest.param("referred_at", lambda days: _instant(days, "ms", None), id="by a wall clock"),
        pytest.param(
            "referred_at", lambda days: _instant(days, "ms", "Pacific/Kiritimati"), id="far east"
        ),
        pytest.param(
            "of no field", lambda days: _instant(days, "us", "Pacific/Niue"), id="of no field"
        ),
        pytest.param("vehicles", lambda days: pl.concat_list(_day(0), _day(days)), id="in a list"),
        pytest.param(
            "people", lambda days: pl.concat_list(pl.struct(dob=_day(days))), id="of a person"
        ),
    ],
)
def test_a_time_that_no_calendar_has_is_damage(
    tmp_path: Path, name: str, at: Callable[[int], pl.Expr], days: int
) -> None:
    """
    A night and a dry run say so alike; of one that a calendar has, only the row is refused.
    """
    path = tmp_path / "export.parquet"
    FEED.with_columns(at(days).alias(name)).write_parquet(path)
    assert 3 == _by_rows(path) == _by_columns(path)
    beyond = days + days // abs(days)
    FEED.with_columns(at(beyond).alias(name)).write_parquet(path)
    for how in (_by_rows, _by_columns):
        with pytest.raises(FeedRefused, match=DAMAGED):
            how(path)


def test_bytes_beside_a_time_that_python_has_not_are_no_text_either(tmp_path: Path) -> None:
    """
    What cannot be written is told by its type; its values are not looked at.
    """
    path = tmp_path / "export.parquet"
    late = pl.lit(3_000_000).cast(pl.Date)
    FEED.with_columns(district=pl.struct(late, picture=pl.lit(b"x"))).write_parquet(path)
    assert 3 == _by_rows(path) == _by_columns(path)


@pytest.mark.parametrize("of", [(dry_run_columns, "sure_rows"), (feed_tables, "cells_of")])
def test_a_fault_of_our_own_is_not_told_as_a_damaged_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, of: tuple[Any, str]
) -> None:
    """
    Nobody is to ask a force for its export again because the program is wrong.
    """
    path = tmp_path / "export.parquet"
    FEED.with_columns(district=pl.lit(b"y")).write_parquet(path)

    def wrong(*_: Any, **__: Any) -> None:
        raise pl.exceptions.ComputeError("our own")

    monkeypatch.setattr(*of, wrong)
    with pytest.raises(pl.exceptions.ComputeError, match="our own"):
        _by_columns(path)


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


@pytest.mark.parametrize("rename", [{}, {"R": "referral_id"}])
def test_a_table_without_the_columns_is_told_so(tmp_path: Path, rename: dict[str, str]) -> None:
    """
    Its columns have names, so nobody is sent to look for a row of headings; the map is proposed.
    """
    path = tmp_path / "export.parquet"
    strange = FEED.select(R="referral_id", T2="referred_at", O="officer_id").rename(rename)
    strange.write_parquet(path)
    said = (
        "export.parquet has no column for referred_at, officer_id, without which no row can load."
        " Name its heading in a column map. Nothing from this file was stored."
        if rename
        else "export.parquet has no column whose name is known for referrals. Name its columns in"
        " a column map (map suggest writes one). Nothing from this file was stored."
    )
    for how in (_by_rows, _by_columns):
        with pytest.raises(FeedRefused) as why:
            how(path)
        assert said == str(why.value)
    assert "T2" in suggest_map(path, "referrals")


def test_a_row_of_a_table_is_never_its_headings(tmp_path: Path) -> None:
    """
    Whatever a cell holds, the columns have their names.
    """
    path = tmp_path / "export.parquet"
    named = {f"note {number}": pl.lit(name) for number, name in enumerate(FIELDS["referrals"])}
    FEED.with_columns(**named).write_parquet(path)
    assert 3 == _by_rows(path) == _by_columns(path)


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


TYPED: dict[str, Any] = {
    "district": pl.Series(["North", "South", "North"], dtype=pl.Categorical),
    "channel": pl.lit(time(2, 30)),
    "event_type": pl.lit(timedelta(hours=2)),
    "incident_number": pl.lit("77.50").cast(pl.Decimal(10, 2)),
    "custody_number": 5.0,
    "vehicle_registrations": pl.Series([["AB12 CDE"], [], None]),
    "seen": pl.lit([datetime(2026, 4, 1, 10)]),  # noqa: DTZ001 - without a zone
    "amended": pl.lit(datetime(2026, 4, 1, tzinfo=UTC)).dt.convert_time_zone("Europe/London"),
    "picture": pl.struct(at=pl.lit(date(2026, 4, 1)), of=pl.lit(b"x")),
}


def _other(whole: bytes, at: int, bits: int) -> bytes:
    return whole[:at] + bytes([whole[at] ^ bits]) + whole[at + 1 :]


def _check_damaged(path: Path, damaged: list[bytes]) -> None:
    """Each of them is read or refused as a file, by rows and by columns."""
    ends = set()
    for content in damaged:
        path.write_bytes(content)
        for how in (_by_rows, _by_columns):
            try:
                ends.add(how(path) > 0)
            except FeedRefused as why:
                ends.add(AGAIN in str(why))
    assert ends == {True}


def _by_rows(path: Path) -> int:
    asked = asked_of(Feed.REFERRALS, path)
    return len(
        list(read_feed(path, asked.column_map, force=None, key=asked.key, rules=asked.rules))
    )


def _by_columns(path: Path) -> int:
    found, _ = _read(asked_of(Feed.REFERRALS, path), 100)
    return found.side.facts.height + found.refused
