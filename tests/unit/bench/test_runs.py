"""The benchmark itself, run in little: it ends, and its figures can be what they say they are.

No time is held against a limit.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bench.intake import NAMES

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    return _run(tmp_path_factory.mktemp("night"), "night")


@pytest.fixture(scope="module")
def dry_run(tmp_path_factory: pytest.TempPathFactory) -> str:
    return _run(tmp_path_factory.mktemp("check"), "check")


@pytest.fixture(scope="module")
def full_pass(tmp_path_factory: pytest.TempPathFactory) -> str:
    return _run(tmp_path_factory.mktemp("full-pass"), "full-pass")


def _run(folder: Path, what: str) -> str:
    """The page that a small run writes; nothing else of it is left."""
    written = folder / "page.md"
    ran = subprocess.run(
        [sys.executable, "-m", "bench", what, "--small", "--page", written, "--folder", folder],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert [written] == list(folder.iterdir())
    return written.read_text("utf-8")


def test_a_night_is_timed_step_by_step(page: str) -> None:
    """
    The steps are parts of the whole, and a ratio is of two times that were measured.
    """
    little, much = ({name: row[at] for name, row in _steps(page).items()} for at in (0, 1))
    for side in (little, much):
        whole = side.pop("Whole night")
        assert all(0 <= step <= whole for step in side.values())
        assert 0 < whole
    least, most = _spread(page, "Whole night")
    assert 0 < least <= _steps(page)["Whole night"][2] <= most


def test_both_installations_do_the_same_intake(page: str) -> None:
    """
    The ratio means something only when both were given the same night.
    """
    work = {row[0]: row[1:] for row in _rows(page) if len(row) == 3 and row[1].isdigit()}
    for name in ("documents new", "documents amended", "referrals new", "referrals amended"):
        little, much = work[name]
        assert int(little) == int(much) > 0
    assert int(work["referrals judged"][1]) >= int(work["referrals new"][1])


def test_each_format_has_its_seconds_and_its_rate(page: str) -> None:
    """
    Both are medians of several files, so that the one does not follow from the other exactly.
    """
    found = re.search(r"One file of ([0-9,]+) new documents", page)
    assert found is not None
    rows = _number(found[1])
    rates = {row[0]: row[1:] for row in _rows(page) if row[0] in NAMES.values()}
    assert len(rates) == len(NAMES)
    for seconds, rate in rates.values():
        assert _number(seconds) >= 0
        assert 0 < _number(rate)
    assert rows > 0


def test_a_dry_run_is_timed_stage_by_stage(dry_run: str) -> None:
    """
    The stages are parts of the whole, the rate follows from the rows, and all rows were read.
    """
    rows = {row[0]: list(map(_number, row[1:])) for row in _rows(dry_run) if row[1].isdigit()}
    assert {"CSV", "Parquet"} == set(rows)
    for referrals, documents, reading, rate, pairing, judging, whole, memory in rows.values():
        assert (300, 1500) == (referrals, documents)
        assert 0 < whole
        assert reading + pairing + judging <= whole + 0.2
        assert 0.05 < memory < 8
        assert rate > 0


def test_a_full_pass_is_timed_step_by_step(full_pass: str) -> None:
    """
    A pass is its export, its periods and the comparison, and nothing else.
    """
    row = next(row for row in _rows(full_pass) if row[0].isdigit())
    *sizes, export, period, every, compare, whole, memory = map(_number, row)
    assert [200, 2, 400, 2000, 1] == sizes
    assert 0 < memory
    assert 0 < period <= every < whole
    assert export + every + compare <= whole + 0.1


@pytest.mark.parametrize("written", ["page", "dry_run", "full_pass"])
def test_the_machine_is_described_and_not_named(
    written: str, request: pytest.FixtureRequest
) -> None:
    """
    A page for everybody holds no host, user or path.
    """
    text = request.getfixturevalue(written)
    assert re.search(r"Measured on \d+ cores, \d+ GB of memory, Python 3\.\d+\.\d+", text)
    assert not re.search(r"/tmp|/home|/root|localhost", text)


def _rows(page: str) -> list[list[str]]:
    """The cells of every table's rows."""
    lines = [line for line in page.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def _steps(page: str) -> dict[str, tuple[float, float, float]]:
    """The medians of each step: with little history, with much, and their ratio."""
    rows = [row for row in _rows(page) if len(row) == 4 and row[0] not in ("Step", "---")]
    return {row[0]: (_number(row[1]), _number(row[2]), _number(row[3])) for row in rows}


def _spread(page: str, step: str) -> tuple[float, float]:
    """The least and the most ratio of a step."""
    row = next(row for row in _rows(page) if row[0] == step)
    found = re.search(r"\((\S+) to (\S+)\)", row[3])
    assert found is not None
    return _number(found[1]), _number(found[2])


def _number(text: str) -> float:
    return float(text.split()[0].replace(",", ""))
