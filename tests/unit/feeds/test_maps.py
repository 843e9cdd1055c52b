"""Column maps: what they say, what is refused, what is proposed and how it looks."""

from pathlib import Path
from typing import Any

import pytest

from adapters.feeds import (
    FeedRefused,
    MapRefused,
    Problem,
    load_map,
    map_from,
    parse_rules,
    preview,
    suggest_map,
)
from tests.unit.feeds.builders import GOOD, HEADINGS, a_csv, a_file, a_map, read

OWN = ("Key", "When", "Who")


def test_a_map_names_the_headings_of_a_strange_export(tmp_path: Path) -> None:
    """Every system has its own words."""
    text = '[columns]\nreferral_id = "Key"\nreferred_at = ["When"]\nofficer_id = ["Who", "By"]\n'
    column_map = load_map(a_file(tmp_path, text.encode(), "map.toml"), "referrals")

    (row,) = read(a_csv(tmp_path, OWN, GOOD), column_map)

    assert row.problems == ()


def test_an_empty_list_of_headings_drops_the_field(tmp_path: Path) -> None:
    """A force may choose not to deliver a field at all."""
    path = a_csv(tmp_path, (*HEADINGS, "district"), (*GOOD, "Leeds"))

    (row,) = read(path, a_map(columns={"district": []}))

    assert row.record is not None
    assert row.record["district"] is None


def test_equal_maps_have_equal_hashes_and_others_do_not() -> None:
    """The run records which map it read by."""
    assert a_map(timezone="UTC").hash == a_map(timezone="UTC").hash
    assert a_map(timezone="UTC").hash != a_map().hash
    assert a_map().hash == a_map(date_order="day first").hash


@pytest.mark.parametrize(
    ("said", "because"),
    [
        ({"colums": {}}, "no setting colums"),
        ({"feed": "documents"}, 'feed must be one of "referrals"'),
        ({"date_order": "month first"}, '"day first"'),
        ({"one_row_a_person": "yes"}, "must be a bool"),
        ({"timezone": "London"}, "not an IANA zone"),
        ({"ambiguous_times": "guess"}, "earlier"),
        ({"date_only_time": "9am"}, "must be a time"),
        ({"delimiter": "x"}, "delimiter must be one of"),
        ({"encoding": "ebcdic"}, "encoding must be one of"),
        ({"columns": {"name": "Name"}}, "maps name, which no referrals hold"),
        ({"columns": {"urn": "URN"}}, "maps urn, which no referrals hold"),
        ({"columns": {"district": "A", "channel": "a"}}, "one heading to two fields"),
        ({"columns": {"district": ""}}, "empty heading"),
        ({"columns": {"district": 3}}, "must be a heading"),
        ({"constants": {"people": "x"}}, "cannot give the constant people"),
        ({"constants": {"force": True}}, "must be text"),
    ],
)
def test_a_map_that_cannot_be_meant_is_refused(said: dict[str, Any], because: str) -> None:
    """A slip in the map is found before it loads a wrong column for a year."""
    with pytest.raises(MapRefused, match=because):
        map_from(said, "referrals", "test.toml")


@pytest.mark.parametrize(
    ("content", "because"),
    [(b"= nonsense", "is not TOML"), (b"\xff\xfe", "is not UTF-8")],
)
def test_a_map_that_is_no_toml_is_refused(tmp_path: Path, content: bytes, because: str) -> None:
    """The operator learns which file to open."""
    with pytest.raises(MapRefused, match=because):
        load_map(a_file(tmp_path, content, "map.toml"), "referrals")


def test_a_missing_map_and_an_unknown_feed_are_refused(tmp_path: Path) -> None:
    """Neither falls back to a guess."""
    with pytest.raises(MapRefused, match="cannot be opened"):
        load_map(tmp_path / "absent.toml", "referrals")
    with pytest.raises(MapRefused, match='no feed "people"'):
        load_map(None, "people")


def test_a_suggested_map_loads_what_it_was_suggested_for(tmp_path: Path) -> None:
    """Suggest, look, load: nobody starts from an empty page."""
    headings = ('Case "Ref"', "Date of Referral", "Collar No", "Incident No", "Forename", "Mood")
    path = a_csv(tmp_path, ["Banner"], headings, (*GOOD, "0123", "Testina", "good"))

    text = suggest_map(path, "referrals")
    column_map = load_map(a_file(tmp_path, text.encode(), "map.toml"), "referrals")

    assert column_map.one_row_a_person
    assert '# Dropped unless a field above claims it: "Mood"' in text
    (row,) = read(path, column_map)
    assert row.record is not None
    assert "123" == row.record["incident"]


