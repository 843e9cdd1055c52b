"""Two at once: people, nights and deliveries take turns, so that nothing is doubled or forgotten.

Each test starts its threads at one moment, on connections of their own.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session, col, func, select

from adapters import database
from domain.errors import DecisionRefused
from domain.pairing import default_weights
from domain.words import Feed, Verdict
from models import (
    DecisionRow,
    DeliveryRow,
    DocumentVersionRow,
    ExemptionRow,
    FlagRow,
    PairingRow,
    RunRow,
)
from services import deliveries, pairing
from tests.builders import (
    AFTER_GRACE,
    DAY,
    FIRST_NIGHT,
    FORCE,
    HOUR,
    POLICIES,
    a_document,
    a_file,
    a_night,
    a_night_of_files,
    a_referral,
    an_ordinary_document,
)
from tests.integration.lifecycle.looking import assert_trail_is_whole, judgements, referral
from tests.integration.nights.acting import (
    approve,
    ask,
    confirm,
    decide,
    end,
    fits_both,
    reject,
    twins,
)

SOON_AFTER = FIRST_NIGHT + HOUR
LONG_ENOUGH = 60
A_WHILE = 0.5
"""Seconds in which somebody who need not wait would be done, and somebody who must is not."""


@pytest.fixture(autouse=True)
def _trail_stays_whole(engine: Engine) -> Iterator[None]:
    yield
    assert_trail_is_whole(engine)


def test_two_people_who_confirm_the_same_pair_at_once_make_one_decision(engine: Engine) -> None:
    a_night(engine, FIRST_NIGHT, referrals=twins(), documents=[fits_both()])
    done = _together(
        lambda: _decided(engine, "R1", Verdict.CONFIRMED, "alice"),
        lambda: _decided(engine, "R1", Verdict.CONFIRMED, "bob"),
    )
    assert sorted(done, key=str)[1] is None, "the second said what stood already"
    assert len(_rows(engine, DecisionRow)) == 1


def test_of_two_people_who_say_the_opposite_at_once_the_second_is_refused(engine: Engine) -> None:
    a_night(engine, FIRST_NIGHT, referrals=twins(), documents=[fits_both()])
    done = _together(
        lambda: _decided(engine, "R1", Verdict.CONFIRMED, "alice"),
        lambda: _decided(engine, "R1", Verdict.REJECTED, "bob"),
    )
    refused = [each for each in done if isinstance(each, DecisionRefused)]
    assert len(refused) == 1
    assert "Take that decision back first" in str(refused[0])
    assert len(_rows(engine, DecisionRow)) == 1


def test_one_document_confirmed_for_two_referrals_at_once_is_primary_for_one(
    engine: Engine,
) -> None:
    a_night(engine, FIRST_NIGHT, referrals=twins(), documents=[fits_both()])
    _together(
        lambda: _decided(engine, "R1", Verdict.CONFIRMED, "alice"),
        lambda: _decided(engine, "R2", Verdict.CONFIRMED, "bob"),
    )
    assert len(_rows(engine, DecisionRow)) == 2
    a_night(engine, FIRST_NIGHT + DAY)
    roles = sorted(row.role for row in _rows(engine, PairingRow) if row.ended_at is None)
    assert roles == ["cover", "primary"]


def test_an_exemption_approved_and_ended_at_once_is_ended(engine: Engine) -> None:
    a_night(engine, FIRST_NIGHT, referrals=[a_referral()])
    asked = ask(engine, now=SOON_AFTER, until=AFTER_GRACE + 30 * DAY)
    done = _together(
        lambda: approve(engine, asked, now=SOON_AFTER + HOUR),
        lambda: end(engine, asked, now=SOON_AFTER + HOUR),
    )
    assert all(each is None or isinstance(each, DecisionRefused) for each in done)
    (row,) = _rows(engine, ExemptionRow)
    assert row.ended_by == "alice"
    assert (row.approved_by is None) == any(done), "approved first, or refused as ended"


@pytest.mark.parametrize("act", [confirm, reject])
def test_a_decision_made_while_a_night_pairs_is_not_forgotten(
    engine: Engine, act: Callable[..., int]
) -> None:
    """
    The night has read the decisions and writes what it made of them.  A decision in between
    must wait, or the night would tick off a referral that has just been decided on.
    """
    a_night(engine, FIRST_NIGHT, referrals=[a_referral()], documents=[a_document()])
    _put_back_on_the_work_list(engine)
    with ThreadPoolExecutor() as pool:
        acting = _while_it_settles(
            engine, lambda: pool.submit(act, engine, "R1", "U1", now=SOON_AFTER + HOUR)
        )
        acting.result(LONG_ENOUGH)
    with database.reading(engine) as session:
        assert not referral(session).settled
    a_night(engine, FIRST_NIGHT + DAY)
    with database.reading(engine) as session:
        assert referral(session).pairing == ("paired" if act is confirm else "unpaired")


def test_a_file_received_twice_at_once_is_taken_once(engine: Engine) -> None:
    documents = [a_document(number) for number in range(1, 40)]
    done = _together(*[lambda: _receive(engine, documents)] * 2)
    assert sorted(each.again for each in done) == [False, True]
    assert len(_rows(engine, DeliveryRow)) == 1
    assert len(_rows(engine, DocumentVersionRow)) == 39


def test_files_that_amend_the_same_record_at_once_each_make_a_version(engine: Engine) -> None:
    _receive(engine, [a_document()])
    changed = [[a_document(postcode=f"ME{number} 1AA")] for number in range(1, 5)]
    done = _together(*[lambda rows=rows: _receive(engine, rows) for rows in changed])
    assert [each.counts.amended for each in done] == [1, 1, 1, 1]
    versions = _rows(engine, DocumentVersionRow)
    assert sorted(row.version for row in versions) == [1, 2, 3, 4, 5]
    assert [row.version for row in versions if row.superseded_at is None] == [5]


def test_two_nights_at_once_do_what_one_does(engine: Engine) -> None:
    fresh = an_ordinary_document(AFTER_GRACE)
    files = [
        (Feed.DOCUMENTS, [fresh, *(a_document(number) for number in range(1, 9))]),
        (Feed.REFERRALS, [a_referral(number) for number in range(1, 13)]),
    ]
    alone = "ALONE"
    a_night_of_files(engine, AFTER_GRACE, files, force=alone)
    _together(*[lambda: a_night_of_files(engine, AFTER_GRACE, files)] * 2)
    with database.reading(engine) as session:
        assert judgements(session) == judgements(session, alone)
        for table in (RunRow, FlagRow, PairingRow, DeliveryRow):
            assert _number(session, table, FORCE) == _number(session, table, alone) > 0


def _together(*acts: Callable[[], Any]) -> list[Any]:
    """What each gave, or the refusal that it raised; all are begun at one moment."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        barrier.wait(LONG_ENOUGH)
        try:
            return act()
        except DecisionRefused as why:
            return why

    with ThreadPoolExecutor(len(acts)) as pool:
        return [each.result(LONG_ENOUGH) for each in [pool.submit(run, act) for act in acts]]


