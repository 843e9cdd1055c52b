"""A night may die at any moment: run again, it ends as if nothing had happened.

Each test lets one night run undisturbed and many copies of it be killed with SIGKILL, each
at another moment, and compares every row of every table and every file.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, make_url, text

from adapters import database
from tests.integration.crash import leavings
from tests.orchestration import installations
from tests.orchestration.installations import FIRST_NIGHT, SECOND_NIGHT

ROOT = Path(__file__).parents[3]
Forker = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def forker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forker]:
    """Asks a warm process for a night in a child of its own; the logs go to one file each."""
    home = tmp_path_factory.mktemp("forker")
    quiet = {
        "PREFECT_HOME": str(home / "prefect"),
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "OPENBLAS_NUM_THREADS": "1",  # fewer threads that a fork would lose
    }
    with subprocess.Popen(
        [sys.executable, "-m", "tests.integration.crash.forker"],
        cwd=ROOT,
        env={**os.environ, **quiet},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        commands, answers = process.stdin, process.stdout

        def ask(home: Path, *, kill_at: int | None = None, as_of: Any = SECOND_NIGHT) -> Any:
            order = {"home": str(home), "as_of": as_of.isoformat(), "kill_at": kill_at}
            commands.write(json.dumps({**order, "log": f"{home}.log"}) + "\n")
            commands.flush()
            return json.loads(answers.readline())

        yield ask
        commands.close()
        assert 0 == process.wait(20)


@dataclass(frozen=True)
class Copies:
    """An installation after its first night, with the second one's files waiting."""

    model: Path
    server: str | None
    template: str | None

    @contextmanager
    def one(self, folder: Path) -> Iterator[tuple[Path, Engine]]:
        """A copy of its own, files and database, gone afterwards."""
        home = shutil.copytree(self.model, folder / uuid4().hex)
        name = "cf_" + home.name
        if self.server is not None:
            administer(self.server, f"CREATE DATABASE {name} TEMPLATE {self.template}")
            url = with_database(self.server, name)
            settings = home / "counterfoil.toml"
            settings.write_text(
                settings.read_text("utf-8").replace(with_database(self.server, self.template), url)
            )
        else:
            url = f"sqlite:///{home / 'counterfoil.db'}"
        engine = database.engine(url)
        try:
            yield home, engine
        finally:
            engine.dispose()
            shutil.rmtree(home)
            if self.server is not None:
                administer(self.server, f"DROP DATABASE {name} WITH (FORCE)")


def with_database(server: str, name: str | None) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def administer(server: str, statement: str) -> None:
    url = make_url(server).set(drivername=database.POSTGRESQL)
    administrator = create_engine(url, isolation_level="AUTOCOMMIT")
    with administrator.connect() as connection:
        connection.execute(text(statement))
    administrator.dispose()


@pytest.fixture(scope="module")
def sqlite_copies(tmp_path_factory: pytest.TempPathFactory, forker: Forker) -> Copies:
    """The first night done, on SQLite."""
    home = installations.install(tmp_path_factory.mktemp("model") / "home")
    return after_first_night(home, forker, None, None)


