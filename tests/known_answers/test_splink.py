"""Weights as Splink 5 adds them up, from the same m and u and the same comparison levels.

Splink (Ministry of Justice) is computed here and now: `score` makes its tables in DuckDB and
asks it for the match weight of every pair.  It compares with its own SQL, so the levels are
found twice as well.
"""

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from itertools import product
from random import Random
from typing import Any

import duckdb
import polars as pl
import pytest
from splink import Linker, SettingsCreator
from splink.backends.duckdb import DuckDBAPI
from splink.blocking_rule_library import CustomRule

from domain.pairing import DECISION_SCHEMA, Weights, default_weights, weigh
from domain.pairing import weights as weights_file
from domain.pairing.model_file import load_model, sealed
from domain.pairing.training import train
from tests.unit.pairing import strategies as made
from tests.unit.pairing.made_up import sides

COLUMNS = {
    "unique_id": "INTEGER",
    "serial": "VARCHAR",
    "year": "VARCHAR",
    "officer": "VARCHAR",
    "incident": "VARCHAR",
    "incident_day": "DATE",
    "custody": "VARCHAR",
    "vehicle": "VARCHAR",
    "postcode": "VARCHAR",
    "day": "DATE",
    "at": "TIMESTAMP",
    "names": "BIGINT[]",
    "sounds": "BIGINT[]",
    "initial_dob": "BIGINT[]",
    "dob": "BIGINT",
    "dob_ordered": "BIGINT",
    "dob_is_default": "BOOLEAN",
    "nationality": "VARCHAR",
}


def one_slip(column: str) -> str:
    """Whether two texts are one slip apart."""
    a, b = f"{column}_l", f"{column}_r"
    return f"(damerau_levenshtein({a}, {b}) = 1 and least(length({a}), length({b})) >= 3)"


def shared(column: str) -> str:
    """How many tokens two lists share."""
    return f"len(list_intersect({column}_l, {column}_r))"


SAME_INCIDENT = "incident_l = incident_r and abs(date_diff('day', incident_day_l, incident_day_r))"
SAME_OUTWARD = "split_part(postcode_l, ' ', 1) = split_part(postcode_r, ' ', 1)"
BOTH_WHOLE = "contains(postcode_l, ' ') and contains(postcode_r, ' ')"
HOURS = 'date_diff(\'second\', "at_l", "at_r") / 3600.0'
BINS = {
    "before": 0,
    **{f"h{hours}": hours for hours in (4, 12, 24, 48, 72)},
    **{"week": 168, "fortnight": 336, "month": 720},
}
DAYS_APART = "abs(date_diff('day', day_l, day_r))"
UNDATED = "(day_l is null or day_r is null)"
A_YEAR_LACKS = "(year_l is null or year_r is null)"
SQL: dict[str, dict[str, str]] = {
    "reference": {
        "exact": "serial_l = serial_r and year_l is not distinct from year_r",
        "bare": f"serial_l = serial_r and {A_YEAR_LACKS}",
        "near": f"serial_l = serial_r or"
        f" ({one_slip('serial')} and ({A_YEAR_LACKS} or year_l = year_r))",
        "other": "ELSE",
    },
    "officer": {"same": "officer_l = officer_r", "other": "ELSE"},
    "incident": {
        "exact": f"{SAME_INCIDENT} = 0",
        "day_off": f"{SAME_INCIDENT} = 1",
        "no_day": "incident_l = incident_r and (incident_day_l is null or incident_day_r is null)",
        "near": f"{one_slip('incident')} and"
        " coalesce(abs(date_diff('day', incident_day_l, incident_day_r)), 0) <= 1",
        "other_day": f"{SAME_INCIDENT} > 1",
        "other": "ELSE",
    },
    "custody": {"same": "custody_l = custody_r", "near": one_slip("custody"), "other": "ELSE"},
    "vehicle": {"same": "vehicle_l = vehicle_r", "other": "ELSE"},
    "postcode": {
        "full": "postcode_l = postcode_r and contains(postcode_l, ' ')",
        "sector": f"{SAME_OUTWARD} and {BOTH_WHOLE}",
        "outward": SAME_OUTWARD,
        "other": "ELSE",
    },
    "day": {
        "same": "day_l = day_r",
        "one": f"{DAYS_APART} = 1",
        "three": f"{DAYS_APART} <= 3",
        "fortnight": f"{DAYS_APART} <= 14",
        "far": "ELSE",
    },
    "gap": {
        **{f"undated_{name}": f"{UNDATED} and {HOURS} < {end}" for name, end in BINS.items()},
        "undated_later": UNDATED,
        **{name: f"{HOURS} < {end}" for name, end in BINS.items()},
        "later": "ELSE",
    },
    "name": {
        "all": f"{shared('names')} >= 2 and {shared('names')} = len(names_l)"
        f" and {shared('names')} = len(names_r)",
        "single": f"{shared('names')} = 1 and len(names_l) = 1 and len(names_r) = 1",
        "sounds_all": f"{shared('sounds')} >= 2 and {shared('sounds')} = len(sounds_l)"
        f" and {shared('sounds')} = len(sounds_r)",
        "most": f"{shared('names')} >= 2 or {shared('sounds')} >= 2",
        "one": f"{shared('names')} >= 1",
        "sound_one": f"{shared('sounds')} >= 1",
        "initial": f"{shared('initial_dob')} >= 1",
        "none": "ELSE",
    },
    "dob": {
        "same_default": "dob_l = dob_r and (dob_is_default_l or dob_is_default_r)",
        "same": "dob_l = dob_r",
        "swapped": "dob_ordered_l = dob_ordered_r",
        "other_default": "dob_is_default_l or dob_is_default_r",
        "other": "ELSE",
    },
    "nationality": {"same": "nationality_l = nationality_r", "other": "ELSE"},
}
"""Our levels as Splink's, in order."""


