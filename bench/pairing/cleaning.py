"""The raw tables cleaned by the product's own rules, each distinct value once.

What the door does to a row (adapters.feeds) is done here to a column: identifiers are folded
by `domain.identifiers`, people become keyed tokens by `adapters.tokens`.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl

from adapters.feeds import DEFAULT_RULES
from adapters.policies import load_policies
from adapters.tokens import Tokeniser, folded
from domain.identifiers import normalise_postcode, normalise_vehicle
from domain.pairing.frames import DOCUMENT_SCHEMA, PEOPLE_SCHEMA, REFERRAL_SCHEMA, Records
from domain.policy import SATISFYING_STATUSES

KEY: Final = b"0123456789abcdef0123456789abcdef"
"""Of the benchmark, and no force's."""
_TEXTS: Final = pl.List(pl.String)
_TOKENS: Final = pl.List(pl.UInt64)


def referrals(folder: Path) -> tuple[Records, pl.DataFrame]:
    """The referrals' frames, and their plain people; a record's key is its row."""
    raw = pl.read_parquet(folder / "referrals.parquet")
    made = pl.col("referred_at").dt.convert_time_zone("Europe/London").dt.date()
    number, day = _incidents(raw["incident_number"])
    records = raw.with_columns(
        *_shared("referral_id", "officer_id"),
        at="referred_at",
        day=made,
        reference=_folded(raw["nccu_reference"], DEFAULT_RULES.normalise_reference),
        incident=number,
        incident_day=day,
    ).with_columns(incident_day=pl.when(pl.col("incident").is_not_null()).then(
        pl.coalesce("incident_day", "day")
    ))  # fmt: skip
    people = pl.read_parquet(folder / "referral_people.parquet")
    return _side(records, REFERRAL_SCHEMA, people, "referral_id")


def documents(folder: Path) -> tuple[Records, pl.DataFrame]:
    """The documents' frames, and their plain people; a record's key is its row."""
    raw = pl.read_parquet(folder / "documents.parquet")
    number, day = _incidents(raw["incident_number"])
    policy = load_policies(None).at(raw["submitted_at"].max())  # type: ignore[arg-type]
    accepted = [kind for kind in raw["document_type"].unique() if policy.accepts_type(kind)]
    satisfying = [str(status) for status in SATISFYING_STATUSES]
    records = raw.with_columns(
        *_shared("urn", "author_officer_id"),
        at="submitted_at",
        day="event_date",
        references=_each(raw["nccu_references"], DEFAULT_RULES.normalise_reference),
        incident=number,
        incident_day=day,
        live=pl.col("status").is_in(satisfying) & pl.col("document_type").is_in(accepted),
    ).with_columns(incident_day=pl.when(pl.col("incident").is_not_null()).then(
        pl.coalesce("incident_day", "day")
    ))  # fmt: skip
    people = pl.read_parquet(folder / "document_people.parquet")
    return _side(records, DOCUMENT_SCHEMA, people, "urn")


def _shared(key: str, officer: str) -> Sequence[pl.Expr]:
    return (
        pl.int_range(pl.len(), dtype=pl.Int64).alias("key"),
        pl.concat_str("force", key, separator="/").alias("order"),
        _mapped_column(officer, DEFAULT_RULES.normalise_officer).alias("officer"),
        _mapped_column("custody_number", DEFAULT_RULES.normalise_custody).alias("custody"),
        _mapped_column("postcode", normalise_postcode).alias("postcode"),
        pl.col("vehicle_registrations")
        .map_batches(lambda column: _each(column, normalise_vehicle), return_dtype=_TEXTS)
        .alias("vehicles"),
    )


def _mapped_column(name: str, fold: Callable[[str], str | None]) -> pl.Expr:
    return pl.col(name).map_batches(lambda column: _folded(column, fold), return_dtype=pl.String)


def _folded(column: pl.Series, fold: Callable[[Any], Any], kind: Any = pl.String) -> pl.Series:
    """The column with `fold` done to each distinct value once."""
    distinct = column.drop_nulls().unique()
    if distinct.is_empty():
        return pl.Series([None] * len(column), dtype=kind)
    made = pl.Series([fold(value) for value in distinct], dtype=kind)
    table = pl.DataFrame({"value": distinct, "made": made})
    found = (
        column.alias("value").to_frame().join(table, on="value", how="left", maintain_order="left")
    )
    return found["made"]


def _each(column: pl.Series, fold: Callable[[str], str | None]) -> pl.Series:
    """Lists with `fold` done to each entry, each result once, in order; never null."""
    counts = column.list.len()
    row = pl.int_range(len(column), eager=True).filter(counts > 0)
    flat = pl.DataFrame({"row": row, "value": column.filter(counts > 0)}).explode("value")
    flat = flat.with_columns(value=_folded(flat["value"], fold)).drop_nulls()
    lists = flat.group_by("row", maintain_order=True).agg(
        pl.col("value").unique(maintain_order=True)
    )
    whole = pl.DataFrame({"row": pl.int_range(len(column), eager=True)})
    return whole.join(lists, on="row", how="left", maintain_order="left")["value"].fill_null([])


def _incidents(column: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The log's serial and its day."""
    kind = pl.Struct({"serial": pl.String, "day": pl.Date})
    made = _folded(column, lambda text: DEFAULT_RULES.normalise_incident(text)._asdict(), kind)
    return made.struct.field("serial"), made.struct.field("day")


def _side(
    records: pl.DataFrame, schema: dict[str, pl.DataType], people: pl.DataFrame, key: str
) -> tuple[Records, pl.DataFrame]:
    numbered = people.join(
        records.select("force", key, record="key"), on=["force", key], maintain_order="left"
    )
    clean = records.select(pl.col(name).cast(kind) for name, kind in schema.items())
    return Records(clean, tokens(numbered)), plain(numbered)


def tokens(people: pl.DataFrame) -> pl.DataFrame:
    """The people as PEOPLE_SCHEMA."""
    tokeniser = Tokeniser(KEY)
    spoken = pl.Struct(dict.fromkeys(("names", "sounds", "initial_dob"), _TOKENS))
    born = pl.Struct({"dob": pl.UInt64, "dob_ordered": pl.UInt64})

    def named(value: dict[str, Any]) -> dict[str, list[int]]:
        names = tuple(filter(None, (value["forename"], value["surname"])))
        made = tokeniser.person(None, names, value["date_of_birth"], None)
        return {name: [int(one, 16) for one in made[name]] for name in spoken.to_schema()}

    def dated(day: Any) -> dict[str, int]:
        made = tokeniser.person(None, (), day, None)
        return {name: int(made[name], 16) for name in born.to_schema()}

    who = people.select(pl.struct("forename", "surname", "date_of_birth")).to_series()
    names = _folded(who, named, spoken).struct.unnest()
    days = _folded(people["date_of_birth"], dated, born).struct.unnest()
    january = (pl.col("date_of_birth").dt.month() == 1) & (pl.col("date_of_birth").dt.day() == 1)
    whole = pl.concat([people, names, days], how="horizontal").with_columns(
        dob_is_default=january.fill_null(False)
    )
    return whole.select(pl.col(name).cast(kind) for name, kind in PEOPLE_SCHEMA.items())


def plain(people: pl.DataFrame) -> pl.DataFrame:
    """The people in clear: record, person, name parts folded as for tokens, birth, nationality."""
    joined = people.select(pl.concat_str("forename", "surname", separator=" ", ignore_nulls=True))
    parts = _folded(joined.to_series(), lambda name: list(folded(name)), _TEXTS)
    return people.select("record", "person", "date_of_birth", "nationality", parts=parts)
