"""A day with more keys than it has places in the table loses none of them."""

import sys
from datetime import date

import pytest
from polars.testing import assert_frame_equal

from domain.pairing import kernel
from domain.pairing.candidates import all_candidates
from tests.unit.pairing.pairings import WEIGHTS
from tests.unit.pairing.strategies import MONDAY, Row, a_document, a_referral, documents, referrals

CROWD = 900
NOTHING: Row = dict.fromkeys(("incident", "incident_day", "custody", "postcode")) | {"vehicles": []}


def test_keys_beyond_the_places_of_their_day_are_found_elsewhere() -> None:
    """
    A force that enters a year's backlog under one date must not lose a pair or wait for ever.
    """
    ours = [
        a_referral(key, officer=str(1000 + key), reference=None, **NOTHING) for key in range(CROWD)
    ]
    ours.append(a_referral(CROWD, day=date(1990, 1, 1), officer="7", reference=None, **NOTHING))
    theirs = [
        a_document(key, officer=str(1000 + key), references=[], **NOTHING) for key in range(CROWD)
    ]
    sides = referrals(ours), documents(theirs)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "LARGE", 0)
        compiled = all_candidates(*sides, WEIGHTS).pairs
        patch.setattr(kernel, "LARGE", sys.maxsize)
        plain = all_candidates(*sides, WEIGHTS).pairs

    assert MONDAY.date() == ours[0]["day"]
    assert [(key, key) for key in range(CROWD)] == plain.rows()
    assert_frame_equal(plain, compiled)
