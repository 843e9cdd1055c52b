"""The deployments on a real server, with a real worker: the same nights as without either."""

import json
import re
import shutil
from pathlib import Path

import pytest

from adapters import database, settings
from tests.cli.conftest import two_nights
from tests.integration.lifecycle.looking import assert_trail_is_whole, dump
from tests.orchestration.installations import (
    FIRST_NIGHT,
    SECOND_NIGHT,
    deliver_first_night,
    deliver_second_night,
    install,
    made_up,
)
from tests.orchestration.served import Served, serving

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


def assert_a_night_is_told_in_counts(served: Served) -> None:
    """One artifact and tens of task runs a night, and each event a JSON line in the run's log."""
    nights = served.asked("flow_runs", flows={"name": {"any_": ["run-overnight"]}})
    assert len(nights) == 2
    for night in nights:
        mine = {"flow_runs": {"id": {"any_": [night["id"]]}}}
        (artifact,) = served.asked("artifacts", **mine)
        assert re.search(r"\| EX \| \d+ \| \d+ ", artifact["data"])
        assert 5 <= len(served.asked("task_runs", **mine)) <= 40
        lines = served.asked("logs", logs={"flow_run_id": {"any_": [night["id"]]}})
        told = [json.loads(each["message"]) for each in lines if each["name"] == "counterfoil"]
        assert {each["event"] for each in told} >= {"delivery received", "judging finished"}
        assert {(each["run"], each["force"]) for each in told} == {(f"system:{night['id']}", "EX")}


def personal() -> set[bytes]:
    """What the two feeds say of people and what identifies their records."""
    found: set[str] = set()
    for row in (*made_up()[0], *made_up()[1]):
        found |= {row.get("referral_id") or row["urn"], row.get("nccu_reference") or ""}
        for person in json.loads(row["people"] or "[]"):
            found.add(person.get("date_of_birth") or "")
            found |= {name for name in (person.get("surname") or "").split() if len(name) > 6}
    return {each.encode() for each in found if each}


def everything_kept(folder: Path) -> bytes:
    """Every byte of Prefect's own database and of what the server and the worker printed."""
    kept = [*(folder / "prefect").glob("prefect.db*"), folder / "server.log"]
    assert len(kept) >= 2
    return b"".join(each.read_bytes() for each in kept)


@pytest.mark.enable_socket
def test_the_deployments_do_on_a_server_what_the_command_does(tmp_path: Path) -> None:
    """
    A force that moves from cron to a Prefect server gets the same answers, and a server that
    knows every deployment runs each of them.  The command runs without Prefect, whose record
    of the steps changes nothing in what it says: test_canary.py.
    """
    ours, theirs = tmp_path / "by-command", tmp_path / "served"
    shutil.copytree(install(ours), theirs)  # with the same key, so with the same tokens
    two_nights(ours)
    deliver_first_night(theirs)
    with serving(tmp_path, theirs) as served:
        listed = {each["name"] for each in served.asked("deployments")}
        served.triggered("run-overnight/nightly", as_of=FIRST_NIGHT.isoformat())
        deliver_second_night(theirs)
        served.night("run-overnight/on-demand", f'as_of="{SECOND_NIGHT.isoformat()}"')
        after_the_night = facts(theirs)
        assert_a_night_is_told_in_counts(served)
        for part in ("receive-feeds/receive", "pair-referrals/pair", "flag-unmatched/flag"):
            served.triggered(part, as_of=SECOND_NIGHT.isoformat())

    assert not [each for each in personal() if each in everything_kept(tmp_path)]
    assert {"nightly", "on-demand", "receive", "pair", "flag"} <= listed
    assert after_the_night == facts(ours)
    assert facts(theirs) == after_the_night, "the parts of a night found something left to do"
