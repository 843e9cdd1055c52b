"""Rows laid out in columns say exactly what they say one after the other.

Whatever a CSV, a workbook or JSON Lines gives: texts, faults, lists, objects, and people in JSON.
"""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from adapters.feeds import Problem, Values, map_from
from adapters.feeds.aliases import FIELDS
from adapters.feeds.shaping import Fault
from adapters.policies import load_policies
from domain.words import Feed
from services import dry_run_columns
from services.dry_run_columns import Framer
from services.dry_run_parts import Asked, RowFramer
from tests.builders import asked_of
from tests.unit.feeds.test_tables import LATE, SETTINGS
from tests.unit.feeds.typed_tables import NEEDED, TEXTS

ANY = Path("any.csv")
TIMES = st.sampled_from(
    ["2026-04-01T10:00:00Z", "2026-04-01T23:30:00+01:00", "02/03/2026 14:05", "2026-03-02", "n/k"]
)
DAYS = st.sampled_from(["1990-01-01", "31/12/1989", "31/02/2026", "1/2/26", "", "unknown"])
JSON = [
    '[{"surname": "Nov\\u00e1k", "dob": "1990-01-01"}, {}]',
    '{"forename": "Jan", "role": "Victim", "shoe size": 44}',
    '[{"surname": "A", "Last name": "B"}]',
    '[{"surname": "\\ud800"}]',
    '[{"surname": 5}]',
    '["x"]',
    "[",
    " N/K ",
    "null",
]
PERSON = st.fixed_dictionaries(
    {},
    optional={
        "role": st.sampled_from(["suspect", "Witness", "", None, "cook"]),
        "Forename": st.none() | TEXTS,
        "surname": st.none() | TEXTS | st.integers(0, 9),
        "date_of_birth": DAYS | st.none() | st.just(Fault("has an error")),
        "nationality": TEXTS | st.lists(st.none(), max_size=1),
    },
)
CELLS: dict[str, st.SearchStrategy[Any]] = {
    "instant": TIMES,
    "day": DAYS | TIMES,
    "list": st.sampled_from(["NCCU/26/1234567; n/k;", "AB12 CDE", ";", ["AB12", None, " x "], [5]]),
    "people": st.sampled_from(JSON) | st.lists(PERSON, max_size=3) | PERSON,
    "grade number": st.sampled_from(["2 - untested", 3, 9, "x", True, 2.0]),
    "grade": st.sampled_from(["b", "P", "C - conditions", 1]),
    "lower": st.sampled_from(["Draft", "submitted", "lost"]),
}
PLAIN: dict[str, st.SearchStrategy[Any]] = {
    "instant": st.sampled_from(["2026-04-01T10:00:00Z", "02/04/2026 14:05"]),
    "day": st.sampled_from(["2026-03-02", "31/12/2025", "n/k"]),
    "list": st.sampled_from(["NCCU/26/1234567; n/k;", "AB12 CDE", ";", ["AB12", None, " x "]]),
    "people": st.sampled_from(
        [
            '[{"surname": "Nov\\u00e1k", "dob": "1990-01-01"}, {}]',
            '{"forename": "Jan", "role": "Victim", "shoe size": 44}',
            [{"surname": "Li", "nationality": " POL "}, {"role": None}, {"Forename": "李"}],
        ]
    ),
    "grade number": st.sampled_from(["2 - untested", 3]),
    "grade": st.sampled_from(["b", "a - known"]),
    "lower": st.sampled_from(["Draft", "submitted"]),
}
KEYS = st.sampled_from(["R1", "R2", "R3", " 1310 "])
STRANGE = [Fault("has an error"), 5, 2.5, True, ["a"], [5], {"a": 1}, "x" * 201, "é", "\ud800"]
ODD = st.sampled_from(STRANGE[:-1])
PROBLEMS = [Problem("/people", "differs between the rows of one record")]


@st.composite
def rows(draw: st.DrawFn, feed: Feed) -> list[Values]:
    """Rows of a feed, most of which are as they should be."""
    found = []
    for number in range(3, 3 + draw(st.integers(1, 8))):
        odd = draw(st.integers(0, 2)) == 0
        values: dict[str, Any] = {"force": draw(st.sampled_from(["EX", "ex"]))}
        for name, kind in FIELDS[feed].items():
            chance = draw(st.integers(0, 9))
            if odd and chance == 0:
                values[name] = draw(CELLS.get(kind, TEXTS) | ODD)
            elif name in NEEDED[feed] or chance > 2:
                values.setdefault(name, draw(PLAIN.get(kind, KEYS)))
        found.append(Values(number, values, PROBLEMS if odd and chance == 1 else []))
    return found


@pytest.mark.parametrize("feed", Feed)
@settings(max_examples=25)
@given(data=st.data())
def test_rows_laid_out_say_what_rows_say(feed: Feed, data: st.DataObject) -> None:
    """
    A large file and a small one are told the same of one row.
    """
    asked = asked_of(
        feed,
        ANY,
        column_map=map_from(data.draw(st.sampled_from(SETTINGS)), feed.value, "map.toml"),
        policies=data.draw(st.sampled_from([load_policies(None), LATE])),
        force=data.draw(st.sampled_from([None, "EX"])),
    )
    _check_both(asked, data.draw(rows(feed)))


@pytest.mark.parametrize("feed", Feed)
def test_each_strange_value_is_told_the_same(feed: Feed) -> None:
    """
    One at a time in a row that is otherwise as it should be.
    """
    good = dict.fromkeys(NEEDED[feed], "2026-03-02T10:00:00Z") | {"force": "EX"}
    strange = [(name, value) for name in FIELDS[feed] for value in STRANGE[:-1]]
    strange += [("people", value) for value in JSON] + [("people", [{"surname": "x"}] * 101)]
    some = [Values(at, good | {name: value}, []) for at, (name, value) in enumerate(strange)]
    _check_both(asked_of(feed, ANY), some)
    _check_both(asked_of(feed, ANY), [Values(1, good | {"postcode": STRANGE[-1]}, [])])


def _check_both(asked: Asked, some: list[Values]) -> None:
    clock = asked.column_map.clock()
    one_by_one = RowFramer(asked, clock).part(some)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dry_run_columns, "FEW", 0)
        laid_out = Framer(asked, clock).part(some)

    assert one_by_one.refusals == laid_out.refusals
    assert one_by_one.refused == laid_out.refused
    assert_frame_equal(one_by_one.side.facts, laid_out.side.facts)
    assert_frame_equal(one_by_one.side.records.records, laid_out.side.records.records)
    assert_frame_equal(one_by_one.side.records.people, laid_out.side.records.people)
