"""A small pool of records that get in each other's way: few people, few incidents, few officers.

A record drawn twice under one id is an amendment; so documents are withdrawn, corrected,
completed and moved from one referral to another.
"""

from datetime import timedelta

from hypothesis import strategies as st

from tests.builders import HOUR, REFERRED, Record, a_document, a_person, a_referral

INCIDENTS = (None, "181", "312", "443")
SUBMITTED = (5, 5, 30, 80, 130)
"""Hours after the first referrals; the default grace period is 72."""
USUAL = {1: 1, 2: 1, 3: 2, 4: 3}
"""The incident of each referral as it is first made: two of them share one."""


def _referral(
    number: int, person: int | None = None, incident: int | None = None, hours: int = 0
) -> Record:
    return a_referral(
        number,
        referred_at=REFERRED + hours * HOUR,
        incident_number=INCIDENTS[USUAL[number] if incident is None else incident],
        officer_id=f"PC{4000 + (number + 1) // 2}",
        people=[a_person(person or number)],
    )


def _document(
    number: int,
    quoted: int | None,
    person: int | None,
    incident: int,
    hours: int,
    status: str = "submitted",
    handling_code: str | None = "P",
    amended: int | None = None,
) -> Record:
    return a_document(
        number,
        nccu_references=[a_referral(quoted)["nccu_reference"]] if quoted else [],
        incident_number=INCIDENTS[incident],
        author_officer_id=f"PC{4000 + (number + 1) // 2}",
        submitted_at=REFERRED + hours * HOUR,
        people=[a_person(person)] if person else [],
        status=status,
        handling_code=handling_code,
        amended_at=REFERRED + timedelta(days=amended) if amended is not None else None,
    )


def _answer(number: int, to: int, quoted: bool, hours: int, amended: int | None) -> Record:
    """A document that would do for referral `to` as it was first made."""
    return _document(number, to if quoted else None, to, USUAL[to], hours, amended=amended)


FIRST = [_referral(number) for number in USUAL]
REFERRALS = st.one_of(
    st.builds(_referral, number=st.integers(1, 4)),
    st.builds(
        _referral,
        number=st.integers(1, 4),
        person=st.integers(1, 4),
        incident=st.integers(0, 3),
        hours=st.sampled_from([0, 0, 30]),
    ),
)
_AMENDED = st.sampled_from([None, None, 1, 2, 3])
DOCUMENTS = st.one_of(
    st.builds(
        _answer,
        number=st.integers(1, 5),
        to=st.integers(1, 4),
        quoted=st.booleans(),
        hours=st.sampled_from(SUBMITTED),
        amended=_AMENDED,
    ),
    st.builds(
        _document,
        number=st.integers(1, 5),
        quoted=st.sampled_from([None, 1, 2, 3, 4]),
        person=st.sampled_from([None, 1, 2, 3, 4]),
        incident=st.integers(0, 3),
        hours=st.sampled_from(SUBMITTED),
        status=st.sampled_from(["submitted", "submitted", "accepted", "draft", "withdrawn"]),
        handling_code=st.sampled_from(["P", "P", None]),
        amended=_AMENDED,
    ),
)
