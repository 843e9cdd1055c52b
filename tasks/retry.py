"""What is worth another try: a connection that was lost, never a refusal or a fault."""

from typing import Any

from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import Task
from sqlalchemy.exc import OperationalError

DELAYS = [5, 30, 120]


async def worth_retrying(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether the failed task met something that may pass."""
    try:
        await state.aresult()
    except (OperationalError, ConnectionError, TimeoutError):
        return True
    except BaseException:  # noqa: BLE001 - whatever else it was, it is not worth another try
        return False
    return False