def test_a_heading_nearly_known_is_proposed_in_a_comment(tmp_path: Path) -> None:
    """A person decides; the map does not guess."""
    path = a_csv(tmp_path, ("Referral ID", "Referred At", "Officer IDs"), GOOD)

    assert '# officer_id = ["Officer IDs"]  # required' in suggest_map(path, "referrals")


def test_a_date_is_suggested_with_the_time_beside_it(tmp_path: Path) -> None:
    """A day alone loads no row, so the heading for its time may not be left over."""
    headings = ("Ref No", "Date Reported", "Time Reported", "Collar No", "Nominal Surname")
    path = a_csv(tmp_path, headings, ("R-1", "02/03/2026", "10:00", "1", "Testina"))

    text = suggest_map(path, "referrals")
    assert 'referred_at = { date = "Date Reported", time = "Time Reported" }' in text
    assert '"Time Reported"' not in text.partition("# Dropped")[2]

    for proposed in ("referral_id", "surname"):
        text = text.replace(f"# {proposed} =", f"{proposed} =")
    text = text.replace("one_row_a_person = false", "one_row_a_person = true")
    column_map = load_map(a_file(tmp_path, text.encode(), "map.toml"), "referrals")
    (row,) = read(path, column_map)
    assert row.record is not None
    assert "2026-03-02T10:00:00+00:00" == row.record["referred_at"].isoformat()
    assert 1 == len(row.record["people"])


def test_the_comment_of_a_missing_field_is_a_line_of_toml(tmp_path: Path) -> None:
    """Who takes the # away is told of the heading to write and not of broken TOML."""
    path = a_csv(tmp_path, ("Collar No", "Date Reported", "Mood"), ("1", GOOD[1], "good"))

    text = suggest_map(path, "referrals").replace('# referral_id = [""]', 'referral_id = [""]')

    with pytest.raises(MapRefused, match="an empty heading"):
        load_map(a_file(tmp_path, text.encode(), "map.toml"), "referrals")


def test_nothing_is_suggested_for_a_file_without_headings(tmp_path: Path) -> None:
    """Numbers are not headings."""
    with pytest.raises(FeedRefused, match="no row that looks like headings"):
        suggest_map(a_csv(tmp_path, ("1",), ("2",)), "referrals")


def test_a_preview_shows_first_rows_and_every_problem(tmp_path: Path) -> None:
    """One look tells whether the map is right, before anything is stored."""
    bad = ("R-2", "31/02/2026 10:00", "1")
    path = a_csv(tmp_path, HEADINGS, GOOD, bad, *[GOOD] * 5, bad)

    seen = preview(path, a_map(), 2)

    reason = Problem("/referred_at", "is a day that does not exist in the calendar")
    assert [2, 3] == [row.number for row in seen.rows]
    assert ((3, (reason,)), (9, (reason,))) == seen.rejected
    assert ((reason, 2),) == seen.reasons
    assert (8, 2) == (seen.read, seen.refused)


def test_a_force_gives_its_own_patterns() -> None:
    """What no default covers is one line of TOML."""
    table = {"incident": {"patterns": [r"Z(?P<serial>\d+)Z"], "keep_defaults": True}}

    rules = parse_rules(table)

    assert "77" == rules.normalise_incident("z077z").serial
    assert "123" == rules.normalise_incident("Log 123").serial


@pytest.mark.parametrize(
    ("table", "because"),
    [
        ({"colour": {}}, "no identifiers.colour"),
        ({"incident": {"pattern": []}}, "patterns and keep_defaults only"),
        ({"incident": {"patterns": "x"}}, "must be a list"),
        ({"incident": {"patterns": []}}, "is empty"),
        ({"incident": {"patterns": ["("]}}, "not a regular expression"),
        ({"incident": {"patterns": [r"\d+"]}}, "must name the group serial"),
        ({"officer": {"patterns": [r"(?P<number>\d+)(?P<day>\d)"]}}, "only of: number"),
    ],
)
def test_patterns_that_cannot_work_are_refused(table: dict[str, Any], because: str) -> None:
    """A pattern without its group would silently make every number unknown."""
    with pytest.raises(MapRefused, match=because):
        parse_rules(table)
