"""Append-only audit trail: the database itself refuses to change or forge the past.

On SQLite an INSERT OR REPLACE deletes without firing a delete trigger, so the insert
triggers refuse any seq but the next.  On PostgreSQL the triggers are statement triggers where
rows do not matter, because TRUNCATE fires no row trigger, and always enabled, so that a
session in replica mode does not escape them.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQLITE = (
    """
    CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event
    BEGIN SELECT RAISE(ABORT, 'audit_event is append-only: no update'); END
    """,
    """
    CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event
    BEGIN SELECT RAISE(ABORT, 'audit_event is append-only: no delete'); END
    """,
    """
    CREATE TRIGGER audit_event_seq_is_next BEFORE INSERT ON audit_event
    WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit_event)
    BEGIN SELECT RAISE(ABORT, 'audit_event is append-only: seq is not the next'); END
    """,
    """
    CREATE TRIGGER audit_event_prev_is_head BEFORE INSERT ON audit_event
    WHEN NEW.prev IS NOT coalesce(
        (SELECT hash FROM audit_event ORDER BY seq DESC LIMIT 1),
        '0000000000000000000000000000000000000000000000000000000000000000'
    )
    BEGIN SELECT RAISE(ABORT, 'audit_event is append-only: prev is not the head'); END
    """,
)

POSTGRESQL = (
    """
    CREATE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'audit_event is append-only: no %', lower(TG_OP);
    END $$
    """,
    """
    CREATE FUNCTION audit_event_check() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        last record;
    BEGIN
        SELECT seq, hash INTO last FROM audit_event ORDER BY seq DESC LIMIT 1;
        IF NEW.seq IS DISTINCT FROM coalesce(last.seq, 0) + 1 THEN
            RAISE EXCEPTION 'audit_event is append-only: seq is not the next';
        END IF;
        IF NEW.prev IS DISTINCT FROM coalesce(
            last.hash,
            '0000000000000000000000000000000000000000000000000000000000000000'
        ) THEN
            RAISE EXCEPTION 'audit_event is append-only: prev is not the head';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION audit_event_refuse()
    """,
    """
    CREATE TRIGGER audit_event_is_next BEFORE INSERT ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_event_check()
    """,
    "ALTER TABLE audit_event ENABLE ALWAYS TRIGGER audit_event_append_only",
    "ALTER TABLE audit_event ENABLE ALWAYS TRIGGER audit_event_is_next",
)


def upgrade() -> None:
    """Create the triggers of the database at hand."""
    statements = POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE
    for statement in statements:
        op.execute(statement)
