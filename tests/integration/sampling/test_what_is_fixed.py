"""What is fixed of a sample, kept by the database itself: also against a slip at a prompt."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from adapters import database
from tests.integration.lifecycle.looking import dump
from tests.integration.sampling.judged import FIRST, OUT, judge, replace
from tests.integration.sampling.world import draw, drawn, freeze, judged, plan, refused, seed


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE sample SET choices = '{}'",
        "DELETE FROM sample",
        "UPDATE sample_frame SET plan = '{}'",
        "UPDATE sample_frame SET header = '{}'",
        "UPDATE sample_frame SET frame_key = plan_sha256",
        "UPDATE sample_frame SET seed = '{}'",
        "UPDATE sample_frame SET seed = NULL, seeded_at = NULL, drawn_at = NULL",
        "UPDATE sample_frame SET drawn_at = NULL",
        "UPDATE sample_frame SET exported_at = NULL",
        "DELETE FROM sample_frame",
        "UPDATE sample_item SET stratum = 'x'",
        "DELETE FROM sample_item",
        "INSERT INTO sample_item SELECT frame, '0123456789abcdef0123456789abcdef', record,"
        " referral, version, stratum, district, state, month, grace_ends_at FROM sample_item"
        " LIMIT 1",
        "UPDATE sample_ticket SET place = place + 1000",
        "DELETE FROM sample_ticket",
    ],
)
def test_the_database_itself_keeps_what_is_fixed(engine: Engine, statement: str) -> None:
    """
    Also against a slip at a prompt.
    """
    drawn(engine, items=30, tolerable="40%")
    before = dump(engine)

    with pytest.raises(DBAPIError, match="is fixed"), database.session(engine) as session:
        session.connection().execute(text(statement))

    assert before == dump(engine)


def test_a_changed_frame_is_not_drawn_from(sqlite_engine: Engine) -> None:
    """
    Who owns the database can take the triggers away; the committed hash tells.
    """
    judged(sqlite_engine, 60)
    plan(sqlite_engine)
    freeze(sqlite_engine)
    seed(sqlite_engine)
    with sqlite_engine.begin() as connection:
        connection.execute(text("DROP TRIGGER sample_item_no_update"))
        connection.execute(text("UPDATE sample_item SET district = 'North'"))

    with refused(sqlite_engine, "not the one that was committed to"):
        draw(sqlite_engine)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE sample_finding SET answer = 'compliant', reason = ''",
        "DELETE FROM sample_finding",
    ],
)
def test_the_database_itself_keeps_every_finding(engine: Engine, statement: str) -> None:
    """
    Also against a slip at a prompt.
    """
    _, (ticket, *_) = drawn(engine, items=30, tolerable="40%")
    judge(engine, {ticket.draw_id: OUT}, FIRST)
    before = dump(engine)

    with pytest.raises(DBAPIError, match="is fixed"), database.session(engine) as session:
        session.connection().execute(text(statement))

    assert before == dump(engine)


def test_the_database_itself_keeps_the_log(engine: Engine) -> None:
    """
    Also against a slip at a prompt.
    """
    _, (ticket, *_) = drawn(engine, items=30, tolerable="40%")
    judge(engine, {ticket.draw_id: OUT})
    replace(engine)
    before = dump(engine)
    for statement in (
        "UPDATE sample_replacement SET reason = 'x'",
        "DELETE FROM sample_replacement",
    ):
        with pytest.raises(DBAPIError, match="is fixed"), database.session(engine) as session:
            session.connection().execute(text(statement))

    assert before == dump(engine)
