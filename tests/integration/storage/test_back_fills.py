"""What a migration fills in of rows that were there before it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, insert, text

import migrations
from adapters import database
from models import METADATA
from tests.integration.storage.rows import a_row

INSTANT = timedelta(microseconds=1)
TIMES = [
    datetime(2026, 3, 2, 12, tzinfo=UTC),
    datetime(2026, 3, 29, 1, 30, 59, 999_999, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, 999_500, tzinfo=UTC),
    datetime(2099, 12, 31, 23, 59, 59, 1, tzinfo=UTC),
]


@pytest.mark.parametrize(
    ("feed", "table", "own"),
    [("referrals", "referral", "referral_id"), ("documents", "document", "urn")],
)
def test_a_stored_key_gets_the_time_of_its_record(
    empty_engine: Engine, feed: str, table: str, own: str
) -> None:
    """
    To the microsecond, as the night would have stored it: no key has to be made again.
    """
    time = {"referral": "referred_at", "document": "submitted_at"}[table]
    heads = [
        a_row(table, **{"id": number, own: f"N{number}", time: at})
        for number, at in enumerate(TIMES, start=1)
    ]
    keys = [{"feed": feed, "record": head["id"], "key": -7, "force": "13"} for head in heads]
    with empty_engine.execution_options(migrating=True).begin() as connection:
        _upgrade(connection, "0006")
        connection.execute(insert(METADATA.tables[table]), heads)
        connection.execute(
            text("INSERT INTO blocking_key VALUES (:feed, :record, :key, :force)"), keys
        )

    database.upgrade(empty_engine)

    with empty_engine.connect() as connection:
        found = connection.execute(text("SELECT at FROM blocking_key ORDER BY record")).scalars()
        assert [(at - datetime(1970, 1, 1, tzinfo=UTC)) // INSTANT for at in TIMES] == list(found)


def _upgrade(connection: Connection, revision: str) -> None:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(*migrations.__path__)))
    command.upgrade(config, revision)