@pytest.fixture(scope="module")
def postgresql_copies(
    tmp_path_factory: pytest.TempPathFactory,
    forker: Forker,
    postgresql_server: str,
    postgresql_template: str,
) -> Iterator[Copies]:
    """The first night done, on PostgreSQL."""
    name = f"cf_model_{uuid4().hex}"
    administer(postgresql_server, f"CREATE DATABASE {name} TEMPLATE {postgresql_template}")
    home = installations.install(
        tmp_path_factory.mktemp("model") / "home",
        database_url=with_database(postgresql_server, name),
    )
    yield after_first_night(home, forker, postgresql_server, name)
    administer(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


def after_first_night(
    home: Path, forker: Forker, server: str | None, template: str | None
) -> Copies:
    installations.deliver_first_night(home)
    assert [] == forker(home, as_of=FIRST_NIGHT)["failed"]
    installations.deliver_second_night(home)
    return Copies(home, server, template)


def undisturbed(
    copies: Copies, forker: Forker, folder: Path, *, hash_free: bool = False
) -> tuple[list[str], leavings.Dump, dict[str, list[str]]]:
    """The moments of a night that nobody disturbs, and what it leaves."""
    with copies.one(folder) as (home, engine):
        answer = forker(home)
        assert [] == answer["failed"]
        assert leavings.is_intact(engine)
        return answer["moments"], leavings.dump(engine, hash_free=hash_free), leavings.files(home)


def chosen(moments: list[str], spread: int) -> list[int]:
    """Every moment before something is kept, the last one, and `spread` more over the night.

    What is kept changes by a commit and by a file's move, deletion or new folder only; so what
    a night leaves that dies after one of them is what it leaves dying before the next.
    """
    edges = {at for at, what in enumerate(moments, 1) if is_before_a_change(what)}
    evenly = {1 + n * (len(moments) - 1) // spread for n in range(spread)}
    return sorted(edges | evenly | {len(moments)})


def is_before_a_change(moment: str) -> bool:
    return moment.startswith("before ") and moment != "before statement"


def killed_and_run_again(
    copies: Copies, forker: Forker, folder: Path, kill_at: int, *, hash_free: bool = False
) -> tuple[leavings.Dump, dict[str, list[str]]]:
    """What two runs leave of which the first was killed."""
    with copies.one(folder) as (home, engine):
        assert {"signal": signal.SIGKILL} == forker(home, kill_at=kill_at)
        assert leavings.is_intact(engine), "the trail must be whole before the rerun, too"
        assert [] == forker(home)["failed"]
        assert leavings.is_intact(engine)
        return leavings.dump(engine, hash_free=hash_free), leavings.files(home)


def test_the_night_that_is_killed_does_everything_a_night_can_do(
    sqlite_copies: Copies, forker: Forker, tmp_path: Path
) -> None:
    """
    A crash test over a night in which nothing happens would prove nothing.
    """
    moments, left, files = undisturbed(sqlite_copies, forker, tmp_path)

    assert {row["change"].value for row in left["flag_event"]} >= {"opened", "settled"}
    assert [row for row in left["quarantined_row"] if row["reason"]]
    assert [row for row in left["pairing"] if row["ended_at"]]
    assert [row for row in left["document_version"] if row["version"] > 1]
    assert [row for row in left["referral_version"] if row["version"] > 1]
    assert 8 <= moments.count("after commit")
    assert 4 == moments.count("after replace")
    assert [] == files["drop"]
    assert 6 == len(files["archive"])


@pytest.mark.timeout(600)
def test_a_killed_night_run_again_ends_as_an_undisturbed_one_on_sqlite(
    sqlite_copies: Copies, forker: Forker, tmp_path: Path
) -> None:
    """
    The administrator restarts the machine and the bureau sees nothing of it: every row of
    every table, the hashes of the audit trail included, and every file as without the crash.
    """
    moments, left, files = undisturbed(sqlite_copies, forker, tmp_path)
    points = chosen(moments, spread=8)
    assert 20 <= len(points)

    wrong = [
        f"{at} of {len(moments)}, {moments[at - 1]}"
        for at in points
        if (left, files) != killed_and_run_again(sqlite_copies, forker, tmp_path, at)
    ]

    assert [] == wrong


@pytest.mark.timeout(600)
def test_a_killed_night_run_again_ends_as_an_undisturbed_one_on_postgresql(
    postgresql_copies: Copies, forker: Forker, tmp_path: Path
) -> None:
    """
    The same in service, where the server outlives the killed night and cleans up after it.
    """
    moments, left, files = undisturbed(postgresql_copies, forker, tmp_path, hash_free=True)
    points = chosen(moments, spread=8)[::3]
    assert 8 <= len(points)

    wrong = [
        f"{at} of {len(moments)}, {moments[at - 1]}"
        for at in points
        if (left, files)
        != killed_and_run_again(postgresql_copies, forker, tmp_path, at, hash_free=True)
    ]

    assert [] == wrong


def test_a_night_killed_again_and_again_gets_there(
    sqlite_copies: Copies, forker: Forker, tmp_path: Path
) -> None:
    """
    A machine that keeps failing still finishes the night: each attempt keeps what the ones
    before it had committed.
    """
    moments, left, files = undisturbed(sqlite_copies, forker, tmp_path)
    kills = 0
    with sqlite_copies.one(tmp_path) as (home, engine):
        for kill_at in range(len(moments) // 9, len(moments), len(moments) // 9):
            answer = forker(home, kill_at=kill_at)
            if "signal" not in answer:
                break
            kills += 1
        assert [] == forker(home)["failed"]

        assert 3 <= kills
        assert left == leavings.dump(engine)
        assert files == leavings.files(home)
