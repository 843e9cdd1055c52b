"""The console script as cron and a shell start it: its own process, its own exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.cli.calling import call
from tests.orchestration.installations import install

COUNTERFOIL = Path(sys.executable).with_name("counterfoil")
A_FAULT = """
from cli import main

@main.app.command("divide")
def divide() -> None:
    print(1 // 0)

main.run()
"""


def shell(*words: object, cwd: Path, home: str = "") -> subprocess.CompletedProcess[str]:
    """Run the installed command in a folder, with an environment as bare as cron's."""
    return subprocess.run(
        [COUNTERFOIL, *map(str, words)],
        cwd=cwd,
        env={"PATH": os.defpath, "COUNTERFOIL_HOME": home} if home else {"PATH": os.defpath},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_it_takes_the_installation_from_the_folder_the_environment_or_the_option(
    judged: Path, tmp_path: Path
) -> None:
    """
    In that order the later one wins.
    """
    other = install(tmp_path / "other", "WY")

    here = shell("status", cwd=judged)
    named = shell("status", cwd=tmp_path, home=str(judged))
    stronger = shell("--home", "other", "status", "--json", cwd=tmp_path, home=str(judged))

    assert (1, "") == (here.returncode, here.stderr)
    assert here.stdout == named.stdout
    assert (0, ["WY"]) == (stronger.returncode, [e["force"] for e in json.loads(stronger.stdout)])
    assert (other / "counterfoil.db").exists()


def test_it_ends_with_2_and_one_line_where_there_is_no_installation(tmp_path: Path) -> None:
    """
    The line on standard error is what a schedule sends by mail.
    """
    done = shell("run", cwd=tmp_path)

    assert (2, "") == (done.returncode, done.stdout)
    assert 1 == len(done.stderr.splitlines())
    assert f"There is no counterfoil.toml in {tmp_path}." in done.stderr
    assert [] == list(tmp_path.iterdir())


def test_a_fault_of_the_program_ends_with_2_and_shows_where(tmp_path: Path) -> None:
    """
    Python would end with 1, which says that somebody has work to do in the queue.
    """
    done = subprocess.run(
        [sys.executable, "-c", A_FAULT, "divide"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )

    assert (2, "") == (done.returncode, done.stdout)
    assert "ZeroDivisionError" in done.stderr.splitlines()[-1]


def test_a_reader_that_closes_the_pipe_does_no_harm(judged: Path) -> None:
    """
    ``counterfoil quarantine list | head -1`` shows no traceback.
    """
    with subprocess.Popen(
        [COUNTERFOIL, "--home", judged, "quarantine", "list"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()

    assert "Traceback" not in said
    assert 0 == call("audit", "verify", home=judged).code
