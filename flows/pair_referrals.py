"""Pair what is new with what is open."""

from datetime import UTC, datetime
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run

from flows.names import actor, forces_of_installation, night_name
from tasks.overnight import pair_force


@flow(name="pair-referrals", flow_run_name=night_name("pair"), persist_result=False)
def pair_referrals(
    forces: list[str] | None = None, as_of: datetime | None = None
) -> list[State[Any]]:
    """Pair each force in turn; one force's failure does not stop the next."""
    judged_by = (as_of or flow_run.scheduled_start_time).astimezone(UTC)
    return [
        pair_force(force, judged_by, actor(), return_state=True)
        for force in forces or forces_of_installation()
    ]
