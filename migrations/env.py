"""Alembic's entry: run the migrations on the connection that the caller opened.

`adapters.database.upgrade` gives a connection.  From the command line, where a developer
writes a new migration, ``-x url=sqlite:////tmp/empty.db`` names the database.
"""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, create_engine
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

from models import METADATA


def _plain_type(kind: str, item: Any, _autogen: object) -> str | Literal[False]:
    """SQLModel's types as SQLAlchemy's own, so that a migration outlives SQLModel's names."""
    if kind == "type" and isinstance(item, AutoString):
        return "sa.String()"
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run(connection: Connection) -> None:
    """Run what was asked of alembic, in the connection's transaction if it has one."""
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=True,
        render_item=_plain_type,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with create_engine(context.get_x_argument(as_dictionary=True)["url"]).connect() as opened:
        run(opened)
