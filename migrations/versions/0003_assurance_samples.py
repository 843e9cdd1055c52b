"""Assurance samples: their tables, and triggers that keep what is fixed as it is.

What was chosen cannot change after a seed; a frame's plan, header and key never change, and
what is set once stays; its items and tickets are neither changed nor removed, and no item is
put into a frame that is frozen.  On PostgreSQL the triggers are always enabled, so that a
session in replica mode does not escape them, and refuse TRUNCATE as well.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

FIXED = (
    "id",
    "sample",
    "supplement",
    "plan",
    "plan_sha256",
    "header",
    "header_sha256",
    "frame_key",
    "frozen_by",
)
"""Columns of a frame that never change."""
ONCE = ("frozen_at", "exported_at", "receipt", "seed", "seeded_at", "drawn_at", "superseded_at")
"""Columns of a frame that are set once and then stay."""
KEPT = ("sample_item", "sample_ticket")
"""Tables whose rows are put in and never changed or removed."""
SEEDED = "EXISTS (SELECT 1 FROM sample_frame WHERE sample = OLD.id AND seed IS NOT NULL)"
FROZEN = "EXISTS (SELECT 1 FROM sample_frame WHERE id = NEW.frame AND frozen_at IS NOT NULL)"


def _sqlite(name: str, event: str, table: str, why: str, when: str = "") -> str:
    condition = f"WHEN {when}" if when else ""
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} {condition}"
        f" BEGIN SELECT RAISE(ABORT, '{table} is fixed: {why}'); END"
    )


SQLITE = (
    _sqlite("sample_final_after_seed", "UPDATE", "sample", "a frame has its seed", SEEDED),
    _sqlite("sample_no_delete", "DELETE", "sample", "no delete"),
    _sqlite("sample_frame_no_delete", "DELETE", "sample_frame", "no delete"),
    _sqlite("sample_frame_no_change", f"UPDATE OF {', '.join(FIXED)}", "sample_frame", "no change"),
    *(
        _sqlite(
            f"sample_frame_{column}_once",
            f"UPDATE OF {column}",
            "sample_frame",
            f"{column} is set once",
            f"OLD.{column} IS NOT NULL",
        )
        for column in ONCE
    ),
    *(_sqlite(f"{table}_no_update", "UPDATE", table, "no update") for table in KEPT),
    *(_sqlite(f"{table}_no_delete", "DELETE", table, "no delete") for table in KEPT),
    *(
        _sqlite(
            f"{table}_no_replace",
            "INSERT",
            table,
            "no replacing",
            f"EXISTS (SELECT 1 FROM {table} WHERE frame = NEW.frame AND draw_id = NEW.draw_id)",  # noqa: S608 - names of ours
        )
        for table in KEPT
    ),
    _sqlite("sample_item_none_added", "INSERT", "sample_item", "the frame is frozen", FROZEN),
)


def _function(name: str, table: str, body: str) -> str:
    refuse = f"RAISE EXCEPTION '{table} is fixed: %', why"
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE why text;"
        f" BEGIN {body} IF why IS NOT NULL THEN {refuse}; END IF; RETURN NEW; END $$"
    )


def _trigger(table: str, function: str, event: str, each: str = "STATEMENT") -> tuple[str, str]:
    name = f"{function}_{each.lower()}"
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table}"
        f" FOR EACH {each} EXECUTE FUNCTION {function}()",
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}",
    )


_CHANGED = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in FIXED)
_AGAIN = " OR ".join(
    f"(OLD.{column} IS NOT NULL AND NEW.{column} IS DISTINCT FROM OLD.{column})" for column in ONCE
)
_REMOVED = "DELETE OR TRUNCATE"
POSTGRESQL = (
    *(
        _function(f"{table}_kept", table, "why := 'no ' || lower(TG_OP);")
        for table in ("sample", "sample_frame", *KEPT)
    ),
    _function("sample_final", "sample", f"IF {SEEDED} THEN why := 'a frame has its seed'; END IF;"),
    _function(
        "sample_frame_fixed",
        "sample_frame",
        f"IF {_CHANGED} THEN why := 'no change'; END IF;"
        f" IF {_AGAIN} THEN why := 'what is set once stays'; END IF;",
    ),
    _function(
        "sample_item_added",
        "sample_item",
        f"IF {FROZEN} THEN why := 'the frame is frozen'; END IF;",
    ),
    *_trigger("sample", "sample_kept", _REMOVED),
    *_trigger("sample", "sample_final", "UPDATE", "ROW"),
    *_trigger("sample_frame", "sample_frame_kept", _REMOVED),
    *_trigger("sample_frame", "sample_frame_fixed", "UPDATE", "ROW"),
    *_trigger("sample_item", "sample_item_kept", f"UPDATE OR {_REMOVED}"),
    *_trigger("sample_item", "sample_item_added", "INSERT", "ROW"),
    *_trigger("sample_ticket", "sample_ticket_kept", f"UPDATE OR {_REMOVED}"),
)


def upgrade() -> None:
    op.create_table(
        "sample",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("force", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column(
            "subject",
            sa.Enum(
                "referrals",
                "auto-pairings",
                "decisions",
                name="subject",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("planned_by", sa.String(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(code) > 0", name=op.f("ck_sample_code_is_given")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample")),
        sa.UniqueConstraint("code", name=op.f("uq_sample_code")),
    )
    with op.batch_alter_table("sample", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sample_force"), ["force"], unique=False)

    op.create_table(
        "sample_frame",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sample", sa.Integer(), nullable=False),
        sa.Column("supplement", sa.Integer(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("plan_sha256", sa.String(), nullable=False),
        sa.Column("header", sa.Text(), nullable=False),
        sa.Column("header_sha256", sa.String(), nullable=False),
        sa.Column("frame_key", sa.String(), nullable=False),
        sa.Column("frozen_by", sa.String(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("exported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("seed", sa.Text(), nullable=True),
        sa.Column("seeded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(seed IS NULL) = (seeded_at IS NULL)",
            name=op.f("ck_sample_frame_seed_and_seeded_at_together"),
        ),
        sa.CheckConstraint(
            "drawn_at IS NULL OR (seeded_at IS NOT NULL AND drawn_at >= seeded_at)",
            name=op.f("ck_sample_frame_drawn_after_seeded"),
        ),
        sa.CheckConstraint(
            "exported_at IS NULL OR (frozen_at IS NOT NULL AND exported_at >= frozen_at)",
            name=op.f("ck_sample_frame_exported_after_frozen"),
        ),
        sa.CheckConstraint(
            "length(plan_sha256) = 64 AND length(header_sha256) = 64 AND length(frame_key) = 64",
            name=op.f("ck_sample_frame_hashes_and_key_are_whole"),
        ),
        sa.CheckConstraint(
            "receipt IS NULL OR exported_at IS NOT NULL",
            name=op.f("ck_sample_frame_receipt_of_what_was_exported"),
        ),
        sa.CheckConstraint(
            "seeded_at IS NULL OR (exported_at IS NOT NULL AND seeded_at > exported_at)",
            name=op.f("ck_sample_frame_seeded_after_exported"),
        ),
        sa.CheckConstraint(
            "superseded_at IS NULL OR seed IS NULL",
            name=op.f("ck_sample_frame_superseded_before_seeded"),
        ),
        sa.CheckConstraint(
            "supplement >= 0", name=op.f("ck_sample_frame_supplement_counts_from_nought")
        ),
        sa.ForeignKeyConstraint(["sample"], ["sample.id"], name=op.f("fk_sample_frame_sample")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_frame")),
    )
    with op.batch_alter_table("sample_frame", schema=None) as batch_op:
        batch_op.create_index(
            "uq_sample_frame_current",
            ["sample", "supplement"],
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )

    op.create_table(
        "sample_item",
        sa.Column("frame", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.String(), nullable=False),
        sa.Column("record", sa.Integer(), nullable=False),
        sa.Column("referral", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("stratum", sa.String(), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "auto-paired",
                "paired-by-person",
                "exempt",
                "ambiguous",
                "held",
                "unmatched",
                "confirmed",
                "rejected",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("month", sa.String(), nullable=False),
        sa.CheckConstraint("length(draw_id) = 32", name=op.f("ck_sample_item_draw_id_is_whole")),
        sa.ForeignKeyConstraint(["frame"], ["sample_frame.id"], name=op.f("fk_sample_item_frame")),
        sa.ForeignKeyConstraint(
            ["referral"], ["referral.id"], name=op.f("fk_sample_item_referral")
        ),
        sa.PrimaryKeyConstraint("frame", "draw_id", name=op.f("pk_sample_item")),
    )
    with op.batch_alter_table("sample_item", schema=None) as batch_op:
        batch_op.create_index("ix_sample_item_referral", ["referral"], unique=False)

    op.create_table(
        "sample_ticket",
        sa.Column("frame", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.String(), nullable=False),
        sa.Column("draws_from", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column(
            "use",
            sa.Enum(
                "sample",
                "replacement",
                "extension",
                "reserve",
                name="use",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("look", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "use <> 'reserve'", name=op.f("ck_sample_ticket_a_reserve_is_not_drawn")
        ),
        sa.CheckConstraint(
            "place > 0 AND look > 0", name=op.f("ck_sample_ticket_place_and_look_count_from_one")
        ),
        sa.ForeignKeyConstraint(
            ["frame", "draw_id"],
            ["sample_item.frame", "sample_item.draw_id"],
            name=op.f("fk_sample_ticket_frame_draw_id"),
        ),
        sa.PrimaryKeyConstraint("frame", "draw_id", name=op.f("pk_sample_ticket")),
        sa.UniqueConstraint(
            "frame", "draws_from", "place", name=op.f("uq_sample_ticket_frame_draws_from_place")
        ),
    )
    statements = POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE
    for statement in statements:
        op.execute(statement)
