"""What a run is called, who acts in it, and whom it is for."""

from collections.abc import Callable

from prefect.runtime import flow_run

from adapters import settings
from adapters.clock import night_of
from tasks.context import home


def night_name(verb: str) -> Callable[[], str]:
    """A name such as ``overnight-2026-03-02``, by the night that the run judges."""

    def name() -> str:
        as_of = (flow_run.parameters or {}).get("as_of") or flow_run.scheduled_start_time
        return f"{verb}-{night_of(as_of)}"

    return name


def actor() -> str:
    """Who acts, as the audit trail names a run."""
    return f"system:{flow_run.id}"


def forces_of_installation() -> list[str]:
    """The codes of every force that the settings name, in order."""
    return sorted(settings.load(home()).forces)
