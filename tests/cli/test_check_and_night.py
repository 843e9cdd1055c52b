"""The dry run and the night give one answer to one question.

Three hundred made-up referrals of a year, with every kind of damage, as
``python -m synthetic --referrals 300 --seed 5 --setting realistic`` writes them; and rows that
are refused.  The night's answer is read out of its tables.
"""

import csv
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from adapters import database, settings
from models import DocumentRow, PairingRow, ReferralRow
from services import summary
from tests.cli.calling import Answer, call
from tests.orchestration.installations import install

NIGHTS = ("2025-07-01T02:30Z", "2026-01-05T02:30Z")
"""In the middle of the year, when much is still to come, and after its end."""


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The two files, with a row of each spoiled."""
    folder = tmp_path_factory.mktemp("synthetic")
    asked = "--referrals 300 --seed 5 --setting realistic --forces EX --out"
    subprocess.run([sys.executable, "-m", "synthetic", *asked.split(), str(folder)], check=True)
    for name, number in (("referrals", 17), ("documents", 230)):
        lines = (folder / f"{name}.csv").read_text("utf-8").splitlines(keepends=True)
        lines[number] = lines[number].replace("2025-", "20255-")
        (folder / f"{name}.csv").write_text("".join(lines), "utf-8")
    return folder


@pytest.fixture(scope="module", params=NIGHTS)
def both(
    request: pytest.FixtureRequest, exports: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, Session]]:
    """The folder of the dry run's answer, and a session on the night's."""
    made = tmp_path_factory.mktemp("both")
    home = install(made / "home", "EX")
    for feed in ("referrals", "documents"):
        shutil.copy(exports / f"{feed}.csv", home / "drop" / "EX" / feed)
    said = [
        call("receive", "--as-of", request.param, home=home),
        call("run", "--no-prefect", "--as-of", request.param, home=home),
        _check(exports, made / "answer", request.param),
    ]
    assert [1, 1, 1] == [each.code for each in said], said
    engine = database.engine(settings.load(home).database)
    with database.reading(engine) as session:
        yield made / "answer", session
    engine.dispose()


def _check(exports: Path, out: Path, as_of: str) -> Answer:
    return call(
        "check",
        *("--referrals", exports / "referrals.csv", "--documents", exports / "documents.csv"),
        *("--as-of", as_of, "--out", out),
    )


def rows(file: Path) -> Iterator[dict[str, str]]:
    """A CSV's rows by heading."""
    with file.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def test_the_pairings_are_the_same(both: tuple[Path, Session]) -> None:
    """
    Document by document: role, band, rule, weight and margin.
    """
    answer, session = both
    stored = session.exec(
        select(ReferralRow.referral_id, DocumentRow.urn, PairingRow)
        .join(PairingRow, col(PairingRow.referral) == col(ReferralRow.id))
        .join(DocumentRow, col(DocumentRow.id) == col(PairingRow.document))
        .where(col(PairingRow.ended_at).is_(None))
    )
    by_night = [
        (referral, urn, row.role, row.band, row.rule, _bits(row.weight), _bits(row.margin))
        for referral, urn, row in stored
    ]
    by_check = [
        (
            *(row[name] for name in ("referral_id", "urn", "role", "band", "rule")),
            *(_bits(row[name]) for name in ("weight", "margin")),
        )
        for row in rows(answer / "pairings.csv")
    ]

    assert len(by_check) > 100
    assert sorted(by_night) == sorted(by_check)


def test_the_judgements_are_the_same(both: tuple[Path, Session]) -> None:
    """
    Referral by referral, to the word of the reason and the nearest document.
    """
    answer, session = both
    by_night = {
        row.referral_id: (
            row.pairing,
            row.obligation,
            row.completeness or "",
            str(row.flag is not None and not row.held).lower(),
            row.grace_ends_at,
            row.nearest[0]["urn"] if row.nearest else "",
            _bits(row.nearest[0]["weight"] if row.nearest else ""),
        )
        for row in session.exec(select(ReferralRow))
    }
    reasons = {row.referral_id: row.reason for row in session.exec(select(ReferralRow))}
    by_check = {
        row["referral_id"]: (
            *(row[name] for name in ("pairing", "obligation", "completeness", "flagged")),
            datetime.fromisoformat(row["grace_ends_at"]),
            row["nearest_urn"],
            _bits(row["nearest_weight"]),
        )
        for row in rows(answer / "referrals.csv")
    }

    assert 299 == len(by_check)
    assert by_night == by_check
    for row in rows(answer / "referrals.csv"):
        assert row["reason"].startswith(reasons[row["referral_id"]])


def test_the_refused_rows_are_the_same(both: tuple[Path, Session]) -> None:
    """
    Row, pointer and reason.
    """
    answer, session = both
    by_night = [
        (each["feed"], str(each["row"]), each["pointer"], each["reason"])
        for each in summary.quarantine_reasons(session, "EX")
    ]

    assert {"referrals", "documents"} == {feed for feed, *_ in by_night}
    by_check = [tuple(row.values()) for row in rows(answer / "quarantine.csv")]
    assert sorted(by_night) == sorted(by_check)


def _bits(value: Any) -> float | None:
    """A weight or margin as the files round it."""
    return None if value in ("", None) else round(float(value), 3)
