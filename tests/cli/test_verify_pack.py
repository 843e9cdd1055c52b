"""`counterfoil sample verify`: what a stranger types who has the pack and nothing else."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from adapters import pack_file
from domain.working_paper.lodged import as_lodged
from domain.working_paper.pack import MANIFEST, manifest, read
from tests.cli.calling import call, said_once
from tests.unit.working_paper.packs import changed_in, small

HEAVY = ("alembic", "numpy", "openpyxl", "polars", "prefect", "psycopg", "sqlalchemy", "sqlmodel")
LOADED = f"""
import sys
sys.argv = ["counterfoil", "sample", "verify", sys.argv[1]]
from cli.start import run
try:
    run()
finally:
    print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A pack in an empty folder: no installation anywhere."""
    file = tmp_path / "small.zip"
    file.write_bytes(pack_file.write(small()))
    return file


def written(folder: Path, files: dict[str, bytes]) -> Path:
    """Another pack beside it."""
    file = folder / "other.zip"
    file.write_bytes(pack_file.write(files))
    return file


def test_a_pack_is_verified_without_a_database_and_without_prefect(pack: Path) -> None:
    """
    Neither is loaded, let alone used; the conclusion and the pack's hash are printed.
    """
    done = subprocess.run(
        [sys.executable, "-c", LOADED, str(pack)],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.defpath, "PYTHONPATH": str(Path(__file__).parents[2])},
        cwd=pack.parent,
    )
    assert (0, "[]\n") == (done.returncode, done.stderr)
    assert done.stdout.startswith("VERIFIED. ")
    assert "SHA-256 of the pack: " in done.stdout


def test_it_ends_with_1_and_names_the_first_thing_that_differs(pack: Path) -> None:
    """
    Both numbers: what the pack says, and what was computed.
    """

    def better(outcome: dict[str, int]) -> None:
        outcome["limit"] += 1

    answer = call("sample", "verify", written(pack.parent, changed_in("evaluation.json", better)))
    assert (1, "") == (answer.code, answer.err)
    assert answer.out.startswith("DIFFERS. evaluation.json: limit is ")

    damaged = bytearray(pack.read_bytes())
    damaged[damaged.index(b"WORKING PAPER")] ^= 1
    pack.write_bytes(bytes(damaged))
    answer = call("sample", "verify", pack)
    assert (1, "") == (answer.code, answer.err)
    assert answer.out.startswith("DIFFERS. README.txt: ")


def test_the_lodged_commitment_is_compared_as_a_file_and_as_a_hash(pack: Path) -> None:
    """
    With the right one nothing is left to note; another one is no frame's.
    """
    lodged = pack.parent / "commitment.json"
    lodged.write_bytes(as_lodged(read(small()).exercise.frames[0].commitment))
    answer = call("sample", "verify", pack, "--lodged", lodged, "--json")
    assert answer.code == 0
    assert {"verified": True, "difference": None, "notes": []}.items() <= answer.json.items()

    other = call("sample", "verify", pack, "--commitment", "0" * 64, "--json")
    assert other.code == 1
    assert not other.json["verified"]
    assert "lodged" in json.dumps(other.json["difference"])


@pytest.mark.parametrize("content", [b"", b"no zip at all", b"PK\x05\x06" + bytes(18)])
def test_it_ends_with_2_for_what_is_no_pack(tmp_path: Path, content: bytes) -> None:
    """
    In one sentence on standard error.
    """
    file = tmp_path / "x.zip"
    file.write_bytes(content)
    assert "is not a pack" in said_once(call("sample", "verify", file))


def test_it_ends_with_2_for_a_file_that_is_not_there_and_a_hash_that_is_none(pack: Path) -> None:
    """
    Nothing was verified, and that is said.
    """
    missing = call("sample", "verify", pack.parent / "none.zip")
    assert "could not be read" in said_once(missing)
    assert "64 hexadecimal digits" in said_once(call("sample", "verify", pack, "--commitment", "1"))


def test_a_file_more_in_the_pack_is_named(pack: Path) -> None:
    """
    Though the manifest has it.
    """
    made = {**small(), "notes.txt": b"more\n"}
    suited = {**made, MANIFEST: manifest(made)}
    answer = call("sample", "verify", written(pack.parent, suited))
    assert answer.out.startswith("DIFFERS. notes.txt: it is no file of a pack")
