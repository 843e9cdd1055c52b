"""CSV as forces export it: banners, totals, encodings, and files that broke on the way."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.feeds import FeedRefused, Problem
from tests.unit.feeds.builders import GOOD, HEADINGS, a_csv, a_file, a_map, read


def test_a_file_under_the_contracts_own_names_needs_no_map(tmp_path: Path) -> None:
    """Force ICT can try the product before writing a map."""
    (row,) = read(a_csv(tmp_path, HEADINGS, GOOD))

    assert row.problems == ()
    assert row.number == 2
    assert row.record is not None
    assert row.record["referral_id"] == "R-1"
    assert row.record["referred_at"] == datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
    assert row.record["officer"] == "1234"
    assert row.record["force"] == "WYP"


def test_banner_rows_before_the_headings_are_passed_over(tmp_path: Path) -> None:
    """Exports begin with a title; row numbers stay those that Excel shows."""
    path = a_csv(tmp_path, ["Referrals to NCCU"], ["Printed", "2 March"], [], HEADINGS, GOOD)

    (row,) = read(path)

    assert (row.number, row.problems) == (5, ())


def test_headings_are_known_in_any_case_and_spacing(tmp_path: Path) -> None:
    """Each system writes the same heading its own way."""
    (row,) = read(a_csv(tmp_path, ["REFERRAL  ID", "Referred_At", "Collar No."], GOOD))

    assert row.problems == ()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    """Excel on a continental PC writes semicolons."""
    (row,) = read(a_csv(tmp_path, HEADINGS, GOOD, delimiter=delimiter))

    assert row.problems == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_encoding_is_found(tmp_path: Path, encoding: str) -> None:
    """A district keeps its pound sign and its apostrophe, whatever wrote the file."""
    path = a_csv(
        tmp_path, (*HEADINGS, "district"), (*GOOD, "King\u2019s \u00a3"), encoding=encoding
    )

    (row,) = read(path)

    assert row.record is not None
    assert row.record["district"] == "King\u2019s \u00a3"


def test_leading_zeros_are_kept(tmp_path: Path) -> None:
    """000123 is another key than 123."""
    (row,) = read(a_csv(tmp_path, HEADINGS, ("000123", *GOOD[1:])))

    assert row.record is not None
    assert row.record["referral_id"] == "000123"


def test_a_total_row_is_quarantined_as_one(tmp_path: Path) -> None:
    """A total is no referral, and the operator is told why it did not load."""
    good, total = read(a_csv(tmp_path, HEADINGS, GOOD, ("Grand Total: 1", "", "")))

    assert good.problems == ()
    assert total.problems == (Problem("", "looks like a total row, not a record"),)


def test_headings_in_the_middle_of_a_file_are_not_a_record(tmp_path: Path) -> None:
    """Paged exports repeat their headings; the first thirty rows may hold only one such row."""
    rows = read(a_csv(tmp_path, HEADINGS, *[GOOD] * 40, HEADINGS))

    assert rows[-1].problems == (Problem("", "repeats the headings"),)


def test_blank_rows_are_skipped_and_still_counted(tmp_path: Path) -> None:
    """The number is the one that the person sees in Excel."""
    rows = read(a_csv(tmp_path, HEADINGS, ("", " ", ""), GOOD))

    assert [3] == [row.number for row in rows]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        pytest.param((*GOOD, "more"), "has 4 cells where the headings have 3", id="too many"),
        pytest.param(
            GOOD[:2],
            "has 2 cells where the headings have 3; the file may be cut short",
            id="too few",
        ),
    ],
)
def test_a_row_of_another_width_is_quarantined(
    tmp_path: Path, cells: tuple[str, ...], reason: str
) -> None:
    """Its cells may have slipped under other headings."""
    good, odd = read(a_csv(tmp_path, HEADINGS, GOOD, cells))

    assert good.problems == ()
    assert odd.problems == (Problem("", reason),)


def test_every_problem_of_a_row_is_told_at_once(tmp_path: Path) -> None:
    """Whoever mends the file mends it once."""
    (row,) = read(a_csv(tmp_path, (*HEADINGS, "force"), ("", "31/02/2026 10:00", "x" * 101, "KEN")))

    assert row.record is None
    assert row.problems == (
        Problem("/force", "names another force than the one that this delivery is for"),
        Problem("/officer_id", "is longer than 100 characters"),
        Problem("/referral_id", "is required and is missing"),
        Problem("/referred_at", "is a day that does not exist in the calendar"),
    )


def test_a_bad_optional_value_quarantines_its_row_only(tmp_path: Path) -> None:
    """Half a record is worse than none, and no worse for its neighbours."""
    headings = ("urn", "submitted_at", "author_officer_id", "source_evaluation")
    when = "2026-03-02T14:05:00Z"
    path = a_csv(tmp_path, headings, ("U-1", when, "1", "7"), ("U-2", when, "1", "2 - untested"))

    bad, good = read(path, a_map("documents"))

    assert bad.problems == (Problem("/source_evaluation", "must be one of 1, 2, 3"),)
    assert good.record is not None
    assert good.record["source_evaluation"] == 2


def test_one_row_a_person_makes_one_record(tmp_path: Path) -> None:
    """The second person belongs to the same referral, counted once."""
    headings = (*HEADINGS, "role", "surname")
    path = a_csv(
        tmp_path,
        headings,
        (*GOOD, "Suspect", "Sampleova"),
        (*GOOD, "VICTIM", "Exampleska"),
        ("R-2", *GOOD[1:], "", ""),
    )

    first, second = read(path, a_map(one_row_a_person=True))

    assert first.record is not None
    assert second.record is not None
    assert (first.number, second.number) == (2, 4)
    assert [one["role"] for one in first.record["people"]] == ["suspect", "victim"]
    assert second.record["people"] == []


def test_rows_of_one_record_must_agree(tmp_path: Path) -> None:
    """Two officers under one key are a question for the force, not a guess for us."""
    headings = (*HEADINGS, "surname")
    path = a_csv(tmp_path, headings, (*GOOD, "Sampleova"), ("R-1", GOOD[1], "PC 9", "Exampleska"))

    (row,) = read(path, a_map(one_row_a_person=True))

    assert row.problems == (Problem("/officer_id", "differs between the rows of one record"),)


@pytest.mark.parametrize(
    ("content", "because"),
    [
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b" \n \n", "holds no text", id="blank"),
        pytest.param(b"a,b,c\n1,2,3\n", "no row of headings", id="no headings"),
        pytest.param(b"referral_id,officer_id\n1,2\n", "no column for referred_at", id="no time"),
        pytest.param(
            b"referral_id,referred_at,officer_id\n" * 2, "look equally like headings", id="tie"
        ),
        pytest.param(
            b"referral_id,referred_at,officer_id,collar\n1,2,3,4\n",
            "both hold officer_id",
            id="twice",
        ),
        pytest.param(
            b'referral_id,referred_at,officer_id\nR-1,"2026',
            "inside quotation marks",
            id="cut short",
        ),
        pytest.param(
            b"referral_id,referred_at,officer_id,district\n1,2,3,caf\xc3\xa9\n1,2,3,caf\xc3",
            "middle of a character",
            id="cut character",
        ),
        pytest.param(b"referral_id,referred_at\0,officer_id\n", "NUL", id="nul"),
        pytest.param(b"referral_id\x81\xff,x\n", "neither UTF-8 nor Windows-1252", id="encoding"),
        pytest.param(b"%PDF-1.7", "is a PDF", id="pdf"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1", "old .xls", id="xls"),
        pytest.param(b"<html><table>", "web page", id="html"),
        pytest.param(b"PK\x03\x04rubbish", "damaged", id="broken zip"),
        pytest.param(b'[{"referral_id": 1}]', "JSON list", id="json list"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_reason(
    tmp_path: Path, content: bytes, because: str
) -> None:
    """The operator reads why, what to do, and that nothing was stored."""
    with pytest.raises(FeedRefused, match=because) as refusal:
        read(a_file(tmp_path, content))
    assert "Nothing" in str(refusal.value)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    """A slip in a scheduled command names the folder instead of the file."""
    with pytest.raises(FeedRefused, match="is a folder"):
        read(tmp_path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """The share was not mounted."""
    with pytest.raises(FeedRefused, match="cannot be opened"):
        read(tmp_path / "absent.csv")


def test_an_endless_line_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    """A gigabyte without a line end must not bring the night down."""
    with pytest.raises(FeedRefused, match="over a million characters"):
        read(a_file(tmp_path, b"referral_id,referred_at,officer_id\n" + b"x" * (2 << 20)))


def test_an_endless_cell_is_refused(tmp_path: Path) -> None:
    """One forgotten quotation mark swallows the rest of a file."""
    content = b'referral_id,referred_at,officer_id\n"R-1,x,y\n' + b"R-2,x,y\n" * 40_000

    with pytest.raises(FeedRefused, match="closing quotation mark"):
        read(a_file(tmp_path, content))


def test_stray_quotation_marks_cost_one_row(tmp_path: Path) -> None:
    """The rows after it still load."""
    content = b'referral_id,referred_at,officer_id\n"R"-1,x,y\nR-2,2026-03-02T14:05Z,1\n'

    bad, good = read(a_file(tmp_path, content))

    assert (bad.number, good.number) == (2, 3)
    assert bad.problems == (Problem("", "has quotation marks in places that CSV does not allow"),)
    assert good.problems == ()


def test_a_delivery_without_rows_is_a_delivery_of_nothing(tmp_path: Path) -> None:
    """A small force has nights without a referral."""
    assert read(a_csv(tmp_path, HEADINGS)) == []


def test_a_delivery_without_rows_can_be_refused(tmp_path: Path) -> None:
    """A large force knows that an empty export is a broken one."""
    with pytest.raises(FeedRefused, match="headings and no rows"):
        read(a_csv(tmp_path, HEADINGS), a_map(allow_empty=False))
