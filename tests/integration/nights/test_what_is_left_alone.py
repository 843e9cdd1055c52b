"""What a night leaves as it is, and what it does not forget to bring up to date."""

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from adapters import database
from domain.audit_trail import Action
from models import AuditEventRow, FlagEventRow
from tests.builders import AFTER_GRACE, DAY, FIRST_NIGHT, HOUR, a_document, a_night, a_referral
from tests.integration.lifecycle.looking import (
    assert_as_if_at_once,
    history,
    judgements,
    pairings,
    the_flag,
)
from tests.integration.nights.acting import confirm, fits_both, twins


@pytest.mark.parametrize("settled", [False, True], ids=["open", "settled"])
def test_a_held_judgement_leaves_the_flag_as_it_is(engine: Engine, settled: bool) -> None:
    """
    1. A referral is flagged, and its flag perhaps settled by a late document.
    2. No documents come any more; the referral turns out to have been made days later, so its
       document is none of it, and its grace period ended when nobody could have seen another.
    """
    a_night(engine, AFTER_GRACE, referrals=[a_referral()])
    late = [a_document(submitted_at=AFTER_GRACE)] if settled else []
    a_night(engine, AFTER_GRACE + DAY, documents=late)
    expected = ["opened", "settled"] if settled else ["opened"]
    again = a_referral(referred_at=AFTER_GRACE + 2 * DAY)
    as_of = AFTER_GRACE + 6 * DAY

    a_night(engine, as_of, referrals=[again], documents=None)

    with database.reading(engine) as session:
        it = judgements(session)["R1"]
        assert (True, "unmatched", "unpaired") == (it["held"], it["flag"], it["pairing"])
        assert expected == history(session)
        assert ("settled" if settled else "open") == the_flag(session).state
    assert_as_if_at_once(engine, as_of)


def test_an_open_flag_of_another_kind_is_told(engine: Engine) -> None:
    """
    Two referrals without a document are given one between them: nobody need look for it any
    more, but somebody must choose.
    """
    a_night(engine, AFTER_GRACE, referrals=twins())
    with database.reading(engine) as session:
        assert "unmatched" == the_flag(session).kind

    a_night(engine, AFTER_GRACE + DAY, documents=[fits_both(submitted_at=AFTER_GRACE)])

    with database.reading(engine) as session:
        assert ("open", "ambiguous") == (the_flag(session).state, the_flag(session).kind)
        assert ["opened", "changed"] == history(session)
        told = select(AuditEventRow.seq).where(AuditEventRow.action == Action.FLAG_CHANGED)
        assert 2 == len(session.exec(told).all())


def test_a_document_that_turns_out_to_tell_of_something_else_frees_its_referral(
    engine: Engine,
) -> None:
    """
    Amended, it shares nothing with any referral, so nothing new leads to the one it answered.
    """
    a_night(engine, FIRST_NIGHT, referrals=[a_referral()], documents=[a_document()])
    with database.reading(engine) as session:
        assert 1 == len(pairings(session))

    a_night(engine, AFTER_GRACE, documents=[a_document(7, urn="U1")])

    with database.reading(engine) as session:
        assert [] == pairings(session)
        assert "unpaired" == judgements(session)["R1"]["pairing"]
        assert "open" == the_flag(session).state
    assert_as_if_at_once(engine, AFTER_GRACE)


def test_that_evidence_overtook_a_decision_is_told_once_whatever_comes(engine: Engine) -> None:
    """
    A further document has the neighbourhood decided again, and the reviewer knows already.
    """
    a_night(engine, AFTER_GRACE, referrals=[a_referral()])
    a_night(engine, AFTER_GRACE + DAY, documents=[a_document(submitted_at=AFTER_GRACE)])
    confirm(engine, "R1", "U1", now=AFTER_GRACE + DAY + HOUR)
    amended = a_document(submitted_at=AFTER_GRACE, people=[])
    a_night(engine, AFTER_GRACE + 2 * DAY, documents=[amended])

    a_night(engine, AFTER_GRACE + 3 * DAY, documents=[{**amended, "urn": "U2"}])

    with database.reading(engine) as session:
        told = select(AuditEventRow.seq).where(AuditEventRow.action == Action.DECISION_NOTICED)
        assert 1 == len(session.exec(told).all())
        noticed = select(FlagEventRow.id).where(col(FlagEventRow.change) == "noticed")
        assert 1 == len(session.exec(noticed).all())
