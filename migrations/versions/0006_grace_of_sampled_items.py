"""When the grace period of a sampled item ended, as it was judged when the frame was frozen.

Items that were frozen before have none: what was judged then is not known any more.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: SQLite would copy the table, and lose the triggers that keep its rows.
    op.add_column(
        "sample_item", sa.Column("grace_ends_at", sa.DateTime(timezone=True), nullable=True)
    )
