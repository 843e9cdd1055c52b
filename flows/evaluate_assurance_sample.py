"""Say what a judged sample shows."""

from typing import Any

from prefect import flow
from prefect.artifacts import create_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows import sample_report
from flows.names import actor
from tasks.assurance import evaluate_sample


@flow(
    name="evaluate-assurance-sample",
    flow_run_name="evaluate-{force}-{sample}",
    persist_result=False,
)
def evaluate_assurance_sample(force: str, sample: str) -> State[Any]:
    """Evaluate the sample as it is judged, keep the evaluation, and end as Evaluated.

    Args:
        force: The force's code.
        sample: The sample's code.
    """
    made = evaluate_sample(force, sample, actor())
    create_markdown_artifact(key="sample-evaluated", markdown=sample_report.evaluated(sample, made))
    return Completed(name="Evaluated", message=made["conclusion"])
