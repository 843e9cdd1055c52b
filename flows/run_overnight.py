"""A whole night: receive, pair, flag and report, one force after the other."""

from datetime import UTC, datetime, timedelta
from typing import Any

from prefect import flow
from prefect.artifacts import create_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed

from adapters import clock
from flows.names import actor, forces_of_installation, night_name
from flows.night_report import markdown
from tasks.overnight import STEPS, begin_night, close_night

A_NIGHT = timedelta(days=1)


@flow(name="run-overnight", flow_run_name=night_name("overnight"), persist_result=False)
def run_overnight(
    forces: list[str] | None = None, as_of: datetime | None = None
) -> list[State[Any]] | State[Any]:
    """Judge every referral of each force by `as_of`, and say what happened.

    `as_of` defaults to the run's scheduled start, so that a retry judges every deadline as
    the first attempt did.  A scheduled run that starts so late that the next night is due
    as well leaves the work to that one.  One force's failure does not stop the next.

    Args:
        forces: Codes of the forces; all that the settings name by default.
        as_of: Aware; the instant to judge by.
    """
    scheduled = flow_run.scheduled_start_time
    if as_of is None and clock.now() - scheduled >= A_NIGHT:
        return Completed(name="Overtaken", message="A later night is due, and judges instead.")
    judged_by = (as_of or scheduled).astimezone(UTC)
    results: dict[str, dict[str, Any]] = {}
    states = [_night(force, judged_by, results) for force in forces or forces_of_installation()]
    create_markdown_artifact(key="night", markdown=markdown(judged_by, results, states))
    return states


def _night(force: str, as_of: datetime, results: dict[str, dict[str, Any]]) -> State[Any]:
    """One force's steps, up to the first that fails; the last state is the force's."""
    who, work = actor(), dict[str, dict[str, Any]]()
    state: State[Any] = begin_night(force, as_of, who, return_state=True)
    if not state.is_completed() or not state.result():
        return state
    for name, step, more in STEPS:
        state = step(force, as_of, who, *more, return_state=True)
        if not state.is_completed():
            return state
        work[name] = state.result()
    state = close_night(force, as_of, who, work, return_state=True)
    if state.is_completed():
        results[force] = state.result()
    return state
