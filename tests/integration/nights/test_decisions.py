"""What a person decided about a pair is remembered by every night, for as long as it is true.

A decision is bound to what the two records said.  When either says something else that
pairing looks at, the pair is decided anew and a notice is left; nothing is forgotten.
"""

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from adapters import database
from domain.audit_trail import Action
from domain.errors import DecisionRefused
from domain.words import Feed, Verdict
from models import AuditEventRow, DecisionRow, FlagEventRow, PairingRow
from services import decisions
from tests.builders import (
    AFTER_GRACE,
    DAY,
    FIRST_NIGHT,
    HOUR,
    REFERRED,
    a_document,
    a_night,
    a_referral,
)
from tests.integration.lifecycle.looking import (
    assert_as_if_at_once,
    assert_trail_is_whole,
    dump,
    history,
    judgements,
    pairings,
    the_flag,
)
from tests.integration.nights.acting import (
    confirm,
    decide,
    fits_both,
    key,
    reject,
    take_back,
    twins,
)

DECIDED = AFTER_GRACE + HOUR
UNLIKE = a_document(7)
"""A document that shares nothing with the first referral."""


def decisions_of(session: Session) -> list[DecisionRow]:
    """Every decision ever made, first first."""
    return list(session.exec(select(DecisionRow).order_by(col(DecisionRow.id))))


def notices(session: Session) -> list[str]:
    """What reviewers were told on the flag about decisions that were overtaken."""
    rows = session.exec(
        select(FlagEventRow)
        .where(col(FlagEventRow.change) == "noticed")
        .order_by(col(FlagEventRow.id))
    )
    return [row.reason for row in rows]


def events(session: Session, action: Action) -> int:
    """How often the audit trail says it."""
    return len(session.exec(select(AuditEventRow.seq).where(AuditEventRow.action == action)).all())


def rules(session: Session) -> list[str]:
    """The rules of the pairings that stand."""
    rows = session.exec(select(PairingRow).where(col(PairingRow.ended_at).is_(None)))
    return sorted(row.rule for row in rows)


def test_a_confirmed_pair_is_respected_by_every_later_night(engine: Engine) -> None:
    """
    Whatever comes afterwards: rivals, amendments of fields that pairing does not compare, a
    whole file of the same again.
    """
    a_night(engine, AFTER_GRACE, referrals=[a_referral()], documents=[UNLIKE])
    confirm(engine, "R1", "U7", now=DECIDED)
    nights: list[dict[str, Any]] = [
        {},
        {"documents": [a_document(1, submitted_at=AFTER_GRACE)]},
        {"referrals": [a_referral(district="South", channel="form")]},
        {"documents": [{**UNLIKE, "handling_code": "C", "amended_at": AFTER_GRACE + 3 * DAY}]},
        {"documents": [UNLIKE, a_document(1, submitted_at=AFTER_GRACE)]},
    ]
    for number, night in enumerate(nights, 1):
        as_of = AFTER_GRACE + number * DAY
        a_night(engine, as_of, **night)
        with database.reading(engine) as session:
            assert "confirmed_by_person" in rules(session)
            assert "satisfied" == judgements(session)["R1"]["obligation"]
            assert "settled" == the_flag(session).state
        assert_as_if_at_once(engine, as_of)

    with database.reading(engine) as session:
        (decision,) = decisions_of(session)
        assert (None, None) == (decision.noticed_at, decision.ended_at)
        (made,) = session.exec(
            select(PairingRow).where(
                col(PairingRow.rule) == "confirmed_by_person", col(PairingRow.ended_at).is_(None)
            )
        )
        assert "alice" == made.made_by


def test_a_rejected_pair_is_not_proposed_by_any_later_night(engine: Engine) -> None:
    """
    A reviewer says no once.
    """
    a_night(engine, AFTER_GRACE, referrals=[a_referral()], documents=[a_document()])
    reject(engine, "R1", "U1", now=DECIDED)
    nights: list[dict[str, Any]] = [
        {},
        {"referrals": [a_referral(district="South")]},
        {"documents": [{**a_document(), "status": "accepted"}]},
        {"documents": [a_document(2)], "referrals": [a_referral(2)]},
    ]
    for number, night in enumerate(nights, 1):
        as_of = AFTER_GRACE + number * DAY
        a_night(engine, as_of, **night)
        with database.reading(engine) as session:
            it = judgements(session)["R1"]
            assert ("unpaired", "unmatched") == (it["pairing"], it["flag"])
            assert [] == notices(session)
        assert_as_if_at_once(engine, as_of)


