"""One number, however it is written, folds to one form; two numbers never do."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.identifiers import (
    DEFAULT_RULES,
    Incident,
    normalise_postcode,
    normalise_vehicle,
)

serials = st.integers(100, 9_999_999)
years = st.integers(10, 99)


@given(years, serials)
def test_every_way_of_quoting_a_reference_folds_to_one(year: int, serial: int) -> None:
    """An officer quotes it from a phone call, a form and a colleague."""
    folded = f"{year}-{serial}"

    for written in (
        f"NCCU/{year}/{serial:07}",
        f"NCCU {year} {serial}",
        f"nccu{year}-{serial:07}",
        f"NCCU{year}{serial:07}",
        f"{year}/{serial}",
        f"NCCU ref: 20{year}/{serial}",
        f" IE-{year}-{serial} ",
        f"NCCU/{year}\u2013{serial:07}",
    ):
        assert folded == DEFAULT_RULES.normalise_reference(written), written
    assert str(serial) == DEFAULT_RULES.normalise_reference(f"{serial:07}")


@given(st.tuples(years, serials), st.tuples(years, serials))
def test_two_references_never_fold_to_one(one: tuple[int, int], other: tuple[int, int]) -> None:
    """A false agreement would hide a missing document."""
    fold = DEFAULT_RULES.normalise_reference
    folded = [fold(f"NCCU/{year}/{serial:07}") for year, serial in (one, other)]

    assert (one == other) == (folded[0] == folded[1])


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(1, 9999))
def test_every_way_of_writing_an_incident_folds_to_serial_and_day(day: date, serial: int) -> None:
    """Control room, officer and bureau each have their own habit."""
    folded = Incident(str(serial), day)

    for written in (
        f"WYP-{day:%Y%m%d}-{serial:04}",
        f"{day:%Y%m%d}-{serial:04}",
        f"{day:%Y%m%d}{serial:04}",
        f"{serial:04}/{day:%d-%m-%Y}",
        f"{serial} of {day:%d/%m/%Y}",
        f"Log {serial} {day:%d/%m/%y}",
        f"log no. {serial}, {day:%d.%m.%Y}",
        f"{serial:04} {day:%d %b %Y}",
        f"{serial}/{day:%d%m%y}",
        f"{day:%d/%m/%Y} {serial:04}",
    ):
        assert folded == DEFAULT_RULES.normalise_incident(written), written
    assert Incident(str(serial), None) == DEFAULT_RULES.normalise_incident(f"{serial:04}")


@given(st.text(max_size=40))
def test_any_text_folds_without_failing(text: str) -> None:
    """The field is typed by hand."""
    for fold in (
        DEFAULT_RULES.normalise_reference,
        DEFAULT_RULES.normalise_custody,
        DEFAULT_RULES.normalise_officer,
        normalise_vehicle,
        normalise_postcode,
    ):
        assert fold(text) != ""
    assert DEFAULT_RULES.normalise_incident(text).serial != ""


@pytest.mark.parametrize("written", ["", "TBC", "N/K", "none given", "---"])
def test_words_are_no_numbers(written: str) -> None:
    """Two records that both say TBC do not agree."""
    assert DEFAULT_RULES.normalise_reference(written) is None
    assert DEFAULT_RULES.normalise_incident(written) == (None, None)
    assert DEFAULT_RULES.normalise_custody(written) is None
    assert DEFAULT_RULES.normalise_officer(written) is None
    assert normalise_vehicle(written) is None


def test_a_documents_own_number_is_not_taken_for_a_reference() -> None:
    """WYP/26/0012345 is a URN, though its digits look like NCCU's."""
    assert "26-12345" != DEFAULT_RULES.normalise_reference("WYP/26/0012345")


def test_an_impossible_day_is_no_day() -> None:
    """The serial still counts, with the record's own day."""
    assert Incident("123", None) == DEFAULT_RULES.normalise_incident("0123/31-02-2026")


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("PC 01234", "1234"),
        ("pc1234", "1234"),
        ("DS/1234", "1234"),
        ("T/DC 1234", "1234"),
        ("1234", "1234"),
        ("PC 1234 Sampleova", "1234"),
        ("C01234", "C1234"),
        ("0", "0"),
    ],
)
def test_an_officers_number_loses_its_rank(written: str, folded: str) -> None:
    """A constable who is made sergeant keeps the number."""
    assert folded == DEFAULT_RULES.normalise_officer(written)


@pytest.mark.parametrize(
    "written", ["13WY/1234/26", "13wy-0001234-2026", "Custody 13WY 1234 26", "13WY/01234/26"]
)
def test_a_custody_number_folds(written: str) -> None:
    """Zeros, signs and the century differ between systems."""
    assert "13WY-1234-26" == DEFAULT_RULES.normalise_custody(written)


def test_custody_numbers_keep_their_parts_apart() -> None:
    """1/23 is not 12/3."""
    fold = DEFAULT_RULES.normalise_custody

    assert fold("CU/1/235") != fold("CU/12/35")


@pytest.mark.parametrize(
    ("written", "folded"),
    [("ab12 cde", "AB12CDE"), ("AB I2 CDE", "AB12CDE"), ("OS05 ZZZ", "0505222"), ("NONE", None)],
)
def test_a_registration_mark_is_read_as_a_camera_would(written: str, folded: str | None) -> None:
    """O and 0, I and 1, S and 5, Z and 2 are one to the eye."""
    assert folded == normalise_vehicle(written)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ls14ap", "LS1 4AP"),
        ("LS1  4AP", "LS1 4AP"),
        ("EC1A1BB", "EC1A 1BB"),
        ("ls1", "LS1"),
        ("LS1 4", "LS1"),
        ("Leeds", None),
        ("", None),
    ],
)
def test_a_postcode_is_whole_or_outward(written: str, folded: str | None) -> None:
    """A place known only to its district still counts for something."""
    assert folded == normalise_postcode(written)
