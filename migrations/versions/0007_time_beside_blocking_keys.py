"""The time of its record beside each blocking key, so that old history is not read for it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MICROSECONDS = {
    # The seconds as text come first: strftime rounds what is after them, and may round up.
    "sqlite": "CAST(strftime('%s', substr({0}, 1, 19)) AS INTEGER) * 1000000"
    " + CAST(substr({0}, 21, 6) AS INTEGER)",
    "postgresql": "CAST(EXTRACT(EPOCH FROM {0}) * 1000000 AS BIGINT)",
}
TIMES = {"referral": "referred_at", "document": "submitted_at"}


def upgrade() -> None:
    op.add_column("blocking_key", sa.Column("at", sa.BigInteger(), nullable=True))
    microseconds = MICROSECONDS[op.get_bind().dialect.name]
    for record, time in TIMES.items():
        op.execute(
            f"UPDATE blocking_key SET at = (SELECT {microseconds.format(time)} FROM {record}"  # noqa: S608 - words of this file
            f" WHERE {record}.id = blocking_key.record) WHERE feed = '{record}s'"
        )
    with op.batch_alter_table("blocking_key", copy_from=_table()) as batch_op:
        batch_op.alter_column("at", existing_type=sa.BigInteger(), nullable=False)
    op.drop_index("ix_blocking_key_lookup", "blocking_key")
    op.create_index("ix_blocking_key_lookup", "blocking_key", ["force", "feed", "key", "at"])


def _table() -> sa.Table:
    """As it is before the last step; SQLite copies it, and would lose the CHECK otherwise."""
    return sa.Table(
        "blocking_key",
        sa.MetaData(),
        sa.Column(
            "feed",
            sa.Enum(
                "referrals",
                "documents",
                name="ck_blocking_key_feed_is_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("record", sa.Integer(), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("force", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("feed", "record", "key", name="pk_blocking_key"),
        sa.Index("ix_blocking_key_lookup", "force", "feed", "key"),
    )