NULL = {
    "reference": "serial_l is null or serial_r is null",
    "gap": f"coalesce({DAYS_APART}, 0) > 3",
    "name": "coalesce(len(names_l), 0) = 0 or coalesce(len(names_r), 0) = 0",
}
"""Where a field has nothing to compare, if not where the column of its name is null."""


def comparison(field: str, levels: Mapping[str, Any]) -> dict[str, Any]:
    """One field as Splink reads it."""
    null = NULL.get(field, f'"{field}_l" is null or "{field}_r" is null')
    found: list[dict[str, Any]] = [{"sql_condition": null, "is_null_level": True}]
    for name, sql in SQL[field].items():
        found.append(
            {
                "sql_condition": sql,
                "m_probability": levels[name]["m"],
                "u_probability": levels[name]["u"],
            }
        )
    return {"output_column_name": field, "comparison_levels": found}


def score(
    left: list[made.Row], right: list[made.Row], weights: Weights, fields: list[str]
) -> dict[tuple[int, int], float]:
    """Splink's match weight of every pair, in bits, by some of the fields."""
    connection = duckdb.connect()
    for name, rows in (("referrals", left), ("documents", right)):
        columns = ", ".join(f'"{column}" {kind}' for column, kind in COLUMNS.items())
        connection.execute(f"CREATE TABLE {name} ({columns})")
        places = ", ".join("?" for _ in COLUMNS)
        values = [[row[column] for column in COLUMNS] for row in map(as_row, rows)]
        connection.executemany(f"INSERT INTO {name} VALUES ({places})", values)
    api = DuckDBAPI(connection=connection)
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[comparison(field, weights.content("fields")[field]) for field in fields],
        blocking_rules_to_generate_predictions=[CustomRule("1 = 1")],
        probability_two_random_records_match=2**weights.prior / (1 + 2**weights.prior),
    )
    tables = [
        api.register("referrals", dataset_display_name="1"),
        api.register("documents", dataset_display_name="2"),
    ]
    linker = Linker(tables, settings, log_level="ERROR")
    found = linker.inference.predict(threshold_match_weight=-1000).as_record_list()
    connection.close()
    return {(row["unique_id_l"], row["unique_id_r"]): row["match_weight"] for row in found}


def as_row(row: made.Row) -> dict[str, Any]:
    """A record and its person as a row of a table; a list of vehicles becomes its only one."""
    reference = row.get("reference") or next(iter(row.get("references", ())), None)
    year, _, serial = (reference or "").rpartition("-")
    return {
        **row["person"],
        **row,
        "unique_id": row["key"],
        "at": row["at"].replace(tzinfo=None),
        "vehicle": next(iter(row["vehicles"]), None),
        "serial": serial or None,
        "year": year or None,
    }


