"""First tables, as the models stood."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("prev", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.CheckConstraint("length(action) > 0", name=op.f("ck_audit_event_action_is_named")),
        sa.CheckConstraint("length(actor) > 0", name=op.f("ck_audit_event_actor_is_named")),
        sa.CheckConstraint("length(at) = 32", name=op.f("ck_audit_event_at_is_a_whole_instant")),
        sa.CheckConstraint(
            "length(prev) = 64 AND length(hash) = 64", name=op.f("ck_audit_event_hashes_are_whole")
        ),
        sa.CheckConstraint("length(subject) > 0", name=op.f("ck_audit_event_subject_is_named")),
        sa.CheckConstraint("seq > 0", name=op.f("ck_audit_event_seq_counts_from_one")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_event")),
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_event_action"), ["action"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_event_subject"), ["subject"], unique=False)

    op.create_table(
        "blocking_key",
        sa.Column(
            "feed",
            sa.Enum(
                "referrals",
                "documents",
                name="feed",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("record", sa.Integer(), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("force", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("feed", "record", "key", name=op.f("pk_blocking_key")),
    )
    with op.batch_alter_table("blocking_key", schema=None) as batch_op:
        batch_op.create_index("ix_blocking_key_lookup", ["force", "feed", "key"], unique=False)

    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("force", sa.String(), nullable=False),
        sa.Column(
            "feed",
            sa.Enum(
                "referrals",
                "documents",
                name="feed",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("map_hash", sa.String(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("rows_new", sa.Integer(), nullable=False),
        sa.Column("rows_amended", sa.Integer(), nullable=False),
        sa.Column("rows_unchanged", sa.Integer(), nullable=False),
        sa.Column("rows_quarantined", sa.Integer(), nullable=False),
        sa.Column("oldest_record_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("newest_record_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("future_rows", sa.Integer(), nullable=False),
        sa.Column("alarms", sa.JSON(none_as_null=True), nullable=False),
        sa.CheckConstraint(
            "(oldest_record_at IS NULL) = (newest_record_at IS NULL)",
            name=op.f("ck_delivery_oldest_and_newest_together"),
        ),
        sa.CheckConstraint(
            "rows_read = rows_new + rows_amended + rows_unchanged + rows_quarantined",
            name=op.f("ck_delivery_every_row_is_accounted_for"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("force", "feed", "sha256", name=op.f("uq_delivery_force_feed_sha256")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index(
            "ix_delivery_force_feed_known_at", ["force", "feed", "known_at"], unique=False
        )

    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("force", sa.String(), nullable=False),
        sa.Column("urn", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("weighed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("force", "urn", name=op.f("uq_document_force_urn")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(
            "ix_document_not_weighed",
            ["force"],
            unique=False,
            sqlite_where=sa.text("weighed IS 0"),
            postgresql_where=sa.text("weighed IS false"),
        )

    op.create_table(
        "referral",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("force", sa.String(), nullable=False),
        sa.Column("referral_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("referred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("incident", sa.String(), nullable=True),
        sa.Column("incident_day", sa.Date(), nullable=True),
        sa.Column("district", sa.String(), nullable=True),
        sa.Column("weighed", sa.Boolean(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("judged", sa.Boolean(), nullable=False),
        sa.Column(
            "pairing",
            sa.Enum(
                "paired",
                "ambiguous",
                "unpaired",
                name="pairingstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("pairing_rule", sa.String(), nullable=True),
        sa.Column("nearest", sa.JSON(none_as_null=True), nullable=False),
        sa.Column(
            "obligation",
            sa.Enum(
                "expected",
                "satisfied",
                "satisfied_late",
                "overdue",
                "exempt",
                name="obligation",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "completeness",
            sa.Enum(
                "complete",
                "incomplete",
                name="completeness",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("missing", sa.JSON(none_as_null=True), nullable=False),
        sa.Column(
            "flag",
            sa.Enum(
                "unmatched",
                "ambiguous",
                "incomplete",
                name="flagkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("grace_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recheck_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("policy_hash", sa.String(), nullable=True),
        sa.CheckConstraint(
            "completeness IS NULL OR (obligation IS NOT NULL AND obligation IN ('satisfied', 'satisfied_late', 'exempt'))",
            name=op.f("ck_referral_completeness_is_of_a_document"),
        ),
        sa.CheckConstraint(
            "(obligation IS NULL) = (policy_hash IS NULL) AND (obligation IS NULL) = (grace_ends_at IS NULL)",
            name=op.f("ck_referral_obligation_policy_and_grace_together"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        sa.UniqueConstraint("force", "referral_id", name=op.f("uq_referral_force_referral_id")),
    )
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.create_index(
            "ix_referral_case", ["force", "incident", "incident_day"], unique=False
        )
        batch_op.create_index("ix_referral_force_recheck_at", ["force", "recheck_at"], unique=False)
        batch_op.create_index(
            "ix_referral_not_judged",
            ["force"],
            unique=False,
            sqlite_where=sa.text("judged IS 0"),
            postgresql_where=sa.text("judged IS false"),
        )
        batch_op.create_index(
            "ix_referral_not_settled",
            ["force"],
            unique=False,
            sqlite_where=sa.text("settled IS 0"),
            postgresql_where=sa.text("settled IS false"),
        )
        batch_op.create_index(
            "ix_referral_not_weighed",
            ["force"],
            unique=False,
            sqlite_where=sa.text("weighed IS 0"),
            postgresql_where=sa.text("weighed IS false"),
        )

    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("force", sa.String(), nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "started",
                "finished",
                "failed",
                name="runstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("policy_hash", sa.String(), nullable=False),
        sa.Column("weights_version", sa.String(), nullable=False),
        sa.Column("trusted_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("feed_sentence", sa.String(), nullable=False),
        sa.Column("counts", sa.JSON(none_as_null=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'finished') = (finished_at IS NOT NULL)",
            name=op.f("ck_run_finished_has_a_time"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
        sa.UniqueConstraint("force", "night", name=op.f("uq_run_force_night")),
    )
    op.create_table(
        "tally",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("force", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tally")),
    )
    with op.batch_alter_table("tally", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tally_force"), ["force"], unique=False)

    op.create_table(
        "candidate",
        sa.Column("referral", sa.Integer(), nullable=False),
        sa.Column("document", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["document.id"], name=op.f("fk_candidate_document")),
        sa.ForeignKeyConstraint(["referral"], ["referral.id"], name=op.f("fk_candidate_referral")),
        sa.PrimaryKeyConstraint("referral", "document", name=op.f("pk_candidate")),
    )
    with op.batch_alter_table("candidate", schema=None) as batch_op:
        batch_op.create_index("ix_candidate_document", ["document"], unique=False)

    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("force", sa.String(), nullable=False),
        sa.Column("referral", sa.Integer(), nullable=False),
        sa.Column("document", sa.Integer(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "confirmed",
                "rejected",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("evidence_hash", sa.String(), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL)",
            name=op.f("ck_decision_ended_at_and_by_together"),
        ),
        sa.ForeignKeyConstraint(["document"], ["document.id"], name=op.f("fk_decision_document")),
        sa.ForeignKeyConstraint(["referral"], ["referral.id"], name=op.f("fk_decision_referral")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index("ix_decision_document", ["document"], unique=False)
        batch_op.create_index(
            "uq_decision_current",
            ["referral", "document"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "document_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_key", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("force", sa.String(), nullable=False),
        sa.Column("urn", sa.String(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_officer_id", sa.String(), nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("document_type", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("nccu_references", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("references", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("event_date", sa.Date(), nullable=True),
        sa.Column("source_evaluation", sa.String(), nullable=True),
        sa.Column("intelligence_assessment", sa.String(), nullable=True),
        sa.Column("handling_code", sa.String(), nullable=True),
        sa.Column("amended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("incident_number", sa.String(), nullable=True),
        sa.Column("incident", sa.String(), nullable=True),
        sa.Column("incident_day", sa.Date(), nullable=True),
        sa.Column("custody_number", sa.String(), nullable=True),
        sa.Column("custody", sa.String(), nullable=True),
        sa.Column("postcode", sa.String(), nullable=True),
        sa.Column("vehicle_registrations", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("vehicles", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("people", sa.JSON(none_as_null=True), nullable=False),
        sa.CheckConstraint(
            "superseded_at IS NULL OR superseded_at >= known_at",
            name=op.f("ck_document_version_superseded_after_known"),
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_document_version_delivery_id")
        ),
        sa.ForeignKeyConstraint(
            ["document_key"], ["document.id"], name=op.f("fk_document_version_document_key")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_version")),
        sa.UniqueConstraint(
            "document_key", "version", name=op.f("uq_document_version_document_key_version")
        ),
    )
    with op.batch_alter_table("document_version", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_document_version_delivery_id"), ["delivery_id"], unique=False
        )
        batch_op.create_index(
            "ix_document_version_force_known_at", ["force", "known_at"], unique=False
        )
        batch_op.create_index(
            "uq_document_version_current",
            ["document_key"],
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )

    op.create_table(
        "exemption",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("force", sa.String(), nullable=False),
        sa.Column("referral", sa.Integer(), nullable=False),
        sa.Column("reason_code", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("requested_by", sa.String(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("evidence_hash", sa.String(), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(approved_at IS NULL) = (approved_by IS NULL)",
            name=op.f("ck_exemption_approved_at_and_by_together"),
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL)",
            name=op.f("ck_exemption_ended_at_and_by_together"),
        ),
        sa.CheckConstraint(
            "approved_by <> requested_by", name=op.f("ck_exemption_approved_by_a_second_person")
        ),
        sa.CheckConstraint(
            "expires_at > requested_at", name=op.f("ck_exemption_expires_after_requested")
        ),
        sa.ForeignKeyConstraint(["referral"], ["referral.id"], name=op.f("fk_exemption_referral")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemption")),
    )
    with op.batch_alter_table("exemption", schema=None) as batch_op:
        batch_op.create_index(
            "uq_exemption_current",
            ["referral"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "flag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("force", sa.String(), nullable=False),
        sa.Column("referral", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "unmatched",
                "ambiguous",
                "incomplete",
                name="flagkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "settled",
                name="flagstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("clock_started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("grace_ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "settled_as",
            sa.Enum(
                "late",
                "paired",
                "completed",
                "exempt",
                "within_grace",
                name="settlement",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(state = 'settled') = (settled_at IS NOT NULL) AND (settled_at IS NULL) = (settled_as IS NULL)",
            name=op.f("ck_flag_settled_at_and_as_together"),
        ),
        sa.CheckConstraint(
            "opened_at >= grace_ends_at", name=op.f("ck_flag_opened_after_grace_ended")
        ),
        sa.ForeignKeyConstraint(["referral"], ["referral.id"], name=op.f("fk_flag_referral")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag")),
        sa.UniqueConstraint("referral", name=op.f("uq_flag_referral")),
    )
    with op.batch_alter_table("flag", schema=None) as batch_op:
        batch_op.create_index("ix_flag_force_state", ["force", "state"], unique=False)

    op.create_table(
        "pairing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("force", sa.String(), nullable=False),
        sa.Column("referral", sa.Integer(), nullable=False),
        sa.Column("document", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "primary",
                "cover",
                "second",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "band",
            sa.Enum(
                "auto", "review", name="band", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("margin", sa.Float(), nullable=True),
        sa.Column("weights_version", sa.String(), nullable=False),
        sa.Column("evidence", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("evidence_hash", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("ended_why", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL) AND (ended_at IS NULL) = (ended_why IS NULL)",
            name=op.f("ck_pairing_ended_at_by_and_why_together"),
        ),
        sa.CheckConstraint(
            "ended_at IS NULL OR ended_at >= made_at", name=op.f("ck_pairing_ended_after_made")
        ),
        sa.ForeignKeyConstraint(["document"], ["document.id"], name=op.f("fk_pairing_document")),
        sa.ForeignKeyConstraint(["referral"], ["referral.id"], name=op.f("fk_pairing_referral")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing")),
    )
    with op.batch_alter_table("pairing", schema=None) as batch_op:
        batch_op.create_index("ix_pairing_document", ["document"], unique=False)
        batch_op.create_index(
            "uq_pairing_current",
            ["referral", "document"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.create_index(
            "uq_pairing_one_primary_referral",
            ["document"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL AND role = 'primary' AND band = 'auto'"),
            postgresql_where=sa.text("ended_at IS NULL AND role = 'primary' AND band = 'auto'"),
        )

    op.create_table(
        "quarantined_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("pointer", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_quarantined_row_delivery_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantined_row")),
    )
    with op.batch_alter_table("quarantined_row", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_quarantined_row_delivery_id"), ["delivery_id"], unique=False
        )

    op.create_table(
        "referral_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_key", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("force", sa.String(), nullable=False),
        sa.Column("referral_id", sa.String(), nullable=False),
        sa.Column("referred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("nccu_reference", sa.String(), nullable=True),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("officer_id", sa.String(), nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("district", sa.String(), nullable=True),
        sa.Column("event_type", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("incident_number", sa.String(), nullable=True),
        sa.Column("incident", sa.String(), nullable=True),
        sa.Column("incident_day", sa.Date(), nullable=True),
        sa.Column("custody_number", sa.String(), nullable=True),
        sa.Column("custody", sa.String(), nullable=True),
        sa.Column("postcode", sa.String(), nullable=True),
        sa.Column("vehicle_registrations", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("vehicles", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("people", sa.JSON(none_as_null=True), nullable=False),
        sa.CheckConstraint(
            "superseded_at IS NULL OR superseded_at >= known_at",
            name=op.f("ck_referral_version_superseded_after_known"),
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_referral_version_delivery_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_key"], ["referral.id"], name=op.f("fk_referral_version_referral_key")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_version")),
        sa.UniqueConstraint(
            "referral_key", "version", name=op.f("uq_referral_version_referral_key_version")
        ),
    )
    with op.batch_alter_table("referral_version", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_referral_version_delivery_id"), ["delivery_id"], unique=False
        )
        batch_op.create_index(
            "ix_referral_version_force_known_at", ["force", "known_at"], unique=False
        )
        batch_op.create_index(
            "uq_referral_version_current",
            ["referral_key"],
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )

    op.create_table(
        "flag_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("flag", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column(
            "change",
            sa.Enum(
                "opened",
                "changed",
                "settled",
                "reopened",
                "noticed",
                name="flagchange",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "unmatched",
                "ambiguous",
                "incomplete",
                name="flagkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["flag"], ["flag.id"], name=op.f("fk_flag_event_flag")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag_event")),
    )
    with op.batch_alter_table("flag_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_flag_event_flag"), ["flag"], unique=False)
