"""The migrations give the tables that the models describe, and only forward."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

import migrations.versions
from adapters import database
from domain.errors import SettingsRefused
from models import METADATA

TRIGGERS = {
    "sqlite": (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        {
            "audit_event_no_update",
            "audit_event_no_delete",
            "audit_event_seq_is_next",
            "audit_event_prev_is_head",
            "sample_evaluation_no_delete",
            "sample_evaluation_no_replace",
            "sample_evaluation_no_update",
            "sample_finding_no_delete",
            "sample_finding_no_replace",
            "sample_finding_no_update",
            "sample_final_after_seed",
            "sample_frame_drawn_at_once",
            "sample_frame_exported_at_once",
            "sample_frame_frozen_at_once",
            "sample_frame_no_change",
            "sample_frame_no_delete",
            "sample_frame_receipt_once",
            "sample_frame_seed_once",
            "sample_frame_seeded_at_once",
            "sample_frame_superseded_at_once",
            "sample_item_no_delete",
            "sample_item_no_replace",
            "sample_item_no_update",
            "sample_item_none_added",
            "sample_no_delete",
            "sample_replacement_no_delete",
            "sample_replacement_no_replace",
            "sample_replacement_no_update",
            "sample_ticket_no_delete",
            "sample_ticket_no_replace",
            "sample_ticket_no_update",
        },
    ),
    "postgresql": (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'A'",
        {
            "audit_event_append_only",
            "audit_event_is_next",
            "sample_evaluation_kept_statement",
            "sample_final_row",
            "sample_finding_kept_statement",
            "sample_frame_fixed_row",
            "sample_frame_kept_statement",
            "sample_item_added_row",
            "sample_item_kept_statement",
            "sample_kept_statement",
            "sample_replacement_kept_statement",
            "sample_ticket_kept_statement",
        },
    ),
}


def _shape(engine: Engine) -> dict[str, Any]:
    """Every table with its columns, keys, checks and indexes as the database tells them."""
    inspector = inspect(engine)
    return {
        table: {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"], column["default"])
                for column in inspector.get_columns(table)
            },
            "primary key": inspector.get_pk_constraint(table),
            "foreign keys": _by_name(inspector.get_foreign_keys(table)),
            "unique": _by_name(inspector.get_unique_constraints(table)),
            "checks": _by_name(inspector.get_check_constraints(table)),
            "indexes": _by_name(inspector.get_indexes(table)),
        }
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def _by_name(found: Any) -> dict[str, str]:
    return {each["name"]: json.dumps(each, sort_keys=True, default=str) for each in found}


def test_alembic_finds_no_difference_to_the_models(engine: Engine) -> None:
    """
    Whoever changes a model without a migration learns it here, not in service.
    """
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )

        assert compare_metadata(context, METADATA) == []


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_migrated_database_has_the_shape_of_the_models(
    kind: str, request: pytest.FixtureRequest
) -> None:
    """
    Also what alembic does not compare: CHECK constraints, partial indexes and every name.
    """
    migrated = request.getfixturevalue(f"{kind}_engine")
    described = request.getfixturevalue(f"empty_{kind}_engine")
    METADATA.create_all(described)

    assert _shape(described) == _shape(migrated)


def test_what_is_never_to_change_is_guarded(engine: Engine) -> None:
    """
    On PostgreSQL the triggers also fire in a session that replays a replica.
    """
    query, expected = TRIGGERS[engine.dialect.name]
    with engine.connect() as connection:
        assert expected == set(connection.execute(text(query)).scalars())


def test_an_upgrade_makes_a_database_current(empty_engine: Engine) -> None:
    """
    The doctor tells an operator to upgrade exactly when there is something to upgrade.
    """
    assert not database.is_current(empty_engine)

    database.upgrade(empty_engine)
    database.upgrade(empty_engine)

    assert database.is_current(empty_engine)


def test_two_upgrades_at_once_take_turns(empty_engine: Engine) -> None:
    """
    The web server and the nightly run may both start on the morning of a new version.
    """
    faults: list[BaseException] = []
    together = threading.Barrier(3)

    def upgrade() -> None:
        own = database.engine(empty_engine.url.render_as_string(hide_password=False))
        together.wait()
        try:
            database.upgrade(own)
        except Exception as fault:  # noqa: BLE001 - whatever it is, the test shows it
            faults.append(fault)
        finally:
            own.dispose()

    threads = [threading.Thread(target=upgrade) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    assert database.is_current(empty_engine)


def test_a_failed_upgrade_leaves_nothing(
    empty_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Half an upgrade can be neither used nor repeated.
    """
    monkeypatch.setattr(
        "alembic.runtime.migration.HeadMaintainer._update_version", lambda *_: 1 / 0
    )

    with pytest.raises(ZeroDivisionError):
        database.upgrade(empty_engine)

    assert inspect(empty_engine).get_table_names() == []


def test_an_older_program_leaves_a_newer_database_alone(engine: Engine) -> None:
    """
    After a botched downgrade an operator reads what to do, not a traceback of alembic.
    """
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(SettingsRefused, match="newer version"):
        database.upgrade(engine)
    assert not database.is_current(engine)


def test_migrations_only_go_forward() -> None:
    """
    Undoing a migration would throw records away; a mistake is corrected by the next one.
    """
    (folder,) = map(Path, migrations.versions.__path__)

    for file in folder.glob("[0-9]*.py"):
        assert "def downgrade" not in file.read_text("utf-8"), file.name
