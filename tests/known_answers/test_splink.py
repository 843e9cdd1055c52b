"""Weights as Splink 5 adds them up, from the same m and u and the same comparison levels.

Splink (Ministry of Justice) is computed here and now: `score` makes its tables in DuckDB and
asks it for the match weight of every pair.  It compares with its own SQL, so the levels are
found twice as well.
"""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import duckdb
import polars as pl
import pytest
from splink import Linker, SettingsCreator
from splink.backends.duckdb import DuckDBAPI
from splink.blocking_rule_library import CustomRule

from domain.pairing import default_weights, weigh
from tests.unit.pairing import strategies as made

WEIGHTS = default_weights()
LEVELS = json.loads(WEIGHTS.text)["fields"]
COLUMNS = {
    "unique_id": "INTEGER",
    "officer": "VARCHAR",
    "incident": "VARCHAR",
    "incident_day": "DATE",
    "custody": "VARCHAR",
    "vehicle": "VARCHAR",
    "postcode": "VARCHAR",
    "day": "DATE",
    "at": "TIMESTAMP",
}
SAME_INCIDENT = "incident_l = incident_r and abs(date_diff('day', incident_day_l, incident_day_r))"
SAME_OUTWARD = "split_part(postcode_l, ' ', 1) = split_part(postcode_r, ' ', 1)"
BOTH_WHOLE = "contains(postcode_l, ' ') and contains(postcode_r, ' ')"
HOURS = 'date_diff(\'second\', "at_l", "at_r") / 3600.0'
SQL: dict[str, dict[str, str]] = {
    "officer": {"same": "officer_l = officer_r", "other": "ELSE"},
    "incident": {
        "exact": f"{SAME_INCIDENT} = 0",
        "day_off": f"{SAME_INCIDENT} = 1",
        "other_day": f"{SAME_INCIDENT} > 1",
        "other": "ELSE",
    },
    "custody": {"same": "custody_l = custody_r", "other": "ELSE"},
    "vehicle": {"same": "vehicle_l = vehicle_r", "other": "ELSE"},
    "postcode": {
        "full": "postcode_l = postcode_r and contains(postcode_l, ' ')",
        "sector": f"{SAME_OUTWARD} and {BOTH_WHOLE}",
        "outward": SAME_OUTWARD,
        "other": "ELSE",
    },
    "day": {
        "same": "day_l = day_r",
        "one": "abs(date_diff('day', day_l, day_r)) = 1",
        "three": "ELSE",
    },
    "gap": {
        "before": f"{HOURS} < 0",
        **{f"h{hours}": f"{HOURS} < {hours}" for hours in (4, 12, 24, 48, 72)},
        "week": "ELSE",
    },
}
"""Our levels as Splink's, in order; those left out do not occur below."""


def comparison(field: str) -> dict[str, Any]:
    """One field as Splink reads it."""
    column = "at" if field == "gap" else field
    null = f'"{column}_l" is null or "{column}_r" is null'
    levels: list[dict[str, Any]] = [{"sql_condition": null, "is_null_level": True}]
    for name, sql in SQL[field].items():
        levels.append(
            {
                "sql_condition": sql,
                "m_probability": LEVELS[field][name]["m"],
                "u_probability": LEVELS[field][name]["u"],
            }
        )
    return {"output_column_name": field, "comparison_levels": levels}


def score(left: list[made.Row], right: list[made.Row]) -> dict[tuple[int, int], float]:
    """Splink's match weight of every pair, in bits."""
    connection = duckdb.connect()
    for name, rows in (("referrals", left), ("documents", right)):
        columns = ", ".join(f'"{column}" {kind}' for column, kind in COLUMNS.items())
        connection.execute(f"CREATE TABLE {name} ({columns})")
        places = ", ".join("?" for _ in COLUMNS)
        connection.executemany(f"INSERT INTO {name} VALUES ({places})", list(as_rows(rows)))
    api = DuckDBAPI(connection=connection)
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[comparison(field) for field in SQL],
        blocking_rules_to_generate_predictions=[CustomRule("1 = 1")],
        probability_two_random_records_match=2**WEIGHTS.prior / (1 + 2**WEIGHTS.prior),
    )
    tables = [
        api.register("referrals", dataset_display_name="1"),
        api.register("documents", dataset_display_name="2"),
    ]
    linker = Linker(tables, settings, log_level="ERROR")
    found = linker.inference.predict(threshold_match_weight=-1000).as_record_list()
    connection.close()
    return {(row["unique_id_l"], row["unique_id_r"]): row["match_weight"] for row in found}


def as_rows(rows: list[made.Row]) -> Iterator[list[Any]]:
    """The rows of a table; a list of vehicles becomes its only one."""
    for row in rows:
        plain = {**row, "unique_id": row["key"], "vehicle": next(iter(row["vehicles"]), None)}
        yield [
            plain[column].replace(tzinfo=None) if column == "at" else plain[column]
            for column in COLUMNS
        ]


def test_a_weight_is_splinks_match_weight_for_the_same_m_and_u() -> None:
    """
    A force's analysts can check any pairing with the tool that they know.
    """
    ours = [
        made.a_referral(1, reference=None),
        made.a_referral(2, reference=None, custody=None, postcode="ZA1", vehicles=[]),
        made.a_referral(3, reference=None, officer="77", incident="9999", custody="QQ-77-26"),
    ]
    hour, day = timedelta(hours=1), timedelta(days=1)
    theirs = [
        made.a_document(1, references=[]),
        made.a_document(2, references=[], incident=None, incident_day=None, at=made.MONDAY - hour),
        made.a_document(3, references=[], incident_day=date(2026, 3, 3), postcode="ZA1 4ZZ"),
        made.a_document(4, references=[], day=date(2026, 3, 1), at=made.MONDAY + 4 * day),
        made.a_document(5, references=[], day=date(2026, 3, 4), at=made.MONDAY + 2.5 * day),
        made.a_document(6, references=[], officer=None, vehicles=["Q999ZZZ"], postcode="ZC9 9ZZ"),
        made.a_document(
            7, references=[], incident_day=date(2026, 3, 9), at=made.MONDAY + 30 * hour
        ),
    ]
    splinks = score(ours, theirs)
    pairs = pl.DataFrame(sorted(splinks), schema=["referral", "document"], orient="row")

    edges = weigh(pairs, made.referrals(ours), made.documents(theirs), WEIGHTS)

    weights = {(row[0], row[1]): row[2] for row in edges.iter_rows()}
    assert 21 == len(splinks)
    rounding = (len(SQL) + 1) / 2048
    assert splinks == pytest.approx(weights, abs=rounding)
