"""Splink 5 on DuckDB, tuned as its best is known: the rival of the benchmark.

It is given the columns that this engine cleaned, and the people in clear.  A record is a row
for each person and each quoted reference, a pair's score that of its best rows; m is
estimated on records of one person, because the cross pairs of different people in a group
would teach that a match disagrees on the name; blocking rules are equalities only, days
nearby being an equality with a shifted day, because a range would make blocks grow with
history squared.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl
from splink import Linker, SettingsCreator
from splink.backends.duckdb import DuckDBAPI
from splink.blocking_rule_library import CustomRule

from bench.pairing import cleaning
from domain.pairing import Records

Stage = Callable[[str], AbstractContextManager[None]]
LEAST_WEIGHT: Final = 0.0
"""Bits from which a pair is kept; what is under it no threshold would take."""
SEED: Final = 1
_WINDOW: Final = "r.minute - l.minute between -1440 and 172800"


def _shifted(columns: tuple[str, ...], day: str, shifts: tuple[int, ...]) -> list[str]:
    same = " and ".join(f"l.{name} = r.{name}" for name in columns)
    return [f"{same} and l.{day} = r.{day} + {shift}" for shift in shifts]


RULES: Final = tuple(
    f"{rule} and {_WINDOW}"
    for rule in (
        "l.serial = r.serial",
        "l.force = r.force and l.custody = r.custody",
        "l.force = r.force and l.vehicle = r.vehicle",
        *_shifted(("force", "incident"), "incident_day", (0, 1, -1)),
        *_shifted(("force", "officer"), "day", (0, 1, -1)),
        *_shifted(("force", "postcode"), "day", (0, 1, -1)),
        *_shifted(("force", "dob_ordered"), "week", (0, 1, -1)),
        *_shifted(("force", "name"), "week", (0, 1, -1)),
        "l.name = r.name and l.dob = r.dob",
    )
)
TRAINED_ON: Final = (
    f"l.serial = r.serial and l.force = r.force and {_WINDOW}",
    f"{_shifted(('force', 'incident'), 'incident_day', (0,))[0]} and {_WINDOW}",
)
SURE: Final = "l.serial = r.serial and l.dob = r.dob and l.force = r.force"

_COMPARED: Final[dict[str, tuple[str, ...]]] = {
    "serial": ("serial_l = serial_r", "levenshtein(serial_l, serial_r) = 1"),
    "officer": ("officer_l = officer_r",),
    "incident": (
        "incident_l = incident_r and incident_day_l = incident_day_r",
        "incident_l = incident_r and abs(incident_day_l - incident_day_r) = 1",
        "levenshtein(incident_l, incident_r) = 1 and incident_day_l = incident_day_r",
    ),
    "custody": ("custody_l = custody_r", "levenshtein(custody_l, custody_r) = 1"),
    "vehicle": ("vehicle_l = vehicle_r",),
    "postcode": (
        "postcode_l = postcode_r and contains(postcode_l, ' ')",
        "split_part(postcode_l, ' ', 1) = split_part(postcode_r, ' ', 1)",
    ),
    "day": (
        "day_l = day_r", "abs(day_l - day_r) = 1", "abs(day_l - day_r) <= 3",
        "abs(day_l - day_r) <= 14",
    ),
    "minute": (
        "minute_r - minute_l < 0", "minute_r - minute_l < 240", "minute_r - minute_l < 720",
        "minute_r - minute_l < 1440", "minute_r - minute_l < 2880", "minute_r - minute_l < 4320",
        "minute_r - minute_l < 20160",
    ),
    "name": (
        "name_l = name_r", "jaro_winkler_similarity(name_l, name_r) > 0.92",
        "len(list_intersect(parts_l, parts_r)) >= 1",
        "jaro_winkler_similarity(name_l, name_r) > 0.8",
    ),
    "dob": ("dob_l = dob_r", "dob_ordered_l = dob_ordered_r"),
    "nationality": ("nationality_l = nationality_r",),
}  # fmt: skip
"""Levels of each comparison from the best down; the rest is another level.

