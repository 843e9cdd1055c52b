"""Files received between nights: their alarms are told at night, and no night precedes them."""

from sqlalchemy import Engine

from adapters import database
from adapters.feeds import Problem, ReadRow
from domain.words import Feed
from services import deliveries, nights, summary
from tests.builders import (
    AFTER_GRACE,
    DAY,
    FIRST_NIGHT,
    FORCE,
    HOUR,
    POLICIES,
    Record,
    a_document,
    a_file,
    a_night,
    a_referral,
    an_ordinary_document,
)
from tests.integration.lifecycle.looking import dump

NOON = FIRST_NIGHT + 10 * HOUR


def test_what_was_refused_by_day_is_told_by_the_night_after_and_by_no_other(
    engine: Engine,
) -> None:
    a_night(engine, FIRST_NIGHT, referrals=[a_referral()])
    _received_at_noon(engine, [a_document(), None])

    told = [_alarms(engine)]
    for night in (1, 2):
        a_night(engine, FIRST_NIGHT + night * DAY)
        told.append([each for each in _alarms(engine) if "rows refused" in each])

    assert told == [
        [],
        ["documents: rows refused: 1 of the 2 last delivered (counterfoil quarantine list)."],
        [],
    ]


def test_no_night_judges_by_what_was_received_after_it(engine: Engine) -> None:
    """
    A run for 02:30 that starts at 13:00 would find a document that nobody had at 02:30, and
    the flag that stood then would never have been.
    """
    a_night(engine, FIRST_NIGHT, referrals=[a_referral()])
    _received_at_noon(engine, [a_document()])
    before = dump(engine)

    assert not a_night(engine, NOON - HOUR).judged
    assert before == dump(engine)
    with database.reading(engine) as session:
        assert nights.overtaken_by(session, FORCE, NOON - HOUR) == NOON
        assert nights.overtaken_by(session, FORCE, NOON) is None
    assert a_night(engine, AFTER_GRACE).judged


def test_what_another_force_received_stops_no_night(engine: Engine) -> None:
    a_night(engine, FIRST_NIGHT, referrals=[a_referral()])
    _received_at_noon(engine, [a_document()], force="WY")
    assert a_night(engine, NOON - HOUR).judged


def _alarms(engine: Engine) -> list[str]:
    with database.reading(engine) as session:
        return summary.of(session, FORCE).alarms


def _received_at_noon(engine: Engine, records: list[Record | None], force: str = FORCE) -> None:
    """As `counterfoil receive` does; None is a row that the door refuses."""
    clean = [an_ordinary_document(NOON) if each is None else each for each in records]
    file, rows = a_file(Feed.DOCUMENTS, clean, force)
    seen = [
        ReadRow(row.number, None, (Problem("/submitted_at", "is not a time"),))
        if record is None
        else row
        for record, row in zip(records, rows, strict=True)
    ]
    with database.session(engine) as session:
        deliveries.receive(
            session, file, seen, policies=POLICIES, known_at=NOON, now=NOON, actor="user:alice"
        )
