"""One writer at a time for a force: a night's step, a delivery or a person's decision.

What a night is about to write rests on what it has read.  A decision made in between would
be in the record and off the work list, and so forgotten; two nights at once would pair one
document twice.  So each transaction that writes for a force takes its turn first, before
any row, which also leaves nothing to wait for in a circle.
"""

import hashlib

from sqlalchemy import func, select
from sqlmodel import Session


def take(session: Session, force: str) -> None:
    """Wait until no other transaction writes for the force; the turn ends with this one.

    SQLite lets one writer in at a time in any case (adapters.database).
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(select(func.pg_advisory_xact_lock(_number(force))))


def _number(force: str) -> int:
    """A force's lock: 64 bits, with a sign, of a hash of its code."""
    digest = hashlib.sha256(f"counterfoil turn of {force}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
