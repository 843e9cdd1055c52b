"""What a dry run says of a force whose documents all lack or share something."""

from datetime import timedelta

import polars as pl

from services.dry_run_habits import FEWEST, habits
from tests.unit.pairing.strategies import MONDAY, Row, a_document, documents

LATE = MONDAY + timedelta(days=4)


def said(*rows: Row) -> list[str]:
    """What is said of so many documents of each kind."""
    return list(habits(pl.concat(documents([row] * FEWEST).records for row in rows)))


def test_a_date_that_a_system_fills_in_is_told_with_what_to_do() -> None:
    """
    The event was on Monday and the document of Friday says Friday: it tells against itself.
    """
    (told,) = said(a_document(at=LATE, day=LATE.date()))

    assert told.startswith("The event date of 100% of EX's documents is the day on which")
    assert "event_date = []" in told
    assert said(a_document(at=LATE, day=LATE.date()), a_document(at=LATE)) == []
    assert said(a_document(at=LATE, day=None)) == []


def test_a_day_is_londons() -> None:
    """
    Half past eleven at night in UTC is tomorrow in summer.
    """
    at = MONDAY.replace(month=7, hour=23, minute=30)

    assert said(a_document(at=at, day=at.date())) == []
    assert len(said(a_document(at=at, day=at.date() + timedelta(days=1)))) == 1


def test_a_force_that_never_quotes_a_reference_is_named() -> None:
    """
    Beside one that does.
    """
    (told,) = said(a_document(references=[], force="QE", day=None), a_document(day=None))

    assert told.startswith(f"None of QE's {FEWEST} documents quotes an NCCU reference")


def test_of_few_documents_nothing_is_said() -> None:
    """
    Ten documents of one day are no habit.
    """
    rows = documents([a_document(at=LATE, day=LATE.date(), references=[])] * 10)

    assert list(habits(rows.records)) == []
