"""Installations with two nights judged, and exports for the dry run."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, make_url

from tests.cli.calling import call, write
from tests.conftest import a_database
from tests.orchestration.installations import (
    FIRST_NIGHT,
    SECOND_NIGHT,
    deliver_first_night,
    deliver_second_night,
    install,
    made_up,
)


def two_nights(home: Path) -> Path:
    """`home` with both nights delivered and judged, by the command that cron runs."""
    for deliver, night in (
        (deliver_first_night, FIRST_NIGHT),
        (deliver_second_night, SECOND_NIGHT),
    ):
        deliver(home)
        answer = call("run", "--no-prefect", "--as-of", night.isoformat(), home=home)
        assert 1 == answer.code, answer.err
    return home


@pytest.fixture(scope="session")
def judged_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation on SQLite after two nights, to be copied and not touched."""
    return two_nights(install(tmp_path_factory.mktemp("judged") / "home"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A new installation on SQLite, nothing delivered."""
    return install(tmp_path / "home")


@pytest.fixture
def judged(judged_template: Path, tmp_path: Path) -> Path:
    """An installation on SQLite after two nights."""
    return shutil.copytree(judged_template, tmp_path / "judged")


@pytest.fixture(scope="session")
def judged_in_postgresql(
    tmp_path_factory: pytest.TempPathFactory, postgresql_server: str, postgresql_template: str
) -> Iterator[tuple[Path, URL]]:
    """An installation on PostgreSQL after two nights, to be copied, and where its database is."""
    with a_database(postgresql_server, postgresql_template) as url:
        home = install(tmp_path_factory.mktemp("judged") / "home", database_url=url)
        yield two_nights(home), make_url(url)


@pytest.fixture
def judged_elsewhere(
    judged_in_postgresql: tuple[Path, URL], postgresql_server: str, tmp_path: Path
) -> Iterator[Path]:
    """An installation on PostgreSQL after two nights."""
    template, its = judged_in_postgresql
    assert its.database is not None
    with a_database(postgresql_server, its.database) as url:
        home = shutil.copytree(template, tmp_path / "judged")
        file = home / "counterfoil.toml"
        here = its.render_as_string(hide_password=False)
        file.write_text(file.read_text("utf-8").replace(here, url), "utf-8")
        yield home


@pytest.fixture(params=["judged", "judged_elsewhere"], ids=["sqlite", "postgresql"])
def judged_on_either(request: pytest.FixtureRequest) -> Path:
    """The same on SQLite, and then on PostgreSQL."""
    made: Path = request.getfixturevalue(request.param)
    return made


@pytest.fixture
def exports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, with an export of each feed; one referral has no time and no officer.

    The last document comes twice, the second time withdrawn.
    """
    folder = tmp_path / "exports"
    folder.mkdir()
    monkeypatch.chdir(folder)
    referrals, documents = made_up()
    bad = {**referrals[-1], "referred_at": "yesterday", "officer_id": ""}
    write(folder / "r.csv", [*referrals[:-1], bad])
    write(folder / "d.csv", [*documents, {**documents[-1], "status": "withdrawn"}])
    return folder