CHANGES = [
    pytest.param({"documents": [a_document(incident_number="9")]}, id="document, incident number"),
    pytest.param({"documents": [a_document(people=[])]}, id="document, people"),
    pytest.param({"referrals": [a_referral(officer_id="PC9")]}, id="referral, officer"),
    pytest.param({"referrals": [a_referral(referred_at=REFERRED - HOUR)]}, id="referral, its time"),
]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("verdict", Verdict)
def test_a_decision_reopens_with_notice_when_either_record_says_something_else(
    engine: Engine, verdict: Verdict, change: dict[str, Any]
) -> None:
    """
    The engine decides the pair anew, and the reviewer reads what became of their decision;
    once, however many nights follow.
    """
    a_night(engine, AFTER_GRACE, referrals=[a_referral()])
    late = a_document(submitted_at=REFERRED + 5 * HOUR)
    a_night(engine, AFTER_GRACE + DAY, documents=[late])
    decide(engine, "R1", "U1", verdict, now=DECIDED + DAY)
    a_night(engine, AFTER_GRACE + 2 * DAY)
    with database.reading(engine) as session:
        assert [] == notices(session)
    changed_at = AFTER_GRACE + 3 * DAY
    a_night(engine, changed_at, **change)
    for number in (4, 5):
        a_night(engine, AFTER_GRACE + number * DAY)

    noun = "confirmation" if verdict == Verdict.CONFIRMED else "rejection"
    with database.reading(engine) as session:
        assert [f"evidence changed since {noun} of 07 Mar 2026"] == notices(session)
        assert 1 == events(session, Action.DECISION_NOTICED)
        (decision,) = decisions_of(session)
        assert (changed_at, None) == (decision.noticed_at, decision.ended_at)
        assert "confirmed_by_person" not in rules(session)
        assert 1 == len(pairings(session)), "the pair was not proposed again"
    assert_as_if_at_once(engine, AFTER_GRACE + 5 * DAY)
    again = decide(engine, "R1", "U1", verdict, now=AFTER_GRACE + 5 * DAY + HOUR)
    assert again is not None
    a_night(engine, AFTER_GRACE + 6 * DAY)
    with database.reading(engine) as session:
        assert (verdict == Verdict.CONFIRMED) == ("confirmed_by_person" in rules(session))
        assert (verdict == Verdict.CONFIRMED) == bool(pairings(session))


def test_a_decision_taken_back_leaves_the_pair_to_the_engine(engine: Engine) -> None:
    """
    A rejection made by mistake: the pair is made again and the flag is settled again.
    """
    a_night(engine, FIRST_NIGHT, referrals=[a_referral()], documents=[a_document()])
    made = reject(engine, "R1", "U1", now=FIRST_NIGHT + HOUR)
    a_night(engine, AFTER_GRACE)
    with database.reading(engine) as session:
        assert "open" == the_flag(session).state
    take_back(engine, made, now=DECIDED)
    a_night(engine, AFTER_GRACE + DAY)

    with database.reading(engine) as session:
        assert ["opened", "settled"] == history(session)
        assert ["reference_corroborated"] == rules(session)
        (decision,) = decisions_of(session)
        assert (DECIDED, "bob") == (decision.ended_at, decision.ended_by)
    with pytest.raises(DecisionRefused, match="no such decision in force"):
        take_back(engine, made, now=DECIDED + DAY)


def test_deciding_the_same_again_stores_nothing(engine: Engine) -> None:
    """
    A double click, or a colleague who came to the same answer a minute later.
    """
    a_night(engine, FIRST_NIGHT, referrals=[a_referral()], documents=[a_document()])
    confirm(engine, "R1", "U1", now=DECIDED)
    before = dump(engine)

    assert decide(engine, "R1", "U1", Verdict.CONFIRMED, now=DECIDED, reviewer="carol") is None
    assert before == dump(engine)


@pytest.mark.parametrize("first", Verdict)
def test_the_opposite_is_refused_while_a_decision_stands(engine: Engine, first: Verdict) -> None:
    """
    Nobody overrules a colleague without noticing; the sentence says what to do.
    """
    (second,) = set(Verdict) - {first}
    a_night(engine, FIRST_NIGHT, referrals=[a_referral()], documents=[a_document()])
    decide(engine, "R1", "U1", first, now=DECIDED)
    before = dump(engine)

    with pytest.raises(DecisionRefused) as refused:
        decide(engine, "R1", "U1", second, now=DECIDED + HOUR, reviewer="carol")

    said = f"The pair of referral R1 was {first} already. Take that decision back first ("
    assert str(refused.value).startswith(said)
    assert str(refused.value).endswith("Nothing was stored.")
    assert before == dump(engine)


def test_confirming_one_of_two_rivals_closes_the_other_at_once(engine: Engine) -> None:
    """
    The queue does not offer what was just settled, nor does rejecting it afterwards fail.
    """
    a_night(engine, AFTER_GRACE, referrals=twins(), documents=[fits_both()])
    with database.reading(engine) as session:
        assert ["ambiguous", "ambiguous"] == rules(session)
    confirm(engine, "R1", "U1", now=DECIDED)

    with database.reading(engine) as session:
        assert [] == rules(session)
    reject(engine, "R2", "U1", now=DECIDED + HOUR)
    a_night(engine, AFTER_GRACE + DAY)
    with database.reading(engine) as session:
        assert ["confirmed_by_person"] == rules(session)
        assert ("settled", "open") == (the_flag(session).state, the_flag(session, "R2").state)
        assert "unmatched" == the_flag(session, "R2").kind
    assert_as_if_at_once(engine, AFTER_GRACE + DAY)
    assert_trail_is_whole(engine)


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_decision_without_a_reason_is_refused(engine: Engine, reason: str) -> None:
    """
    An auditor asks why; an empty box answers nothing.
    """
    a_night(engine, FIRST_NIGHT, referrals=[a_referral()], documents=[a_document()])
    before = dump(engine)

    with (
        pytest.raises(DecisionRefused, match=r"needs a reason in words\. Nothing was stored\."),
        database.session(engine) as session,
    ):
        decisions.decide(
            session,
            key(session, Feed.REFERRALS, "R1"),
            key(session, Feed.DOCUMENTS, "U1"),
            Verdict.CONFIRMED,
            reason=reason,
            reviewer="alice",
            now=DECIDED,
        )
    assert before == dump(engine)
