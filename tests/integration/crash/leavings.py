"""What a night left behind, whole, so that two nights can be compared.

The order of rows is that of their keys.  A number that the database dealt out becomes its
rank among those that are there: PostgreSQL deals a number once, even to a transaction that
was then lost.  What differs by right between a night done in one go and in two is left out:
how many attempts it took, what each attempt found left to do, and (`hash_free`) the hashes,
which cover those numbers.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Table, select

from adapters import database
from domain.audit_trail import Intact
from models.base import METADATA
from services import audit_trail

Dump = dict[str, list[dict[str, Any]]]


def dump(engine: Engine, *, hash_free: bool = False) -> Dump:
    """Every row of every table."""
    with engine.connect() as connection:
        raw: Dump = {
            table.name: [dict(row) for row in connection.execute(_in_order(table)).mappings().all()]
            for table in METADATA.sorted_tables
        }
    ranks = {
        table.name: {row["id"]: rank for rank, row in enumerate(raw[table.name], 1)}
        for table in METADATA.sorted_tables
        if "id" in table.columns
    }
    for table in METADATA.sorted_tables:
        for row in raw[table.name]:
            _rank(table, row, ranks)
    for row in raw["run"]:
        row["attempts"] = row["counts"]["work"] = None
    for row in raw["audit_event"] if hash_free else []:
        row["hash"] = row["prev"] = None
    return raw


def files(home: Path) -> dict[str, list[str]]:
    """The names of the files that wait, and of those that were put away."""
    return {
        place: sorted(str(each.relative_to(home)) for each in (home / place).rglob("*.*"))
        for place in ("drop", "archive")
    }


def is_intact(engine: Engine) -> bool:
    """Whether the audit trail is whole, by its own verifier."""
    with database.reading(engine) as session:
        return isinstance(audit_trail.verify(session), Intact)


def _in_order(table: Table) -> Any:
    return select(table).order_by(*table.primary_key.columns)


def _rank(table: Table, row: dict[str, Any], ranks: Mapping[str, Mapping[int, int]]) -> None:
    if "id" in row:
        row["id"] = ranks[table.name][row["id"]]
    for column in table.columns:
        for key in column.foreign_keys:
            parent = ranks.get(key.column.table.name)
            if key.column.name == "id" and parent and row[column.name] is not None:
                row[column.name] = parent[row[column.name]]
    if table.name == "blocking_key":
        head = "referral" if row["feed"] == "referrals" else "document"
        row["record"] = ranks[head][row["record"]]
    if table.name == "audit_event":
        kind, _, number = row["subject"].partition("/")
        row["subject"] = kind, ranks[kind][int(number)]
        body = json.loads(row["body"])
        row["body"] = {
            name: ranks[name][value] if name in ranks and isinstance(value, int) else value
            for name, value in body.items()
        }