def random_rows(seed: int, count: int, builder: Any, **own: tuple[Any, ...]) -> list[made.Row]:
    """Records that differ from each other in everything, each with its person."""
    pick = Random(seed).choice
    day = made.MONDAY.date()
    rows = []
    for key in range(1, count + 1):
        names = pick(([11, 12], [11], [11, 12, 15], [11, 16], [17, 18], [13, 14], [19], []))
        sounds = {17: [21, 29], 13: [21, 22], 19: [30]}.get(
            next(iter(names), 0), [name + 10 for name in names]
        )
        dob = pick(((31, 41), (31, 41), (32, 41), (33, 43), (None, None)))
        row = builder(
            key,
            officer=pick(("1234", "1234", "77", None)),
            incident=pick(("512", "512", "513", "9999", None)),
            incident_day=pick((day, day, day + timedelta(days=1), day + timedelta(days=7), None)),
            custody=pick(("EX-1001-26", "EX-1002-26", "QQ-77-26", None)),
            vehicles=pick((["Q012ABC"], ["Q999ZZZ"], [])),
            postcode=pick(("ZA1 4AP", "ZA1 4AP", "ZA1 4ZZ", "ZA1", "ZC9 9ZZ", None)),
            **{name: pick(values) for name, values in own.items()},
        )
        row["person"] = made.a_person(
            key,
            names=names,
            sounds=sounds,
            dob=dob[0],
            dob_ordered=dob[1],
            dob_is_default=pick((False, False, True)),
            initial_dob=pick(([51], [52], [])),
            nationality=pick(("ALB", "VNM", None)),
        )
        rows.append(row)
    return rows


QUOTED = ("26-300417", "26-300417", "300417", "26-300418", "25-300417", "26-99", None)
AFTER = (-1, 1, 6, 15, 30, 60, 100, 200, 500, 1_000)
DAYS = (0, 1, -3, 10, 60, None)


@cache
def trained() -> Weights:
    """Weights learned from made-up feeds, through their file: every level has m and u."""
    referrals, documents, _ = sides(600, 23)
    content = train(referrals, documents, pl.DataFrame(schema=DECISION_SCHEMA), default_weights())
    return load_model(sealed(content))


BY_HAND = ("reference", "name", "dob", "nationality")
"""Fields of which the weights that ship have bits without m and u."""


@pytest.mark.parametrize("trained_file", [False, True], ids=["shipped", "trained"])
def test_a_weight_is_splinks_match_weight_for_the_same_m_and_u(trained_file: bool) -> None:
    """
    A force's analysts can check any pairing with the tool that they know.  What only we do is
    hold the people's bits within bounds, so that is taken off.
    """
    weights = trained() if trained_file else default_weights()
    fields = [field for field in SQL if trained_file or field not in BY_HAND]
    content = weights.content("fields")
    assert trained_file is all("m_of" in content[field]["other"] for field in ("reference", "dob"))
    ours = random_rows(1, 12, made.a_referral, reference=QUOTED)
    quoted = tuple([one] if one else [] for one in QUOTED)
    theirs = random_rows(2, len(AFTER) * len(DAYS), made.a_document, references=quoted)
    for row, (hours, days) in zip(theirs, product(AFTER, DAYS), strict=True):
        row["at"] = made.MONDAY + timedelta(hours=hours)
        row["day"] = None if days is None else made.MONDAY.date() + timedelta(days=days)
    splinks = score(ours, theirs, weights, fields)
    pairs = pl.DataFrame(sorted(splinks), schema=["referral", "document"], orient="row")

    edges = weigh(
        pairs,
        made.referrals(without_people(ours), [row["person"] for row in ours]),
        made.documents(without_people(theirs), [row["person"] for row in theirs]),
        weights,
    )

    left_out = [f"w_{field}" for field in SQL if field not in fields]
    bits = edges.select(pl.col("weight") - pl.sum_horizontal("w_people_cap", *left_out))
    assert len(ours) * len(theirs) == len(splinks)
    rounding = (len(fields) + 1) / 2048
    expected = [splinks[pair] for pair in pairs.iter_rows()]
    assert bits.to_series().to_list() == pytest.approx(expected, abs=rounding)
    for field in fields:
        names = weights_file.LEVELS[field]
        met = {names[level - 1] for level in edges[f"l_{field}"] if level}
        assert set(names) == met == set(SQL[field]), field


def without_people(rows: list[made.Row]) -> list[made.Row]:
    """The records as our frames take them."""
    return [{name: value for name, value in row.items() if name != "person"} for row in rows]
