"""Every key of prefect.yaml and automations.yaml: Prefect passes over what it does not know."""

import asyncio
import inspect
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from prefect.cli.deploy._models import PrefectYamlModel
from prefect.events.schemas.automations import AutomationCore
from prefect.flows import Flow
from prefect.server.schemas.schedules import CronSchedule

ROOT = Path(__file__).resolve().parents[2]
LONDON = ZoneInfo("Europe/London")
OURS = frozenset({"definitions"})
"""Top-level keys that hold anchors for the file's own use."""
JOB_VARIABLES = frozenset({"name", "labels", "env", "command", "stream_output", "working_dir"})
"""What a process work pool's job template takes."""


def read(name: str) -> dict[str, Any]:
    """One of the two files, parsed."""
    found: dict[str, Any] = yaml.safe_load((ROOT / name).read_text("utf-8"))
    return found


def passed_over(given: Any, kept: Any, path: str = "") -> Iterator[str]:
    """The keys of `given` that did not come through Prefect's own model, as paths."""
    if isinstance(given, Mapping) and isinstance(kept, Mapping):
        for key, value in given.items():
            if key in kept:
                yield from passed_over(value, kept[key], f"{path}/{key}")
            else:
                yield f"{path}/{key}"
    elif isinstance(given, list) and isinstance(kept, list):
        for number, (value, held) in enumerate(zip(given, kept, strict=True)):
            yield from passed_over(value, held, f"{path}/{number}")


def unknown_keys(file: dict[str, Any]) -> list[str]:
    """Keys of a prefect.yaml that a deployment would not have."""
    given = {key: value for key, value in file.items() if key not in OURS}
    kept = PrefectYamlModel.model_validate(given).model_dump(by_alias=True, exclude_unset=True)
    found = list(passed_over(given, kept))
    for deployment in given["deployments"]:
        found += sorted(set(deployment["work_pool"]["job_variables"]) - JOB_VARIABLES)
    return found


def variables(file: dict[str, Any]) -> set[str]:
    """The environment variables that the file takes values from."""
    return set(re.findall(r"\{\{\s*\$(\w+)\s*\}\}", yaml.safe_dump(file)))


def test_prefect_knows_every_key() -> None:
    """A misspelt key is ignored in silence: the night would run with Prefect's default."""
    assert unknown_keys(read("prefect.yaml")) == []


@pytest.mark.parametrize(
    ("where", "key"),
    [
        ((), "deploymnets"),
        (("deployments", 0), "schedule_s"),
        (("deployments", 0), "concurency_limit"),
        (("deployments", 0, "concurrency_limit"), "colision_strategy"),
        (("deployments", 0, "work_pool"), "work_queue"),
        (("deployments", 0, "work_pool", "job_variables"), "enviroment"),
    ],
)
def test_a_misspelt_key_is_found_wherever_it_is(where: tuple[str | int, ...], key: str) -> None:
    """The check above can fail."""
    file = deepcopy(read("prefect.yaml"))
    place: Any = file
    for step in where:
        place = place[step]
    place[key] = {}

    assert [found for found in unknown_keys(file) if found.endswith(key)]


def test_a_misspelt_key_of_a_schedule_is_refused_by_prefect_itself() -> None:
    """Schedules alone forbid what they do not know."""
    file = deepcopy(read("prefect.yaml"))
    file["deployments"][0]["schedules"][0]["crom"] = "30 2 * * *"

    with pytest.raises(ValueError, match="crom"):
        unknown_keys(file)


def test_the_one_variable_to_set_is_said_where_an_operator_reads() -> None:
    """Prefect deploys with an empty value for a variable that is not set, and ends with 0."""
    assert variables(read("prefect.yaml")) == {"COUNTERFOIL_HOME"}
    for page in ("prefect.yaml", "docs/operating.md"):
        assert re.search(r"[Ss]et\s+`?COUNTERFOIL_HOME", (ROOT / page).read_text("utf-8"))


@pytest.mark.parametrize("deployment", read("prefect.yaml")["deployments"], ids=lambda d: d["name"])
def test_a_deployment_leads_to_a_flow_and_to_its_parameters(deployment: dict[str, Any]) -> None:
    """Module paths only: a file's path would put flows/ first on the import path."""
    module, _, name = deployment["entrypoint"].partition(":")
    flow = getattr(import_module(module), name)

    assert "/" not in module
    assert isinstance(flow, Flow)
    inspect.signature(flow.fn).bind_partial(**deployment.get("parameters", {}))
    assert deployment["enforce_parameter_schema"] is True


@pytest.mark.parametrize("deployment", read("prefect.yaml")["deployments"], ids=lambda d: d["name"])
def test_runs_of_a_deployment_wait_for_each_other(deployment: dict[str, Any]) -> None:
    """Never two at once, and tonight's is never cancelled because last night's was late."""
    assert deployment["concurrency_limit"] == {"limit": 1, "collision_strategy": "ENQUEUE"}


def test_there_is_one_night_a_day_at_half_past_two_also_when_the_clocks_change() -> None:
    """02:30 London, by Prefect's own reckoning, over the four changes of two years."""
    nightly = next(d for d in read("prefect.yaml")["deployments"] if d["name"] == "nightly")
    (said,) = nightly["schedules"]
    schedule = CronSchedule(cron=said["cron"], timezone=said["timezone"])

    assert said["active"] is True
    for change in (date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)):
        first = datetime(change.year, change.month, change.day, tzinfo=LONDON) - timedelta(days=3)
        nights = asyncio.run(schedule.get_dates(7, first))
        assert [night.astimezone(LONDON).date() for night in nights] == [
            first.date() + timedelta(days=day) for day in range(7)
        ]
        assert {f"{night.astimezone(LONDON):%H:%M}" for night in nights} == {"02:30"}


def test_prefect_knows_every_key_of_the_automations() -> None:
    """What finds a dead run must not be a trigger that Prefect reads differently."""
    for given in read("automations.yaml")["automations"]:
        kept = AutomationCore.model_validate(given).model_dump(
            mode="json", by_alias=True, exclude_unset=True
        )
        assert list(passed_over(given, kept)) == []


def test_a_dead_run_is_one_that_has_missed_three_heartbeats_or_more() -> None:
    """Fewer would kill a live run that is merely busy."""
    (dead_run,) = read("automations.yaml")["automations"]
    beats = {
        int(each["work_pool"]["job_variables"]["env"]["PREFECT_FLOWS_HEARTBEAT_FREQUENCY"])
        for each in read("prefect.yaml")["deployments"]
    }
    flows = {
        getattr(import_module(module), name).name
        for module, _, name in (
            each["entrypoint"].partition(":") for each in read("prefect.yaml")["deployments"]
        )
    }

    assert dead_run["trigger"]["within"] >= 3 * max(beats)
    assert set(dead_run["trigger"]["match_related"]["prefect.resource.name"]) == flows
    assert "prefect.flow-run.heartbeat" in dead_run["trigger"]["expect"]
