"""Any history of deliveries, nights and decisions gives what judging it all at once gives."""

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine

from tests.integration.lifecycle.machine import Lifecycle

EXAMPLES = {"sqlite": 25, "postgresql": 8}
"""Histories; they are the same ones on both, and PostgreSQL takes longer over each."""


def test_every_history_leads_where_judging_it_all_at_once_does(engine: Engine) -> None:
    """
    A sergeant can answer for a flag only if it does not depend on the night on which a
    record happened to arrive, and an auditor only if any night can be looked back to.
    """

    class HistoryOfOneEngine(Lifecycle):
        def __init__(self) -> None:
            super().__init__(engine)

    run_state_machine_as_test(
        HistoryOfOneEngine,
        settings=settings(
            max_examples=EXAMPLES[engine.dialect.name],
            stateful_step_count=12,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
