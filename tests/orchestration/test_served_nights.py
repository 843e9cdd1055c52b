"""The deployments on a real server, with a real worker: the same nights as without either."""

import os
import re
import shutil
from pathlib import Path

import pytest

from adapters import database, settings
from tests.integration.lifecycle.looking import assert_trail_is_whole, dump
from tests.orchestration.installations import (
    FIRST_NIGHT,
    SECOND_NIGHT,
    deliver_first_night,
    deliver_second_night,
    environment,
    install,
)
from tests.orchestration.served import run, serving

WHO = re.compile(r"system:[0-9a-f-]+")
WHEN_IT_RAN = {"run", "delivery"}
"""Tables that keep the wall clock; what they say besides is compared by their counts."""
CHAINED = re.compile(r"'[0-9a-f]{64}'")


def facts(home: Path) -> dict[str, list[str]]:
    """What the nights left in the database, but for who ran them and on which clock."""
    engine = database.engine(settings.load(home).database)
    try:
        assert_trail_is_whole(engine)
        rows = dump(engine, leaving_out=WHEN_IT_RAN)
    finally:
        engine.dispose()
    rows["audit_event"] = [CHAINED.sub("", row) for row in rows["audit_event"]]
    return {name: sorted(WHO.sub("system", row) for row in held) for name, held in rows.items()}


def embedded(home: Path) -> None:
    """Both nights by the command, on Prefect's temporary server."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    nights = ((FIRST_NIGHT, deliver_first_night), (SECOND_NIGHT, deliver_second_night))
    for as_of, deliver in nights:
        deliver(home)
        command = ("-m", "cli", "--home", str(home), "run", "--as-of", as_of.isoformat())
        run(env, *command, ends=(0, 1))


@pytest.mark.enable_socket
@pytest.mark.xdist_group("served")
def test_the_deployments_do_on_a_server_what_the_command_does(tmp_path: Path) -> None:
    """
    A force that moves from cron to a Prefect server gets the same answers, and a server that
    knows every deployment runs each of them.
    """
    ours, theirs = tmp_path / "embedded", tmp_path / "served"
    with environment():
        shutil.copytree(install(ours), theirs)  # with the same key, so with the same tokens
        embedded(ours)
    deliver_first_night(theirs)
    with serving(tmp_path, theirs) as served:
        listed = served.prefect("deployment", "ls")
        served.night("run-overnight/nightly", f'as_of="{FIRST_NIGHT.isoformat()}"')
        deliver_second_night(theirs)
        served.night("run-overnight/on-demand", f'as_of="{SECOND_NIGHT.isoformat()}"')
        after_the_night = facts(theirs)
        for part in ("receive-feeds/receive", "pair-referrals/pair", "flag-unmatched/flag"):
            served.night(part, f'as_of="{SECOND_NIGHT.isoformat()}"')

    for name in ("nightly", "on-demand", "receive", "pair", "flag"):
        assert f"/{name}" in listed
    assert after_the_night == facts(ours)
    assert facts(theirs) == after_the_night, "the parts of a night found something left to do"