def _while_it_settles(engine: Engine, start: Callable[[], Future[Any]]) -> Future[Any]:
    """Pair the force, and start something else just before it ticks off what it decided."""
    begun: list[Future[Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("UPDATE referral SET settled") and not begun:
            begun.append(start())
            Event().wait(A_WHILE)

    with database.session(engine) as session:
        event.listen(engine, "before_cursor_execute", note)
        try:
            pairing.pair_force(
                session,
                FORCE,
                as_of=FIRST_NIGHT + HOUR,
                policies=POLICIES,
                weights=default_weights(),
                actor="system:test",
            )
        finally:
            event.remove(engine, "before_cursor_execute", note)
    return begun[0]


def _put_back_on_the_work_list(engine: Engine) -> None:
    with database.session(engine) as session:
        row = referral(session)
        row.settled = False
        session.add(row)


def _decided(engine: Engine, which: str, verdict: Verdict, reviewer: str) -> int | None:
    return decide(engine, which, "U1", verdict, now=SOON_AFTER, reviewer=reviewer)


def _receive(engine: Engine, documents: list[Any]) -> deliveries.Received:
    file, rows = a_file(Feed.DOCUMENTS, documents)
    with database.session(engine) as session:
        return deliveries.receive(
            session,
            file,
            rows,
            policies=POLICIES,
            known_at=FIRST_NIGHT,
            now=FIRST_NIGHT,
            actor="system:test",
        )


def _rows(engine: Engine, table: Any) -> list[Any]:
    with database.reading(engine) as session:
        rows = list(session.exec(select(table).order_by(col(table.id))))
        session.expunge_all()
        return rows


def _number(session: Session, table: Any, force: str) -> int:
    return session.exec(select(func.count()).where(col(table.force) == force)).one()
