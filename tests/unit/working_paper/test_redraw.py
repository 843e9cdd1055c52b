"""The shell script draws what the program draws, and what consistent-sampler draws."""

import random
import shutil
import subprocess
import unicodedata
from pathlib import Path

import consistent_sampler
import pytest

from domain.assurance import tickets
from domain.working_paper.redraw import REDRAW

SEED = "assure/1|KENT-2026-Q3|dice:31415926535897932384"
TOOLS = ("sh", "sha256sum", "bc", "rev", "sort", "xargs", "paste", "sed")


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """The script as a file, where the tools that it names are there."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    assert not missing, f"Install {', '.join(missing)}: bc and rev are in the CI image too."
    file = tmp_path / "redraw.sh"
    file.write_text(REDRAW)
    return file


def redrawn(script: Path, ids: list[str], *size: int) -> list[str]:
    """The lines that the script gives."""
    done = subprocess.run(
        ["sh", str(script), SEED, *map(str, size)],
        input="".join(f"{draw_id}\n" for draw_id in ids).encode(),
        capture_output=True,
        check=True,
    )
    return done.stdout.decode().split("\n")[:-1]


def unicode_ids(number: int) -> list[str]:
    """Distinct ids of letters from all planes, as a frame may hold them."""
    chance = random.Random(20261124)
    found: set[str] = set()
    while len(found) < number:
        letters = (chr(chance.randrange(0x20, 0x110000)) for _ in range(chance.randrange(1, 12)))
        text = unicodedata.normalize("NFC", "".join(letters))
        if not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text):
            found.add(text)
    return sorted(found, reverse=True)


def test_10_000_unicode_ids_get_the_tickets_of_the_program_and_of_the_published_one(
    script: Path,
) -> None:
    """
    An opponent needs none of our code to draw the sample again.
    """
    ids = unicode_ids(10_000)
    ours = [f"{t.number}\t{t.draw_id}" for t in tickets.draw(SEED, ids, len(ids))]
    published = [
        f"{number}\t{draw_id}"
        for number, draw_id, _ in consistent_sampler.sampler(
            ids, seed=SEED, with_replacement=False, output="tuple", digits=9999
        )
    ]

    assert redrawn(script, ids) == ours == published


def test_spaces_quotes_and_hyphens_in_an_id_are_kept(script: Path) -> None:
    """
    A shell would like to take them for its own.
    """
    ids = [" a", "a ", "-n", "--help", "a\\nb", "$HOME", "`id`", "'", '"', "*", "%s", "é"]

    assert redrawn(script, ids, 5) == [
        f"{t.number}\t{t.draw_id}" for t in tickets.draw(SEED, ids, 5)
    ]


def test_the_script_says_what_it_needs(script: Path) -> None:
    """
    Without a seed or an id there is nothing to draw.
    """
    for arguments in ([], [SEED]):
        done = subprocess.run(
            ["sh", str(script), *arguments], input=b"", capture_output=True, check=False
        )
        assert done.returncode == 2
        assert done.stderr
