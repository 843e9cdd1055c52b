"""A value that too many records share: the night goes on without it, and says which field it is."""

from sqlalchemy import Engine

from adapters import database
from services import summary
from tests.builders import FIRST_NIGHT, FORCE, a_document, a_night, a_referral

SHARED = 101
"""One more a side than the 10,000 pairs that are compared for a value."""


def test_the_night_names_the_field_and_no_value(engine: Engine) -> None:
    """
    An export that writes one officer's number everywhere is found by whoever reads the report.
    """
    officer = {"officer_id": "PC 7777", "officer": "7777"}
    author = {"author_officer_id": "PC 7777", "officer": "7777"}
    night = a_night(
        engine,
        FIRST_NIGHT,
        referrals=[a_referral(n, **officer) for n in range(1, SHARED + 1)],
        documents=[a_document(n, **author) for n in range(1, SHARED + 1)],
    )
    with database.reading(engine) as session:
        alarms = summary.of(session, FORCE).alarms

    assert night.judged
    (said,) = [alarm for alarm in alarms if alarm.startswith("Not compared by")]
    assert said.startswith("Not compared by officer and day: 1 value is shared")
    assert "7777" not in said
