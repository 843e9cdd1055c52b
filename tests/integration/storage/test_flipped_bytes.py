"""Any one character of any event, changed behind the program's back, is found there."""

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select, update

from adapters import database
from domain.audit_trail import Broken, Intact
from services import audit_trail
from services.audit_trail import TABLE, TEXTS
from tests.integration.storage.trails import an_event, as_intruder

COUNT = 8


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # each example is undone
)
@given(seq=st.integers(1, COUNT), field=st.sampled_from(["seq", *TEXTS]), data=st.data())
def test_a_flipped_character_is_found_at_its_event(
    engine: Engine, seq: int, field: str, data: st.DataObject
) -> None:
    """
    The person who altered one log entry to cover one act is the one this is for.
    """
    with database.session(engine) as session:
        if audit_trail.head(session) is None:
            audit_trail.append_many(session, map(an_event, range(1, COUNT + 1)))

    with as_intruder(engine) as session:
        assert isinstance(audit_trail.verify(session), Intact)
        this = TABLE.c.seq == seq
        stored = session.connection().execute(select(TABLE.c[field]).where(this)).scalar_one()
        changed = _flip(stored, data)
        session.connection().execute(update(TABLE).where(this).values({field: changed}))
        verdict = audit_trail.verify(session)

    assert isinstance(verdict, Broken)
    assert seq == verdict.seq


def _flip(value: str | int, data: st.DataObject) -> str | int:
    """`value` with some bits of one character, or one higher bit of a number, turned over."""
    if isinstance(value, int):
        return value ^ (1 << data.draw(st.integers(4, 30)))
    place = data.draw(st.integers(0, len(value) - 1))
    other = chr(ord(value[place]) ^ data.draw(st.integers(1, 127)))
    assume(other != "\x00")  # PostgreSQL stores none, so nobody can put one there
    return value[:place] + other + value[place + 1 :]
