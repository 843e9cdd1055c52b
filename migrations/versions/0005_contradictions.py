"""Pairs on which the weekly full pass and the nights differ."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contradiction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("force", sa.String(), nullable=False),
        sa.Column("referral", sa.Integer(), nullable=False),
        sa.Column("document", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "not_made",
                "not_standing",
                name="contradiction",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("weights_version", sa.String(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_by", sa.String(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by IS NULL)",
            name=op.f("ck_contradiction_closed_at_and_by"),
        ),
        sa.CheckConstraint(
            "closed_at IS NULL OR closed_at >= raised_at",
            name=op.f("ck_contradiction_closed_after_raised"),
        ),
        sa.ForeignKeyConstraint(
            ["document"], ["document.id"], name=op.f("fk_contradiction_document")
        ),
        sa.ForeignKeyConstraint(
            ["referral"], ["referral.id"], name=op.f("fk_contradiction_referral")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contradiction")),
    )
    op.create_index(
        "uq_contradiction_open",
        "contradiction",
        ["force", "referral", "document"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
