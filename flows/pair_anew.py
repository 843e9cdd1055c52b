"""The weekly full pass: every force paired anew, and contradictions put to a person."""

from typing import Any

from prefect import flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.futures import PrefectFuture
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.states import Completed

from flows.names import actor, forces_of_installation
from services.contradictions import NotCompared
from tasks.full_pass import compare_force, export_force, folder_of, task_runner, weigh_part

NOT_COMPARED = "NotCompared"
"""The name of the state of a force, or of a whole pass, of which something was left out."""


@flow(name="pair-anew", persist_result=False)
def pair_anew(forces: list[str] | None = None) -> State[Any]:
    """Pair all that each force's last night knew anew, here or on the Dask cluster set."""
    chosen = forces or forces_of_installation()
    anywhere = in_parts.with_options(task_runner=task_runner())
    with temporary_settings({PREFECT_API_URL: _server()}):
        state: State[Any] = anywhere(chosen, actor(), return_state=True)
    return _ended(state) if state.is_completed() else state


def _ended(state: State[Any]) -> State[Any]:
    """How the pass ended, named for it if a force was not compared, with each force's state."""
    each: list[State[Any]] = state.result()
    left_out = [one.message for one in each if one.name == NOT_COMPARED and one.message]
    name = NOT_COMPARED if left_out else None
    return Completed(name=name, message=" ".join(left_out) or state.message, data=each)


def _server() -> str:
    """The server that records this run; a Dask worker that is not told starts one of its own."""
    return str(get_client(sync_client=True).api_url).rstrip("/")


@flow(name="pair-anew-parts", persist_result=False)
def in_parts(forces: list[str], who: str) -> list[Any]:
    """Export, weigh and compare; one force's failure does not stop the next.

    The periods of all forces are weighed beside each other, from the first export on.  The
    states come back as Any, because Dask is sent this function: `State[Any]` is found again
    only where Prefect was imported in the same order.
    """
    begun = [_begin(force, who) for force in forces]
    return [state for each in begun for state in _end(*each, who)]


def _begin(force: str, who: str) -> tuple[str, State[Any], list[PrefectFuture[Any]]]:
    """Export one force and have its periods weighed: how the export ended, and the weighing."""
    exported: State[Any] = export_force(force, who, return_state=True)
    periods = exported.result() if exported.is_completed() else 0
    if isinstance(periods, NotCompared):
        periods = 0
    folder = str(folder_of(force))
    return force, exported, [weigh_part.submit(folder, number) for number in range(periods)]


def _end(
    force: str, exported: State[Any], weighing: list[PrefectFuture[Any]], who: str
) -> list[State[Any]]:
    """Compare one force when all its periods are weighed, or say what failed or why not."""
    if not exported.is_completed():
        return [exported]
    if isinstance(exported.result(), NotCompared):
        return [_left_out(force, exported.result())]
    for each in weighing:
        each.wait()
    failed = [each.state for each in weighing if not each.state.is_completed()]
    if failed:
        return failed
    warnings = [sentence for each in weighing for sentence in each.result()]
    compared: State[Any] = compare_force(force, who, warnings, return_state=True)
    if compared.is_completed() and isinstance(compared.result(), NotCompared):
        return [_left_out(force, compared.result())]
    return [compared]


def _left_out(force: str, why: NotCompared) -> State[Any]:
    return Completed(name=NOT_COMPARED, message=f"{force}: not compared: {why}.", data=why)
