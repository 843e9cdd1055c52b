"""How a flag says that it was settled, and that it no longer is."""

from sqlalchemy import Engine

from adapters import database
from domain.words import FlagKind, Settlement
from tests.builders import AFTER_GRACE, DAY, HOUR, a_document, a_night, a_referral
from tests.integration.lifecycle.looking import history, the_flag


def test_an_incomplete_flag_is_settled_as_completed_and_reopened_as_unsettled(
    engine: Engine,
) -> None:
    """
    The missing field is filled in and then lost again: an open flag was settled as nothing.
    """
    lacking = a_document(handling_code=None)
    a_night(engine, AFTER_GRACE, referrals=[a_referral()], documents=[lacking])
    whole = a_document(amended_at=AFTER_GRACE + HOUR)
    a_night(engine, AFTER_GRACE + DAY, documents=[whole])
    with database.reading(engine) as session:
        settled = the_flag(session)
        assert FlagKind.INCOMPLETE == settled.kind
        assert (Settlement.COMPLETED, AFTER_GRACE + DAY) == (settled.settled_as, settled.settled_at)
    again = {**lacking, "amended_at": AFTER_GRACE + DAY + HOUR}
    a_night(engine, AFTER_GRACE + 2 * DAY, documents=[again])

    with database.reading(engine) as session:
        reopened = the_flag(session)
        assert ("open", None, None) == (reopened.state, reopened.settled_as, reopened.settled_at)
        assert ["opened", "settled", "reopened"] == history(session)
