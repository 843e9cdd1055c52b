"""JSON Lines: one object a line, in the contract's names."""

from pathlib import Path
from typing import Any

import pytest

from adapters.feeds import FeedRefused, Problem
from schemas.validation import contract
from tests.unit.feeds.builders import a_file, a_json_lines, a_map, read

GOOD = {"referral_id": "R-1", "referred_at": "2026-03-02T14:05:00Z", "officer_id": "1234"}


def test_the_contracts_own_example_loads(tmp_path: Path) -> None:
    """What the published schema shows is what the door takes."""
    for feed in ("referrals", "documents"):
        for row in read(a_json_lines(tmp_path, *contract(feed)["examples"]), a_map(feed)):
            assert row.problems == ()


def test_an_unknown_property_is_dropped(tmp_path: Path) -> None:
    """Free text that nobody asked for goes no further than the door."""
    (row,) = read(a_json_lines(tmp_path, {**GOOD, "narrative": "canary", "x": {"y": "canary"}}))

    assert row.problems == ()
    assert "canary" not in repr(row)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"[1, 2]", Problem("", "is not a JSON object")),
        (b'"R-1"', Problem("", "is not a JSON object")),
        (b"{broken", Problem("", "is not valid JSON")),
        (b'{"referral_id": NaN}', Problem("", "is not valid JSON")),
        (b'{"referral_id": "\\ud800"}', Problem("", "holds half of a character")),
        (b"[" * 100_000, Problem("", "is not valid JSON")),
    ],
)
def test_a_bad_line_costs_one_row(tmp_path: Path, line: bytes, problem: Problem) -> None:
    """Its neighbours load, and its number says where it is."""
    good = b'{"referral_id":"R-1","referred_at":"2026-03-02T14:05:00Z","officer_id":"1"}'
    first, bad, last = read(a_file(tmp_path, b"\n".join([good, line, good, b""])))

    assert (first.problems, last.problems) == ((), ())
    assert (bad.number, bad.problems) == (2, (problem,))


def test_a_file_that_breaks_off_is_refused(tmp_path: Path) -> None:
    """The rest of the night's records is missing, and nobody can say how many."""
    with pytest.raises(FeedRefused, match="cut short in line 2"):
        read(a_file(tmp_path, b'{"referral_id":"R-1"}\n{"referral_id":"R-'))


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"referral_id": 12}, Problem("/referral_id", "must be text")),
        ({"referred_at": 12}, Problem("/referred_at", "must be text")),
        ({"people": "x"}, Problem("/people", "is not JSON")),
        ({"people": 3}, Problem("/people", "must be a list or empty")),
        ({"people": ["x"]}, Problem("/people/0", "must be an object")),
        (
            {"people": [{"role": "officer"}]},
            Problem("/people/0/role", "must be one of suspect, victim, witness, other, unknown"),
        ),
        (
            {"people": [{"date_of_birth": "01/01/85"}]},
            Problem(
                "/people/0/date_of_birth",
                "has a year of two digits, which could be either century; write four",
            ),
        ),
        ({"officerID": "9"}, Problem("/officer_id", "is given twice")),
    ],
)
def test_a_value_of_the_wrong_kind_is_told_by_its_pointer(
    tmp_path: Path, wrong: dict[str, Any], problem: Problem
) -> None:
    """The sending system's developer finds the field at once."""
    (row,) = read(a_json_lines(tmp_path, {**GOOD, **wrong}))

    assert row.problems == (problem,)


def test_the_force_may_come_from_the_file_the_map_or_the_command(tmp_path: Path) -> None:
    """A shared system delivers several forces; a force's own export need not name it."""
    path = a_json_lines(tmp_path, GOOD, {**GOOD, "force": "ken"})

    named = read(path, a_map(constants={"force": "WYP"}), force=None)
    asked = read(path, force="KEN")
    unsaid = read(path, force=None)

    assert ["WYP", "ken"] == [row.record and row.record["force"] for row in named]
    assert ["KEN", "KEN"] == [row.record and row.record["force"] for row in asked]
    assert unsaid[0].problems == (Problem("/force", "is required and is missing"),)
