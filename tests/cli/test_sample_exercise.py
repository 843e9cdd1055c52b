"""The whole exercise as an auditor does it, from an empty folder to a verified pack.

It is what docs/assurance/tutorial.md shows.  The page has a process for each command; here they
are called in this one, which saves a minute, but for `sample verify`: that one is started as
whoever was handed the pack would, from a folder without an installation.
"""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from domain.working_paper import Replacement, TicketLine, Use, read_lines
from synthetic.exercise import CODE, DICE, Done, in_a_process, walk
from tests.cli.calling import call

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder, and then that of the exercise."""
    return tmp_path_factory.mktemp("exercise")


@pytest.fixture(scope="module")
def done(folder: Path) -> Sequence[Done]:
    """Every step, done in that folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.chdir(folder)
        return list(walk(folder, mostly_here))


def mostly_here(words: Sequence[str], at: Path) -> tuple[int, str]:
    """Our own commands in this process; what others run, in one of its own."""
    if words[0] != "counterfoil" or "verify" in words:
        return in_a_process(words, at)
    answer = call(*words[1:], COUNTERFOIL_HOME=str(at / "home"))
    return answer.code, answer.out + answer.err


def said(done: Sequence[Done], start: str) -> str:
    """What the last command that begins so printed."""
    return [each.said for each in done if each.step.words.startswith(start)][-1]


def test_the_claim_is_shown_and_the_pack_is_verified(done: Sequence[Done]) -> None:
    """
    One deviation among those drawn, as planned for; the dispute is settled as compliant.
    """
    assert said(done, "counterfoil sample evaluate").startswith("SHOWN. ")
    verified = said(done, f"counterfoil sample verify {CODE}.zip")
    assert verified.startswith("VERIFIED. ")
    shown = said(done, "counterfoil sample evaluate").splitlines()[0]
    assert verified.splitlines()[0].removeprefix("VERIFIED. ") == shown.removeprefix("SHOWN. ")


def test_the_printed_paper_tells_what_was_replaced_and_why(
    done: Sequence[Done], folder: Path
) -> None:
    """
    The item that two people found out of frame, what came in for it, and their reason.
    """
    paper = (folder / "unpacked" / "paper.typ").read_text("utf-8")
    _, _, replaced = paper.partition("Items replaced")
    (logged,) = read_lines(
        Replacement, (folder / "unpacked" / "replacements.jsonl").read_bytes(), "The log"
    )

    assert f'"{logged.draw_id_out}", "{logged.draw_id_in}"' in replaced
    assert "Made to a port, not to NCCU." in replaced
    assert done


def test_a_changed_letter_is_found(done: Sequence[Done]) -> None:
    """
    The file is named in which it was changed.
    """
    assert said(done, "counterfoil sample verify changed.zip").startswith("DIFFERS. findings.jsonl")


def test_the_pack_is_redrawn_by_its_own_script(done: Sequence[Done], folder: Path) -> None:
    """
    The tickets in use are the first ones of the frame, by sha256sum, bc, rev and sort.
    """
    unpacked = folder / "unpacked"
    frame = (unpacked / "frame-0" / "frame.jsonl").read_text("utf-8").splitlines()
    kept = [line for line in frame if '"stratum":"unmatched"' not in line]
    ids = [line.split('"draw_id":"')[1].split('"')[0] for line in kept]
    tickets = read_lines(
        TicketLine, (unpacked / "frame-0" / "tickets.jsonl").read_bytes(), "The tickets"
    )
    in_use = [line.draw_id for line in tickets if line.use is not Use.RESERVE]

    shell = shutil.which("sh")
    assert shell is not None
    redrawn = subprocess.run(
        [shell, unpacked / "redraw.sh", f"assure/1|{CODE}|dice:{DICE}", str(len(in_use))],
        input="\n".join(ids) + "\n",
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert set(in_use) == {line.split()[-1] for line in redrawn.splitlines()}
    assert done


def test_what_a_person_told_stays_out_of_the_pack(done: Sequence[Done], folder: Path) -> None:
    """
    The worksheets hold source keys, and nothing in the pack does.
    """
    assert "EX-R-" in (folder / "first.csv").read_text("utf-8")
    for file in sorted((folder / "unpacked").rglob("*")):
        assert not file.is_file() or b"EX-R-" not in file.read_bytes(), file.name
    assert done
