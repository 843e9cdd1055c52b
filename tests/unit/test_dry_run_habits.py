"""What a dry run says of a force whose documents all lack or share something."""

from datetime import timedelta

from domain.pairing import Records
from domain.words import Feed
from services.dry_run_habits import FEWEST, habits
from tests.unit.pairing.strategies import (
    MONDAY,
    Row,
    a_document,
    a_person,
    a_referral,
    documents,
    referrals,
)

LATE = MONDAY + timedelta(days=4)
many = range(FEWEST)


def said(*rows: Row) -> list[str]:
    """What is said of so many documents of each kind, which name somebody as the referrals do."""
    theirs = [row | {"key": key} for key, row in enumerate(row for row in rows for _ in many)]
    ours = [a_referral(key) for key in many]
    return told_of(
        referrals(ours, [a_person(key) for key in many]),
        documents(theirs, [a_person(row["key"]) for row in theirs]),
    )


def told_of(ours: Records, theirs: Records) -> list[str]:
    """What is said of two sides."""
    return list(habits({Feed.REFERRALS: ours, Feed.DOCUMENTS: theirs}))


def test_a_date_that_a_system_fills_in_is_told_with_what_to_do() -> None:
    """
    The event was on Monday and the document of Friday says Friday: it tells against itself.
    """
    (told,) = said(a_document(at=LATE, day=LATE.date()))

    assert told.startswith("The event date of 100% of EX's documents is the day on which")
    assert "event_date = []" in told
    assert said(a_document(at=LATE, day=LATE.date()), a_document(at=LATE)) == []
    (undated,) = said(a_document(at=LATE, day=None))
    assert not undated.startswith("The event date")


def test_a_day_is_londons() -> None:
    """
    Half past eleven at night in UTC is tomorrow in summer.
    """
    at = MONDAY.replace(month=7, hour=23, minute=30)

    assert said(a_document(at=at, day=at.date())) == []
    assert len(said(a_document(at=at, day=at.date() + timedelta(days=1)))) == 1


def test_what_no_document_of_a_force_has_is_named() -> None:
    """
    Beside one that has it.
    """
    (told,) = said(a_document(references=[], force="QE", day=None), a_document(at=LATE))

    assert told.startswith(
        f"None of QE's {FEWEST} documents has an NCCU reference or an event date."
    )


def test_of_records_that_say_nothing_all_that_they_lack_is_named() -> None:
    """
    A column map that names no column gives a file of nulls; the reason is named, not the rows.
    """
    bare: Row = {
        "incident": None,
        "custody": None,
        "postcode": None,
        "vehicles": [],
        "officer": None,
    }
    ours = referrals([a_referral(key, reference=None, **bare) for key in many])
    theirs = documents([a_document(key, references=[], day=None, **bare) for key in many])
    lacking = "a postcode or a registration mark or a person. Nothing is compared"

    said = told_of(ours, theirs)
    assert [sentence.split(" has ")[0] for sentence in said] == [
        f"None of EX's {FEWEST} referrals",
        f"None of EX's {FEWEST} documents",
    ]
    assert all(lacking in sentence for sentence in said)


def test_of_few_documents_nothing_is_said() -> None:
    """
    Ten documents of one day are no habit.
    """
    rows = documents([a_document(at=LATE, day=LATE.date(), references=[])] * 10)

    assert told_of(referrals([]), rows) == []
