"""What becomes of one record when it is another that changes or is decided on."""

from sqlalchemy import Engine

from adapters import database
from tests.builders import AFTER_GRACE, DAY, HOUR, a_document, a_night, a_referral
from tests.integration.lifecycle.looking import (
    assert_as_if_at_once,
    judgements,
    pairings,
)
from tests.integration.nights.acting import confirm, take_back


def test_a_document_that_has_left_no_longer_says_when_a_referral_was_answered(
    engine: Engine,
) -> None:
    """
    It was in time; it was about somebody else, and the one that answers instead was late.
    """
    late = a_document(urn="U5", submitted_at=AFTER_GRACE - HOUR)
    a_night(engine, AFTER_GRACE, referrals=[a_referral(), a_referral(2)], documents=[a_document()])
    a_night(engine, AFTER_GRACE + DAY, documents=[a_document(2, urn="U1"), late])

    with database.reading(engine) as session:
        assert "satisfied_late" == judgements(session)["R1"]["obligation"]
    assert_as_if_at_once(engine, AFTER_GRACE + DAY)


def test_taking_a_confirmation_back_decides_the_document_s_other_referral_again(
    engine: Engine,
) -> None:
    """
    Confirmed for another referral, the document only covers the one that it quotes; when that
    is taken back it answers it in its own right.
    """
    a_night(engine, AFTER_GRACE, referrals=[a_referral(), a_referral(2)], documents=[a_document()])
    wrong = confirm(engine, "R2", "U1", now=AFTER_GRACE + HOUR)
    with database.reading(engine) as session:
        assert [] == pairings(session), "the document still answers the other one"
    a_night(engine, AFTER_GRACE + DAY)
    with database.reading(engine) as session:
        assert {"cover", "primary"} == {role for _, _, role, *_ in pairings(session)}

    take_back(engine, wrong, now=AFTER_GRACE + DAY + HOUR)
    a_night(engine, AFTER_GRACE + 2 * DAY)

    with database.reading(engine) as session:
        assert ["primary"] == [role for _, _, role, *_ in pairings(session)]
    assert_as_if_at_once(engine, AFTER_GRACE + 2 * DAY)


def test_taking_a_confirmation_back_gives_the_document_to_whom_it_fitted_before(
    engine: Engine,
) -> None:
    """
    Confirmed for a referral that it has nothing to do with, it was taken from the right one.
    """
    fits = a_document(nccu_references=[], incident_number=None)
    a_night(engine, AFTER_GRACE, referrals=[a_referral(), a_referral(2)], documents=[fits])
    wrong = confirm(engine, "R2", "U1", now=AFTER_GRACE + HOUR)
    a_night(engine, AFTER_GRACE + DAY)
    with database.reading(engine) as session:
        assert "unpaired" == judgements(session)["R1"]["pairing"]

    take_back(engine, wrong, now=AFTER_GRACE + DAY + HOUR)
    a_night(engine, AFTER_GRACE + 2 * DAY)

    with database.reading(engine) as session:
        assert ["paired", "unpaired"] == [
            judgements(session)[name]["pairing"] for name in ("R1", "R2")
        ]
    assert_as_if_at_once(engine, AFTER_GRACE + 2 * DAY)
