"""Take what waits in the drop folders now, and judge nothing yet."""

from datetime import UTC, datetime
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run

from flows.names import actor, forces_of_installation, night_name
from tasks.overnight import receive_feed


@flow(name="receive-feeds", flow_run_name=night_name("receive"), persist_result=False)
def receive_feeds(
    forces: list[str] | None = None, as_of: datetime | None = None
) -> list[State[Any]]:
    """Take both feeds of each force; one force's failure does not stop the next."""
    known_at = (as_of or flow_run.scheduled_start_time).astimezone(UTC)
    return [
        receive_feed(force, known_at, actor(), feed, return_state=True)
        for force in forces or forces_of_installation()
        for feed in ("documents", "referrals")
    ]
