"""What was judged of a sample, what was replaced and what it was said to show.

Rows of the three tables are put in and neither changed nor removed: a later judgement is
another version, a later evaluation another row.  On PostgreSQL the triggers are always
enabled, so that a session in replica mode does not escape them, and refuse TRUNCATE as well.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "sample_evaluation": (("id",),),
    "sample_finding": (("frame", "draw_id", "attribute", "judge", "version"),),
    "sample_replacement": (("id",), ("frame_out", "draw_id_out"), ("frame_in", "draw_id_in")),
}
"""The tables, and by what a row could be put in the place of another."""


def _sqlite(name: str, event: str, table: str, why: str, when: str = "") -> str:
    condition = f"WHEN {when}" if when else ""
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} {condition}"
        f" BEGIN SELECT RAISE(ABORT, '{table} is fixed: {why}'); END"
    )


def _taken(table: str) -> str:
    same = " OR ".join(
        "(" + " AND ".join(f"{column} = NEW.{column}" for column in key) + ")"
        for key in KEYS[table]
    )
    return f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - names of ours


SQLITE = tuple(
    statement
    for table in KEYS
    for statement in (
        _sqlite(f"{table}_no_update", "UPDATE", table, "no update"),
        _sqlite(f"{table}_no_delete", "DELETE", table, "no delete"),
        _sqlite(f"{table}_no_replace", "INSERT", table, "no replacing", _taken(table)),
    )
)
POSTGRESQL = tuple(
    statement
    for table in KEYS
    for statement in (
        f"CREATE FUNCTION {table}_kept() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN RAISE EXCEPTION '{table} is fixed: no %', lower(TG_OP); END $$",
        f"CREATE TRIGGER {table}_kept_statement BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_kept()",
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_kept_statement",
    )
)


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def _item(frame: str, draw_id: str, name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [frame, draw_id], ["sample_item.frame", "sample_item.draw_id"], name=op.f(name)
    )


def upgrade() -> None:
    _findings()
    _replacements()
    _evaluations()
    statements = POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE
    for statement in statements:
        op.execute(statement)


def _findings() -> None:
    op.create_table(
        "sample_finding",
        sa.Column("frame", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.String(), nullable=False),
        sa.Column("attribute", sa.String(), nullable=False),
        sa.Column("judge", _words("judge", "first", "second", "adjudication"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "answer",
            _words("answer", "compliant", "deviation", "unavailable", "out_of_frame"),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_by", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_sample_finding_versions_count_from_one")),
        sa.CheckConstraint(
            "answer = 'compliant' OR length(reason) > 0",
            name=op.f("ck_sample_finding_reason_for_what_is_not_compliant"),
        ),
        sa.CheckConstraint(
            "length(given_by) > 0", name=op.f("ck_sample_finding_given_by_somebody")
        ),
        _item("frame", "draw_id", "fk_sample_finding_frame_draw_id"),
        sa.PrimaryKeyConstraint(
            "frame", "draw_id", "attribute", "judge", "version", name=op.f("pk_sample_finding")
        ),
    )


def _replacements() -> None:
    op.create_table(
        "sample_replacement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sample", sa.Integer(), nullable=False),
        sa.Column("frame_out", sa.Integer(), nullable=False),
        sa.Column("draw_id_out", sa.String(), nullable=False),
        sa.Column("frame_in", sa.Integer(), nullable=False),
        sa.Column("draw_id_in", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "draw_id_out <> draw_id_in", name=op.f("ck_sample_replacement_replaced_by_another")
        ),
        sa.CheckConstraint(
            "length(reason) > 0", name=op.f("ck_sample_replacement_reason_is_given")
        ),
        sa.ForeignKeyConstraint(
            ["sample"], ["sample.id"], name=op.f("fk_sample_replacement_sample")
        ),
        _item("frame_out", "draw_id_out", "fk_sample_replacement_out"),
        _item("frame_in", "draw_id_in", "fk_sample_replacement_in"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_replacement")),
        sa.UniqueConstraint(
            "frame_out", "draw_id_out", name=op.f("uq_sample_replacement_frame_out_draw_id_out")
        ),
        sa.UniqueConstraint(
            "frame_in", "draw_id_in", name=op.f("uq_sample_replacement_frame_in_draw_id_in")
        ),
    )
    with op.batch_alter_table("sample_replacement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sample_replacement_sample"), ["sample"], unique=False)


def _evaluations() -> None:
    op.create_table(
        "sample_evaluation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sample", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("document_sha256", sa.String(), nullable=False),
        sa.Column("evaluated_by", sa.String(), nullable=False),
        sa.Column("evaluated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "length(document_sha256) = 64", name=op.f("ck_sample_evaluation_hash_is_whole")
        ),
        sa.ForeignKeyConstraint(
            ["sample"], ["sample.id"], name=op.f("fk_sample_evaluation_sample")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_evaluation")),
    )
    with op.batch_alter_table("sample_evaluation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sample_evaluation_sample"), ["sample"], unique=False)
