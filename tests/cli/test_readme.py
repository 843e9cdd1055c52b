"""The README's first command gives the figures that the README shows."""

import os
import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).resolve().parents[2] / "README.md"
COUNT = re.compile(r"^ {2,}(\d[\d,]*)  (.+)$", re.MULTILINE)


def figures(text: str) -> dict[str, str]:
    """The counts of a night's summary, by what they count."""
    return {what: number for number, what in COUNT.findall(text)}


def test_19_the_figures_in_the_readme_are_those_that_the_demo_gives_today(tmp_path: Path) -> None:
    """
    Pairings, misses and refusals are not typed by hand: every run of the tests makes them again.
    """
    shown = figures(README.read_text("utf-8").partition("<!-- end of demo -->")[0])
    done = subprocess.run(
        [sys.executable, "-m", "cli", "demo", "--folder", tmp_path / "demo"],
        cwd=README.parent,
        env=os.environ | {"COLUMNS": "96"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert len(shown) == 11
    assert shown == figures(done.stdout.partition("Unmatched the longest")[0])
