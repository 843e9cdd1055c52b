"""What an intruder who owns the database can do to the trail, and how it is found out."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, delete, insert, select, text, update
from sqlmodel import Session

from domain.audit_trail import Broken, event_hash
from services import audit_trail
from services.audit_trail import TABLE
from tests.integration.storage.rows import a_row
from tests.integration.storage.trails import an_event, as_intruder, fill


@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        pytest.param(lambda session: _delete(session, 1), 1, id="delete the first"),
        pytest.param(lambda session: _delete(session, 5), 5, id="delete one in the middle"),
        pytest.param(lambda session: _delete(session, 9, 10), None, id="delete the last two"),
        pytest.param(lambda session: _swap(session, 4, 7), 4, id="swap two"),
        pytest.param(lambda session: _insert_between(session, 6), 6, id="insert one"),
        pytest.param(lambda session: _rehash_one(session, 3), 4, id="change one and its hash"),
        pytest.param(lambda session: _rewrite(session), None, id="rewrite everything"),
    ],
)
def test_an_administrator_who_drops_the_triggers_is_detected(
    engine: Engine, tamper: Callable[[Session], None], found: int | None
) -> None:
    """
    The first broken event is named; where a plain check cannot see it (None), a head that
    the auditor noted earlier does.
    """
    noted = fill(engine)
    with as_intruder(engine) as session:
        tamper(session)
        plain = audit_trail.verify(session)
        against_noted = audit_trail.verify(session, noted)

    assert (plain.seq if isinstance(plain, Broken) else None) == found
    assert isinstance(against_noted, Broken)


def _delete(session: Session, *seqs: int) -> None:
    session.connection().execute(delete(TABLE).where(TABLE.c.seq.in_(seqs)))


def _swap(session: Session, one: int, other: int) -> None:
    for seq, to in ((one, 99), (other, one), (99, other)):
        session.connection().execute(update(TABLE).where(TABLE.c.seq == seq).values(seq=to))


def _insert_between(session: Session, seq: int) -> None:
    for each in range(10, seq - 1, -1):
        session.connection().execute(update(TABLE).where(TABLE.c.seq == each).values(seq=each + 1))
    session.connection().execute(insert(TABLE), [a_row("audit_event", seq=seq)])


def _rehash_one(session: Session, seq: int) -> None:
    """What an intruder does who knows the hash but stops after one event."""
    row = dict(
        session.connection().execute(select(TABLE).where(TABLE.c.seq == seq)).mappings().one()
    )
    row.pop("hash")
    row["actor"] = "nobody"
    session.connection().execute(
        update(TABLE).where(TABLE.c.seq == seq).values(actor="nobody", hash=event_hash(**row))
    )


def _rewrite(session: Session) -> None:
    session.connection().execute(delete(TABLE))
    audit_trail.append_many(session, (an_event(n, actor="nobody") for n in range(1, 11)))


def test_bytes_that_are_no_text_are_a_break_and_no_crash(sqlite_engine: Engine) -> None:
    """
    A damaged disk is reported as the event that it damaged.
    """
    fill(sqlite_engine)
    with as_intruder(sqlite_engine) as session:
        session.connection().execute(
            text("UPDATE audit_event SET actor = CAST(x'ff80' AS TEXT) WHERE seq = 4")
        )

        assert Broken(4, "Event 4 does not have the hash of its contents.") == audit_trail.verify(
            session
        )