The time between the two counts only where a day is missing: with it, the same closeness
would be counted twice.
"""
_BY_FREQUENCY: Final = {"name"}


def scores(data: Path, stage: Stage) -> pl.DataFrame:
    """Pairs of records with the weight (bits) of their best rows: train, predict, group."""
    with stage("cleaning, not counted"):
        ours, theirs = _rows(*cleaning.referrals(data)), _rows(*cleaning.documents(data))
    connection = duckdb.connect()
    try:
        with stage("training"):
            settings = _trained(connection, ours, theirs)
        with stage("linking"):
            return _predicted(connection, ours, theirs, settings)
    finally:
        connection.close()


def _rows(side: Records, people: pl.DataFrame) -> pl.DataFrame:
    """A row for each person and quoted reference of each live record."""
    col = pl.col
    reference = "references" if "references" in side.records.columns else "reference"
    records = side.records
    if reference == "references":
        records = records.filter("live").explode("references", empty_as_null=True)
    days, epoch = col("day").cast(pl.Int32), col("at").dt.epoch("s")
    events = records.select(
        "force", "officer", "incident", "custody", "postcode",
        record="key",
        serial=col(reference).str.split("-").list.last(),
        incident_day=col("incident_day").cast(pl.Int32),
        day=days,
        week=pl.coalesce(days, (epoch // 86_400).cast(pl.Int32)) // 7,
        minute=epoch // 60,
        vehicle=col("vehicles").list.first(),
    )  # fmt: skip
    born = col("date_of_birth")
    low, high = (f(born.dt.day(), born.dt.month()) for f in (pl.min_horizontal, pl.max_horizontal))
    named = people.select(
        "record", "nationality", "parts",
        name=col("parts").list.sort().list.join(" "),
        dob=born.dt.to_string("%Y-%m-%d"),
        dob_ordered=pl.format("{}-{}-{}", born.dt.year(), low, high),
        alone=pl.len().over("record") == 1,
    )  # fmt: skip
    rows = events.join(named, on="record", how="left", maintain_order="left")
    return rows.with_row_index("unique_id").with_columns(col("alone").fill_null(True))


def _comparison(name: str) -> dict[str, Any]:
    condition = f'"{name}_l" is null or "{name}_r" is null'
    if name == "minute":
        condition = "day_l is not null and day_r is not null"
    missing: dict[str, Any] = {
        "sql_condition": condition,
        "label_for_charts": "missing",
        "is_null_level": True,
    }
    levels = [missing]
    for number, condition in enumerate(_COMPARED[name]):
        level: dict[str, Any] = {"sql_condition": condition, "label_for_charts": condition}
        if name in _BY_FREQUENCY and number == 0:
            level |= {"tf_adjustment_column": name, "tf_adjustment_weight": 1.0}
        levels.append(level)
    levels.append({"sql_condition": "ELSE", "label_for_charts": "other"})
    return {"output_column_name": name, "comparison_levels": levels}


def _settings(chance: float) -> SettingsCreator:
    return SettingsCreator(
        link_type="link_only",
        comparisons=[_comparison(name) for name in _COMPARED],
        blocking_rules_to_generate_predictions=[CustomRule(rule) for rule in RULES],
        probability_two_random_records_match=chance,
        additional_columns_to_retain=["record"],
        retain_matching_columns=False,
    )


def _linker(
    connection: duckdb.DuckDBPyConnection,
    sides: tuple[pl.DataFrame, pl.DataFrame],
    name: str,
    settings: Any,
) -> Linker:
    api = DuckDBAPI(connection=connection)
    tables = []
    for number, side in enumerate(sides):
        arrow = side.to_arrow()
        connection.register("given", arrow)
        connection.execute(f"create or replace table {name}_{number} as select * from given")
        connection.unregister("given")
        tables.append(api.register(f"{name}_{number}", dataset_display_name=f"{number + 1}"))
    return Linker(tables, settings, log_level="ERROR")


def _trained(
    connection: duckdb.DuckDBPyConnection, ours: pl.DataFrame, theirs: pl.DataFrame
) -> dict[str, Any]:
    alone = (ours.filter("alone"), theirs.filter("alone"))
    linker = _linker(connection, alone, "alone", _settings(1e-6))
    training = linker.training
    training.estimate_probability_two_random_records_match([SURE], recall=0.5)
    training.estimate_u_using_random_sampling(max_pairs=2e6, seed=SEED)
    for rule in TRAINED_ON:
        training.estimate_parameters_using_expectation_maximisation(
            CustomRule(rule), max_pairs=1e6, record_sample_proportion=1.0
        )
    settings: dict[str, Any] = linker.misc.save_model_to_json()
    return settings


def _predicted(
    connection: duckdb.DuckDBPyConnection,
    ours: pl.DataFrame,
    theirs: pl.DataFrame,
    settings: dict[str, Any],
) -> pl.DataFrame:
    linker = _linker(connection, (ours, theirs), "every", settings)
    found = linker.inference.predict(threshold_match_weight=LEAST_WEIGHT)
    best = connection.execute(
        "select record_l as referral, record_r as document, max(match_weight) as weight"
        f" from {found.physical_name} group by all"
    ).fetchnumpy()
    pairs = pl.DataFrame({name: best[name] for name in ("referral", "document", "weight")})
    return pairs.with_columns(band=pl.lit("scored"), role=pl.lit(None, dtype=pl.String))
